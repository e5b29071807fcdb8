"""The facts of orders that are not paid yet. Their tickets are a hold under the order's own id."""

from __future__ import annotations

from datetime import datetime

from roadcase.decider import Event
from roadcase.money import Money


class OrderPlaced(Event, frozen=True, kw_only=True):
    """Somebody ordered and has not paid: `until` then its tickets are kept.

    With `approval` the organiser says first whether they may. It is reminded of at `remind_at`.
    """

    topic = "ticketing.order_placed.v1"

    occurrence: str
    order: str
    total: Money
    until: datetime
    approval: bool = False
    remind_at: datetime | None = None
    subject: str | None = None
    contact: bytes | None = None


class OrderApproved(Event, frozen=True, kw_only=True):
    """They may. What costs something is paid until `until`."""

    topic = "ticketing.order_approved.v1"

    occurrence: str
    order: str
    until: datetime
    remind_at: datetime | None = None


class OrderDeclined(Event, frozen=True, kw_only=True):
    """They may not: its tickets are free."""

    topic = "ticketing.order_declined.v1"

    occurrence: str
    order: str
    reason: str


class OrderReminded(Event, frozen=True, kw_only=True):
    """The time to pay is nearly over. A message to `contact` follows."""

    topic = "ticketing.order_reminded.v1"

    occurrence: str
    order: str
    until: datetime
    contact: bytes | None = None
