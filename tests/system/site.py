"""Roadcase as a user runs it: `roadcase up` in a process of its own, and the command line."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Site:
    """A running installation on a data folder of its own."""

    def __init__(self, data: Path, process: subprocess.Popen[str], http: str, grpc: str) -> None:
        self.data = data
        self.process = process
        self.http = http
        self.grpc = grpc

    def cli(self, *arguments: str, code: int = 0) -> Any:
        """Run a command with --json; what its last line says. Fails on another exit code."""
        done = roadcase(self.data, *arguments, "--json")
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        lines = done.stdout.splitlines()
        return json.loads(lines[-1]) if lines else None

    def token(self, *scopes: str, tenant: str = "acme", actor: str = "operator") -> str:
        return self.cli("token", "issue", tenant, *scopes, "--actor", actor)["token"]


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "ROADCASE_DATA": str(data)}


def roadcase(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "roadcase", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(data),
    )


@contextmanager
def running(data: Path, **settings: str) -> Iterator[Site]:
    """`settings` as in `shop="demo"`, which is ROADCASE_SHOP."""
    more = {f"ROADCASE_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "roadcase", "up", "--http-port", "0", "--grpc-port", "0"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(data) | more,
    )
    try:
        yield Site(data, process, *_wait_until_ready(process))
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def _wait_until_ready(process: subprocess.Popen[str]) -> tuple[str, str]:
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://(\S+) +grpc (\S+:\d+)", line):
            return found[1], found[2]
    raise AssertionError("".join(said))
