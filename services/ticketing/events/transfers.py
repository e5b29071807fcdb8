"""The facts of tickets that go to somebody else, and of mails that are asked for once more."""

from __future__ import annotations

from datetime import datetime

from roadcase.decider import Event
from roadcase.money import Money
from services.ticketing.events.box_office import Channel


class TicketTransferred(Event, frozen=True, kw_only=True):
    """`from_ticket` of `from_order` is void, and `ticket` is what its new guest has instead.

    Everything that was bought with it goes with it: its terms, seat, voucher and policy, what
    was paid, when and how it was sold. `order` is the new guest's own, with a ticket for
    each that went; its first is the one that was asked for, the others are its add-ons.
    """

    topic = "ticketing.ticket_transferred.v1"

    occurrence: str
    order: str
    ticket: str
    number: int
    of: int
    from_order: str
    from_ticket: str
    ticket_type: str
    price: Money
    seller: str
    draws: dict[str, int]
    code: str
    payment_reference: str
    sold_at: datetime
    channel: Channel
    promo: str | None = None
    subject: str | None = None
    contact: bytes | None = None
    fee: Money | None = None
    fee_within: Money | None = None
    tier: str | None = None
    listed: Money | None = None
    voucher: str | None = None
    admits: int = 1
    seat: str | None = None
    addon_to: str | None = None
    bundle: str | None = None
    discount: Money | None = None
    reserve: str | None = None
    policy: str | None = None
    reservation: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


class TransferEnded(Event, frozen=True, kw_only=True):
    """Nothing becomes of this transfer any more: the gates may take its ticket again."""

    topic = "ticketing.transfer_ended.v1"

    occurrence: str
    transfer: str


class TicketRenamed(Event, frozen=True, kw_only=True):
    """Somebody else comes with this ticket. Its code stays."""

    topic = "ticketing.ticket_renamed.v1"

    occurrence: str
    order: str
    ticket: str
    contact: bytes
    subject: str


class OrderResent(Event, frozen=True, kw_only=True):
    """The mail that confirms this order is sent to `contact` again."""

    topic = "ticketing.order_resent.v1"

    occurrence: str
    order: str
    resend: str
    resent_at: datetime
    contact: bytes
