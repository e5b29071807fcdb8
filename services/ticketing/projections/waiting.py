"""The waiting list: who waits, has an offer, took it, or waits no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.domain.terms import total_of
from services.ticketing.events import (
    HoldEnded,
    TicketsHeld,
    WaitingJoined,
    WaitingKept,
    WaitingLeft,
    WaitingPassed,
)


class Waiting:
    """One row for each entry. `state`: waiting, kept, passed, offered, bought, lapsed, left.

    `offer`: the hold that was offered, until `until`, of `ticket_type`, for `total`. `why`: they
    left.
    """

    name: ClassVar[str] = "waiting"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "entry")
    schema: ClassVar[str] = """
        CREATE TABLE waiting (
            tenant text, occurrence text, entry text, joined_at timestamptz NOT NULL,
            position bigint NOT NULL, ticket_types jsonb NOT NULL, quantity bigint NOT NULL,
            priority bigint NOT NULL, subject text NOT NULL, contact bytea, state text NOT NULL,
            offer text, ticket_type text, total jsonb, until timestamptz, why text,
            PRIMARY KEY (tenant, occurrence, entry));
        CREATE INDEX waiting_order ON waiting (tenant, occurrence, state, priority DESC, position)
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            WaitingJoined: [(_entry, _joined)],
            WaitingKept: [(_entry, _kept)],
            WaitingPassed: [(_entry, _passed)],
            WaitingLeft: [(_entry, _left)],
            TicketsHeld: [(_entry_of_hold, _offered)],
            HoldEnded: [(_entry_of_end, _ended)],
        }


def _entry(event: Any) -> tuple[str, str]:
    return event.occurrence, event.entry


def _entry_of_hold(event: TicketsHeld) -> tuple[str, str]:
    """Of a hold that is no offer: of nobody, and it stays so."""
    return event.occurrence, event.entry or ""


def _entry_of_end(event: HoldEnded) -> tuple[str, str]:
    return event.occurrence, event.hold.removeprefix("offer-")


def _joined(_row: Row | None, event: WaitingJoined, stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "entry": event.entry,
        "joined_at": stamp.at,
        "position": stamp.position,
        "ticket_types": list(event.ticket_types),
        "quantity": event.quantity,
        "priority": event.priority,
        "subject": event.subject,
        "contact": event.contact,
        "state": "waiting",
        "offer": None,
        "ticket_type": None,
        "total": None,
        "until": None,
        "why": None,
    }


def _kept(row: Row | None, event: WaitingKept, _stamp: Stamp) -> Row | None:
    return row and {**row, "state": "kept", "until": event.until}


def _passed(row: Row | None, _event: WaitingPassed, _stamp: Stamp) -> Row | None:
    return row and {**row, "state": "passed", "until": None}


def _left(row: Row | None, event: WaitingLeft, _stamp: Stamp) -> Row | None:
    return row and {**row, "state": "left", "until": None, "why": event.why}


def _offered(row: Row | None, event: TicketsHeld, _stamp: Stamp) -> Row | None:
    if row is None or event.entry is None:
        return row
    return {
        **row,
        "state": "offered",
        "offer": event.hold,
        "ticket_type": event.lines[0].ticket_type,
        "total": total_of(event.lines),
        "until": event.until,
    }


def _ended(row: Row | None, event: HoldEnded, _stamp: Stamp) -> Row | None:
    if row is None or row["offer"] != event.hold:
        return row
    return {**row, "state": "bought" if event.why == "sold" else "lapsed"}
