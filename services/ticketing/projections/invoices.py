"""Who asked for an invoice, and which were made. Their details stay sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import InvoiceIssued, InvoiceRequested
from services.ticketing.projections.counts import there


class InvoiceRequests:
    """One row for each order whose guest wants an invoice. `number`: of the one that was made."""

    name: ClassVar[str] = "invoice_requests"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "order_id")
    schema: ClassVar[str] = """
        CREATE TABLE invoice_requests (
            tenant text, occurrence text, order_id text, requested_at timestamptz NOT NULL,
            details bytea NOT NULL, number text, issued_at timestamptz,
            PRIMARY KEY (tenant, occurrence, order_id))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {InvoiceRequested: [(_order, _requested)], InvoiceIssued: [(_order, _issued)]}


def _order(event: InvoiceRequested | InvoiceIssued) -> tuple[str, str]:
    return event.occurrence, event.order


def _requested(_row: Row | None, event: InvoiceRequested, _stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "order_id": event.order,
        "requested_at": event.requested_at,
        "details": event.details,
        "number": None,
        "issued_at": None,
    }


def _issued(row: Row | None, event: InvoiceIssued, _stamp: Stamp) -> Row:
    return {**there(row), "number": event.number, "issued_at": event.issued_at}
