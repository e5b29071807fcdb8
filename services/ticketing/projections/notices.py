"""What guests are told: each notice with how far it has come, and the night as they know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import (
    BoxOfficeOpened,
    GuestsTold,
    NightTold,
    NoticeGiven,
    ReminderSet,
    WaitingTold,
)
from services.ticketing.projections.counts import there

CHANGES: Final = ("change", "postponement")


class Notices:
    """One row for each. `told` orders, or people who wait, so far; `done`: nobody is left."""

    name: ClassVar[str] = "notices"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "notice")
    schema: ClassVar[str] = """
        CREATE TABLE notices (
            tenant text, occurrence text, notice text, kind text NOT NULL, subject text NOT NULL,
            text text NOT NULL, was jsonb, now jsonb NOT NULL, given_at timestamptz NOT NULL,
            answer_until timestamptz, default_answer text,
            guests bigint NOT NULL, told bigint NOT NULL, done boolean NOT NULL,
            PRIMARY KEY (tenant, occurrence, notice))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            NoticeGiven: [(_notice, _given)],
            GuestsTold: [(_notice, _told)],
            WaitingTold: [(_notice, _told)],
        }


def _notice(event: NoticeGiven | GuestsTold | WaitingTold) -> tuple[str, str]:
    return event.occurrence, event.notice


def _given(_row: Row | None, event: NoticeGiven, _stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "notice": event.notice,
        "kind": event.kind,
        "subject": event.subject,
        "text": event.text,
        "was": _night(event.was) if event.was else None,
        "now": _night(event.now),
        "given_at": event.given_at,
        "answer_until": event.answer_until,
        "default_answer": event.default,
        "guests": event.guests,
        "told": 0,
        "done": not event.guests,
    }


def _told(row: Row | None, event: GuestsTold | WaitingTold, _stamp: Stamp) -> Row:
    new = there(row)
    new["told"] += len(event.guests if isinstance(event, GuestsTold) else event.waiting)
    new["done"] = event.upto >= new["guests"]
    return new


class KnownNights:
    """The night as guests were told of it, and when they are reminded of it."""

    name: ClassVar[str] = "known_nights"
    key: ClassVar[tuple[str, ...]] = ("occurrence",)
    schema: ClassVar[str] = """
        CREATE TABLE known_nights (
            tenant text, occurrence text, known jsonb NOT NULL, reminder_hours bigint,
            reminder_subject text NOT NULL, reminder_text text NOT NULL,
            PRIMARY KEY (tenant, occurrence))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            BoxOfficeOpened: [(_occurrence, _opened)],
            NoticeGiven: [(_occurrence, _known)],
            ReminderSet: [(_occurrence, _reminder)],
        }


def _occurrence(event: Any) -> tuple[str]:
    return (event.occurrence,)


def _opened(_row: Row | None, event: BoxOfficeOpened, _stamp: Stamp) -> Row:
    night = NightTold(
        name=event.name, starts_at=event.starts_at, ends_at=event.ends_at, zone=event.zone
    )
    return {
        "occurrence": event.occurrence,
        "known": _night(night),
        "reminder_hours": None,
        "reminder_subject": "",
        "reminder_text": "",
    }


def _known(row: Row | None, event: NoticeGiven, _stamp: Stamp) -> Row:
    return {**there(row), "known": _night(event.now)} if event.kind in CHANGES else there(row)


def _reminder(row: Row | None, event: ReminderSet, _stamp: Stamp) -> Row:
    return {
        **there(row),
        "reminder_hours": event.hours,
        "reminder_subject": event.subject,
        "reminder_text": event.text,
    }


def _night(night: NightTold) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(night)
    return found
