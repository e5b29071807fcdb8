"""Why the box office says no to what guests ask for on the page of their order."""

from __future__ import annotations

from roadcase.errors import Refused


class RefundChanged(Refused):
    """What comes back is not what was said: look at the quote once more and confirm its amount."""

    code = "ticketing.refund_changed"


class AnswersClosed(Refused):
    """The night has begun: guests change their answers no more."""

    code = "ticketing.answers_closed"


class InvoiceMade(Refused):
    """The invoice of this order is made: its details change no more."""

    code = "ticketing.invoice_made"


class NoInvoiceAsked(Refused):
    """Nobody asked for an invoice of this order."""

    code = "ticketing.no_invoice_asked"
