"""The facts of what was sold elsewhere and is taken over from there."""

from __future__ import annotations

import msgspec

from roadcase.decider import Event
from roadcase.money import Money


class TicketImported(Event, frozen=True, kw_only=True):
    """What this ticket is where it was sold: its TicketSold is a fact of its own.

    `secret` is a keyed hash of its code there: the code itself lets in, so it is nowhere kept.
    `tax` is the part of `price` that was charged as tax, at `rate` percent. `state`: there.
    """

    topic = "ticketing.ticket_imported.v1"

    occurrence: str
    order: str
    ticket: str
    number: int
    source: str
    position: str
    ticket_type: str
    price: Money
    tax: Money
    rate: str
    secret: str
    state: str
    tax_code: str | None = None


class ImportedFee(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    price: Money
    tax: Money
    rate: str
    tax_code: str | None = None


class OrderImported(Event, frozen=True, kw_only=True):
    """The order there: what it cost beside its tickets, and the hold on those not paid yet.

    `holds`: how many holds it had so far, each with an id of its own.
    """

    topic = "ticketing.order_imported.v1"

    occurrence: str
    order: str
    source: str
    reference: str
    fees: tuple[ImportedFee, ...] = ()
    hold: str | None = None
    holds: int = 0
