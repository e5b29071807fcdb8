"""PostgreSQL 18 in the data folder: loopback only, passwords always, durable as it comes."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import psutil

from roadcase.embedded.account import postgres_programs, reach, unprivileged
from roadcase.embedded.files import LOOPBACK, sync_folder
from roadcase.embedded.process import ENVIRONMENT, Orphan, Server, is_alive
from roadcase.errors import Unavailable

_USER = "roadcase"
_VERSION = "18"
_FOLDER = 2  # where the command line names the data folder
_PID, _PORT, _STATE = 0, 3, 7  # lines of postmaster.pid (PostgreSQL, miscadmin.h)

SETTINGS: Mapping[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "40MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "wal_compression": "off",  # pglz, all that the wheel has, cost a tenth of the hot path
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
}

_INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--text-search-config=english",
    "--no-instructions",
    # Iterations slow down guessing short passwords. Ours has 256 random bits, and every
    # connection would pay for them.
    "--set=scram_iterations=1",
    # One sync of the file system at the end in place of a thousand of single files.
    *(("--sync-method=syncfs",) if sys.platform == "linux" else ()),
)


class Postgres(Server):
    """One PostgreSQL cluster. `settings` are added to, or replace, the ones above."""

    title = "PostgreSQL"
    name = "postgres"
    stop_signal = signal.SIGINT  # fast: open transactions are rolled back, a checkpoint is written

    def __init__(
        self, data: Path, *, bound: bool = False, settings: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, bound=bound)
        self.account = unprivileged()
        self._cluster = data / "postgres"
        self._programs = postgres_programs(self.account)
        self._options = [
            f"--{key}={value}" for key, value in {**SETTINGS, **(settings or {})}.items()
        ]

    @property
    def url(self) -> str:
        return f"postgresql://{_USER}:{self.password}@{LOOPBACK}:{self.port}/postgres"

    async def prepare(self) -> None:
        version = self._cluster / "PG_VERSION"
        if not version.exists():
            await asyncio.to_thread(self._make_cluster)
        elif version.read_text().strip() != _VERSION:
            raise Unavailable(
                f"{self._cluster} was written by PostgreSQL {version.read_text().strip()}, this is "
                f"{_VERSION}: move it over with pg_dump, or use the Roadcase that made it."
            )
        elif not self.secret_file.exists():
            raise Unavailable(
                f"{self.secret_file} is missing, so nobody can enter the database beside it: "
                "restore this file together with the folder."
            )
        if self.account:
            self.account.take(self._cluster)

    def spawn(self) -> subprocess.Popen[bytes]:
        with reach(self._cluster, self.account) as (folder, fds):
            return self.launch(self._command(folder, self.port), fds)

    def accepts(self) -> bool:
        """By the file that the postmaster keeps: a port alone could be anybody's."""
        lines = self._pid_file()
        return len(lines) > _STATE and lines[_PID] == str(self.pid) and lines[_STATE] == "ready"

    def orphan(self) -> Orphan | None:
        lines = self._pid_file()
        try:
            process = psutil.Process(int(lines[_PID]))
        except (IndexError, ValueError, psutil.NoSuchProcess):
            return None
        if not is_alive(process) or not self._is_ours(process):
            return None
        return Orphan(process, self._port_if_same(lines, process.cmdline()))

    def _port_if_same(self, lines: list[str], command: list[str]) -> int | None:
        if len(lines) <= _PORT or len(command) <= _FOLDER:
            return None
        port = int(lines[_PORT])
        return port if command == self._command(command[_FOLDER], port) else None

    def lingering(self) -> list[psutil.Process]:
        """Children of a killed postmaster: they keep its shared memory, so no new one may start."""
        if not self._pid_file():
            return []
        return [process for process in psutil.process_iter(["name"]) if self._is_ours(process)]

    def forget(self) -> None:
        """The process id of a dead postmaster, where a zombie or a stranger has it now.

        PostgreSQL would take either for a running server of its own.
        """
        lines = self._pid_file()
        if lines and lines[_PID].isdigit() and psutil.pid_exists(int(lines[_PID])):
            (self._cluster / "postmaster.pid").unlink()

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.name() == "postgres" and process.cwd() == str(self._cluster.resolve())
        except psutil.Error:
            return False

    def _command(self, folder: str, port: int) -> list[str]:
        program = str(self._programs / "postgres")
        return [program, "-D", folder, f"--port={port}", *self._options]

    def _pid_file(self) -> list[str]:
        try:
            text = (self._cluster / "postmaster.pid").read_text()
        except FileNotFoundError:
            return []
        return [line.strip() for line in text.splitlines()]

    def _make_cluster(self) -> None:
        """Runs initdb beside the final place, then a rename: a cluster is whole or absent."""
        new = self.data / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        with tempfile.TemporaryFile("w+", dir=self.data) as password:
            password.write(self.password)
            password.flush()
            if self.account:
                self.account.take(new)
                os.fchown(password.fileno(), self.account.uid, self.account.gid)
            password.seek(0)
            self._initdb(new, password.fileno())
        new.rename(self._cluster)
        sync_folder(self.data)

    def _initdb(self, folder: Path, password: int) -> None:
        with reach(folder, self.account) as (path, fds):
            done = subprocess.run(  # noqa: S603
                [
                    str(self._programs / "initdb"),
                    f"--pgdata={path}",
                    f"--username={_USER}",
                    f"--pwfile=/dev/fd/{password}",
                    *_INITDB,
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=ENVIRONMENT,
                pass_fds=[*fds, password],
                start_new_session=True,
                check=False,
                **(self.account.as_arguments() if self.account else {}),
            )
        if done.returncode:
            said = done.stdout.decode(errors="replace").strip().splitlines()
            raise Unavailable(
                f"PostgreSQL could not make its files in {self.data}: {' | '.join(said[-5:])}. "
                "Mend what it names and start again.",
                folder=str(self.data),
            )
