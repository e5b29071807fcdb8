"""Which Python to make `.venv` with: the one that was asked for, or the same one, better built.

Builds of one version differ by a fifth and more: some were made with profile-guided optimization
(`--enable-optimizations`) and some were not, and no setting of theirs tells it reliably. So they
are timed. Prints the path; says why where it is not the one that runs this.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from math import inf
from pathlib import Path
from time import process_time

ENOUGH = 0.9  # of the time of the one that was asked for: for less, nobody is surprised
_ROUNDS = 25
_ASKED = (
    "import sys, venv, ensurepip; sys.path.insert(0, {here!r}); import interpreter; "
    "print(*sys.version_info[:2], interpreter.seconds())"
)
Seconds = Callable[[str], float | None]


class _Seat:
    __slots__ = ("held", "number", "row")

    def __init__(self, row: int, number: int) -> None:
        self.row, self.number, self.held = row, number, None

    def is_free(self) -> bool:
        return self.held is None


def _work() -> int:
    """Calls, attributes, dictionaries and text, as everywhere here."""
    seats = {f"{n % 40}-{n}": _Seat(n % 40, n) for n in range(4000)}
    for name, seat in seats.items():
        if seat.is_free() and (found := seats.get(name)) is seat:
            found.held = (name, seat.row, str(seat.number).encode())
    return len([each for each in seats.values() if not each.is_free()])


def _once() -> float:
    started = process_time()
    _work()
    return process_time() - started


def seconds() -> float:
    """What the work takes this Python, at its best."""
    return min(_once() for _ in range(_ROUNDS))


def ask(python: str) -> float | None:
    """The same of another one; None when it is another version, or cannot make a `.venv`."""
    code = _ASKED.format(here=str(Path(__file__).parent))
    try:
        told = subprocess.run(
            [python, "-c", code], capture_output=True, text=True, timeout=20, check=False
        )
        major, minor, took = told.stdout.split()
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return float(took) if (int(major), int(minor)) == sys.version_info[:2] else None


def on_path() -> list[str]:
    """Each Python of this version on the PATH, once."""
    names = ("python3", f"python3.{sys.version_info.minor}")
    folders = os.environ.get("PATH", "").split(os.pathsep)
    found = [shutil.which(name, path=folder) for folder in folders if folder for name in names]
    return list({os.path.realpath(each): each for each in reversed(found) if each}.values())


def quickest(own: str, others: Iterable[str], ask: Seconds = ask) -> tuple[str, float]:
    """The quickest of all, and its part of the time of our own; our own, if that is about as quick.

    All are asked twice, in turns: a moment in which the machine is busy with others counts less.
    """
    times: dict[str, list[float]] = {}
    for each in [own, *others] * 2:
        took = ask(each)
        times.setdefault(each, []).append(inf if took is None else took)
    best = min(times, key=lambda each: min(times[each]))
    part = min(times[best]) / min(times[own])
    return (best, part) if part < ENOUGH else (own, 1.0)


def why(own: str, part: float) -> str:
    """In words, for whoever expected their own."""
    if not part:
        return f"{own} has no venv, which may be a package of its own"
    same = f"it takes {part:.0%} of the time that {own} takes, of the same version"
    return f"{same}. For that one: rm -r .venv; make setup PYTHON={own}"


def main() -> None:
    own = sys.executable
    same = os.path.realpath(own)
    python, part = quickest(own, [each for each in on_path() if os.path.realpath(each) != same])
    if python != own:
        print(f"Using {python}: {why(own, part)}", file=sys.stderr)
    print(python)


if __name__ == "__main__":
    main()
