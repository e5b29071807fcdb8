"""A run of show: planned by its manifest, run by its crew, timed anew after each step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from roadcase.decider import Decider, Event
from services.planning.commands import (
    DelayShow,
    FinishCue,
    PlanShow,
    SkipCue,
    StartCue,
    StartShow,
)
from services.planning.domain.rundown import Show, rundown
from services.planning.domain.show_refusals import (
    CueNotRunning,
    CuePassed,
    NoCue,
    NoRundown,
    ShowOver,
)
from services.planning.events import (
    CueFinished,
    CueSkipped,
    CueStarted,
    PlannedCue,
    RundownTimed,
    ShowDelayed,
    ShowPlanned,
)


def plan(show: Show, cmd: PlanShow, _at: datetime) -> Iterator[ShowPlanned]:
    """What has happened stays, even if the manifest has it no more."""
    before = show.planned
    if before is None and not cmd.cues:
        return
    if before is not None and cmd.revision <= before.revision:
        return  # heard again, or out of order
    new = ShowPlanned(**{**dict(cmd), "cues": merged(show, cmd.cues)})
    if before is None or new != msgspec.structs.replace(before, revision=new.revision):
        yield new


def merged(show: Show, cues: tuple[PlannedCue, ...]) -> tuple[PlannedCue, ...]:
    """The new cues; those that were started stay in their order, before all that is ahead."""
    new = {cue.key: cue for cue in cues}
    old = {cue.key: cue for cue in show.cues}
    keys = list(new)
    place = max((keys.index(key) + 1 for key in show.begun if key in new), default=0)
    passed = [key for key in keys[:place] if key not in show.begun]
    found: list[PlannedCue] = []
    for key in show.begun:
        if key in new:
            here = keys.index(key)
            found += [new[each] for each in passed if keys.index(each) < here]
            passed = [each for each in passed if keys.index(each) > here]
        found.append(new.get(key) or old[key])
    return (*found, *(new[key] for key in keys[place:]))


def start_show(show: Show, cmd: StartShow, at: datetime) -> Iterator[Event]:
    _must_be_there(show, cmd.occurrence)
    if not show.begun:
        if not show.ahead:
            raise ShowOver(occurrence=cmd.occurrence)
        yield _started(show, show.ahead[0], at)


def start(show: Show, cmd: StartCue, at: datetime) -> Iterator[Event]:
    cue, place = _cue(show, cmd.occurrence, cmd.cue)
    if cue.key == show.running:
        return
    if place < show.place:
        raise CuePassed(occurrence=cmd.occurrence, cue=cmd.cue)
    if show.running is not None:
        yield _finished(show, show.running, at)
    yield _started(show, cue, at)


def finish(show: Show, cmd: FinishCue, at: datetime) -> Iterator[CueFinished]:
    cue, _ = _cue(show, cmd.occurrence, cmd.cue)
    if cue.key in show.finished:
        return
    if cue.key != show.running:
        raise CueNotRunning(occurrence=cmd.occurrence, cue=cmd.cue, running=show.running)
    yield _finished(show, cue.key, at)


def skip(show: Show, cmd: SkipCue, _at: datetime) -> Iterator[CueSkipped]:
    cue, place = _cue(show, cmd.occurrence, cmd.cue)
    if cue.key in show.begun:
        raise CuePassed(occurrence=cmd.occurrence, cue=cmd.cue)
    if place >= show.place and cue.key not in show.skipped:
        yield CueSkipped(occurrence=cmd.occurrence, cue=cmd.cue)


def delay(show: Show, cmd: DelayShow, _at: datetime) -> Iterator[ShowDelayed]:
    _must_be_there(show, cmd.occurrence)
    if not show.ahead:
        raise ShowOver(occurrence=cmd.occurrence)
    event = ShowDelayed(**dict(cmd), cue=show.ahead[0].key)
    before = show.delay
    if event != before and (cmd.minutes or (before and before.cue == event.cue)):
        yield event


def follow(show: Show, at: datetime) -> Iterator[RundownTimed]:
    """Whoever acts on it is told whenever it is otherwise than they were told."""
    timed = rundown(show, at)
    if timed is not None and timed != show.timed:
        yield timed


def _started(show: Show, cue: PlannedCue, at: datetime) -> CueStarted:
    assert show.planned is not None
    name = show.planned.occurrence
    return CueStarted(occurrence=name, cue=cue.key, at=show.now(at), acts=cue.acts)


def _finished(show: Show, cue: str, at: datetime) -> CueFinished:
    assert show.planned is not None
    return CueFinished(occurrence=show.planned.occurrence, cue=cue, at=show.now(at))


def _must_be_there(show: Show, occurrence: str) -> None:
    if not show.cues:
        raise NoRundown(occurrence=occurrence)


def _cue(show: Show, occurrence: str, key: str) -> tuple[PlannedCue, int]:
    """A cue, and how many are before it."""
    _must_be_there(show, occurrence)
    for place, cue in enumerate(show.cues):
        if cue.key == key:
            return cue, place
    raise NoCue(occurrence=occurrence, cue=key)


def _planned(show: Show, event: ShowPlanned) -> None:
    show.planned = event


def _was_started(show: Show, event: CueStarted) -> None:
    show.begun[event.cue] = event.at
    show.skipped.discard(event.cue)


def _was_finished(show: Show, event: CueFinished) -> None:
    show.finished[event.cue] = event.at


def _was_skipped(show: Show, event: CueSkipped) -> None:
    show.skipped.add(event.cue)


def _was_delayed(show: Show, event: ShowDelayed) -> None:
    show.delay = event


def _was_timed(show: Show, event: RundownTimed) -> None:
    show.timed = event


_EVOLVE: Final[Mapping[type[Event], Callable[[Show, Any], None]]] = {
    ShowPlanned: _planned,
    CueStarted: _was_started,
    CueFinished: _was_finished,
    CueSkipped: _was_skipped,
    ShowDelayed: _was_delayed,
    RundownTimed: _was_timed,
}


def _evolve(show: Show, event: Event) -> None:
    _EVOLVE[type(event)](show, event)


SHOW: Final = Decider(
    category="show",
    key="occurrence",
    initial=Show,
    evolve=_evolve,
    events=tuple(_EVOLVE),
    commands={
        PlanShow: plan,
        StartShow: start_show,
        StartCue: start,
        FinishCue: finish,
        SkipCue: skip,
        DelayShow: delay,
    },
    follow=follow,
)
