"""What was sold elsewhere: tickets by the codes they have there, and the tax that was charged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import TicketImported


class ImportedTickets:
    """One row for each ticket. `secret`: a keyed hash of its code there. `state`: there."""

    name: ClassVar[str] = "imported_tickets"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "ticket")
    schema: ClassVar[str] = """
        CREATE TABLE imported_tickets (
            tenant text, occurrence text, ticket text, order_id text NOT NULL,
            source text NOT NULL, position text NOT NULL, secret text NOT NULL,
            state text NOT NULL, price_minor bigint NOT NULL, tax_minor bigint NOT NULL,
            currency text NOT NULL, rate text NOT NULL, tax_code text,
            PRIMARY KEY (tenant, occurrence, ticket));
        CREATE INDEX imported_tickets_secret ON imported_tickets (tenant, secret)
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {TicketImported: [(_ticket, _told)]}


def _ticket(event: TicketImported) -> tuple[str, str]:
    return event.occurrence, event.ticket


def _told(_row: Row | None, event: TicketImported, _stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "ticket": event.ticket,
        "order_id": event.order,
        "source": event.source,
        "position": event.position,
        "secret": event.secret,
        "state": event.state,
        "price_minor": event.price.minor,
        "tax_minor": event.tax.minor,
        "currency": event.price.currency,
        "rate": event.rate,
        "tax_code": event.tax_code,
    }
