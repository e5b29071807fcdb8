"""When each cue is: as it was planned, and as it is after what has really happened. Pure.

What has happened stays as it was. A hard cue keeps its time; a soft one starts when all before it
is over, so that only hard cues can overlap with what is before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from services.planning.events import (
    CueState,
    PlannedCue,
    RundownTimed,
    ShowDelayed,
    ShowPlanned,
    TimedCue,
)


@dataclass(slots=True)
class Show:
    """`begun` in the order in which cues were started; `finished` has those that are over."""

    planned: ShowPlanned | None = None
    begun: dict[str, datetime] = field(default_factory=dict)
    finished: dict[str, datetime] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)
    delay: ShowDelayed | None = None
    timed: RundownTimed | None = None

    @property
    def cues(self) -> tuple[PlannedCue, ...]:
        return self.planned.cues if self.planned else ()

    @property
    def running(self) -> str | None:
        return next((key for key in self.begun if key not in self.finished), None)

    @property
    def place(self) -> int:
        """How many cues are behind or running: those up to the last one that was started."""
        found = (place for place, cue in enumerate(self.cues, 1) if cue.key in self.begun)
        return max(found, default=0)

    @property
    def ahead(self) -> tuple[PlannedCue, ...]:
        """What is still to be started."""
        return tuple(cue for cue in self.cues[self.place :] if cue.key not in self.skipped)

    def now(self, at: datetime) -> datetime:
        """The moment that is recorded: a clock that went back is not believed."""
        return max((at, *self.begun.values(), *self.finished.values()))

    def states(self) -> Iterator[tuple[PlannedCue, CueState]]:
        place = self.place
        for number, cue in enumerate(self.cues):
            if cue.key in self.begun:
                yield cue, "finished" if cue.key in self.finished else "running"
            else:
                passed = number < place or cue.key in self.skipped
                yield cue, "skipped" if passed else "waiting"


class _Times(NamedTuple):
    starts: datetime
    ends: datetime


def rundown(show: Show, at: datetime) -> RundownTimed | None:
    """The run of show as it is at a moment. None if none was ever planned."""
    planned = show.planned
    if planned is None:
        return None
    cues = tuple(_timed(show, planned, show.now(at)))
    current = next((cue for cue in cues if cue.state in ("running", "waiting")), None)
    last = current or next((cue for cue in reversed(cues) if cue.state == "finished"), None)
    late = last.starts_at - last.planned_at if last else timedelta()
    return RundownTimed(
        occurrence=planned.occurrence,
        revision=planned.revision,
        title=planned.title,
        zone=planned.zone,
        cues=cues,
        late_seconds=_seconds(late),
        curfew=planned.curfew,
        delay=show.delay.reason if show.delay and current and _delays(show, current.key) else "",
    )


def at_clock(timed: RundownTimed, at: datetime) -> RundownTimed:
    """The same run of show read later: what runs over its time moves what follows it.

    Late is then what follows. Before the show has begun, and after it, no clock moves anything.
    """
    happened = [each for each in timed.cues if each.state in ("running", "finished")]
    if not happened:
        return timed
    at = max(at, *(each.starts_at for each in happened))
    cues = tuple(_later(timed.cues, at))
    ahead = [each for each in cues if each.state in ("running", "waiting")]
    if not ahead:
        return timed
    over = ahead[0].state == "running" and ahead[0].ends_at == at and len(ahead) > 1
    current = ahead[1] if over else ahead[0]
    late = _seconds(current.starts_at - current.planned_at)
    return msgspec.structs.replace(timed, cues=cues, late_seconds=late)


def _later(cues: tuple[TimedCue, ...], at: datetime) -> Iterator[TimedCue]:
    """What waits begins no sooner than it did: delays hold, and so does the time of a hard one."""
    free: datetime | None = None
    for cue in cues:
        starts, ends = cue.starts_at, cue.ends_at
        if cue.state == "skipped":
            starts = ends = free or starts
        elif cue.state == "running":
            ends = max(ends, at)
        elif cue.state == "waiting":
            starts = starts if cue.start == "hard" else max(starts, free or starts, at)
            ends = starts + timedelta(minutes=cue.minutes)
        between = timedelta() if free is None or cue.state == "skipped" else starts - free
        yield msgspec.structs.replace(
            cue,
            starts_at=starts,
            ends_at=ends,
            gap_seconds=max(0, _seconds(between)),
            overlap_seconds=max(0, -_seconds(between)),
        )
        if cue.state != "skipped":
            free = max(free or ends, ends) if cue.state == "waiting" else ends


def _timed(show: Show, planned: ShowPlanned, at: datetime) -> Iterator[TimedCue]:
    """`free`: when all before is over."""
    free = planned.begins_at
    first = True
    for (cue, state), was in zip(show.states(), announced(planned), strict=True):
        if state == "waiting":
            times = _waiting(show, cue, was, free, at)
        else:
            times = _happened(show, cue, state, free, at)
        between = timedelta() if first or state == "skipped" else times.starts - free
        yield TimedCue(
            key=cue.key,
            title=cue.title,
            start="hard" if cue.at else "soft",
            state=state,
            minutes=cue.minutes,
            planned_at=was,
            starts_at=times.starts,
            ends_at=times.ends,
            gap_seconds=max(0, _seconds(between)),
            overlap_seconds=max(0, -_seconds(between)),
            who=cue.who,
            acts=cue.acts,
        )
        if state != "skipped":
            free = max(free, times.ends) if state == "waiting" else times.ends
            first = False


def announced(planned: ShowPlanned) -> Iterator[datetime]:
    """When each cue starts if all goes as planned."""
    free = planned.begins_at
    for cue in planned.cues:
        starts = cue.at or free
        yield starts
        free = max(free, starts + timedelta(minutes=cue.minutes))


def _waiting(show: Show, cue: PlannedCue, was: datetime, free: datetime, at: datetime) -> _Times:
    """A soft one starts when all before it is over: not in the past, once the show has begun."""
    starts = cue.at or (max(free, at) if show.begun else free)
    if show.delay is not None and _delays(show, cue.key):
        starts = max(starts, was + timedelta(minutes=show.delay.minutes))
    return _Times(starts, starts + timedelta(minutes=cue.minutes))


def _happened(show: Show, cue: PlannedCue, state: CueState, free: datetime, at: datetime) -> _Times:
    if state == "skipped":
        return _Times(free, free)
    starts = show.begun[cue.key]
    if state == "finished":
        return _Times(starts, show.finished[cue.key])
    return _Times(starts, max(starts + timedelta(minutes=cue.minutes), at))


def _delays(show: Show, key: str) -> bool:
    return show.delay is not None and show.delay.cue == key and show.delay.minutes > 0


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())
