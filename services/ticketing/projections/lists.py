"""The lists of a night that can be had whole: from which table, which columns, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from roadcase.listed import Listed

SAID: Final = ("state", "answer")  # of an answer, for whoever may read people


def _listed(table: str, columns: str, order: str, *, contact: str = "", within: str = "") -> Listed:
    return Listed(table, tuple(columns.split()), order, contact, within=within)


def _answers(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each answer of an order, and what it says where the row was opened: it has `state` then."""
    texts = row.get("texts", {})
    for place, questions in sorted(row["given"].items(), key=lambda each: int(each[0] or 0)):
        for question in sorted(questions):
            line = {"order_id": row["order_id"], "at": row["at"], "number": int(place or 0) or None}
            line["question"] = question
            if "state" in row:
                said = texts.get(place, {}).get(question)
                line |= {"state": row["state"], "answer": said}
            yield line


LISTS: Final[dict[str, Listed]] = {
    "orders": _listed(
        "orders",
        "order_id sold_at channel promo payment_reference tickets valid amount_minor "
        "refunded_minor currency late subject",
        "order_id",
        contact="contact",
    ),
    "attendees": _listed(
        "attendees",
        "ticket order_id number ticket_type tier code price_minor fee_minor listed_minor currency "
        "seller voucher reserve policy admits seat addon_to bundle sold_at state inside "
        "admitted_at gate subject",
        "ticket",
        contact="contact",
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
        contact="contact",
    ),
    "sales": _listed("sales_by_minute", "minute sold takings", "minute"),
    "vouchers": _listed("vouchers", "voucher terms lapsed", "voucher"),
    "allotments": _listed("allotments", "allotment terms closed", "allotment"),
    "placed": _listed(
        "placed_orders",
        "order_id placed_at total_minor currency until state reminded_at reason subject",
        "order_id",
        contact="contact",
    ),
    "policies": _listed("refund_policies", "policy terms", "policy"),
    "questions": _listed(
        "questions", "question text kind choices per ticket_types required active", "question"
    ),
    "answers": Listed(
        "answers",
        ("order_id", "at", "number", "question"),
        "order_id",
        reads=("order_id", "at", "given", "answers"),
        lines=_answers,
    ),
    "invoices": _listed("invoice_requests", "order_id requested_at number issued_at", "order_id"),
    "outbox": _listed(
        "outbox",
        "message kind about state attempt queued_at due_at sent_at reason",
        "queued_at, message",
        contact="recipient",
        within="about",
    ),
}
