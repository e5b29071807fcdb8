"""Who bought and who comes: orders and their tickets. Contacts stay sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import (
    Admitted,
    Exited,
    ScanAnnulled,
    TicketCancelled,
    TicketRefunded,
    TicketRenamed,
    TicketRerated,
    TicketSold,
    TicketTransferred,
)
from services.ticketing.projections.counts import paid, there


class Orders:
    """One row for each order.

    `tickets` it has, of which `valid` are not void; `amount_minor` was paid and `refunded_minor`
    given back. `late`: the money came after its hold had ended.
    """

    name: ClassVar[str] = "orders"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "order_id")
    schema: ClassVar[str] = """
        CREATE TABLE orders (
            tenant text, occurrence text, order_id text, sold_at timestamptz NOT NULL,
            channel text NOT NULL, payment_reference text NOT NULL, hold text, promo text,
            late boolean NOT NULL, subject text, contact bytea, tickets bigint NOT NULL,
            valid bigint NOT NULL, amount_minor bigint NOT NULL, refunded_minor bigint NOT NULL,
            currency text NOT NULL, PRIMARY KEY (tenant, occurrence, order_id));
        CREATE INDEX orders_sold_at ON orders (tenant, occurrence, sold_at);
        CREATE INDEX orders_subject ON orders (tenant, subject)
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            TicketSold: [(_order, _ordered)],
            TicketCancelled: [(_order, _partly_void)],
            TicketRefunded: [(_order, _partly_void)],
            TicketTransferred: [(_order_before, _went), (_order, _came)],
        }


def _order(event: Any) -> tuple[str, str]:
    return event.occurrence, event.order


def _ordered(row: Row | None, event: TicketSold, _stamp: Stamp) -> Row:
    new = dict(row) if row else _order_of(event)
    new["tickets"] += 1
    new["valid"] += 1
    new["amount_minor"] += paid(event).minor
    return new


def _order_of(event: TicketSold | TicketTransferred) -> dict[str, Any]:
    return {
        "occurrence": event.occurrence,
        "order_id": event.order,
        "sold_at": event.sold_at,
        "channel": event.channel,
        "payment_reference": event.payment_reference,
        "hold": event.hold if isinstance(event, TicketSold) else None,
        "promo": event.promo,
        "late": isinstance(event, TicketSold) and event.late,
        "subject": event.subject,
        "contact": event.contact,
        "tickets": 0,
        "valid": 0,
        "amount_minor": 0,
        "refunded_minor": 0,
        "currency": event.price.currency,
    }


def _partly_void(row: Row | None, event: TicketCancelled | TicketRefunded, _stamp: Stamp) -> Row:
    new = there(row)
    if isinstance(event, TicketRefunded):
        new["refunded_minor"] += event.amount.minor
    if event.draws:
        new["valid"] -= 1
    return new


def _order_before(event: TicketTransferred) -> tuple[str, str]:
    return event.occurrence, event.from_order


def _came(row: Row | None, event: TicketTransferred, _stamp: Stamp) -> Row:
    """The order of who has the ticket now; its money came with it."""
    return _with(dict(row) if row else _order_of(event), event, 1) | {"tickets": event.of}


def _went(row: Row | None, event: TicketTransferred, _stamp: Stamp) -> Row:
    return _with(dict(there(row)), event, -1)


def _with(new: dict[str, Any], event: TicketTransferred, sign: int) -> dict[str, Any]:
    new["valid"] += sign
    new["amount_minor"] += sign * paid(event).minor
    return new


class Attendees:
    """One row for each ticket, found by its id or its `code`.

    `state`: sold, cancelled, refunded, transferred (it is another order's, under another id).

    `inside` since `admitted_at`, through `gate`: the last admission. From `valid_from` to
    `valid_until` it lets somebody in; neither: all night. `earned`: what its price depends on.
    `given_back` by its guest: it counts no more for the prices of its order.
    """

    name: ClassVar[str] = "attendees"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "ticket")
    schema: ClassVar[str] = """
        CREATE TABLE attendees (
            tenant text, occurrence text, ticket text, order_id text NOT NULL,
            number bigint NOT NULL, ticket_type text NOT NULL, code text NOT NULL,
            price_minor bigint NOT NULL, fee_minor bigint NOT NULL, currency text NOT NULL,
            seller text NOT NULL,
            sold_at timestamptz NOT NULL, subject text, contact bytea, state text NOT NULL,
            tier text, admits bigint NOT NULL, addon_to text, bundle text, seat text, voucher text,
            listed_minor bigint NOT NULL, reserve text, policy text,
            valid_from timestamptz, valid_until timestamptz,
            earned jsonb, given_back boolean NOT NULL,
            inside boolean NOT NULL, admitted_at timestamptz, gate text,
            PRIMARY KEY (tenant, occurrence, ticket));
        CREATE INDEX attendees_code ON attendees (tenant, code);
        CREATE INDEX attendees_voucher ON attendees (tenant, occurrence, voucher)
            WHERE voucher IS NOT NULL;
        CREATE INDEX attendees_reserve ON attendees (tenant, occurrence, reserve)
            WHERE reserve IS NOT NULL;
        CREATE INDEX attendees_order ON attendees (tenant, occurrence, order_id, number)
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            TicketSold: [(_ticket, _sold)],
            TicketCancelled: [(_ticket, _cancelled)],
            TicketRefunded: [(_ticket, _refunded)],
            TicketRerated: [(_ticket, _rerated)],
            TicketTransferred: [(_ticket_before, _gone), (_ticket, _sold)],
            TicketRenamed: [(_ticket, _renamed)],
            Admitted: [(_ticket, _admitted)],
            Exited: [(_ticket, _exited)],
            ScanAnnulled: [(_ticket, _annulled)],
        }


def _ticket(event: Any) -> tuple[str, str]:
    return event.occurrence, event.ticket


def _ticket_before(event: TicketTransferred) -> tuple[str, str]:
    return event.occurrence, event.from_ticket


def _gone(row: Row | None, _event: TicketTransferred, _stamp: Stamp) -> Row:
    return {**there(row), "state": "transferred"}


def _renamed(row: Row | None, event: TicketRenamed, _stamp: Stamp) -> Row:
    return {**there(row), "subject": event.subject, "contact": event.contact}


def _sold(_row: Row | None, event: TicketSold | TicketTransferred, _stamp: Stamp) -> Row:
    earned = event.earned if isinstance(event, TicketSold) else None
    return {
        "occurrence": event.occurrence,
        "ticket": event.ticket,
        "order_id": event.order,
        "number": event.number,
        "ticket_type": event.ticket_type,
        "code": event.code,
        "price_minor": event.price.minor,
        "fee_minor": event.fee.minor if event.fee else 0,
        "currency": event.price.currency,
        "seller": event.seller,
        "sold_at": event.sold_at,
        "subject": event.subject,
        "contact": event.contact,
        "state": "sold",
        "tier": event.tier,
        "admits": event.admits,
        "addon_to": event.addon_to,
        "seat": event.seat,
        "bundle": event.bundle,
        "voucher": event.voucher,
        "listed_minor": (event.listed or event.price).minor,
        "reserve": event.reserve,
        "policy": event.policy,
        "valid_from": event.valid_from,
        "valid_until": event.valid_until,
        "earned": earned and msgspec.to_builtins(earned),
        "given_back": False,
        "inside": False,
        "admitted_at": None,
        "gate": None,
    }


def _cancelled(row: Row | None, _event: TicketCancelled, _stamp: Stamp) -> Row:
    return {**there(row), "state": "cancelled"}


def _refunded(row: Row | None, event: TicketRefunded, _stamp: Stamp) -> Row:
    before = there(row)
    given_back = before["given_back"] or event.by_policy
    return {**before, "state": "refunded", "given_back": given_back}


def _rerated(row: Row | None, event: TicketRerated, _stamp: Stamp) -> Row:
    return {**there(row), "price_minor": event.price.minor}


def _admitted(row: Row | None, event: Admitted, _stamp: Stamp) -> Row | None:
    """A ticket that we signed and no longer know of is let in, and has no row."""
    return row and {**row, "inside": True, "admitted_at": event.admitted_at, "gate": event.gate}


def _exited(row: Row | None, event: Exited, _stamp: Stamp) -> Row | None:
    return row and {**row, "inside": event.inside > 0}


def _annulled(row: Row | None, event: ScanAnnulled, _stamp: Stamp) -> Row | None:
    return row and {**row, "inside": event.inside > 0}
