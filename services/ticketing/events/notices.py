"""The facts of what guests are told about their night."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from roadcase.decider import Event
from services.ticketing.events.postponing import Answer

NoticeKind = Literal["words", "change", "cancellation", "reminder", "postponement", "waiting"]


class NightTold(msgspec.Struct, frozen=True, kw_only=True):
    """A night as guests are told of it. Times are local to the venue."""

    name: str
    starts_at: datetime
    ends_at: datetime
    zone: str


class Guest(msgspec.Struct, frozen=True, kw_only=True):
    """An order, and the sealed contact of who bought it."""

    order: str
    contact: bytes


class ReminderSet(Event, frozen=True, kw_only=True):
    """Guests are reminded so many hours before the start. None: they are not."""

    topic = "ticketing.reminder_set.v1"

    occurrence: str
    hours: int | None
    subject: str
    text: str


class NoticeGiven(Event, frozen=True, kw_only=True):
    """The first `guests` who can be reached are to be told this, in the organiser's words.

    `now` is the night as it is said to be, and `was` what they were told of it before. Of a
    postponement they answer until `answer_until`, and who does not has answered `default`. Of kind
    `waiting` it is for who waits, and not for guests. `firing`: what of planning asked for it.
    """

    topic = "ticketing.notice_given.v1"

    occurrence: str
    notice: str
    kind: NoticeKind
    subject: str
    text: str
    now: NightTold
    given_at: datetime
    guests: int
    was: NightTold | None = None
    answer_until: datetime | None = None
    default: Answer | None = None
    firing: str = ""


class GuestsTold(Event, frozen=True, kw_only=True):
    """Some more of its guests are told now: it has come as far as `upto`."""

    topic = "ticketing.guests_told.v1"

    occurrence: str
    notice: str
    upto: int
    guests: tuple[Guest, ...]
    firing: str = ""


class ToldWaiter(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the waiting list, and the sealed contact of who waits."""

    entry: str
    contact: bytes


class WaitingTold(Event, frozen=True, kw_only=True):
    """Some more of who waits are told now, each person once: it has come as far as `upto`."""

    topic = "ticketing.waiting_told.v1"

    occurrence: str
    notice: str
    upto: int
    waiting: tuple[ToldWaiter, ...]
    firing: str = ""
