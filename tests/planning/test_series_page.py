"""What the page about series says is so."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.planning.commands import schedules as ask
from services.planning.domain import schedule_refusals
from services.planning.domain.schedules import SCHEDULE
from services.planning.events import schedules as told
from services.planning.manifest import check
from tests.planning.made import model, nights

PAGE = Path("docs/series.md").read_text("utf-8")
CASES = [
    [cell.strip() for cell in line.split("|")[1:-1]]
    for line in PAGE.splitlines()
    if re.match(r"\| \w+/\w+ \|", line)
]


def test_the_manifest_of_the_page_is_fine():
    circuit, *_ = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    found = check(circuit.encode())
    assert found.problems == []
    assert [night.stop for night in nights(found.manifest)][:4] == [
        "yard",
        "london",
        "attic",
        "yard",
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1]}")
def test_the_table_of_clock_changes_is_so(case):
    zone, day, start, skip, first, second = case
    on = date.fromisoformat(day)
    end = f"{(int(start[:2]) + 3) % 24:02}:45"

    def moment(**policy: str) -> str:
        hours = {"zone": zone, "start": start, "end": end, **policy}
        gap = {"gap": hours.pop("gap", "skip")}
        films = model("FREQ=DAILY", str(on - timedelta(days=1)), hours, recurrence=gap)
        found = nights(films, day, day)
        return f"{found[0].hours.moments['start']:%Y-%m-%dT%H:%MZ}" if found else "no night"

    assert moment(gap="forward", fold="first") == first
    if skip:
        assert (moment(), second) == (skip, "")
    else:
        assert (moment(), moment(fold="second")) == (first, second)


def test_there_are_rows_for_both_changes_and_for_the_day_that_was_not():
    assert len(CASES) == 11
    assert {case[0] for case in CASES if case[3]} - {case[0] for case in CASES if case[5]} == {
        "Pacific/Apia"
    }


def test_its_lines_of_a_timeline_are_of_the_example():
    (shown,) = re.findall(r"```\n(20.*?)```", PAGE, re.DOTALL)
    golden = Path("tests/planning/timelines/microcinema-night.txt").read_text("utf-8")
    assert shown in golden


def test_every_command_refusal_and_event_of_schedules_is_on_the_page():
    for command in SCHEDULE.commands:
        assert f"`{command.__name__}" in PAGE or f" {command.__name__}`" in PAGE, command
    for event in SCHEDULE.events:
        assert f"`{event.topic.split('.')[1]}`" in PAGE, event
    for refusal in vars(schedule_refusals).values():
        if isinstance(refusal, type) and refusal.__module__ == schedule_refusals.__name__:
            assert re.search(rf"\b{refusal.code.split('.')[1]}\b", PAGE), refusal
    whys = told.FiringMissed.__annotations__["why"]
    for why in re.findall(r'"(\w+)"', str(whys)):
        assert f"`{why}`" in PAGE
    assert ask.DAY == 86400


def test_the_schedules_of_the_page_are_fine():
    _, schedules = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    spec = {
        "title": "Film",
        "schedule": {
            "zone": "Europe/Berlin",
            "date": "2027-06-18",
            "start": "20:00",
            "end": "22:00",
        },
        "staffing": [{"key": "door", "role": "Door", "count": 1}],
    }
    lines = "".join(f"  {line}\n" for line in schedules.splitlines())
    top = "".join(f"  {name}: {json.dumps(value)}\n" for name, value in spec.items())
    content = f"apiVersion: roadcase/v1\nkind: Event\nmetadata: {{name: film}}\nspec:\n{top}{lines}"
    assert check(content.encode()).problems == []
