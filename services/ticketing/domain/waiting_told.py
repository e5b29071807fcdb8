"""Whom a message to the waiting list is for: each person once, whatever they wait for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.ticketing.domain.office import BoxOffice
from services.ticketing.events import ToldWaiter, WaitingJoined


def who_waits(office: BoxOffice) -> tuple[WaitingJoined, ...]:
    """Who said how to be reached, with the first entry of each, in the order they came."""
    found: dict[str, WaitingJoined] = {}
    for waiter in office.queue.living.values():
        if waiter.joined.contact is not None:
            found.setdefault(waiter.joined.subject, waiter.joined)
    return tuple(found.values())


def still_wait(office: BoxOffice, some: Iterable[WaitingJoined]) -> Iterator[ToldWaiter]:
    """Those who do: if not with this entry any more, with another one."""
    living = office.queue.living
    for joined in some:
        entry = joined.entry if joined.entry in living else _other(office, joined.subject)
        if entry is not None and joined.contact is not None:
            yield ToldWaiter(entry=entry, contact=joined.contact)


def _other(office: BoxOffice, subject: str) -> str | None:
    living = office.queue.living.items()
    return next((entry for entry, each in living if each.joined.subject == subject), None)
