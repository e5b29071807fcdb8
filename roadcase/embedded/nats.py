"""NATS 2.15 with JetStream in the data folder: loopback only, a password always, synced writes."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import signal
import socket
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

import psutil

from roadcase.embedded.account import nats_program
from roadcase.embedded.files import LOOPBACK, write_private
from roadcase.embedded.process import Orphan, Server, is_alive
from roadcase.embedded.room import Room

_USER = "roadcase"
_PROBE = 0.05
_RELOADED_WITHIN = 10.0


class Nats(Server):
    """One NATS server. With `accounts` each of these has its own subjects and its own JetStream."""

    title = "NATS"
    name = "nats"
    stop_signal = signal.SIGTERM
    # When it collects, and from where on it hurries; without these, NATS keeps twice of what it
    # needs. It needs up to ten seconds of what it stores, and hurrying below that costs a core.
    tuning: ClassVar[Mapping[str, str]] = {"GOGC": "50", "GOMEMLIMIT": "80MiB"}

    def __init__(
        self,
        data: Path,
        *,
        bound: bool = False,
        accounts: Iterable[str] = (),
        monitoring_port: int | None = None,
    ) -> None:
        super().__init__(data, bound=bound)
        self._program = str(nats_program())
        self._config = data / "nats.conf"
        self._pid_file = data / "nats.pid"
        self._accounts = list(accounts)
        self._monitoring_port = monitoring_port
        self._room: Room | None = None

    @property
    def url(self) -> str:
        return self.url_of(self._accounts[0] if self._accounts else _USER)

    def url_of(self, account: str) -> str:
        """With accounts: the address at which one of them connects."""
        return f"nats://{account}:{self.password}@{LOOPBACK}:{self.port}"

    async def add_accounts(self, names: Iterable[str]) -> None:
        """Adds accounts to the running server; returns when the last one may connect."""
        self._accounts += names
        write_private(self._config, self._text(self.port))
        psutil.Process(self.pid).send_signal(signal.SIGHUP)
        async with asyncio.timeout(_RELOADED_WITHIN):
            while not await self._admits(self._accounts[-1]):  # noqa: ASYNC110  (another process)
                await asyncio.sleep(_PROBE)

    async def prepare(self) -> None:
        (self.data / "nats").mkdir(mode=0o700, exist_ok=True)

    def ailing(self) -> str | None:
        """After a full disk it stores nothing more, not even when there is room again."""
        return "met a full disk, and there is room again" if self._disk().is_back() else None

    def _disk(self) -> Room:
        if self._room is None:
            self._room = Room(self.data / "nats", self.log)
        return self._room

    def spawn(self) -> subprocess.Popen[bytes]:
        write_private(self._config, self._text(self.port))
        self._disk().begin()
        return self.launch(self._command())

    def accepts(self) -> bool:
        """By the server's name in its greeting: the port alone could be anybody's."""
        with contextlib.suppress(OSError, ValueError):
            with socket.create_connection((LOOPBACK, self.port), _PROBE) as probe:
                probe.settimeout(_PROBE)
                greeting = probe.recv(4096)
            info = json.loads(greeting.removeprefix(b"INFO "))
            return bool(info["server_name"] == self._server_name() and info["jetstream"])
        return False

    def orphan(self) -> Orphan | None:
        try:
            process = psutil.Process(int(self._pid_file.read_text()))
            ours = is_alive(process) and process.cmdline() == self._command()
        except (OSError, ValueError, psutil.Error):
            return None
        return Orphan(process, self._port_if_same()) if ours else None

    def forget(self) -> None:
        self._pid_file.unlink(missing_ok=True)

    def _port_if_same(self) -> int | None:
        kept = self.data / "nats.port"
        port = int(kept.read_text()) if kept.exists() else 0
        same = port and self._config.read_text() == self._text(port)
        return port if same else None

    def _command(self) -> list[str]:
        return [self._program, "-c", str(self._config)]

    def _server_name(self) -> str:
        return "roadcase-" + hashlib.sha256(self.password.encode()).hexdigest()[:16]

    def _text(self, port: int) -> str:
        lines = [
            f"listen: {json.dumps(f'{LOOPBACK}:{port}')}",
            f"server_name: {json.dumps(self._server_name())}",
            f"pid_file: {json.dumps(str(self._pid_file))}",
            "jetstream {",
            f"  store_dir: {json.dumps(str(self.data / 'nats'))}",
            "  sync_interval: always",
            "}",
        ]
        if self._monitoring_port:
            lines.append(f"http: {json.dumps(f'{LOOPBACK}:{self._monitoring_port}')}")
        if self._accounts:
            users = (
                f"  {name} {{jetstream: enabled, {self._user(name)}}}" for name in self._accounts
            )
            lines += ["accounts {", *users, "}"]
        else:
            lines.append(f"authorization {{{self._user(_USER)}}}")
        return "\n".join([*lines, ""])

    def _user(self, name: str) -> str:
        return f"users: [{{user: {json.dumps(name)}, password: {json.dumps(self.password)}}}]"

    async def _admits(self, account: str) -> bool:
        reader, writer = await asyncio.open_connection(LOOPBACK, self.port)
        who = {"user": account, "pass": self.password, "verbose": False}
        writer.write(b"CONNECT " + json.dumps(who).encode() + b"\r\nPING\r\n")
        try:
            await reader.readline()
            return await reader.readline() == b"PONG\r\n"
        finally:
            writer.close()
