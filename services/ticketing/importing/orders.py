"""Orders of pretix as orders here: one for each occurrence that it has tickets of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from roadcase.keyring import Contact
from roadcase.money import Money
from services.ticketing.commands import ImportedFee, ImportedTicket
from services.ticketing.importing import words
from services.ticketing.importing.offers import Night, type_id

Json = dict[str, Any]
PENDING: Final = "n"
PAID: Final = "p"
EXPIRED: Final = "e"


class Scan(NamedTuple):
    """Somebody was let in or out there."""

    id: int
    position: str
    leaves: bool
    at: datetime


class Taken(NamedTuple):
    """One order, ready to be asked for; `contact` is not sealed yet."""

    order: str
    reference: str
    sold_at: datetime
    payment_reference: str
    tickets: tuple[ImportedTicket, ...]
    fees: tuple[ImportedFee, ...]
    until: datetime | None
    contact: Contact | None
    changed: str
    scans: tuple[Scan, ...]


def take(night: Night, order: Json, hashed: Callable[[str], str]) -> Taken | None:
    """None: nothing of it was ever sold or is kept for this occurrence."""
    code = order["code"]
    if order.get("testmode"):
        night.differ("orders in test mode stay where they are")
        return None
    own = [each for each in order["positions"] if _is_of(night, each)]
    tickets = tuple(
        _ticket(night, order, each, state, hashed)
        for each in own
        if (state := _state(order, each)) is not None
    )
    if not tickets:
        return None
    first = _is_of(night, order["positions"][0])
    return Taken(
        order=words.id_of("px", code),
        reference=code,
        sold_at=datetime.fromisoformat(order["datetime"]).astimezone(UTC),
        payment_reference=words.text(order["payment_provider"], "pretix"),
        tickets=tickets,
        fees=tuple(_fees(night, order)) if first and order["status"] == PAID else (),
        until=words.moment(order["expires"]),
        contact=_contact(order),
        changed=order["last_modified"],
        scans=tuple(_scans(own)),
    )


def _is_of(night: Night, position: Json) -> bool:
    return bool(position["subevent"] == (night.subevent["id"] if night.subevent else None))


def _state(order: Json, position: Json) -> Any:
    """What its ticket is; None for one that was never paid and keeps nothing."""
    paid = order["status"] == PAID or _amount(order["payments"], "confirmed") > 0
    if order["status"] == PENDING and order.get("valid_if_pending"):
        paid = True
    if order["status"] in {PENDING, EXPIRED} and not paid:
        waits = order["status"] == PENDING and not position["canceled"]
        return "held" if waits else None
    if order["status"] == "c" or position["canceled"]:
        if not paid:
            return None
        given_back = _amount(order["refunds"], "done")
        whole = given_back >= _amount(order["payments"], "confirmed", "refunded") > 0
        return "refunded" if order["status"] == "c" and whole else "cancelled"
    return "valid" if order["status"] == PAID or order.get("valid_if_pending") else "held"


def _amount(payments: list[Json], *states: str) -> float:
    return sum(float(each["amount"]) for each in payments if each["state"] in states)


def _ticket(
    night: Night, order: Json, position: Json, state: Any, hashed: Callable[[str], str]
) -> ImportedTicket:
    parents = {each["id"]: each["positionid"] for each in order["positions"]}
    parent = parents.get(position["addon_to"])
    for field, what in _NOT_TAKEN.items():
        if position.get(field):
            night.differ(what)
    return ImportedTicket(
        position=str(position["positionid"]),
        ticket_type=type_id(position["item"], position["variation"]),
        price=words.money(position["price"], night.currency),
        tax=words.money(position["tax_value"], night.currency),
        rate=words.rate(position["tax_rate"]),
        tax_code=words.id_of(position["tax_code"]) if position.get("tax_code") else None,
        secret=hashed(position["secret"]),
        state=state,
        addon_to=str(parent) if parent else None,
    )


_NOT_TAKEN: Final = {
    "seat": "seats of tickets are not taken over",
    "answers": "answers to questions are not taken over",
    "valid_from": "validity of single tickets is not taken over",
    "blocked": "blocked tickets are valid here",
}


def _fees(night: Night, order: Json) -> list[ImportedFee]:
    found = []
    for fee in order["fees"]:
        if fee["canceled"]:
            continue
        price = words.money(fee["value"], night.currency)
        if price.minor < 0:
            night.differ(f"order {order['code']} has a fee below zero, which is not taken over")
            continue
        found.append(
            ImportedFee(
                kind=words.id_of(fee["fee_type"]),
                price=price,
                tax=words.money(fee["tax_value"], night.currency),
                rate=words.rate(fee["tax_rate"]),
                tax_code=words.id_of(fee["tax_code"]) if fee.get("tax_code") else None,
            )
        )
    return found


def _contact(order: Json) -> Contact | None:
    address = order.get("invoice_address") or {}
    contact = Contact(
        email=order["email"] or "", phone=order["phone"] or "", name=address.get("name") or ""
    )
    return contact if contact.email or contact.phone else None


def _scans(positions: list[Json]) -> list[Scan]:
    """In their order, without those that change nothing: there may be several lists."""
    found: list[Scan] = []
    for position in positions:
        inside = False
        for each in sorted(position["checkins"], key=lambda scan: str(scan["datetime"])):
            leaves = each["type"] == "exit"
            if leaves == inside:
                at = datetime.fromisoformat(each["datetime"]).astimezone(UTC)
                found.append(Scan(each["id"], str(position["positionid"]), leaves, at))
                inside = not leaves
    return found


def units(night: Night, orders: list[Taken], at: datetime) -> Counter[str]:
    """What valid tickets and live holds take of each pool."""
    draws = {each.id: each.draws for each in night.types()}
    taken: Counter[str] = Counter()
    for order in orders:
        for each in order.tickets:
            alive = each.state == "held" and order.until is not None and order.until > at
            if each.state == "valid" or alive:
                taken.update(draws[each.ticket_type])
    return taken


def total_of(order: Taken) -> Money | None:
    """What is paid for its valid tickets and its fees."""
    prices = [each.price for each in order.tickets if each.state == "valid"]
    prices += [each.price for each in order.fees]
    return sum(prices[1:], start=prices[0]) if prices else None
