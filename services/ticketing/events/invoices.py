"""The facts of invoices: a guest asked for one, and it was made."""

from __future__ import annotations

from datetime import datetime

from roadcase.decider import Event


class InvoiceRequested(Event, frozen=True, kw_only=True):
    """A guest wants an invoice for an order, instead of what they asked for before.

    `details` are sealed for the guest: JSON with `name`, `address` and `vat_id`.
    """

    topic = "ticketing.invoice_requested.v1"

    occurrence: str
    order: str
    request: str
    details: bytes
    requested_at: datetime


class InvoiceIssued(Event, frozen=True, kw_only=True):
    """The invoice of an order was made elsewhere, under this number: the request is settled."""

    topic = "ticketing.invoice_issued.v1"

    occurrence: str
    order: str
    number: str
    issued_at: datetime
