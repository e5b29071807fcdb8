"""Orders that were placed and not paid at once: what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import (
    ApprovalAsked,
    HoldEnded,
    OrderApproved,
    OrderDeclined,
    OrderPlaced,
    OrderReminded,
)

AFTER = {"sold": "paid", "released": "released", "expired": "expired"}


class PlacedOrders:
    """One row for each. `state`: requested, unpaid, paid, declined, released, expired.

    Its tickets are kept `until` then; `reason`: why it was declined.
    """

    name: ClassVar[str] = "placed_orders"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "order_id")
    schema: ClassVar[str] = """
        CREATE TABLE placed_orders (
            tenant text, occurrence text, order_id text, placed_at timestamptz NOT NULL,
            total_minor bigint NOT NULL, currency text NOT NULL, until timestamptz NOT NULL,
            state text NOT NULL, approval_asked boolean NOT NULL, reminded_at timestamptz,
            reason text, subject text, contact bytea,
            PRIMARY KEY (tenant, occurrence, order_id));
        CREATE INDEX placed_orders_state ON placed_orders (tenant, occurrence, state, order_id);
        CREATE INDEX placed_orders_asked ON placed_orders (placed_at)
            WHERE state = 'requested' AND approval_asked
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            OrderPlaced: [(_order, _placed)],
            ApprovalAsked: [(_order, _asked)],
            OrderApproved: [(_order, _approved)],
            OrderDeclined: [(_order, _declined)],
            OrderReminded: [(_order, _reminded)],
            HoldEnded: [(_hold, _ended)],
        }


def _order(event: Any) -> tuple[str, str]:
    return event.occurrence, event.order


def _hold(event: HoldEnded) -> tuple[str, str]:
    """Its tickets are a hold under the order's own id."""
    return event.occurrence, event.hold


def _placed(_row: Row | None, event: OrderPlaced, stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "order_id": event.order,
        "placed_at": stamp.at,
        "total_minor": event.total.minor,
        "currency": event.total.currency,
        "until": event.until,
        "state": "requested" if event.approval else "unpaid",
        "approval_asked": False,
        "reminded_at": None,
        "reason": None,
        "subject": event.subject,
        "contact": event.contact,
    }


def _asked(row: Row | None, _event: ApprovalAsked, _stamp: Stamp) -> Row | None:
    return row and {**row, "approval_asked": True}


def _approved(row: Row | None, event: OrderApproved, _stamp: Stamp) -> Row | None:
    return row and {**row, "state": "unpaid", "until": event.until}


def _declined(row: Row | None, event: OrderDeclined, _stamp: Stamp) -> Row | None:
    return row and {**row, "state": "declined", "reason": event.reason}


def _reminded(row: Row | None, _event: OrderReminded, stamp: Stamp) -> Row | None:
    return row and {**row, "reminded_at": stamp.at}


def _ended(row: Row | None, event: HoldEnded, _stamp: Stamp) -> Row | None:
    return row and {**row, "state": AFTER[event.why]}
