"""What a box office remembers of its guests: who can be told, and what they were told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.ticketing.events import (
    Answer,
    Guest,
    NightPostponed,
    NightTold,
    NoticeGiven,
    ReminderSet,
    WaitingJoined,
)


@dataclass(slots=True)
class Notices:
    """`guests` in the order of their purchase; of them `before` bought before the last change.

    `known` is the night as they were told of it. `going`: how far each notice has come. `waiting`:
    whom a notice to the waiting list is for, each person once.
    """

    guests: list[Guest] = field(default_factory=list)
    before: int = 0
    known: NightTold | None = None
    reminder: ReminderSet | None = None
    reminded: datetime | None = None  # of the night that began then
    given: dict[str, NoticeGiven] = field(default_factory=dict)
    going: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, tuple[WaitingJoined, ...]] = field(default_factory=dict)
    cancelled: bool = False
    postponed: dict[str, NightPostponed] = field(default_factory=dict)
    postponement: NightPostponed | None = None  # whose answers are waited for
    answers: dict[str, Answer | None] = field(default_factory=dict)  # of who is asked
    unanswered: dict[str, None] = field(default_factory=dict)
