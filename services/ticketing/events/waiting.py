"""The facts of the waiting list. An offer is a `TicketsHeld` that names its entry."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from roadcase.decider import Event


class WaitingJoined(Event, frozen=True, kw_only=True):
    """Somebody waits for `quantity` tickets together, of any one of these types, the first best.

    `waited`: units of each pool that are for nobody behind them from now on. The higher `priority`
    is served first, then who came first.
    """

    topic = "ticketing.waiting_joined.v1"

    occurrence: str
    entry: str
    ticket_types: tuple[str, ...]
    quantity: int
    waited: dict[str, int]
    subject: str
    priority: int = 0
    contact: bytes | None = None


class WaitingLeft(Event, frozen=True, kw_only=True):
    """They wait no longer, and got nothing.

    `waited` is for others again, and so is `less`: what had been kept for their group.
    """

    topic = "ticketing.waiting_left.v1"

    occurrence: str
    entry: str
    why: Literal["asked", "limit", "over"]
    waited: dict[str, int]
    less: dict[str, int]


class WaitingKept(Event, frozen=True, kw_only=True):
    """There is not enough for a group yet: `more` units are kept for it, until `until`."""

    topic = "ticketing.waiting_kept.v1"

    occurrence: str
    entry: str
    more: dict[str, int]
    waited: dict[str, int]
    until: datetime


class WaitingPassed(Event, frozen=True, kw_only=True):
    """A group was kept units for long enough: they are for others, and it waits for all at once."""

    topic = "ticketing.waiting_passed.v1"

    occurrence: str
    entry: str
    less: dict[str, int]
    waited: dict[str, int]
