"""What kit and crew are told of an event: in full, once it is planned, and when it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from services.planning.commands import CancelOccurrence, PostponeOccurrence
from services.planning.events import KitNeeded, PlannedWork, WorkPlanned
from services.planning.plans.declared import declared
from services.planning.plans.work import work_of
from tests.planning.declaring import DOORS, ENDS, Night, applying

WORK = PlannedWork(
    title="Nosferatu",
    zone="Europe/Berlin",
    begins=DOORS,
    ends=ENDS,
    kit=(KitNeeded(item="pa", quantity=2),),
)


def told(night: Night, command: Any) -> list[tuple[bool, Any]]:
    found = (each for each in night.ask(command) if isinstance(each, WorkPlanned))
    return [(each.on, each.work) for each in found]


def test_a_draft_needs_nothing_yet_and_what_did_not_change_is_not_told_again():
    night = Night()
    assert told(night, applying(work=WORK, draft=True)) == []
    assert told(night, applying(work=WORK)) == [(True, WORK)]
    assert told(night, applying(1, "b", work=WORK)) == []


def test_who_is_postponed_or_cancelled_needs_nothing_and_who_has_a_new_time_does_again():
    night = Night(applying(work=WORK))
    night.to("announced")
    assert told(night, PostponeOccurrence(occurrence="n", postponement="p", reason="Rain")) == [
        (False, WORK)
    ]
    later = {"starts_at": datetime(2027, 6, 25, 20), "ends_at": datetime(2027, 6, 25, 22)}
    office = applying().box_office
    assert office is not None
    new = type(office)(**{**{f: getattr(office, f) for f in office.__struct_fields__}, **later})
    work = PlannedWork(**{**_fields(WORK), "begins": DOORS + timedelta(days=7)})
    assert told(night, applying(1, "b", work=work, box_office=new)) == [(True, work)]
    assert told(night, CancelOccurrence(occurrence="n", reason="Rain")) == [(False, work)]


def test_who_needs_nothing_any_more_says_so():
    night = Night(applying(work=WORK))
    ((on, work),) = told(night, applying(1, "b"))
    assert (on, work.kit, work.roles) == (True, (), ())


def test_a_manifest_comes_to_kit_and_people_in_utc():
    found = work_of(declared(manifest()))
    assert found is not None
    assert (found.begins, found.ends) == (at(13, 0), at(23, 30))
    assert [(each.item, each.quantity) for each in found.kit] == [("speaker", 5), ("till", 1)]
    door, sound = found.roles
    assert (door.count, door.certificates) == (2, ("first aid",))
    assert [(each.begins, each.ends) for each in door.shifts] == [
        (at(16, 30), at(18, 0)),
        (at(19, 0), at(23, 0)),
    ]
    assert [(each.begins, each.ends) for each in sound.shifts] == [(at(13, 0), at(23, 30))]


def test_a_manifest_without_kit_and_people_comes_to_nothing():
    data = manifest()
    del data["spec"]["kit"], data["spec"]["staffing"]
    assert work_of(declared(data)) is None


def at(hour: int, minute: int) -> datetime:
    return datetime(2027, 6, 18, hour, minute, tzinfo=UTC)


def _fields(of: Any) -> dict[str, Any]:
    return {name: getattr(of, name) for name in of.__struct_fields__}


def manifest() -> dict[str, Any]:
    return {
        "apiVersion": "roadcase/v1",
        "kind": "Event",
        "metadata": {"name": "film"},
        "spec": {
            "title": "Film",
            "schedule": {
                "zone": "Europe/Berlin",
                "date": "2027-06-18",
                "loadIn": "15:00",
                "doors": "19:00",
                "start": "20:00",
                "end": "22:00",
                "loadOut": "01:30",
            },
            "kit": [
                {"key": "left", "role": "Left", "quantity": 2, "item": "speaker"},
                {"key": "right", "role": "Right", "quantity": 3, "item": "speaker"},
                {"key": "till", "role": "Till", "quantity": 1},
            ],
            "staffing": [
                {
                    "key": "door",
                    "role": "Door",
                    "count": 2,
                    "certificates": ["first aid"],
                    "shifts": [
                        {"starts": "30m before doors", "ends": "2027-06-18T20:00"},
                        {"starts": "1h after start", "ends": "3h after end"},
                    ],
                },
                {"key": "sound", "role": "Sound", "count": 1},
            ],
        },
    }
