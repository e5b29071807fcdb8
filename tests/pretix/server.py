"""A pretix of our own: installed from PyPI in its own environment, started on loopback.

pretix is a separate program under the AGPL. It is never imported here: this installs it in a
virtual environment in the user's cache, keeps a migrated SQLite database beside it, and speaks
HTTP to it. `python -m tests.pretix.server` does what takes long: about half a minute for the
installation, a minute for the migrations.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VERSION = "2026.8.0"
ORGANISER = "kino"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "roadcase"
HOME = CACHE / f"pretix-{VERSION}"
PYTHON = HOME / "venv" / "bin" / "python"
CONFIG = """
[pretix]
instance_name=Roadcase tests
url=http://127.0.0.1:{port}
currency=EUR
datadir={data}
[database]
backend=sqlite3
[django]
debug=off
secret=roadcase-tests-roadcase-tests-roadcase-tests-roadcase
[mail]
from=nobody@localhost
host=127.0.0.1
port=9
"""
PEOPLE = f"""
from django_scopes import scopes_disabled
from pretix.base.models import Organizer, Team
with scopes_disabled():
    house = Organizer.objects.create(slug="{ORGANISER}", name="Kino")
    team = Team.objects.create(organizer=house, name="all", all_events=True,
        all_event_permissions=True, all_organizer_permissions=True)
    print("TOKEN", team.tokens.create(name="tests").token)
"""


class Pretix:
    """A pretix that runs, with one organiser and a token that may do everything."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """The JSON of its REST API, below the organiser. A body is posted."""
        request = urllib.request.Request(
            f"{self.url}/api/v1/organizers/{ORGANISER}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Token {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read()[:500]!r}") from error


def install() -> None:
    """Everything that is needed once: the environment, and a database with all migrations."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HOME / "venv" / "ready").exists():
            shutil.rmtree(HOME / "venv", ignore_errors=True)
            _run([sys.executable, "-m", "venv", str(HOME / "venv")])
            wanted = [f"pretix=={VERSION}", "gunicorn"]
            _run([str(PYTHON), "-m", "pip", "install", "--quiet", *wanted])
            (HOME / "venv" / "ready").touch()
        if not (HOME / "empty" / "token").exists():
            _make_empty(HOME / "empty")


def _make_empty(data: Path) -> None:
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    manage = [str(PYTHON), "-m", "pretix"]
    environment = _configured(data, 0)
    _run([*manage, "migrate", "--noinput", "--verbosity=0"], environment)
    said = _run([*manage, "shell", "-v", "0", "-c", PEOPLE], environment)
    token = next(line.split()[1] for line in said.splitlines() if line.startswith("TOKEN "))
    (data / "token").write_text(token)


def _configured(data: Path, port: int) -> dict[str, str]:
    file = data / "pretix.cfg"
    file.write_text(CONFIG.format(port=port, data=data))
    return {**os.environ, "PRETIX_CONFIG_FILE": str(file)}


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, env=environment)
    if done.returncode:
        raise RuntimeError(f"{command[:4]} failed: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout


@contextmanager
def running(data: Path) -> Iterator[Pretix]:
    """An empty pretix with one worker, on a copy of the empty database."""
    install()
    shutil.copytree(HOME / "empty", data)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [str(PYTHON), "-m", "gunicorn", "--workers=1", f"--bind=127.0.0.1:{port}"]
    with (data / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--no-control-socket", "pretix.wsgi"],
            stdout=log, stderr=log, env=_configured(data, port),
        )  # fmt: skip
    pretix = Pretix(f"http://127.0.0.1:{port}", (data / "token").read_text())
    try:
        _wait(pretix, process, data / "server.log")
        yield pretix
    finally:
        process.terminate()
        process.wait(30)


def _wait(pretix: Pretix, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            pretix.ask("events/")
        except OSError as error:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text()[-2000:]) from error
            time.sleep(0.2)
        else:
            return


if __name__ == "__main__":
    install()
