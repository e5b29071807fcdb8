"""A service as a process of its own, `python -m services.<name>`, beside servers that are there."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc

HERE = "127.0.0.1"
SECRET = "a secret for tests, long enough for all"
SERVICES = sorted(path.parent.name for path in Path("services").glob("*/__main__.py"))


class Alone:
    """The process, and where its doors are once it said so."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.http = self.grpc = ""

    def wait_until_ready(self) -> None:
        said = []
        for line in self.process.stdout:
            said.append(line)
            if found := re.match(r"ready +\w+ +http://(\S+) +grpc (\S+)", line):
                self.http, self.grpc = (each.replace("0.0.0.0", HERE) for each in found.groups())
                return
        raise AssertionError("".join(said))

    def end(self) -> int:
        """Told to stop as containers are; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)
        return self.process.returncode


def settings(**more: object) -> dict[str, str]:
    """An environment with these settings of ours and no others."""
    theirs = {name: text for name, text in os.environ.items() if not name.startswith("ROADCASE_")}
    ours = {"http_port": 0, "grpc_port": 0, "secret": SECRET, **more}
    return theirs | {f"ROADCASE_{name.upper()}": str(value) for name, value in ours.items()}


@contextmanager
def alone(service: str, env: dict[str, str], cwd: Path, python: str = "") -> Iterator[Alone]:
    process = subprocess.Popen(
        [python or sys.executable, "-m", f"services.{service}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=env,
        cwd=cwd,
    )
    try:
        yield Alone(process)
    finally:
        process.kill()
        process.communicate()


def asked(http: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    answer = httpx.get(f"http://{http}{path}", headers=headers, timeout=5)
    return answer.status_code, answer.json()


def asked_until(http: str, path: str, code: int) -> Any:
    """Ask until the answer has this code; its body. The door may not be open yet."""
    until = time.monotonic() + 30
    found = None
    while time.monotonic() < until:
        try:
            found = asked(http, path)
        except httpx.TransportError:
            found = None
        if found and found[0] == code:
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"{path} never said {code}, last {found}")


def health(target: str, service: str = "") -> str:
    """What gRPC health says."""
    with grpc.insecure_channel(target) as channel:
        request = health_pb2.HealthCheckRequest(service=service)
        found = health_pb2_grpc.HealthStub(channel).Check(request, timeout=5)
    return health_pb2.HealthCheckResponse.ServingStatus.Name(found.status)
