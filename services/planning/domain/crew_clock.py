"""When people worked: as it was, not rounded; what was wrong is corrected by name and reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from roadcase.decider import Event
from services.planning.commands import ClockIn, ClockOut, CorrectClock
from services.planning.domain.crew_refusals import (
    ClockedAlready,
    ClockTimes,
    NoEntry,
    NotClockedIn,
)
from services.planning.domain.crew_state import Crew
from services.planning.events import ClockCorrected, ClockedIn, ClockedOut


def clock_in(crew: Crew, cmd: ClockIn, at: datetime) -> Iterator[Event]:
    crew.held(cmd.position, cmd.person)
    if crew.at_work(cmd.person) is not None:
        raise ClockedAlready(person=cmd.person)
    yield ClockedIn(**dict(cmd), entry=len(crew.clock) + 1, at=at)


def clock_out(crew: Crew, cmd: ClockOut, at: datetime) -> Iterator[Event]:
    """Also who has the position no more: they worked until now."""
    number = crew.at_work(cmd.person)
    if number is None or crew.clock[number].position != cmd.position:
        raise NotClockedIn(person=cmd.person)
    yield ClockedOut(**dict(cmd), entry=number, at=at)


def correct(crew: Crew, cmd: CorrectClock, at: datetime) -> Iterator[Event]:
    entry = crew.clock.get(cmd.entry)
    if entry is None:
        raise NoEntry(entry=cmd.entry)
    if not cmd.begins < cmd.ends <= at:
        raise ClockTimes(begins=cmd.begins, ends=cmd.ends)
    if (entry.begins, entry.ends) != (cmd.begins, cmd.ends):
        yield ClockCorrected(**dict(cmd), position=entry.position, person=entry.person)
