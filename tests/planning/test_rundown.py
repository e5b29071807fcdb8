"""A run of show: what happened stays, hard cues keep their times, soft ones follow."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadcase.errors import NotFound, Refused
from services.planning.commands import DelayShow, StartShow
from services.planning.domain.rundown import at_clock, rundown
from services.planning.domain.show_refusals import (
    CueNotRunning,
    CuePassed,
    NoCue,
    NoRundown,
    ShowOver,
)
from services.planning.events import PlannedCue, RundownTimed
from tests.planning.shows import Show, after, cue

NIGHT = (cue("doors", 30, at=0), cue("talk", 10), cue("film", 60), cue("party", 30, at=120))


def test_soft_cues_follow_and_a_gap_before_a_hard_one_is_told():
    show = Show(*NIGHT)
    assert show.times == {"doors": 0, "talk": 30, "film": 40, "party": 120}
    assert {key: each.gap_seconds for key, each in show.cues.items() if each.gap_seconds} == {
        "party": 20 * 60
    }
    assert not any(each.overlap_seconds for each in show.timed.cues)


def test_a_late_start_moves_soft_cues_up_to_the_next_hard_one_which_keeps_its_time():
    show = Show(*NIGHT, cue("end", 0))
    show.start("doors", 10)
    assert show.times == {"doors": 10, "talk": 40, "film": 50, "party": 120, "end": 150}
    show.start("talk", 65)
    assert show.times["film"] == 75
    assert show.times["party"] == 120
    assert show.cues["party"].overlap_seconds == 15 * 60
    assert show.times["end"] == 150
    assert show.timed.late_seconds == 35 * 60


def test_a_soft_cue_behind_an_overlap_waits_until_all_before_is_over():
    show = Show(cue("film", 60), cue("toast", 5, at=30), cue("party", 30))
    assert show.times == {"film": 0, "toast": 30, "party": 60}
    assert show.cues["toast"].overlap_seconds == 30 * 60
    assert show.cues["party"].gap_seconds == 0


def test_each_step_is_one_message_with_all_cues_in_full():
    show = Show(*NIGHT)
    names = [type(each).__name__ for each in show.start("doors", 3)]
    assert names == ["CueStarted", "RundownTimed"]
    names = [type(each).__name__ for each in show.start("talk", 33)]
    assert names == ["CueFinished", "CueStarted", "RundownTimed"]
    assert [each.key for each in show.timed.cues] == ["doors", "talk", "film", "party"]
    assert show.start("talk", 40) == []


def test_a_cue_that_is_over_early_brings_what_follows_forward():
    show = Show(*NIGHT)
    show.start("doors", 0)
    show.start("talk", 30)
    show.finish("talk", 34)
    assert show.times["film"] == 34
    assert show.timed.late_seconds == -6 * 60
    show.skip("party", 50)
    assert show.times["film"] == 50  # nobody has started it yet: it cannot have been before


def test_the_show_begins_with_its_first_cue_once():
    show = Show(*NIGHT)
    show.skip("doors")
    show.ask(StartShow(occurrence="n"), 5)
    assert show.states == {
        "doors": "skipped",
        "talk": "running",
        "film": "waiting",
        "party": "waiting",
    }
    assert show.ask(StartShow(occurrence="n"), 6) == []


def test_a_jump_passes_over_what_is_between_and_nothing_goes_back():
    show = Show(*NIGHT)
    show.start("film", 10)
    assert show.states["doors"] == show.states["talk"] == "skipped"
    with pytest.raises(CuePassed):
        show.start("talk", 11)
    with pytest.raises(CuePassed):
        show.skip("film", 11)
    assert show.skip("talk", 11) == []


def test_a_cue_that_was_skipped_may_be_started_as_long_as_it_is_ahead():
    show = Show(*NIGHT)
    show.skip("film")
    show.start("film", 5)
    assert show.states["film"] == "running"


def test_only_what_is_running_is_finished_and_only_once():
    show = Show(*NIGHT)
    with pytest.raises(CueNotRunning):
        show.finish("doors", 1)
    show.start("doors", 1)
    show.finish("doors", 20)
    assert show.finish("doors", 25) == []
    assert show.times["talk"] == 20


def test_a_delay_holds_the_next_cue_a_hard_one_too_and_is_taken_back_with_0():
    show = Show(*NIGHT)
    show.ask(DelayShow(occurrence="n", minutes=15, reason="A queue at the door"))
    assert show.times == {"doors": 15, "talk": 45, "film": 55, "party": 120}
    assert show.timed.delay == "A queue at the door"
    assert show.timed.late_seconds == 15 * 60
    assert show.ask(DelayShow(occurrence="n", minutes=15, reason="A queue at the door")) == []
    show.ask(DelayShow(occurrence="n", minutes=0))
    assert show.times["doors"] == 0
    assert not show.timed.delay


def test_what_cannot_be_is_refused():
    show = Show(*NIGHT)
    with pytest.raises(NoCue):
        show.start("encore", 1)
    show.start("party", 120)
    with pytest.raises(ShowOver):
        show.ask(DelayShow(occurrence="n", minutes=5))
    with pytest.raises(NoRundown):
        Show().start("doors", 0)


def test_a_clock_that_goes_back_moves_nothing_that_has_started():
    show = Show(*NIGHT)
    show.start("doors", 10)
    show.start("talk", 30)
    show.finish("talk", 20)
    assert show.times["talk"] == 30
    assert show.cues["talk"].ends_at == after(30)
    assert show.times["film"] == 30


def test_a_manifest_that_is_applied_again_keeps_what_happened():
    show = Show(*NIGHT)
    show.start("doors", 5)
    show.start("talk", 31)
    new = (cue("doors", 45, at=10), cue("sponsor", 5), cue("talk", 20), cue("short", 15))
    show.apply(*new, cue("film", 60), revision=2, minutes=32)
    assert show.times == {"doors": 5, "sponsor": 31, "talk": 31, "short": 51, "film": 66}
    assert show.states["sponsor"] == "skipped"
    show.apply(cue("film", 60), revision=3, minutes=33)
    assert list(show.times.items()) == [("doors", 5), ("talk", 31), ("film", 51)]
    assert show.apply(cue("other"), revision=2) == []
    assert show.apply(cue("doors", 45, at=10), cue("talk", 20), cue("film"), revision=4)


def test_without_cues_nothing_is_planned_and_what_was_is_taken_back():
    show = Show()
    assert show.state.planned is None
    show.apply(cue("doors"), revision=2)
    show.apply(revision=3)
    assert show.timed.cues == ()


KEYS = "abcdefgh"
LENGTHS = st.integers(0, 90)
CUES = st.lists(
    st.builds(
        cue,
        st.sampled_from(KEYS),
        LENGTHS,
        st.none() | st.integers(0, 300),
    ),
    unique_by=lambda each: each.key,
    min_size=1,
    max_size=8,
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["start", "finish", "skip", "delay", "apply"]),
        st.sampled_from(KEYS),
        st.integers(-60, 60),  # the clock goes back, too
        CUES,
    ),
    max_size=25,
)


def _do(show: Show, step: tuple[str, str, int, list[PlannedCue]], now: int, revision: int) -> None:
    what, key, _, cues = step
    try:
        match what:
            case "start":
                show.start(key, now)
            case "finish":
                show.finish(key, now)
            case "skip":
                show.skip(key, now)
            case "delay":
                show.ask(DelayShow(occurrence="n", minutes=abs(now) % 60), now)
            case _:
                show.apply(*cues, revision=revision, minutes=now)
    except (Refused, NotFound):
        pass


@given(CUES, STEPS)
def test_whatever_happens_soft_cues_never_overlap_and_nothing_that_started_moves(cues, steps):
    show, now = Show(*cues), 0
    for number, step in enumerate(steps, 2):
        before = {key: each for key, each in show.cues.items() if each.state in _HAPPENED}
        now += step[2]
        _do(show, step, now, number)
        after_all = show.cues
        for key, each in before.items():
            assert after_all[key].starts_at == each.starts_at
            if each.state == "finished":
                assert after_all[key].ends_at == each.ends_at
        assert [key for key in after_all if key in before] == [*before]
        _holds(show)


_HAPPENED = ("running", "finished")


def _holds(show: Show) -> None:
    """What is so of every run of show."""
    shown = [each for each in show.timed.cues if each.state != "skipped"]
    delayed = show.state.delay.cue if show.state.delay else None
    planned = {each.key: each.at for each in show.state.cues}
    free = None
    for each in shown:
        assert each.starts_at <= each.ends_at
        if each.start == "soft":
            assert not each.overlap_seconds
            assert free is None or each.starts_at >= free
        elif each.state == "waiting" and each.key != delayed:
            assert each.starts_at == planned[each.key]
        free = max(free or each.ends_at, each.ends_at)
    order = ["finished", "running", "waiting"]
    ranks = [order.index(each.state) for each in shown]
    assert ranks == sorted(ranks)
    assert ranks.count(1) <= 1
    happened = [each.starts_at for each in shown if each.state in _HAPPENED]
    assert all(one <= other for one, other in pairwise(happened))


def read(show: Show, minutes: float) -> RundownTimed:
    """As it is shown later, though nothing was done since."""
    return at_clock(show.timed, after(minutes))


def starts(timed: RundownTimed) -> dict[str, datetime]:
    return {each.key: each.starts_at for each in timed.cues}


def test_a_cue_that_runs_over_its_time_moves_what_follows_while_it_does():
    show = Show(*NIGHT, cue("end", 0))
    show.start("doors", 0)
    show.start("talk", 30)
    assert read(show, 39) == show.timed
    late = read(show, 47)
    assert starts(late) == {
        "doors": after(0),
        "talk": after(30),
        "film": after(47),
        "party": after(120),
        "end": after(150),
    }
    assert (late.cues[1].ends_at, late.late_seconds) == (after(47), 7 * 60)
    assert (late.cues[3].gap_seconds, late.cues[3].overlap_seconds) == (13 * 60, 0)
    assert read(show, 65).cues[3].overlap_seconds == 5 * 60
    assert starts(show.timed)["film"] == after(40)  # and nothing of that is on record


def test_who_waits_for_somebody_to_start_it_is_later_with_every_minute():
    show = Show(*NIGHT)
    show.start("doors", 0)
    show.finish("doors", 30)
    late = read(show, 55)
    assert (starts(late)["talk"], starts(late)["film"]) == (after(55), after(65))
    assert late.late_seconds == 25 * 60


def test_before_a_show_and_after_it_the_clock_moves_nothing():
    show = Show(*NIGHT)
    assert read(show, 500) == show.timed
    for key, minutes in {"doors": 0, "talk": 30, "film": 40, "party": 120}.items():
        show.start(key, minutes)
    show.finish("party", 160)
    assert read(show, 500) == show.timed


@given(CUES, STEPS, st.integers(0, 300))
def test_what_is_read_later_is_what_a_step_would_say_then(cues, steps, later):
    show, now = Show(*cues), 0
    for number, step in enumerate(steps, 2):
        now += step[2]
        _do(show, step, now, number)
    if not show.timed.cues:
        return
    moment = max(now, 0) + later + 2000
    expected = rundown(show.state, after(moment))
    assert read(show, moment).cues == expected.cues
