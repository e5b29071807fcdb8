"""What time alone brings about: each theme's steps, and the moment of the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from roadcase.decider import Event
from services.ticketing.commands import CatchUp
from services.ticketing.domain.allotments import lapse, next_lapse
from services.ticketing.domain.office import BoxOffice, freed
from services.ticketing.domain.pending import next_reminder, remind
from services.ticketing.domain.postponing import apply_default, next_default
from services.ticketing.domain.telling import (
    next_reminding,
    next_telling,
    remind_guests,
    tell,
)
from services.ticketing.domain.waiting import next_in_queue, pass_over


def dead_holds(office: BoxOffice, at: datetime) -> Iterable[Event]:
    return freed(office, at).ends


def next_hold(office: BoxOffice) -> datetime | None:
    return office.allocation.deadline


Step = Callable[[BoxOffice, datetime], Iterable[Event]]
Moment = Callable[[BoxOffice], datetime | None]
STEPS: Final[tuple[Step, ...]] = (
    dead_holds,
    lapse,
    pass_over,
    remind,
    remind_guests,
    tell,
    apply_default,
)
MOMENTS: Final[tuple[Moment, ...]] = (
    next_hold,
    next_lapse,
    next_in_queue,
    next_reminder,
    next_reminding,
    next_telling,
    next_default,
)


def catch_up(office: BoxOffice, _cmd: CatchUp, at: datetime) -> Iterator[Event]:
    """Everything that is due. Steps do not see what the steps before them decided."""
    for step in STEPS:
        yield from step(office, at)


def deadline(office: BoxOffice) -> datetime | None:
    """When something is due next."""
    return min((due for moment in MOMENTS if (due := moment(office))), default=None)
