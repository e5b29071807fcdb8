"""The facts of cancelling a whole night."""

from __future__ import annotations

from typing import Literal

from roadcase.decider import Event
from roadcase.money import Money


class SalesStopped(Event, frozen=True, kw_only=True):
    """Nothing is sold or offered any more."""

    topic = "ticketing.sales_stopped.v1"

    occurrence: str


class SalesResumed(Event, frozen=True, kw_only=True):
    topic = "ticketing.sales_resumed.v1"

    occurrence: str


class MassCancelStarted(Event, frozen=True, kw_only=True):
    """Every order of the night is cancelled, one after the other."""

    topic = "ticketing.mass_cancel_started.v1"

    process: str
    occurrence: str
    reason: str
    money_back: bool


class OrderMassCancelled(Event, frozen=True, kw_only=True):
    """What became of one order. `amount`: what went back; `why`: the slug of a refusal."""

    topic = "ticketing.order_mass_cancelled.v1"

    process: str
    occurrence: str
    order: str
    outcome: Literal["refunded", "cancelled", "declined", "refused"]
    amount: Money | None = None
    why: str | None = None


class MassCancelFinished(Event, frozen=True, kw_only=True):
    """No order is left. `refused`: how many a person has to look at."""

    topic = "ticketing.mass_cancel_finished.v1"

    process: str
    occurrence: str
    orders: int
    refused: int
