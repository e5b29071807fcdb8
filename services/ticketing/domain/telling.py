"""Telling guests: the organiser's words, a change, a cancellation, and the reminder before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.ticketing.commands import SetReminder, TellGuests, TellWaiting
from services.ticketing.domain.notice_refusals import NothingChanged, NoticeExists
from services.ticketing.domain.office import (
    BoxOffice,
    Commands,
    Evolve,
    must_be_open,
    starts_at,
)
from services.ticketing.domain.waiting_told import still_wait, who_waits
from services.ticketing.events import (
    BoxOfficeChanged,
    BoxOfficeOpened,
    Guest,
    GuestsTold,
    NightTold,
    NoticeGiven,
    ReminderSet,
    WaitingTold,
)

AT_ONCE: Final = 50  # guests in one commit


def set_reminder(office: BoxOffice, cmd: SetReminder, _at: datetime) -> Iterator[ReminderSet]:
    must_be_open(office, cmd.occurrence)
    event = ReminderSet(**cmd.model_dump())
    before = office.notices.reminder
    if event != before and (before or event.hours is not None):
        yield event


def tell_guests(office: BoxOffice, cmd: TellGuests, at: datetime) -> Iterator[NoticeGiven]:
    must_be_open(office, cmd.occurrence)
    notices = office.notices
    given = notices.given.get(cmd.notice)
    if given is not None:
        if (given.kind, given.subject, given.text) != (cmd.kind, cmd.subject, cmd.text):
            raise NoticeExists(notice=cmd.notice)
        return  # asked twice, told once
    now = night_of(office)
    change = cmd.kind == "change"
    if change and now == notices.known:
        raise NothingChanged(occurrence=cmd.occurrence)
    yield NoticeGiven(
        **cmd.model_dump(),
        now=now,
        was=notices.known if change else None,
        given_at=at,
        guests=notices.before if change else len(notices.guests),
    )


def tell_waiting(office: BoxOffice, cmd: TellWaiting, at: datetime) -> Iterator[NoticeGiven]:
    """Nobody waits where nothing was ever sold; and asked twice, they are told once."""
    if office.opened is None or cmd.notice in office.notices.given:
        return
    yield NoticeGiven(
        **cmd.model_dump(),
        kind="waiting",
        now=night_of(office),
        given_at=at,
        guests=len(who_waits(office)),
    )


def night_of(office: BoxOffice) -> NightTold:
    """The night as it is now."""
    assert office.opened is not None
    return told_of(office.opened)


def told_of(night: BoxOfficeOpened | BoxOfficeChanged) -> NightTold:
    return NightTold(
        name=night.name, starts_at=night.starts_at, ends_at=night.ends_at, zone=night.zone
    )


def tell(office: BoxOffice, at: datetime) -> Iterator[GuestsTold | WaitingTold]:
    """The next guests, or who wait, of the notice that was given first."""
    notices = office.notices
    for notice, come in notices.going.items():
        given = notices.given[notice]
        if given.kind == "waiting":
            yield _next_waiting(office, given, come)
            return
        late = given.kind == "reminder" and (at >= starts_at(office) or notices.cancelled)
        upto = given.guests if late else min(given.guests, come + AT_ONCE)
        some = () if late else notices.guests[come:upto]
        yield GuestsTold(
            occurrence=given.occurrence,
            notice=notice,
            upto=upto,
            guests=tuple(guest for guest in some if _comes(office, guest)),
            firing=given.firing,
        )
        return


def _next_waiting(office: BoxOffice, given: NoticeGiven, come: int) -> WaitingTold:
    some = office.notices.waiting[given.notice][come : come + AT_ONCE]
    return WaitingTold(
        occurrence=given.occurrence,
        notice=given.notice,
        upto=come + len(some),
        waiting=tuple(still_wait(office, some)),
        firing=given.firing,
    )


def _comes(office: BoxOffice, guest: Guest) -> bool:
    """Whether they have a valid ticket."""
    order = office.orders[guest.order]
    return len(order.void or ()) < len(order.tickets)


def next_telling(office: BoxOffice) -> datetime | None:
    notices = office.notices
    if not notices.going:
        return None
    return next((notices.given[notice].given_at for notice in notices.going), None)


def remind_guests(office: BoxOffice, at: datetime) -> Iterator[NoticeGiven]:
    """Once for a night, and again if it begins so much later that the first is forgotten."""
    due = next_reminding(office)
    if due is None or due > at:
        return
    notices = office.notices
    assert notices.reminder is not None
    now = night_of(office)
    yield NoticeGiven(
        occurrence=notices.reminder.occurrence,
        notice=f"reminder:{starts_at(office):%Y-%m-%dT%H:%MZ}",
        kind="reminder",
        subject=notices.reminder.subject,
        text=notices.reminder.text,
        now=now,
        given_at=at,
        guests=len(notices.guests) if at < starts_at(office) else 0,
    )


def next_reminding(office: BoxOffice) -> datetime | None:
    notices = office.notices
    if notices.reminder is None or notices.reminder.hours is None or notices.cancelled:
        return None
    before, starts = timedelta(hours=notices.reminder.hours), starts_at(office)
    if notices.reminded is not None and starts < notices.reminded + before:
        return None
    return starts - before


def was_described(office: BoxOffice, event: BoxOfficeOpened | BoxOfficeChanged) -> None:
    """A fact, before the office itself is told of it."""
    notices = office.notices
    if office.opened is None:
        notices.known = told_of(event)
    elif told_of(event) != night_of(office):
        notices.before = len(notices.guests)


def has_bought(office: BoxOffice, order: str, contact: bytes) -> None:
    """A fact: an order with a contact."""
    office.notices.guests.append(Guest(order=order, contact=contact))


def _set(office: BoxOffice, event: ReminderSet) -> None:
    office.notices.reminder = event


def _given(office: BoxOffice, event: NoticeGiven) -> None:
    notices = office.notices
    notices.given[event.notice] = event
    if event.guests:
        notices.going[event.notice] = 0
    if event.kind == "waiting":
        notices.waiting[event.notice] = who_waits(office)
    elif event.kind == "reminder":
        notices.reminded = starts_at(office)
    elif event.kind in ("change", "postponement"):
        notices.known = event.now
    elif event.kind == "cancellation":
        notices.cancelled = True


def _told(office: BoxOffice, event: GuestsTold | WaitingTold) -> None:
    notices = office.notices
    if event.upto < notices.given[event.notice].guests:
        notices.going[event.notice] = event.upto
    else:
        del notices.going[event.notice]
        notices.waiting.pop(event.notice, None)


EVOLVE: Final[Evolve] = {
    ReminderSet: _set,
    NoticeGiven: _given,
    GuestsTold: _told,
    WaitingTold: _told,
}
COMMANDS: Final[Commands] = {
    SetReminder: set_reminder,
    TellGuests: tell_guests,
    TellWaiting: tell_waiting,
}
