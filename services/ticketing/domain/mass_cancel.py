"""Cancelling a whole night: what became of each order, and what is left to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from roadcase.decider import Decider, Event
from services.ticketing.commands import (
    FinishMassCancel,
    RecordCancelled,
    ResumeSales,
    StartMassCancel,
    StopSales,
)
from services.ticketing.domain.office import BoxOffice, Commands, Evolve, must_be_open
from services.ticketing.domain.process_refusals import ProcessExists, UnknownProcess
from services.ticketing.events import (
    MassCancelFinished,
    MassCancelStarted,
    OrderMassCancelled,
    SalesResumed,
    SalesStopped,
)


@dataclass(slots=True)
class MassCancel:
    """One process. `outcomes` by order."""

    started: MassCancelStarted | None = None
    outcomes: dict[str, str] = field(default_factory=dict)
    finished: bool = False


def start(process: MassCancel, cmd: StartMassCancel, _at: datetime) -> Iterator[MassCancelStarted]:
    event = MassCancelStarted(**dict(cmd))
    if process.started is None:
        yield event
    elif process.started != event:
        raise ProcessExists(process=cmd.process)


def record(
    process: MassCancel, cmd: RecordCancelled, _at: datetime
) -> Iterator[OrderMassCancelled]:
    started = _started(process, cmd.process)
    if cmd.order not in process.outcomes:
        yield OrderMassCancelled(
            process=cmd.process,
            occurrence=started.occurrence,
            order=cmd.order,
            outcome=cmd.outcome,
            amount=cmd.amount,
            why=cmd.why,
        )


def finish(
    process: MassCancel, cmd: FinishMassCancel, _at: datetime
) -> Iterator[MassCancelFinished]:
    started = _started(process, cmd.process)
    if not process.finished:
        yield MassCancelFinished(
            process=cmd.process,
            occurrence=started.occurrence,
            orders=len(process.outcomes),
            refused=list(process.outcomes.values()).count("refused"),
        )


def _started(process: MassCancel, id_: str) -> MassCancelStarted:
    if process.started is None:
        raise UnknownProcess(process=id_)
    return process.started


def _was_started(process: MassCancel, event: MassCancelStarted) -> None:
    process.started = event


def _recorded(process: MassCancel, event: OrderMassCancelled) -> None:
    process.outcomes[event.order] = event.outcome


def _finished(process: MassCancel, _event: MassCancelFinished) -> None:
    process.finished = True


_EVOLVE: Final[Mapping[type[Event], Callable[[MassCancel, Any], None]]] = {
    MassCancelStarted: _was_started,
    OrderMassCancelled: _recorded,
    MassCancelFinished: _finished,
}


def _evolve(process: MassCancel, event: Event) -> None:
    _EVOLVE[type(event)](process, event)


MASS_CANCEL: Final = Decider(
    category="mass-cancel",
    key="process",
    initial=MassCancel,
    evolve=_evolve,
    events=tuple(_EVOLVE),
    commands={StartMassCancel: start, RecordCancelled: record, FinishMassCancel: finish},
)


# In the box office: nothing is sold meanwhile


def stop_sales(office: BoxOffice, cmd: StopSales, _at: datetime) -> Iterator[SalesStopped]:
    must_be_open(office, cmd.occurrence)
    if not office.stopped:
        yield SalesStopped(occurrence=cmd.occurrence)


def resume_sales(office: BoxOffice, cmd: ResumeSales, _at: datetime) -> Iterator[SalesResumed]:
    must_be_open(office, cmd.occurrence)
    if office.stopped:
        yield SalesResumed(occurrence=cmd.occurrence)


def _stopped(office: BoxOffice, _event: SalesStopped) -> None:
    office.stopped = True


def _resumed(office: BoxOffice, _event: SalesResumed) -> None:
    office.stopped = False


EVOLVE: Final[Evolve] = {SalesStopped: _stopped, SalesResumed: _resumed}
COMMANDS: Final[Commands] = {StopSales: stop_sales, ResumeSales: resume_sales}
