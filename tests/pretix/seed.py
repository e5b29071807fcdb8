"""What the tests sell in pretix before they leave it, through its REST API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.pretix.server import ORGANISER, Pretix

EVENT = "metropolis"
LATER = (datetime.now(UTC) + timedelta(days=20)).replace(microsecond=0)


def night(pretix: Pretix, slug: str = EVENT, orders: int = 12, size: int = 400) -> dict[str, Any]:
    """An event with taxes, variations, quotas, vouchers, and orders in every state."""
    start = LATER.isoformat()
    pretix.ask(
        "events/",
        {
            "name": {"en": "Metropolis", "de": "Metropolis"}, "slug": slug, "currency": "EUR",
            "date_from": start, "date_to": (LATER + timedelta(hours=3)).isoformat(),
            "timezone": "Europe/Berlin", "is_public": True, "live": False, "has_subevents": False,
            "plugins": [],
        },
    )  # fmt: skip
    ids = _offer(pretix, slug, size)
    for number in range(orders):
        pretix.ask(f"events/{slug}/orders/", order(ids, number))
    return ids


def _offer(pretix: Pretix, slug: str, size: int) -> dict[str, Any]:
    at = f"events/{slug}"
    tax = pretix.ask(
        f"{at}/taxrules/",
        {"name": {"en": "VAT"}, "rate": "19.00", "price_includes_tax": True, "home_country": "DE"},
    )["id"]
    adult = pretix.ask(
        f"{at}/items/",
        {
            "name": {"en": "Adult"}, "default_price": "23.00", "tax_rule": tax, "admission": True,
            "active": True, "max_per_order": 8, "available_until": LATER.isoformat(),
        },
    )["id"]  # fmt: skip
    choices = [
        {"value": {"en": "Student"}, "default_price": "11.50", "active": True},
        {"value": {"en": "Child"}, "default_price": None, "active": True},
    ]
    reduced = pretix.ask(
        f"{at}/items/",
        {
            "name": {"en": "Reduced"}, "default_price": "7.99", "tax_rule": tax, "active": True,
            "has_variations": True, "variations": choices,
        },
    )  # fmt: skip
    student, child = (each["id"] for each in reduced["variations"])
    room = {"name": "Room", "size": size, "items": [adult, reduced["id"]]}
    pretix.ask(f"{at}/quotas/", {**room, "variations": [student, child]})
    cheap = {"name": "Cheap", "size": size // 2, "items": [reduced["id"]]}
    pretix.ask(f"{at}/quotas/", {**cheap, "variations": [student, child]})
    for voucher in (
        {"code": "FRIENDS", "max_usages": 10, "price_mode": "percent", "value": "12.50"},
        {"code": "PRESS", "max_usages": 2, "price_mode": "set", "value": "0.00", "item": adult,
         "block_quota": True},
    ):  # fmt: skip
        pretix.ask(f"{at}/vouchers/", {"quota": None, "item": None, **voucher})
    return {"adult": adult, "reduced": reduced["id"], "student": student, "child": child}


def order(ids: dict[str, Any], number: int) -> dict[str, Any]:
    """Of twelve, ten are paid and two wait for their money; some have a fee."""
    positions = [_position(1, ids["adult"])]
    if number % 3:
        positions.append(_position(2, ids["reduced"], ids["student" if number % 2 else "child"]))
    paid = number % 6 != 5
    body: dict[str, Any] = {
        "email": f"guest{number}@example.org", "locale": "en", "sales_channel": "web",
        "status": "p" if paid else "n", "positions": positions,
        "payment_provider": "manual", "send_email": False,
        "invoice_address": {"name_parts": {"_scheme": "full", "full_name": f"Guest {number}"}},
    }  # fmt: skip
    if number % 4 == 1:
        fee = {"fee_type": "service", "value": "1.50", "description": "Service"}
        body["fees"] = [fee | {"internal_type": "", "tax_rule": None}]
    return body


def _position(number: int, item: int, variation: int | None = None) -> dict[str, Any]:
    return {"positionid": number, "item": item, "variation": variation, "answers": []}


def cancel(pretix: Pretix, code: str, slug: str = EVENT) -> None:
    pretix.ask(f"events/{slug}/orders/{code}/mark_canceled/", {"send_email": False})


def check_in(pretix: Pretix, secret: str, slug: str = EVENT) -> None:
    lists = pretix.ask(f"events/{slug}/checkinlists/")["results"]
    found = lists[0] if lists else pretix.ask(
        f"events/{slug}/checkinlists/", {"name": "Door", "all_products": True}
    )  # fmt: skip
    answer = pretix.ask(
        "checkinrpc/redeem/", {"secret": secret, "lists": [found["id"]], "force": True}
    )
    assert answer["status"] == "ok", answer


__all__ = ["EVENT", "ORGANISER", "cancel", "check_in", "night", "order"]
