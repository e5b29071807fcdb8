"""One server process: started, or adopted from a run that was killed; watched; stopped."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import psutil

from roadcase import clock
from roadcase.embedded.account import Account
from roadcase.embedded.files import LOOPBACK, is_free, ports, secret, write_private
from roadcase.errors import Unavailable

_log = logging.getLogger(__name__)
_POLL = 0.003
_WATCH = 0.05
_START_WITHIN = 120.0  # crash recovery may have 2 GB of WAL to read
_STOP_WITHIN = 5.0
_LONGEST_PAUSE = 5.0
_LOG_LIMIT = 16 << 20
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Orphan:
    """A server whose run was killed; `port` only if it runs exactly as we would start it."""

    process: psutil.Process
    port: int | None


class Server(ABC):
    """A server that belongs to one data folder.

    Everything here is called from one task at a time. `start` returns when the server accepts
    connections, and may be called again after it died. `url` is right once `start` returned.
    `bound` (Linux only) makes the server stop when the thread that started it ends.
    """

    title: ClassVar[str]
    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]
    account: Account | None = None
    tuning: ClassVar[Mapping[str, str]] = {}  # of the process, by environment variables

    def __init__(self, data: Path, *, bound: bool = False) -> None:
        self.data = data
        self.log = data / f"{self.name}.log"
        self.port = 0
        self.restarts = 0
        self._bound = bound
        self._process: psutil.Process | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        raise NotImplementedError

    @abstractmethod
    async def prepare(self) -> None:
        """Everything that must be there before the process can start. Called at every start."""

    @abstractmethod
    def spawn(self) -> subprocess.Popen[bytes]:
        """Starts the process on `port`."""

    @abstractmethod
    def accepts(self) -> bool:
        """Whether the process `pid` accepts connections on `port` by now; must not block."""

    @abstractmethod
    def orphan(self) -> Orphan | None:
        """A process of an earlier run that still serves this data folder."""

    def ailing(self) -> str | None:
        """Why it should be started again though it runs; asked many times a second."""
        return None

    def lingering(self) -> list[psutil.Process]:
        """Processes that outlived the orphan or the killed server and block a new one."""
        return []

    @abstractmethod
    def forget(self) -> None:
        """Removes what a dead server left behind and a new one would stumble over."""

    @property
    def password(self) -> str:
        return secret(self.secret_file)

    @property
    def secret_file(self) -> Path:
        return self.data / f"{self.name}.password"

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def alive(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return self._process is not None and is_alive(self._process)

    async def start(self) -> None:
        await self.prepare()
        if not await self._adopt():
            await self._start_anew()
        write_private(self.data / f"{self.name}.port", str(self.port))

    async def stop(self) -> None:
        """Stops the server in good order; kills it if that takes longer than a few seconds."""
        for how in (self.stop_signal, signal.SIGKILL):
            if self._process and self.alive():
                with contextlib.suppress(psutil.NoSuchProcess):
                    self._process.send_signal(how)
                if not await _ended(self.alive):
                    continue
            break
        self._process = self._child = None

    def kill(self) -> None:
        """Ends the server at once (SIGKILL), as a crash would."""
        if self._process and self.alive():
            self._process.kill()
            while self.alive():
                time.sleep(_POLL)

    async def watch(self, on_restart: Callable[[str, int], None]) -> None:
        """Restarts the server whenever it dies or ails, until cancelled."""
        while True:
            await asyncio.sleep(_WATCH)
            why = self.ailing()
            if why:
                await self.stop()
            if not self.alive():
                self.restarts += 1
                _log.warning("%s %s; starting it again", self.title, why or "died")
                await self._revive()
                on_restart(self.name, self.restarts)

    async def _revive(self) -> None:
        pause = _WATCH
        while True:
            try:
                return await self.start()
            except Unavailable as why:
                _log.warning("%s", why)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _adopt(self) -> bool:
        self._child = None
        if orphan := self.orphan():
            self._process, self.port = orphan.process, orphan.port or 0
            if orphan.port and await self._accepting():
                return True
            await self.stop()
        for process in self.lingering():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
            await _ended(partial(is_alive, process))
        self.forget()
        return False

    async def _start_anew(self) -> None:
        for port in ports(self.data / f"{self.name}.port"):
            written = self._trim_log()
            self.port = port
            self._child = self.spawn()
            self._process = psutil.Process(self._child.pid)
            if await self._accepting():
                return
            if is_free(port):
                raise self._failed(written)
        raise Unavailable(f"{self.title} found no free port on {LOOPBACK}.")

    async def _accepting(self) -> bool:
        deadline = clock.monotonic() + _START_WITHIN
        while clock.monotonic() < deadline:
            if self.accepts():
                return True
            if not self.alive():
                return False
            await asyncio.sleep(_POLL)
        await self.stop()
        return False

    def _failed(self, written: int) -> Unavailable:
        said = self.log.read_bytes()[written:].decode(errors="replace").strip().splitlines()
        return Unavailable(
            f"{self.title} did not start: {' | '.join(said[-5:]) or 'it said nothing'}. "
            f"Its log is {self.log}; mend what it names and start again.",
            log=str(self.log),
        )

    def _trim_log(self) -> int:
        """Keeps one old log when the new one is too long; returns the size of what is there."""
        size = self.log.stat().st_size if self.log.exists() else 0
        if size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
            return 0
        return size

    def launch(self, command: Sequence[str], fds: Sequence[int] = ()) -> subprocess.Popen[bytes]:
        """A process of its own session, so that Ctrl-C in a terminal does not reach it."""
        more: dict[str, Any] = self.account.as_arguments() if self.account else {}
        if self._bound and sys.platform == "linux":
            more["preexec_fn"] = _die_with_parent(self.stop_signal)
        with open(self.log, "ab", opener=_private) as log:
            return subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={**ENVIRONMENT, **self.tuning},
                umask=0o077,
                pass_fds=fds,
                start_new_session=True,
                **more,
            )


# Nothing of ours leaks into a server, and no PG* variable of the user changes it.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


async def _ended(alive: Callable[[], bool]) -> bool:
    """Waits a few seconds for a process to end; says whether it did."""
    deadline = clock.monotonic() + _STOP_WITHIN
    while alive() and clock.monotonic() < deadline:  # noqa: ASYNC110  (another process)
        await asyncio.sleep(_POLL)
    return not alive()


def is_alive(process: psutil.Process) -> bool:
    """A zombie is dead: that its parent has not asked for it yet is none of our business."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _die_with_parent(how: signal.Signals) -> Callable[[], None]:
    prctl = ctypes.CDLL(None).prctl  # looked up here: the child between fork and exec must not
    return lambda: prctl(_PR_SET_PDEATHSIG, int(how))
