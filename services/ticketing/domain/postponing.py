"""A night that is postponed: each order keeps its tickets or has its money back, all of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from roadcase.decider import Event
from services.ticketing.commands import (
    AnswerPostponement,
    ChangeBoxOffice,
    PostponeNight,
    RefundTickets,
)
from services.ticketing.domain.notice_refusals import (
    AnswerTimes,
    NotPostponed,
    PostponedAlready,
    RefundedAlready,
)
from services.ticketing.domain.offering import change
from services.ticketing.domain.office import (
    BoxOffice,
    Commands,
    Evolve,
    instant,
    must_be_open,
)
from services.ticketing.domain.refusals import UnknownOrder
from services.ticketing.domain.telling import AT_ONCE, night_of
from services.ticketing.domain.voiding import refund
from services.ticketing.events import (
    Answer,
    NightPostponed,
    NightTold,
    NoticeGiven,
    PostponementAnswered,
    PostponementClosed,
)

WHY: Final = "postponed"


def postpone(office: BoxOffice, cmd: PostponeNight, at: datetime) -> Iterator[Event]:
    if office.notices.postponement is not None and cmd.postponement not in office.notices.postponed:
        raise PostponedAlready(postponement=cmd.postponement)
    yield from postpone_again(office, cmd, at)


def postpone_again(office: BoxOffice, cmd: PostponeNight, at: datetime) -> Iterator[Event]:
    """Also while guests are asked still: nobody is asked any more about the time before.

    Who had their money back has it; everybody else is asked anew.
    """
    must_be_open(office, cmd.occurrence)
    known = office.notices.postponed.get(cmd.postponement)
    asked = cmd.answer_until, cmd.default
    if known is not None and (known.answer_until, known.default) == asked:
        return  # asked twice, happened once
    if known is not None:
        raise PostponedAlready(postponement=cmd.postponement)
    before = night_of(office)
    moved = ChangeBoxOffice(occurrence=cmd.occurrence, starts_at=cmd.starts_at, ends_at=cmd.ends_at)
    if not at < cmd.answer_until <= instant(cmd.starts_at, before.zone):
        raise AnswerTimes(answer_until=cmd.answer_until)
    yield from change(office, moved, at)
    if (open_ := office.notices.postponement) is not None:
        yield PostponementClosed(occurrence=cmd.occurrence, postponement=open_.postponement)
    yield NightPostponed(
        occurrence=cmd.occurrence,
        postponement=cmd.postponement,
        answer_until=cmd.answer_until,
        default=cmd.default,
    )
    yield NoticeGiven(
        occurrence=cmd.occurrence,
        notice=f"postponed:{cmd.postponement}",
        kind="postponement",
        subject=cmd.subject,
        text=cmd.text,
        was=before,
        now=NightTold(
            name=before.name, starts_at=cmd.starts_at, ends_at=cmd.ends_at, zone=before.zone
        ),
        given_at=at,
        guests=len(office.notices.guests),
        answer_until=cmd.answer_until,
        default=cmd.default,
    )


def answer(office: BoxOffice, cmd: AnswerPostponement, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    if cmd.order not in office.orders:
        raise UnknownOrder(order=cmd.order)
    open_ = office.notices.postponement
    if open_ is None or at >= open_.answer_until or cmd.order not in office.notices.answers:
        raise NotPostponed(order=cmd.order)
    said = office.notices.answers[cmd.order]
    if said == cmd.answer:
        return
    if not _valid(office, cmd.order):
        raise RefundedAlready(order=cmd.order)
    yield _answered(open_, cmd.order, cmd.answer)
    if cmd.answer == "refund":
        yield from _all_back(office, open_, cmd.order, at)


def _answered(
    open_: NightPostponed, order: str, said: Answer, *, by_default: bool = False
) -> PostponementAnswered:
    return PostponementAnswered(
        occurrence=open_.occurrence,
        postponement=open_.postponement,
        order=order,
        answer=said,
        by_default=by_default,
    )


def _all_back(
    office: BoxOffice, open_: NightPostponed, order: str, at: datetime
) -> Iterator[Event]:
    """Everything that was paid for its valid tickets and is still there."""
    cmd = RefundTickets(
        occurrence=open_.occurrence,
        order=order,
        tickets=_valid(office, order),
        reason=WHY,
        refund_reference=f"{WHY}:{open_.postponement}",
    )
    return refund(office, cmd, at)


def _valid(office: BoxOffice, order: str) -> tuple[str, ...]:
    found = office.orders[order]
    numbers = range(1, len(found.tickets) + 1)
    return tuple(f"{order}-{number}" for number in numbers if number not in (found.void or ()))


def apply_default(office: BoxOffice, at: datetime) -> Iterator[Event]:
    """At the deadline, some orders in one commit: those that did not answer."""
    notices = office.notices
    open_ = notices.postponement
    if open_ is None or at < open_.answer_until:
        return
    some = list(islice(notices.unanswered, AT_ONCE))
    for order in some:
        yield _answered(open_, order, open_.default, by_default=True)
        if open_.default == "refund" and _valid(office, order):
            yield from _all_back(office, open_, order, at)
    if len(some) == len(notices.unanswered):
        yield PostponementClosed(occurrence=open_.occurrence, postponement=open_.postponement)


def next_default(office: BoxOffice) -> datetime | None:
    open_ = office.notices.postponement
    return None if open_ is None else open_.answer_until


def _postponed(office: BoxOffice, event: NightPostponed) -> None:
    """Whoever bought before is asked."""
    notices = office.notices
    notices.postponed[event.postponement] = event
    notices.postponement = event
    notices.unanswered = dict.fromkeys(each for each in office.orders if _valid(office, each))
    notices.answers = dict.fromkeys(notices.unanswered)


def _has_answered(office: BoxOffice, event: PostponementAnswered) -> None:
    office.notices.answers[event.order] = event.answer
    office.notices.unanswered.pop(event.order, None)


def _closed(office: BoxOffice, _event: PostponementClosed) -> None:
    notices = office.notices
    notices.postponement, notices.answers, notices.unanswered = None, {}, {}


EVOLVE: Final[Evolve] = {
    NightPostponed: _postponed,
    PostponementAnswered: _has_answered,
    PostponementClosed: _closed,
}
COMMANDS: Final[Commands] = {PostponeNight: postpone, AnswerPostponement: answer}
