"""What pretix answers about a small series of two dates, as the tests of the import need it."""

from __future__ import annotations

from functools import partial
from typing import Any

from services.ticketing import codes

KEY = b"k" * 32
HASHED = partial(codes.elsewhere, KEY, "acme")
Json = dict[str, Any]


def event(**more: Any) -> Json:
    return {
        "slug": "walk", "name": {"de": "Fotorundgang"}, "currency": "EUR",
        "timezone": "Europe/Berlin", "has_subevents": False, "testmode": False,
        "date_from": "2026-10-24T22:30:00Z", "date_to": None,
        "presale_start": None, "presale_end": "2026-10-24T20:00:00Z", **more,
    }  # fmt: skip


def subevent(id_: int, day: str) -> Json:
    return {
        "id": id_, "name": {"en": f"Walk {id_}"}, "date_from": f"{day}T18:00:00Z",
        "date_to": f"{day}T20:00:00Z", "presale_start": None, "presale_end": None,
        "item_price_overrides": [{"item": 1, "price": "20.00", "disabled": False}],
        "variation_price_overrides": [],
    }  # fmt: skip


def item(id_: int = 1, **more: Any) -> Json:
    return {
        "id": id_, "name": {"en": f"Ticket {id_}"}, "active": True, "default_price": "23.00",
        "free_price": False, "available_from": None, "available_until": None,
        "require_voucher": False, "hide_without_voucher": False, "require_bundling": False,
        "min_per_order": None, "max_per_order": 4, "has_variations": False, "variations": [],
        "addons": [], "bundles": [], "require_approval": False, "grant_membership_type": None,
        "issue_giftcard": False, **more,
    }  # fmt: skip


def variation(id_: int, price: str | None) -> Json:
    return {"id": id_, "value": {"en": f"V{id_}"}, "default_price": price, "active": True}


def quota(id_: int, size: int | None, items: list[int], **more: Any) -> Json:
    return {
        "id": id_, "name": f"Q{id_}", "size": size, "items": items, "variations": [],
        "subevent": None, "closed": False, **more,
    }  # fmt: skip


def voucher(code: str, **more: Any) -> Json:
    return {
        "code": code, "max_usages": 10, "redeemed": 3, "min_usages": 1, "valid_until": None,
        "block_quota": False, "price_mode": "none", "value": None, "item": None,
        "variation": None, "quota": None, "subevent": None, "budget": None,
        "budget_used": "0.00", **more,
    }  # fmt: skip


def position(number: int, price: str = "23.00", **more: Any) -> Json:
    return {
        "id": 100 + number, "positionid": number, "item": 1, "variation": None, "price": price,
        "tax_rate": "19.00", "tax_value": "3.67", "tax_code": "S/standard", "canceled": False,
        "secret": f"secret-{number}-{more.get('item', 1)}", "addon_to": None, "subevent": None,
        "checkins": [], "seat": None, "answers": [], "valid_from": None, "blocked": None, **more,
    }  # fmt: skip


def order(code: str, status: str = "p", *positions: Json, **more: Any) -> Json:
    own = list(positions) or [position(1)]
    total = f"{sum(float(each['price']) for each in own if not each['canceled']):.2f}"
    state = {"p": "confirmed", "c": "confirmed"}.get(status, "created")
    return {
        "code": code, "status": status, "testmode": False, "email": f"{code}@example.org",
        "phone": None, "datetime": "2026-09-01T10:00:00Z", "expires": "2026-12-01T22:59:59Z",
        "payment_provider": "manual", "positions": own, "fees": [], "total": total,
        "last_modified": "2026-09-02T10:00:00Z", "valid_if_pending": False,
        "invoice_address": {"name": "Ana"}, "refunds": [],
        "payments": [{"state": state, "amount": total}], **more,
    }  # fmt: skip


def export(*orders: Json, **more: Any) -> Json:
    """One event as it is saved."""
    return {
        "organiser": "kino.de", "event": event(), "subevents": [], "items": [item()],
        "quotas": [quota(7, 10, [1])], "vouchers": [], "orders": list(orders), **more,
    }  # fmt: skip
