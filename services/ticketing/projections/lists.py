"""The lists of a night that can be had whole: from which table, which columns, in which order."""

from __future__ import annotations

from typing import Final

from roadcase.listed import Listed


def _listed(table: str, columns: str, order: str, *, people: bool = False) -> Listed:
    return Listed(table, tuple(columns.split()), order, people)


LISTS: Final[dict[str, Listed]] = {
    "orders": _listed(
        "orders",
        "order_id sold_at channel promo payment_reference tickets valid amount_minor "
        "refunded_minor currency late subject",
        "order_id",
        people=True,
    ),
    "attendees": _listed(
        "attendees",
        "ticket order_id number ticket_type tier code price_minor fee_minor listed_minor currency "
        "seller voucher reserve policy admits addon_to bundle sold_at state inside admitted_at "
        "gate subject",
        "ticket",
        people=True,
    ),
    "scans": _listed(
        "scans",
        "nonce at gate direction result reason detail ticket ticket_for since since_gate "
        "claimed_at actor",
        "at, nonce",
    ),
    "waiting": _listed(
        "waiting",
        "entry joined_at state ticket_types quantity priority offer ticket_type total until why "
        "subject",
        "priority DESC, position",
        people=True,
    ),
    "sales": _listed("sales_by_minute", "minute sold takings", "minute"),
    "vouchers": _listed("vouchers", "voucher terms lapsed", "voucher"),
    "allotments": _listed("allotments", "allotment terms closed", "allotment"),
    "placed": _listed(
        "placed_orders",
        "order_id placed_at total_minor currency until state reminded_at reason subject",
        "order_id",
        people=True,
    ),
    "policies": _listed("refund_policies", "policy terms", "policy"),
    "questions": _listed(
        "questions", "question text kind choices per ticket_types required active", "question"
    ),
}
