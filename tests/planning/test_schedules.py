"""A schedule: each firing once, none missed silently, whatever overlaps, moves, pauses, is late."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from pydantic import ValidationError

from roadcase.codec import Codec
from roadcase.testing.spec import Spec
from services.planning.commands import schedules as ask
from services.planning.domain.firings import jitter
from services.planning.domain.schedule_refusals import (
    BackfillExists,
    BackfillNotPast,
    ScheduleIsPaused,
    TooManyOccurrences,
    TooMuchToBackfill,
    UnknownFiring,
    UnknownSchedule,
    WrongAnchors,
)
from services.planning.domain.schedules import AT_ONCE, SCHEDULE
from services.planning.events import schedules as told

ID = "night"
BERLIN = "Europe/Berlin"


def at(text: str) -> datetime:
    """`06-18 20:00`: of 2027, in UTC."""
    return datetime.strptime(f"2027-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


NOW = at("06-01 00:00")
DAILY = {"first": "2027-06-01", "at": "06:00", "rule": "FREQ=DAILY"}  # 04:00 UTC


def setting(*steps: dict, **more) -> ask.SetSchedule:
    whole = [{"action": "tell", **step} for step in steps]
    return ask.SetSchedule(schedule=ID, zone=BERLIN, steps=whole, **more)


def was_set(*steps: dict, since: datetime = NOW, **more) -> told.ScheduleSet:
    (event,) = Spec(SCHEDULE).when(setting(*steps, **more), since)._decide()
    assert isinstance(event, told.ScheduleSet)
    return event


AUDIT = {"key": "audit", "recurring": DAILY}
REMIND = {"key": "remind", "relative": "1d before start"}
SOLD = {"key": "sell", "once": "2027-06-02T10:00:00+02:00"}
FIRE = ask.FireDue(schedule=ID)


def anchors(start: datetime, occurrence: str = "friday") -> dict:
    hour = timedelta(hours=1)
    hours = {"doors": start - hour / 2, "start": start, "end": start + 2 * hour}
    return {"schedule": ID, "occurrence": occurrence, **hours}


def anchored(start: datetime, occurrence: str = "friday") -> told.AnchorsSet:
    return told.AnchorsSet(**anchors(start, occurrence), zone=BERLIN)


def facts(firing: str, nominal: datetime, **more) -> dict:
    step, _, of = firing.partition(":")
    on = date.fromisoformat(of) if of[:4] == "2027" else None
    occurrence = of if of and on is None else None
    return {
        "schedule": ID,
        "firing": firing,
        "step": step,
        "action": "tell",
        "nominal": nominal,
        "due": nominal,
        "occurrence": occurrence,
        "on": on,
        **more,
    }


def made(firing: str, nominal: datetime, **more) -> told.FiringMade:
    return told.FiringMade(**facts(firing, nominal, **more))


def missed(firing: str, nominal: datetime, why: str, **more) -> told.FiringMissed:
    return told.FiringMissed(**facts(firing, nominal, **more), why=why)


def waits(firing: str, nominal: datetime, **more) -> told.FiringBuffered:
    return told.FiringBuffered(**facts(firing, nominal, **more))


def over(firing: str, **more) -> told.FiringFinished:
    return told.FiringFinished(schedule=ID, firing=firing, **{"outcome": "done", **more})


def finishing(firing: str, **more) -> ask.FinishFiring:
    return ask.FinishFiring(schedule=ID, firing=firing, **more)


def audit(day: int) -> tuple[str, datetime]:
    return f"audit:2027-06-{day:02}", at(f"06-{day:02} 04:00")


PAUSED = told.SchedulePaused(schedule=ID, reason="holidays")
RESUMED = told.ScheduleResumed(schedule=ID, reason="back")
spec = Spec(SCHEDULE)


def deadline(*history: told.Event) -> datetime | None:
    return SCHEDULE.deadline(SCHEDULE.fold(history))


# When


def test_a_step_is_done_once_at_its_moment():
    given = was_set(SOLD)
    assert deadline(given) == at("06-02 08:00")
    spec.given(given).when(FIRE, at("06-02 07:59")).then_nothing()
    sold = made("sell", at("06-02 08:00"))
    spec.given(given).when(FIRE, at("06-02 08:00")).then(sold)
    spec.given(given, sold).when(FIRE, at("06-02 09:00")).then_nothing()
    assert deadline(given, sold) is None


def test_a_step_relative_to_an_occurrence_is_due_once_that_is_known():
    given = was_set(REMIND)
    assert deadline(given) is None
    known = anchored(at("06-18 18:00"))
    assert deadline(given, known) == at("06-17 18:00")
    other = anchored(at("06-11 18:00"), "other")
    assert deadline(given, known, other) == at("06-10 18:00")
    spec.given(given, known, other).when(FIRE, at("06-17 18:00")).then(
        missed("remind:other", at("06-10 18:00"), "late", occurrence="other"),
        made("remind:friday", at("06-17 18:00")),
    )


def test_a_day_before_is_at_the_same_time_of_day_over_the_change_of_clocks():
    known = anchored(at("03-28 18:00"))  # 20:00 in Berlin, in summer
    since = at("01-01 00:00")
    days = was_set({"key": "a", "relative": "1d before start"}, since=since)
    hours = was_set({"key": "a", "relative": "24h before start"}, since=since)
    assert deadline(days, known) == at("03-27 19:00")  # 20:00 there, in winter
    assert deadline(hours, known) == at("03-27 18:00")


def test_an_anchor_that_moves_takes_along_what_was_not_done():
    given = (was_set(REMIND), anchored(at("06-18 18:00")))
    moved = anchored(at("06-25 18:00"))
    assert deadline(*given, moved) == at("06-24 18:00")
    done = made("remind:friday", at("06-17 18:00"))
    assert deadline(*given, done, moved) is None
    cmd = ask.SetAnchors(**anchors(at("06-25 18:00")))
    spec.given(*given).when(cmd, at("06-10 00:00")).then(moved)
    spec.given(*given, moved).when(cmd, at("06-10 00:00")).then_nothing()


def test_what_is_due_is_decided_before_its_anchor_moves_away():
    given = (was_set(REMIND), anchored(at("06-18 18:00")))
    cmd = ask.SetAnchors(**anchors(at("06-25 18:00")))
    spec.given(*given).when(cmd, at("06-17 18:05")).then(
        made("remind:friday", at("06-17 18:00")), anchored(at("06-25 18:00"))
    )


def test_what_was_missed_is_due_again_once_its_anchor_moves():
    given = (was_set(REMIND), anchored(at("06-18 18:00")), PAUSED)
    lost = missed("remind:friday", at("06-17 18:00"), "paused")
    assert deadline(*given, lost, RESUMED, anchored(at("06-18 18:00"))) is None
    assert deadline(*given, lost, RESUMED, anchored(at("06-25 18:00"))) == at("06-24 18:00")


def test_an_occurrence_that_moves_nearer_is_late_or_caught_up():
    given = (was_set(REMIND), anchored(at("06-18 18:00")))
    cmd = ask.SetAnchors(**anchors(at("06-11 18:00")))
    near = anchored(at("06-11 18:00"))
    spec.given(*given).when(cmd, at("06-11 00:00")).then(near)
    spec.given(*given, near).when(FIRE, at("06-11 00:00")).then(
        made("remind:friday", at("06-10 18:00"))
    )
    spec.given(*given, near).when(FIRE, at("06-11 18:01")).then(
        missed("remind:friday", at("06-10 18:00"), "late")
    )


def test_an_occurrence_that_is_not_to_be_is_told_of_no_more():
    given = (was_set(REMIND), anchored(at("06-18 18:00")))
    cmd = ask.DropAnchors(schedule=ID, occurrence="friday")
    dropped = told.AnchorsDropped(schedule=ID, occurrence="friday")
    spec.given(*given).when(cmd).then(dropped)
    assert deadline(*given, dropped) is None
    spec.given(*given, dropped).when(cmd).then_nothing()
    assert deadline(*given, dropped, anchored(at("06-18 18:00"))) == at("06-17 18:00")


def test_a_recurring_step_begins_with_what_is_due_after_it_was_set():
    given = was_set({"key": "audit", "recurring": {**DAILY, "first": "2020-01-01"}})
    assert deadline(given) == at("06-01 04:00")
    late = was_set(AUDIT, since=at("06-10 04:00"))
    assert deadline(late) == at("06-11 04:00")
    early = was_set(AUDIT, since=at("05-01 00:00"))
    assert deadline(early) == at("06-01 04:00")


def test_a_rule_that_ends_leaves_nothing_due():
    twice = was_set({"key": "audit", "recurring": {**DAILY, "rule": "FREQ=DAILY;COUNT=2"}})
    assert deadline(twice, made(*audit(1)), over("audit:2027-06-01"), made(*audit(2))) is None
    assert (
        deadline(
            was_set(
                {"key": "audit", "recurring": {**DAILY, "rule": "FREQ=DAILY;COUNT=2"}},
                since=at("07-01 00:00"),
            )
        )
        is None
    )


@pytest.mark.parametrize(
    ("zone", "on", "clock", "moment"),
    [
        (BERLIN, "2027-03-28", "02:30", "2027-03-28T01:30"),
        ("America/New_York", "2027-03-14", "02:30", "2027-03-14T07:30"),
        ("Australia/Lord_Howe", "2027-10-03", "02:15", "2027-10-02T15:45"),
        ("Africa/Cairo", "2027-04-30", "00:30", "2027-04-29T22:30"),
        ("America/Santiago", "2026-09-06", "00:30", "2026-09-06T04:30"),
    ],
)
def test_a_time_that_clocks_skip_is_after_the_gap_or_told_as_missed(zone, on, clock, moment):
    first = date.fromisoformat(on)
    nominal = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    for gap, expected in (("forward", told.FiringMade), ("skip", told.FiringMissed)):
        rule = ask.Recurring(first=first, at=time.fromisoformat(clock), rule="FREQ=DAILY", gap=gap)
        step = ask.Step(key="a", action="tell", recurring=rule)
        cmd = ask.SetSchedule(schedule=ID, zone=zone, steps=(step,))
        (given,) = spec.when(cmd, nominal - timedelta(days=3))._decide()
        (event,) = spec.given(given).when(FIRE, nominal)._decide()
        assert (type(event), event.nominal, event.on) == (expected, nominal, first)
        assert getattr(event, "why", "gap") == "gap"


def test_a_time_that_comes_twice_is_once():
    for fold, hour in (("first", "00:30"), ("second", "01:30")):
        rule = {"first": "2027-10-30", "at": "02:30", "rule": "FREQ=DAILY", "fold": fold}
        given = was_set({"key": "audit", "recurring": rule}, since=at("10-31 00:00"))
        assert deadline(given) == at(f"10-31 {hour}")
        done = made("audit:2027-10-31", at(f"10-31 {hour}"))
        assert deadline(given, done) == at("11-01 01:30")


def test_jitter_is_the_same_whoever_asks_and_other_for_other_moments():
    moments = [NOW + timedelta(days=day) for day in range(200)]
    seconds = [jitter(ID, moment, 600).total_seconds() for moment in moments]
    assert seconds == [jitter(ID, moment, 600).total_seconds() for moment in moments]
    assert {0 <= each <= 600 for each in seconds} == {True}
    assert len({*seconds}) > 100
    assert jitter("other", NOW, 600) != jitter(ID, NOW, 600)
    assert jitter(ID, NOW, 0) == timedelta()
    given = was_set(SOLD, jitter=600)
    due = at("06-02 08:00") + jitter(ID, at("06-02 08:00"), 600)
    assert deadline(given) == due > at("06-02 08:00")
    spec.given(given).when(FIRE, due).then(made("sell", at("06-02 08:00"), due=due))


def test_jitter_that_is_running_when_a_schedule_is_set_again_is_not_lost():
    given = was_set(AUDIT, jitter=3600)
    nominal = at("06-01 04:00")
    due = nominal + jitter(ID, nominal, 3600)
    again = was_set(AUDIT, jitter=3600, catch_up=60, since=nominal + (due - nominal) / 2)
    assert deadline(given, again) == due


def test_nothing_is_done_on_days_that_are_excluded_and_that_is_told():
    given = was_set(AUDIT, REMIND, exclude=["2027-06-01", "2027-06-17"])
    spec.given(given).when(FIRE, at("06-01 04:00")).then(missed(*audit(1), "excluded"))
    known = anchored(at("06-18 18:00"))
    sixteen = [event for day in range(1, 18) for event in (made(*audit(day)), over(audit(day)[0]))]
    spec.given(given, known, *sixteen).when(FIRE, at("06-17 18:00")).then(
        missed("remind:friday", at("06-17 18:00"), "excluded")
    )


# What overlaps


def test_while_one_runs_the_next_is_skipped():
    given = was_set(AUDIT), made(*audit(1))
    spec.given(*given).when(FIRE, at("06-02 04:00")).then(missed(*audit(2), "overlap"))
    free = *given, over("audit:2027-06-01")
    spec.given(*free).when(FIRE, at("06-02 04:00")).then(made(*audit(2)))


def test_while_one_runs_one_waits_and_starts_when_that_is_over():
    given = was_set(AUDIT, overlap="buffer"), made(*audit(1))
    spec.given(*given).when(FIRE, at("06-02 04:00")).then(waits(*audit(2)))
    full = *given, waits(*audit(2))
    spec.given(*full).when(FIRE, at("06-03 04:00")).then(missed(*audit(3), "overlap"))
    spec.given(*full).when(finishing("audit:2027-06-01"), at("06-02 05:00")).then(
        over("audit:2027-06-01"), made(*audit(2))
    )


def test_the_next_cancels_the_one_that_runs():
    given = was_set(AUDIT, overlap="cancel"), made(*audit(1))
    ended = told.FiringCancelled(schedule=ID, firing="audit:2027-06-01", by="audit:2027-06-02")
    spec.given(*given).when(FIRE, at("06-02 04:00")).then(ended, made(*audit(2)))
    after = *given, ended, made(*audit(2))
    spec.given(*after).when(finishing("audit:2027-06-01"), at("06-02 05:00")).then_nothing()
    spec.given(*after).when(finishing("audit:2027-06-02"), at("06-02 05:00")).then(
        over("audit:2027-06-02")
    )


def test_several_may_run_beside_each_other():
    given = was_set(AUDIT, overlap="allow"), made(*audit(1))
    spec.given(*given).when(FIRE, at("06-02 04:00")).then(made(*audit(2)))
    both = *given, made(*audit(2))
    spec.given(*both).when(finishing("audit:2027-06-01"), at("06-02 05:00")).then(
        over("audit:2027-06-01")
    )


def test_steps_overlap_with_themselves_only():
    given = was_set(AUDIT, SOLD), made(*audit(1)), made(*audit(2))
    spec.given(*given).when(FIRE, at("06-02 08:00")).then(made("sell", at("06-02 08:00")))


def test_one_that_is_due_when_another_is_said_to_be_over_comes_first():
    given = was_set(AUDIT, overlap="cancel"), made(*audit(1))
    spec.given(*given).when(finishing("audit:2027-06-01"), at("06-02 04:01")).then(
        told.FiringCancelled(schedule=ID, firing="audit:2027-06-01", by="audit:2027-06-02"),
        made(*audit(2)),
    )


def test_finishing_twice_is_once_and_what_never_was_is_unknown():
    given = was_set(AUDIT), made(*audit(1)), over("audit:2027-06-01")
    spec.given(*given).when(finishing("audit:2027-06-01")).then_nothing()
    spec.given(*given).when(finishing("audit:2027-06-02")).then_refused(UnknownFiring)
    spec.when(finishing("audit:2027-06-02")).then_refused(UnknownSchedule)


def test_one_that_fails_pauses_a_schedule_that_says_so():
    given = was_set(AUDIT, overlap="buffer", pause_on_failure=True), made(*audit(1))
    cmd = finishing("audit:2027-06-01", outcome="failed", why="no network")
    failed = over("audit:2027-06-01", outcome="failed", why="no network")
    stops = told.SchedulePaused(schedule=ID, reason="audit:2027-06-01 failed")
    spec.given(*given).when(cmd, at("06-01 05:00")).then(failed, stops)
    queue = *given, waits(*audit(2))
    spec.given(*queue).when(cmd, at("06-02 05:00")).then(failed, stops)
    back = ask.ResumeSchedule(schedule=ID, reason="back")
    spec.given(*queue, failed, stops).when(back, at("06-02 06:00")).then(RESUMED, made(*audit(2)))
    calm = was_set(AUDIT), made(*audit(1))
    spec.given(*calm).when(cmd, at("06-01 05:00")).then(failed)


# What is late, and pauses


def test_after_downtime_only_what_is_within_the_catch_up_window_is_done():
    given = was_set(AUDIT, overlap="allow", catch_up=2 * ask.DAY)
    spec.given(given).when(FIRE, at("06-05 04:00")).then(
        missed(*audit(1), "late"),
        missed(*audit(2), "late"),
        made(*audit(3)),
        made(*audit(4)),
        made(*audit(5)),
    )


def test_after_downtime_the_overlap_counts_too():
    given = was_set(AUDIT, overlap="buffer", catch_up=9 * ask.DAY)
    spec.given(given).when(FIRE, at("06-03 04:00")).then(
        made(*audit(1)), waits(*audit(2)), missed(*audit(3), "overlap")
    )


def test_what_falls_within_a_pause_is_missed_and_what_was_due_before_is_not():
    cmd = ask.PauseSchedule(schedule=ID, reason="holidays")
    given = was_set(AUDIT)
    spec.given(given).when(cmd, at("06-01 04:01")).then(made(*audit(1)), PAUSED)
    paused = given, made(*audit(1)), over("audit:2027-06-01"), PAUSED
    spec.given(*paused).when(cmd, at("06-01 05:00")).then_nothing()
    spec.given(*paused).when(FIRE, at("06-02 04:00")).then(missed(*audit(2), "paused"))
    back = ask.ResumeSchedule(schedule=ID, reason="back")
    spec.given(*paused).when(back, at("06-03 04:00")).then(
        missed(*audit(2), "paused"), missed(*audit(3), "paused"), RESUMED
    )
    again = *paused, missed(*audit(2), "paused"), RESUMED
    spec.given(*again).when(back, at("06-02 05:00")).then_nothing()
    spec.given(*again).when(FIRE, at("06-03 04:00")).then(made(*audit(3)))


def test_what_runs_goes_on_in_a_pause_and_what_waits_goes_on_waiting():
    given = was_set(AUDIT, overlap="buffer"), made(*audit(1)), waits(*audit(2)), PAUSED
    spec.given(*given).when(finishing("audit:2027-06-01"), at("06-02 05:00")).then(
        over("audit:2027-06-01")
    )
    back = ask.ResumeSchedule(schedule=ID, reason="back")
    spec.given(*given, over("audit:2027-06-01")).when(back, at("06-02 06:00")).then(
        RESUMED, made(*audit(2))
    )
    spec.given(*given).when(back, at("06-02 06:00")).then(RESUMED)


# What is done after all


def backfilling(since: str, until: str, id_: str = "again") -> ask.BackfillSchedule:
    return ask.BackfillSchedule(schedule=ID, backfill=id_, since=at(since), until=at(until))


def backfilled(since: str, until: str, firings: int) -> told.ScheduleBackfilled:
    moments = {"since": at(since), "until": at(until)}
    return told.ScheduleBackfilled(schedule=ID, backfill="again", **moments, firings=firings)


MISSED = (
    was_set(AUDIT),
    made(*audit(1)),
    over("audit:2027-06-01"),
    missed(*audit(2), "late"),
    missed(*audit(3), "late"),
)


def test_what_was_missed_is_done_on_request_one_after_the_other():
    window = "06-01 00:00", "06-03 12:00"
    one, two = made(*audit(2), backfill="again"), waits(*audit(3), backfill="again")
    spec.given(*MISSED).when(backfilling(*window), at("06-03 13:00")).then(
        backfilled(*window, 2), one, two
    )
    running = *MISSED, backfilled(*window, 2), one, two
    spec.given(*running).when(backfilling(*window), at("06-03 14:00")).then_nothing()
    other = backfilling("06-01 00:00", "06-02 12:00")
    spec.given(*running).when(other, at("06-03 14:00")).then_refused(BackfillExists)
    spec.given(*running).when(finishing("audit:2027-06-02"), at("06-03 14:00")).then(
        over("audit:2027-06-02"), made(*audit(3), backfill="again")
    )
    assert deadline(*running) == at("06-04 04:00")


def test_what_was_done_is_not_done_again():
    window = "06-01 00:00", "06-03 12:00"
    done = *MISSED, backfilled(*window, 2), made(*audit(2), backfill="again")
    again = backfilling(*window, id_="more")
    event = told.ScheduleBackfilled(
        schedule=ID, backfill="more", since=at(window[0]), until=at(window[1]), firings=1
    )
    spec.given(*done).when(again, at("06-03 14:00")).then(event, waits(*audit(3), backfill="more"))


def test_a_backfill_reaches_back_before_the_schedule_was_set_and_to_other_steps():
    rule = {**DAILY, "first": "2027-05-01"}
    given = (
        was_set({"key": "audit", "recurring": rule}, REMIND, SOLD, overlap="allow"),
        anchored(at("05-31 18:00")),
        missed("remind:friday", at("05-30 18:00"), "late"),
    )
    window = "05-30 00:00", "05-31 23:00"
    spec.given(*given).when(backfilling(*window), at("06-01 00:00")).then(
        backfilled(*window, 3),
        made("audit:2027-05-30", at("05-30 04:00"), backfill="again"),
        made("remind:friday", at("05-30 18:00"), backfill="again"),
        made("audit:2027-05-31", at("05-31 04:00"), backfill="again"),
    )


def test_a_backfill_leaves_out_what_is_excluded_and_may_find_nothing():
    given = was_set(AUDIT, exclude=["2027-06-01"]), missed(*audit(1), "excluded")
    window = "06-01 00:00", "06-01 12:00"
    spec.given(*given).when(backfilling(*window), at("06-01 13:00")).then(backfilled(*window, 0))


def test_a_backfill_is_of_what_is_past_not_too_long_and_not_in_a_pause():
    at_noon = at("06-01 12:00")
    ahead = backfilling("06-01 00:00", "06-02 00:00")
    spec.given(*MISSED[:3]).when(ahead, at_noon).then_refused(BackfillNotPast)
    turned = backfilling("06-01 11:00", "06-01 10:00")
    spec.given(*MISSED[:3]).when(turned, at_noon).then_refused(BackfillNotPast)
    past = backfilling("06-01 00:00", "06-01 11:00")
    spec.given(*MISSED[:3], PAUSED).when(past, at_noon).then_refused(ScheduleIsPaused)
    old = was_set({"key": "audit", "recurring": {**DAILY, "first": "2020-01-01"}})
    long = ask.BackfillSchedule(
        schedule=ID, backfill="again", since=datetime(2020, 1, 1, tzinfo=UTC), until=at_noon
    )
    spec.given(old).when(long, at_noon).then_refused(TooMuchToBackfill)


# Setting it


def test_set_the_same_way_again_it_stays_and_another_way_it_is_from_then_on():
    given = was_set(AUDIT)
    spec.given(given).when(setting(AUDIT), at("06-01 03:00")).then_nothing()
    later = {"key": "audit", "recurring": {**DAILY, "at": "09:00"}}
    changed = was_set(later, since=at("06-01 05:00"))
    spec.given(given).when(setting(later), at("06-01 05:00")).then(made(*audit(1)), changed)
    assert deadline(given, made(*audit(1)), changed) == at("06-02 07:00")  # once a day still
    earlier = was_set(later, since=at("06-01 03:00"))
    assert deadline(given, earlier) == at("06-01 07:00")


def test_a_step_that_is_taken_out_is_done_no_more_and_what_waited_is_told_as_dropped():
    given = was_set(AUDIT, SOLD, overlap="buffer"), made(*audit(1)), waits(*audit(2))
    now = at("06-02 05:00")
    without = was_set(SOLD, overlap="buffer", since=now)
    dropped = missed(*audit(2), "dropped")
    spec.given(*given).when(setting(SOLD, overlap="buffer"), now).then(dropped, without)
    after = *given, dropped, without
    assert deadline(*after) == at("06-02 08:00")
    spec.given(*after).when(finishing("audit:2027-06-01"), now).then(over("audit:2027-06-01"))


def test_what_waits_for_an_occurrence_that_is_dropped_is_told_as_dropped():
    given = (
        was_set({"key": "a", "relative": "1d before start"}, overlap="buffer"),
        *(anchored(at("06-18 18:00")), anchored(at("06-18 18:30"), "late")),
        *(made("a:friday", at("06-17 18:00")), waits("a:late", at("06-17 18:30"))),
    )
    cmd = ask.DropAnchors(schedule=ID, occurrence="late")
    dropped = missed("a:late", at("06-17 18:30"), "dropped")
    gone = told.AnchorsDropped(schedule=ID, occurrence="late")
    spec.given(*given).when(cmd, at("06-17 19:00")).then(dropped, gone)
    back = anchored(at("06-18 18:30"), "late")
    assert deadline(*given, dropped, gone, back) == at("06-17 18:30")


def test_a_step_that_was_once_and_is_at_another_time_now_is_done_once():
    given = was_set(SOLD), made("sell", at("06-02 08:00"))
    later = was_set({**SOLD, "once": "2027-06-09T10:00:00+02:00"}, since=at("06-03 00:00"))
    assert deadline(*given, later) is None


def test_anchors_that_are_in_no_order_and_more_than_a_thousand_are_refused():
    wrong = {**anchors(at("06-18 18:00")), "doors": at("06-18 18:01")}
    spec.given(was_set(REMIND)).when(ask.SetAnchors(**wrong)).then_refused(WrongAnchors)
    many = [anchored(at("06-18 18:00"), f"o{number}") for number in range(1000)]
    cmd = ask.SetAnchors(**anchors(at("06-18 18:00"), "o1000"))
    spec.given(was_set(REMIND), *many).when(cmd).then_refused(TooManyOccurrences)
    spec.when(cmd).then_refused(UnknownSchedule)


def test_very_many_that_are_due_are_told_in_several_commits():
    given = was_set(AUDIT, overlap="allow")
    state = SCHEDULE.fold([given])
    now = datetime(2029, 6, 1, tzinfo=UTC)
    counts = []
    while (due := SCHEDULE.deadline(state)) is not None and due <= now:
        counts.append(len(SCHEDULE.decided(state, FIRE, now)))
    assert counts == [AT_ONCE, 731 - AT_ONCE]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"key": "a"}, "one of once, relative, recurring"),
        ({**REMIND, "once": NOW}, "one of once, relative, recurring"),
        ({"key": "a", "relative": "2027-06-01T10:00"}, "2h before doors"),
        ({"key": "a", "relative": "soon"}, "2h before doors"),
        ({"key": "a", "once": "2027-06-02T10:00:00"}, "timezone"),
        ({"key": "a", "recurring": {**DAILY, "rule": "FREQ=HOURLY"}}, "once a day"),
        ({"key": "a", "recurring": {**DAILY, "rule": "FREQ=WEEKLY;BYDAY=FR"}}, "the rule gives"),
        ({"key": "a", "recurring": {**DAILY, "at": "06:00+02:00"}}, "without a zone"),
    ],
)
def test_a_step_that_cannot_be_is_refused_at_the_door(step, said):
    with pytest.raises(ValidationError, match=said):
        setting(step)


def test_a_key_that_is_there_twice_is_refused_at_the_door():
    with pytest.raises(ValidationError, match="there once"):
        setting(SOLD, REMIND, SOLD)


def test_every_event_is_read_as_it_was_written():
    codec = Codec(SCHEDULE.events)
    every = [
        was_set(AUDIT, REMIND, SOLD, exclude=["2027-06-01"], jitter=5, pause_on_failure=True),
        *(anchored(NOW), told.AnchorsDropped(schedule=ID, occurrence="friday"), PAUSED, RESUMED),
        *(backfilled("06-01 00:00", "06-02 00:00", 1), made(*audit(1)), waits(*audit(2))),
        *(missed(*audit(3), "late"), over("audit:2027-06-01", outcome="failed", why="x")),
        told.FiringCancelled(schedule=ID, firing="a", by="b"),
    ]
    assert {type(each) for each in every} == {*SCHEDULE.events}
    for event in every:
        assert codec.written(event)[1] == event
