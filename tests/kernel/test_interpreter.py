"""`make setup` takes the best built Python of the version that it was started with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import interpreter

TIMES = {"own": [3.6, 3.5], "quick": [9.9, 2.6], "alike": [3.4, 3.3], "older": [None, None]}


def choose(*others: str) -> tuple[str, float]:
    times = {each: iter(TIMES[each]) for each in ("own", *others)}
    return interpreter.quickest("own", others, lambda each: next(times[each]))


def test_the_quickest_is_taken_though_the_machine_was_busy_once() -> None:
    python, part = choose("alike", "quick", "older")
    assert (python, round(part, 2)) == ("quick", 0.74)


def test_one_that_cannot_make_a_venv_is_passed_over() -> None:
    times = {"own": None, "other": 9.9}
    python, part = interpreter.quickest("own", ["other"], times.__getitem__)
    assert python == "other"
    assert "has no venv" in interpreter.why("own", part)
    assert "74%" in interpreter.why("own", 0.74)


@pytest.mark.parametrize("others", [(), ("alike",), ("older",)])
def test_ours_is_kept_where_none_is_clearly_quicker(others: tuple[str, ...]) -> None:
    assert choose(*others) == ("own", 1.0)


def test_a_real_one_is_timed_and_what_is_none_of_this_version_is_not(tmp_path: Path) -> None:
    took = interpreter.ask(sys.executable)
    assert took is not None
    assert 0 < took < 1
    other = tmp_path / "python3"
    other.write_text("#!/bin/sh\necho 3 8 0.0001\n")
    other.chmod(0o755)
    assert interpreter.ask(str(other)) is None
    assert interpreter.ask(str(tmp_path / "missing")) is None


def test_each_on_the_path_is_asked_once_by_its_first_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        (folder / "python3").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, (first, second))))
    assert interpreter.on_path() == [str(first / "python3")]


def test_it_prints_a_python_that_runs() -> None:
    told = subprocess.run(
        [sys.executable, interpreter.__file__], capture_output=True, text=True, check=True
    )
    version = subprocess.run([told.stdout.strip(), "--version"], capture_output=True, check=True)
    assert version.stdout.decode().split()[1].startswith("3.")
