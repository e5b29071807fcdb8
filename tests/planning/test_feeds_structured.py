"""Data for machines is what schema.org has, by its types in TypeScript."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from services.planning.feeds import structured
from services.planning.feeds.happening import Happening
from tests.node import lane
from tests.planning.happenings import NIGHT, SORTS

COMPILER = "node_modules/typescript/bin/tsc"
FLAGS = ("--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext")
HEAD = 'import type { Event, ScreeningEvent, WithContext } from "schema-dts";\n'


def refused(found: dict[str, dict], folder: Path) -> dict[str, str]:
    """What the compiler has against each, by name."""
    packages = lane.installed()
    (folder / "node_modules").symlink_to(packages / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}')
    lines = [
        f"export const e{number}: WithContext<{kind(each)}> = {json.dumps(each)};"
        for number, each in enumerate(found.values())
    ]
    (folder / "events.ts").write_text(HEAD + "\n".join(lines))
    done = lane.run(packages, COMPILER, *FLAGS, str(folder / "events.ts"))
    said = re.findall(r"events\.ts\((\d+),\d+\): error (.+)", done.stdout)
    assert bool(done.returncode) == bool(said), done.stdout + done.stderr
    return {[*found][int(line) - 2]: why for line, why in said}


def kind(found: dict) -> str:
    return "ScreeningEvent" if found["@type"] == "ScreeningEvent" else "Event"


def test_the_types_of_schema_org_accept_every_event(tmp_path):
    assert refused({name: structured(each) for name, each in SORTS.items()}, tmp_path) == {}


def test_they_refuse_what_is_not_so(tmp_path):
    good = structured(NIGHT)
    offer = good["offers"][0]
    broken = {
        "a name that there is not": good | {"doorsTime": good["doorTime"]},
        "a status that there is not": good | {"eventStatus": "https://schema.org/EventPlanned"},
        "a price that is none": good | {"offers": [offer | {"price": True}]},
        "nothing for a place": good | {"location": {"@type": "Place", "latitude": None}},
        "an availability": good | {"offers": [offer | {"availability": "sold out"}]},
    }
    assert refused(broken, tmp_path).keys() == broken.keys()


@pytest.mark.parametrize(
    ("sort", "status"),
    [
        ("a night", "EventScheduled"),
        ("sold out", "EventScheduled"),
        ("over", "EventScheduled"),
        ("at another place", "EventScheduled"),
        ("at another time", "EventRescheduled"),
        ("postponed", "EventPostponed"),
        ("cancelled", "EventCancelled"),
        ("broken off", "EventCancelled"),
    ],
)
def test_what_became_of_it(sort, status):
    found = structured(SORTS[sort])
    assert found["eventStatus"] == f"https://schema.org/{status}"
    assert found.get("previousStartDate") == (
        "2027-06-11T21:15:00+02:00" if status == "EventRescheduled" else None
    )


def test_where_it_was_to_be_before_counts_only_while_it_takes_place():
    moved = replace(SORTS["at another time"], state="cancelled")
    assert "previousStartDate" not in structured(moved)


def availability(happening: Happening) -> list[str]:
    return [each["availability"].rsplit("/", 1)[1] for each in structured(happening)["offers"]]


def test_what_is_there_to_be_had():
    assert availability(NIGHT) == ["InStock", "SoldOut", "PreOrder"]
    assert availability(SORTS["sold out"]) == ["SoldOut"] * 3
    for sort in ("cancelled", "over", "postponed"):
        assert "offers" not in structured(SORTS[sort])


def test_times_have_their_offset_also_where_they_come_twice():
    found = structured(SORTS["while clocks change"])
    assert (found["startDate"], found["endDate"], found["doorTime"]) == (
        "2027-10-31T02:30:00+02:00",
        "2027-10-31T02:45:00+01:00",
        "2027-10-31T01:30:00+02:00",
    )


def test_a_screening_presents_films_and_another_event_performs_works():
    assert [each["@type"] for each in structured(NIGHT)["workPresented"]] == ["Movie", "Movie"]
    assert structured(NIGHT)["videoFormat"] == "DCP, 35 mm"
    music = structured(SORTS["music"])
    assert music["@type"] == "Event"
    assert music["workPerformed"] == [
        {"@type": "CreativeWork", "name": "Winterreise", "dateCreated": "1828"}
    ]


def test_what_is_not_known_is_not_there():
    assert structured(SORTS["with hardly anything known"]).keys() == {
        *("@context", "@type", "name", "url", "eventStatus", "eventAttendanceMode"),
        *("startDate", "endDate"),
    }
    nowhere = replace(NIGHT, capacity=0, organiser=NIGHT.organiser._replace(link="ftp://x"))
    assert structured(nowhere)["maximumAttendeeCapacity"] == 0
    assert "url" not in structured(nowhere)["organizer"]
