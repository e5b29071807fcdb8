"""A disk with room for very little, for whoever is root."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def mount(folder: Path, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@contextmanager
def small_disk_at(folder: Path, size: str, owner: tuple[int, int]) -> Iterator[Path]:
    """Mounted on this folder. Grows with `mount(folder, "remount,size=64m")`."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    if not mount(folder, f"size={size}"):
        pytest.skip("this system does not let root mount a small disk")
    os.chown(folder, *owner)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
