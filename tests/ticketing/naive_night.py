"""The night that the naive model is compared on: every kind of ticket type, few units of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.ticketing.night import NOON, opening, ticket_type

SOON = NOON + timedelta(minutes=20)
OPENING = opening(
    ticket_type(
        per_order_max=4,
        per_person_max=5,
        levels=[{"id": "early", "price": "10.00 EUR", "quantity": 2}],
        fee={"fixed": "0.50 EUR"},
        policy="fair",
    ),
    ticket_type(
        "lounge",
        "20.00 EUR",
        draws={"hall": 1, "sofa": 2},
        levels=[{"id": "now", "price": "16.00 EUR", "until": SOON}],
        fee={"permille": 50},
        policy="fair",
    ),
    ticket_type("child", "0.00 EUR", per_person_max=2),
    ticket_type("gift", "8.00 EUR", lowest="2.00 EUR", admits=2),
    ticket_type("crew", "5.00 EUR", unlocked_by=["CREW"]),
    ticket_type("club", "9.00 EUR", sale_from=SOON, presales=[{"members": True}]),
    ticket_type("supper", "15.00 EUR", draws=["kitchen"], addon_to={"standard": [0, 1]}),
    ticket_type("adult", "14.00 EUR", fee={"permille": 50, "borne_by": "organiser"}),
    ticket_type("kid", "7.00 EUR"),
    ticket_type("family", "18.00 EUR", draws={}, bundle={"adult": 1, "kid": 1}),
    ticket_type("workshop", "40.00 EUR", draws=["lab"], approval=True),
    pools={"hall": 9, "sofa": 4, "kitchen": 2, "lab": 2},
    per_order_max=6,
)
TYPES = [each.id for each in OPENING.ticket_types]
WAITED = ["standard", "lounge", "child", "kid"]
CODES = ["V", "V", "KEEP", "CREW", "PRESS", "NOBODY"]
STEPS = [
    {"hours": 100, "permille": 0},
    {"hours": 24, "permille": 125, "fixed": "1.00 EUR"},
]


def line(wanted: tuple[str, int], price: int | None) -> dict[str, Any]:
    id_, quantity = wanted
    said = {"price": {"minor": price, "currency": "EUR"}} if id_ == "gift" and price else {}
    return {"ticket_type": id_, "quantity": quantity, **said}
