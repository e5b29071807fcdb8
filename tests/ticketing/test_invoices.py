"""A guest asks for an invoice: the last wish counts until it is made, and it is made once."""

from __future__ import annotations

import pytest

from roadcase.errors import Invalid
from services.ticketing.api.billing import checked
from services.ticketing.commands import RecordInvoice, RequestInvoice
from services.ticketing.domain.guest_refusals import InvoiceMade, NoInvoiceAsked
from services.ticketing.domain.refusals import UnknownOrder
from services.ticketing.events import InvoiceIssued, InvoiceRequested
from services.ticketing.projections.invoices import InvoiceRequests
from tests.ticketing.night import NIGHT, NOON, after, facts, opening, selling, table

SOLD = (opening(), selling("o1"))


def asking(request: str = "w1", order: str = "o1", details: bytes = b"a") -> RequestInvoice:
    return RequestInvoice(occurrence=NIGHT, order=order, request=request, details=details)


def made(number: str = "2026-1", order: str = "o1") -> RecordInvoice:
    return RecordInvoice(occurrence=NIGHT, order=order, number=number)


def requested(request: str = "w1", details: bytes = b"a") -> InvoiceRequested:
    return InvoiceRequested(
        occurrence=NIGHT, order="o1", request=request, details=details, requested_at=NOON
    )


def test_it_is_asked_for_once_and_other_details_take_their_place():
    after(*SOLD).when(asking(), NOON).then(requested())
    after(*SOLD, asking()).when(asking(details=b"sealed anew"), NOON).then_nothing()
    after(*SOLD, asking()).when(asking("w2", details=b"b"), NOON).then(requested("w2", b"b"))
    after(*SOLD).when(asking(order="o2")).then_refused(UnknownOrder)


def test_it_is_made_once_and_then_nothing_changes_it():
    issued = InvoiceIssued(occurrence=NIGHT, order="o1", number="2026-1", issued_at=NOON)
    after(*SOLD).when(made()).then_refused(NoInvoiceAsked)
    after(*SOLD, asking()).when(made(), NOON).then(issued)
    done = after(*SOLD, asking(), made())
    done.when(made()).then_nothing()
    assert facts(done.when(made("2026-2")), InvoiceMade) == {"number": "2026-1"}
    assert facts(done.when(asking("w2")), InvoiceMade) == {"number": "2026-1"}
    done.when(asking()).then_nothing()


def test_the_organiser_sees_the_last_wish_and_which_are_made():
    spec = after(*SOLD, asking(), asking("w2", details=b"b"))
    (row,) = table(InvoiceRequests(), spec.history).values()
    assert (row["details"], row["number"]) == (b"b", None)
    (row,) = table(InvoiceRequests(), after(*SOLD, asking(), made()).history).values()
    assert (row["number"], row["issued_at"]) == ("2026-1", NOON)


def test_what_it_says_is_tidied_and_limited():
    found = checked("  Ada   GmbH ", " Main  St 1\r\n\r\n 1010 Wien ", "atu 1234")
    assert (found.name, found.address, found.vat_id) == (
        "Ada GmbH",
        "Main St 1\n1010 Wien",
        "ATU 1234",
    )
    assert "Ada" not in repr(found)
    for wrong in (
        (" ", "a", ""),
        ("n" * 201, "a", ""),
        ("n", "\n", ""),
        ("n", "a" * 501, ""),
        ("n", "a", "1" * 31),
        ("n", "a", "<b>"),
        ("n\x1b", "a", ""),
        ("n", "a\u200b", ""),
    ):
        with pytest.raises(Invalid):
            checked(*wrong)
