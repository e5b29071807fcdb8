"""Who acts at each deadline, and how it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.planning.api.timeline import stands_of
from services.planning.manifest import check
from services.planning.plans.agenda import BY, Entry, Stands, agenda
from services.planning.timing.timeline import Current, Deadline, Other, timeline

AT = datetime(2027, 6, 18, 18, tzinfo=UTC)


def deadline(kind: str, hours: float = 0.0, source: str = "spec.x") -> Deadline:
    at = AT + timedelta(hours=hours)
    return Deadline(at, at.replace(tzinfo=None), kind, kind, source)


def stands(state: str = "on_sale", off: str = "", **missing: tuple[str, ...]) -> Stands:
    return Stands(state, lambda step: missing.get(step, ()), off)


def one(kind: str, hours: float, how: Stands, source: str = "spec.x") -> Entry:
    (found,) = agenda([deadline(kind, hours, source)], how, AT)
    return found


@pytest.mark.parametrize(
    ("kind", "hours", "how", "expected"),
    [
        ("doors", 1, stands(), ("planning", "ahead", "")),
        ("doors", -1, stands("doors"), ("planning", "done", "")),
        ("doors", 1, stands("live"), ("planning", "done", "")),  # it was asked for
        ("start", -1, stands("doors"), ("planning", "past", "")),
        ("end", 1, stands("doors"), ("planning", "ahead", "")),
        ("start", 1, stands(live=("noise",)), ("planning", "blocked", "not cleared: noise")),
        (
            "doors",
            1,
            stands("cancelled", "it is cancelled"),
            ("planning", "off", "it is cancelled"),
        ),
        ("sale_opens", -1, stands(), ("ticketing", "done", "")),
        ("sale_opens", -1, stands("announced"), ("ticketing", "past", "")),
        ("sale_closes", -1, stands("cancelled", "it is cancelled"), ("ticketing", "past", "")),
        ("sale_closes", 1, stands("on_sale", "rain"), ("ticketing", "off", "rain")),
        ("step_on_sale", -1, stands("on_sale"), ("planning", "done", "")),
        ("step_on_sale", 1, stands("planned"), ("planning", "ahead", "")),
        ("load_in", -1, stands(), ("", "past", "")),
        ("curfew", 1, stands(), ("", "ahead", "")),
        (
            "notification_unsent",
            1,
            stands(),
            ("planning", "ahead", "planning does not act on notifications to members yet"),
        ),
        ("captures_deleted", 1, stands(), ("media", "ahead", "media does not act on capture yet")),
    ],
)
def test_each_deadline_is_somebodys_and_stands_somehow(kind, hours, how, expected):
    found = one(kind, hours, how)
    assert (found.by, found.status, found.why) == expected


def test_what_others_keep_is_theirs():
    assert one("answers_end", 1, stands(), "ticketing").by == "ticketing"


def test_what_is_known_to_be_done_is_done():
    data = check(Path("examples/night-market.yaml").read_bytes()).view.data
    known = {"spec.notifications.0.send": AT}
    found = agenda(timeline(data, Current(done=known)), stands(), AT - timedelta(days=900))
    assert [each.status for each in found if each.deadline.done] == ["done"]


def test_whose_every_deadline_of_the_examples_is_is_known():
    """A section that gets a time says who acts then."""
    kinds = {
        each.kind
        for file in Path("examples").glob("*.yaml")
        if (view := check(file.read_bytes()).view) and view.raw("kind") == "Event"
        for each in timeline(view.data)
    }
    assert len(kinds) > 15
    assert kinds <= BY.keys()


def test_an_event_without_an_end_is_over_three_hours_after_its_start():
    data = check(Path("examples/photo-walk.yaml").read_bytes()).view.data
    spec = {**data["spec"], "fulfilment": {"shipWithinDays": 2}}
    hours = {name: each for name, each in spec["schedule"].items() if name in ("zone", "date")}
    spec = {
        "title": "Walk",
        "schedule": {**hours, "start": "10:00"},
        "fulfilment": spec["fulfilment"],
    }
    found = {each.kind: each for each in timeline({**data, "spec": spec})}
    assert (found["end"].relative, found["end"].source) == ("3h after start", "spec.schedule.start")
    assert found["end"].at - found["start"].at == timedelta(hours=3)
    assert found["ship_by"].at - found["end"].at == timedelta(days=2)


def test_what_is_set_elsewhere_stands_among_what_is_declared():
    data = check(Path("examples/night-market.yaml").read_bytes()).view.data
    other = Other(AT, "sale_closes", "sale of a closes, as was set by hand", "ticketing")
    found = agenda(timeline(data, Current(others=(other,))), stands(), AT)
    assert [each.by for each in found if each.deadline.source == "ticketing"] == ["ticketing"]


def test_what_is_cancelled_is_that_whatever_it_was_before():
    row = {"occurrence": "n", "state": "on_sale", "postponed": "Rain", "interrupted": None}
    row |= {"clearances": {}}
    assert stands_of(row, AT).off == "it is postponed: Rain"
    assert stands_of({**row, "state": "cancelled"}, AT).off == "it is cancelled"
