"""Sees that a server met a full disk, and that there is room again: NATS does not recover alone."""

from __future__ import annotations

import shutil
from pathlib import Path

from roadcase import clock

FULL, ROOM = 8 << 20, 64 << 20  # bytes that are left; between the two nothing is decided
_EVERY = 1.0  # seconds between two looks
_SAID = b"no space left on device"  # as the system calls it; a quota says the same


class Room:
    """The disk under a server's `folder`, and what it said of it in its `log` since it started.

    Both are looked at: a log on the same disk cannot be written when it is full, and a disk may be
    full for a moment between two looks, or for this user alone.
    """

    def __init__(self, folder: Path, log: Path) -> None:
        self._folder = folder
        self._log = log
        self.begin()

    def begin(self) -> None:
        """The server starts anew: what was before concerns it no more."""
        self._met = False
        self._read = self._log.stat().st_size if self._log.exists() else 0
        self._looked = clock.monotonic()

    def is_back(self) -> bool:
        """Whether the server met a full disk, and there is room again. Cheap to ask often."""
        if clock.monotonic() - self._looked < _EVERY:
            return False
        self._looked = clock.monotonic()
        try:
            left = shutil.disk_usage(self._folder).free
            self._met = self._met or left < FULL or self._said()
        except OSError:  # folder or log are not there: the server is being made anew
            return False
        return self._met and left >= ROOM

    def _said(self) -> bool:
        with self._log.open("rb") as log:
            log.seek(max(0, self._read - len(_SAID)))  # a line may have been half there
            said = log.read()
            self._read = log.tell()
        return _SAID in said
