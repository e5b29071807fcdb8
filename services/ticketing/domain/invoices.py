"""Invoices: who asked for one, until it is made. Making them is no part of the box office."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from services.ticketing.commands import RecordInvoice, RequestInvoice
from services.ticketing.domain.guest_refusals import InvoiceMade, NoInvoiceAsked
from services.ticketing.domain.office import BoxOffice, Commands, Evolve, must_be_open
from services.ticketing.domain.refusals import UnknownOrder
from services.ticketing.events import InvoiceIssued, InvoiceRequested


def request(office: BoxOffice, cmd: RequestInvoice, at: datetime) -> Iterator[InvoiceRequested]:
    _must_be_known(office, cmd)
    if office.invoice_requests.get(cmd.order) == cmd.request:
        return  # asked twice, happened once
    if cmd.order in office.invoices:
        raise InvoiceMade(number=office.invoices[cmd.order])
    yield InvoiceRequested(**dict(cmd), requested_at=at)


def record(office: BoxOffice, cmd: RecordInvoice, at: datetime) -> Iterator[InvoiceIssued]:
    _must_be_known(office, cmd)
    if cmd.order not in office.invoice_requests:
        raise NoInvoiceAsked(order=cmd.order)
    made = office.invoices.get(cmd.order)
    if made is None:
        yield InvoiceIssued(**dict(cmd), issued_at=at)
    elif made != cmd.number:
        raise InvoiceMade(number=made)


def _must_be_known(office: BoxOffice, cmd: RequestInvoice | RecordInvoice) -> None:
    must_be_open(office, cmd.occurrence)
    if cmd.order not in office.orders:
        raise UnknownOrder(order=cmd.order)


def _was_requested(office: BoxOffice, event: InvoiceRequested) -> None:
    office.invoice_requests[event.order] = event.request


def _was_issued(office: BoxOffice, event: InvoiceIssued) -> None:
    office.invoices[event.order] = event.number


EVOLVE: Final[Evolve] = {InvoiceRequested: _was_requested, InvoiceIssued: _was_issued}
COMMANDS: Final[Commands] = {RequestInvoice: request, RecordInvoice: record}
