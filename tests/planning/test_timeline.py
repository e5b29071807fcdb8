"""Every deadline of the examples in order, as in files that were looked at by people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from services.planning.manifest import check
from services.planning.manifest.kinds import Event
from services.planning.manifest.shape import of_type
from services.planning.manifest.times import At
from services.planning.timing.naming import NAMED
from services.planning.timing.nights import night_of, series_of
from services.planning.timing.occurrences import occurrence
from services.planning.timing.timeline import Current, Deadline, Other, timeline
from tests.planning.test_circuit import touring

GOLDEN = Path("tests/planning/timelines")


def read(name: str) -> dict:
    return check(Path(f"examples/{name}.yaml").read_bytes()).view.data


def lines(found: tuple[Deadline, ...]) -> list[str]:
    """`2027-06-18T18:30Z 20:30 doors: doors open | spec.schedule.doors`."""
    return [
        f"{each.at:%Y-%m-%dT%H:%MZ} {each.local:%Y-%m-%dT%H:%M} {each.kind}: {each.what} | "
        f"{each.source}" + (f" | {each.relative}" if each.relative else "")
        for each in found
    ]


def as_written(name: str) -> list[str]:
    return (GOLDEN / f"{name}.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", ["microcinema-night", "night-market", "photo-walk"])
def test_the_timeline_of_an_example_is_as_written(name):
    assert lines(timeline(read(name))) == as_written(name)


@pytest.mark.parametrize("on", ["2027-01-01", "2027-04-02", "2027-11-05"])
def test_the_timeline_of_a_night_of_the_series_is_as_written(on):
    """One that is moved, and one after each change of clocks."""
    data = read("monthly-series")
    night = night_of(data, occurrence(series_of(data), date.fromisoformat(on)))
    assert lines(timeline(night.data, origin=night.origin)) == as_written(f"first-friday-{on}")


def test_every_time_of_a_manifest_has_a_name():
    """A section that gets a time gets a line in `naming`, and is in the timeline so."""
    times = {".".join(path[1:]) for path in of_type(Event, At)}
    assert {name for name in times if not name.startswith("schedule.")} == {*NAMED}


def test_it_is_in_the_order_of_moments_and_what_ends_comes_before_what_begins():
    found = timeline(read("night-market"))
    assert [each.at for each in found] == sorted(each.at for each in found)
    at_eight = [each.kind for each in found if f"{each.at:%d %H:%M}" == "09 18:00"]
    assert at_eight == ["shift_ends", "shift_starts", "cue", "drop_opens"]


def test_a_start_that_is_late_moves_what_is_relative_to_it_and_not_done():
    data = read("microcinema-night")
    before = {each.source: each for each in timeline(data)}
    late = before["spec.schedule.start"].at + timedelta(minutes=10)
    sent = before["spec.notifications.0.send"].at
    done = {
        "spec.notifications.0.send": sent,
        "spec.schedule.doors": before["spec.schedule.doors"].at,
    }
    after = {each.source: each for each in timeline(data, Current({"start": late}, done))}
    moved = {name for name in after if after[name].at != before[name].at}
    assert {after[name].at - before[name].at for name in moved} == {timedelta(minutes=10)}
    assert {"spec.programme.works.0", "spec.drops.0.opens", "spec.programme"} <= moved
    assert "spec.notifications.1.send" in moved  # nobody said that it was done
    assert {name for name in after if after[name].done} == done.keys()
    assert "spec.notifications.0.send" not in moved
    assert "spec.schedule.curfew" not in moved


def test_a_day_before_is_at_the_same_time_of_day_whatever_clocks_do():
    data = read("photo-walk")
    spec = {**data["spec"], "schedule": {**data["spec"]["schedule"], "date": "2027-11-07"}}
    notices = (
        {**data["spec"]["notifications"][0], "key": "a", "send": "1d before start"},
        {**data["spec"]["notifications"][0], "key": "b", "send": "24h before start"},
    )
    night = {**data, "spec": {**spec, "notifications": notices}}
    found = [each.local for each in timeline(night) if each.kind == "notification"]
    assert [f"{local:%d %H:%M}" for local in found] == ["06 05:45", "06 06:45"]


def test_deadlines_that_others_keep_are_among_them():
    data = read("night-market")
    release = Other(
        datetime(2027, 7, 8, 16, tzinfo=UTC), "allotment_release", "press places", "ticketing"
    )
    found = timeline(data, Current(others=(release,)))
    place = next(number for number, each in enumerate(found) if each.source == "ticketing")
    assert found[place].local == datetime(2027, 7, 8, 18)
    assert found[place - 1].at <= release.at <= found[place + 1].at
    assert len(found) == len(timeline(data)) + 1


def test_at_a_stop_of_a_circuit_it_says_where_in_the_series_each_time_is():
    data = touring()
    night = night_of(data, occurrence(series_of(data), date(2027, 6, 11)))
    found = {each.kind: each for each in timeline(night.data, origin=night.origin)}
    assert found["start"].source == "spec.circuit.stops.1.schedule.start"
    assert found["doors"].source == "spec.schedule.doors"
    assert f"{found['start'].at:%H:%M}" == "19:15"
