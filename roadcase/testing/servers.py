"""Real servers for tests: a fresh database and a NATS account each, and servers to kill."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from roadcase.embedded import Nats, Postgres
from roadcase.embedded.files import DataFolder
from roadcase.testing.shared import Accounts, Databases, Loop, Migrate, SharedPostgres

_MEMORY, _PLENTY = Path("/dev/shm"), 4 << 30  # noqa: S108  (a private folder is made in it)
_PREFIX = "roadcase-tests-"
_INPUT = "roadcase_servers"


class RealServers:
    """A pytest plugin, registered in `pytest_configure`; see the fixtures below.

    One PostgreSQL per test run, started when the first test asks for a database; under xdist by
    the controller, which outlives its workers. `migrate` is called once with the address of the
    template that each database is a copy of. One NATS server per worker. All of them die with
    the process that started them, even when it is killed (on Linux).
    """

    def __init__(
        self, config: pytest.Config, *, migrate: Migrate, base: Path, fsync: bool = True
    ) -> None:
        worker: dict[str, str] = getattr(config, "workerinput", {})
        self._is_worker = bool(worker)
        self._worker = worker.get("workerid", "main")
        self._folder = Path(worker[_INPUT]) if worker else _run_folder(base)
        self._postgres = SharedPostgres(self._folder, migrate, fsync=fsync)
        self._databases: Databases | None = None
        self._accounts: Accounts | None = None
        self._loop = Loop()

    @pytest.fixture
    def database(self) -> Iterator[str]:
        """The address of a new database, migrated like the template, this test's own."""
        if self._databases is None:
            server = self._postgres.asked() if self._is_worker else self._postgres.started()
            self._databases = Databases(server, self._worker)
            self._loop.run(self._databases.open())
        url = self._loop.run(self._databases.take())
        yield url
        self._loop.run(self._databases.give_back(url))

    @pytest.fixture
    def nats_url(self) -> Iterator[str]:
        """The address of this test's own account, with JetStream, on the NATS of this worker."""
        if self._accounts is None:
            self._accounts = Accounts(_folder(self._folder / f"nats-{self._worker}"))
            self._loop.run(self._accounts.open())
        url = self._loop.run(self._accounts.take())
        yield url
        self._loop.run(self._accounts.give_back(url))

    @pytest.fixture
    def data_folder(self) -> Iterator[Path]:
        """An empty folder for servers of this test alone."""
        folder = Path(tempfile.mkdtemp(prefix="own-", dir=self._folder))
        yield folder
        shutil.rmtree(folder)

    @pytest.fixture
    async def made_folder(self, data_folder: Path) -> Path:
        """A data folder where PostgreSQL has its files already, which saves half a second."""
        seed = self._folder / f"seed-{self._worker}"
        if not seed.exists():
            folder = DataFolder(seed)
            folder.open()
            await Postgres(seed).prepare()
            folder.close()
        return Path(shutil.copytree(seed, data_folder, dirs_exist_ok=True))

    @pytest.fixture
    async def own_postgres(self, made_folder: Path) -> AsyncIterator[Postgres]:
        """A PostgreSQL of this test alone, fsync on, for `kill()`, `start()` and `stop()`."""
        server = Postgres(made_folder, bound=True)
        await server.start()
        yield server
        await server.stop()

    @pytest.fixture
    async def own_nats(self, data_folder: Path) -> AsyncIterator[Nats]:
        """A NATS of this test alone, for `kill()`, `start()` and `stop()`."""
        server = Nats(data_folder, bound=True)
        await server.start()
        yield server
        await server.stop()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tells an xdist worker where to ask for the PostgreSQL that this controller starts."""
        node.workerinput[_INPUT] = str(self._folder)
        self._postgres.answer()

    def pytest_unconfigure(self) -> None:
        if self._databases:
            self._loop.run(self._databases.close())
        if self._accounts:
            self._loop.run(self._accounts.close())
        self._loop.close()
        if not self._is_worker:
            self._postgres.close()
            shutil.rmtree(self._folder)


def quick_folder() -> Path:
    """Where test servers live unless told otherwise: in memory if there is plenty, else on disk.

    A killed server loses nothing there, as on disk; only a power cut would tell the difference.
    Making files is far quicker, and a template is a thousand of them.
    """
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _PLENTY:
        return _MEMORY
    return Path(tempfile.gettempdir())


def _run_folder(base: Path) -> Path:
    """A new folder for this run; removes those of runs that were killed."""
    for old in base.glob(f"{_PREFIX}*"):
        pid = old.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=base))


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
