"""The facts of exchanges."""

from __future__ import annotations

from roadcase.decider import Event
from roadcase.money import Money


class ExchangeStarted(Event, frozen=True, kw_only=True):
    """Tickets of one night are to become some of another. `wanted`: how many, by ticket type."""

    topic = "ticketing.exchange_started.v1"

    process: str
    occurrence: str
    order: str
    tickets: tuple[str, ...]
    worth: Money
    to: str
    new_order: str
    wanted: dict[str, int]
    code_seed: str
    paid: Money | None = None
    payment_reference: str | None = None
    subject: str | None = None
    contact: bytes | None = None


class ExchangeConfirmed(Event, frozen=True, kw_only=True):
    """The new tickets are sold; the old ones are next."""

    topic = "ticketing.exchange_confirmed.v1"

    process: str
    total: Money


class ExchangeDone(Event, frozen=True, kw_only=True):
    """The old tickets are void. `back`: what the new ones cost less."""

    topic = "ticketing.exchange_done.v1"

    process: str
    back: Money | None = None


class ExchangeRefused(Event, frozen=True, kw_only=True):
    """Nothing has changed. `why`: the slug of the refusal."""

    topic = "ticketing.exchange_refused.v1"

    process: str
    why: str
