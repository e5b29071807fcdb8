"""The data folder: private to its owner, locked by one run at a time; its secrets and ports."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import zlib
from collections.abc import Iterator
from pathlib import Path

from roadcase.errors import Unavailable

LOOPBACK = "127.0.0.1"
_LOCK = "roadcase.lock"
# Below the ports that systems hand out to outgoing connections (32768 and up on Linux), so that
# no client of anybody sits on our port while its server is being restarted.
_FIRST_PORT, _PORTS, _STEP = 20_000, 12_000, 7
_TRIES = 50


class DataFolder:
    """Held while open. A second run on the same folder, in any process, is refused."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = -1

    def open(self) -> None:
        self._own()
        self._lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._lock, 20).decode().strip() or "unknown"
            self.close()
            raise Unavailable(
                f"The data folder {self.path} is in use by process {holder}: "
                "stop it, or choose another data folder.",
                folder=str(self.path),
                holder=holder,
            ) from None
        os.truncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)

    def close(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _own(self) -> None:
        """Makes the folder, or checks that it is ours: an unrelated folder is never closed off."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            strange = any(self.path.iterdir()) and not (self.path / _LOCK).exists()
        except OSError as why:
            raise Unavailable(
                f"The data folder {self.path} cannot be used ({why.strerror}): "
                "choose a folder that belongs to you.",
                folder=str(self.path),
            ) from why
        if strange or self.path.stat().st_uid != os.geteuid():
            raise Unavailable(
                f"The folder {self.path} holds other files or belongs to another user: "
                "choose an empty folder, or one that Roadcase made.",
                folder=str(self.path),
            )
        if self.path.stat().st_mode & 0o077:
            self.path.chmod(0o700)


def secret(path: Path) -> str:
    """The password kept in this file, made at the first call. The file has mode 0600."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32))
    return path.read_text()


def write_private(path: Path, text: str) -> None:
    """Replaces the file in one step; nobody but its owner may read it, not even for a moment."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w") as file:  # noqa: PTH123  (a descriptor, so that the mode is set first)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes a rename inside this folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def ports(kept: Path) -> Iterator[int]:
    """Free loopback ports to try: the one kept from the last start first."""
    start = zlib.crc32(str(kept).encode())
    wanted = [int(kept.read_text())] if kept.exists() else []
    wanted += [_FIRST_PORT + (start + _STEP * n) % _PORTS for n in range(_TRIES)]
    return (port for port in wanted if is_free(port))


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen()
        except OSError:
            return False
        return True
