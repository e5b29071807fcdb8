"""What is sold in pretix as what is sold here: quotas are pools, items and variations are types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from pydantic import ValidationError

from roadcase.errors import Invalid
from services.ticketing.commands import OpenBoxOffice, SetVoucher, TicketType
from services.ticketing.importing import words

Json = dict[str, Any]
UNLIMITED: Final = 10_000_000
REST: Final = "no-quota"  # the pool of what is in no quota: it cannot be sold, and was
LENGTH: Final = timedelta(hours=4)  # of a night whose end nobody wrote down


class Night:
    """One occurrence: an event of pretix, or one date of a series."""

    def __init__(self, found: Json, subevent: Json | None) -> None:
        event = found["event"]
        self.found = found
        self.subevent = subevent
        self.event: Json = event
        self.at: Json = subevent or event
        self.currency: str = event["currency"]
        slug = event["slug"]
        self.occurrence = words.id_of(slug, subevent["id"]) if subevent else words.id_of(slug)
        self.seller = words.id_of(found["organiser"])
        own = subevent["id"] if subevent else None
        self.quotas = [each for each in found["quotas"] if each["subevent"] == own]
        self.differences: list[str] = []

    def differ(self, what: str) -> None:
        if what not in self.differences:
            self.differences.append(what)

    def draws(self, item: int, variation: int | None) -> dict[str, int]:
        """A ticket takes a unit of every quota that it is in."""
        found = {
            words.id_of("quota", each["id"]): 1
            for each in self.quotas
            if item in each["items"] and (variation is None or variation in each["variations"])
        }
        return found or {REST: 1}

    def types(self) -> list[TicketType]:
        return [
            self._type(item, variation)
            for item in self.found["items"]
            for variation in (item["variations"] if item["has_variations"] else (None,))
        ]

    def _type(self, item: Json, variation: Json | None) -> TicketType:
        of = variation or {}
        self._name_rules(item)
        name = words.text(item["name"], "Ticket")
        if variation:
            name = f"{name}: {words.text(variation['value'], 'Variation')}"[: words.NAME]
        price, off = self._price(item, variation)
        draws = self.draws(item["id"], of.get("id"))
        hidden = item["require_voucher"] or item["hide_without_voucher"] or item["require_bundling"]
        active = item["active"] and of.get("active", True) and not off and REST not in draws
        if hidden and active:
            self.differ(
                f"“{name}” is only sold with a voucher or a bundle there: it is not on sale"
            )
        most = item["max_per_order"]
        least = item["min_per_order"] or 1
        return TicketType(
            id=type_id(item["id"], of.get("id")),
            name=name,
            price=price,
            lowest=price if item["free_price"] else None,
            seller=self.seller,
            draws=draws,
            sale_from=words.moment(of.get("available_from") or item["available_from"])
            or words.moment(self.at["presale_start"]),
            sale_until=words.moment(of.get("available_until") or item["available_until"])
            or words.moment(self.at["presale_end"]),
            per_order_min=min(least, most) if most else least,
            per_order_max=most,
            active=bool(active and not hidden),
        )

    def _price(self, item: Json, variation: Json | None) -> tuple[Any, bool]:
        price = item["default_price"]
        if variation and variation["default_price"] is not None:
            price = variation["default_price"]
        kind = "variation" if variation else "item"
        id_ = variation["id"] if variation else item["id"]
        off = False
        for each in (self.subevent or {}).get(f"{kind}_price_overrides", ()):
            if each[kind] == id_:
                price = each["price"] if each["price"] is not None else price
                off = bool(each.get("disabled"))
        return words.money(price, self.currency), off

    def _name_rules(self, item: Json) -> None:
        name = words.text(item["name"], "Ticket")
        for field, what in _NOT_TAKEN.items():
            if item.get(field):
                self.differ(f"“{name}”: {what}")

    def pools(self, taken: Counter[str]) -> dict[str, int]:
        """At least what is taken: what was sold above a quota was sold."""
        found: dict[str, int] = {REST: taken[REST]}
        for quota in self.quotas:
            id_ = words.id_of("quota", quota["id"])
            size = UNLIMITED if quota["size"] is None else quota["size"]
            if taken[id_] > size:
                over = taken[id_] - size
                self.differ(f"the quota “{quota['name']}” is {over} above its size")
            found[id_] = min(UNLIMITED, max(size, taken[id_]))
            if quota["closed"]:
                found[id_] = taken[id_]
                self.differ(f"the quota “{quota['name']}” is closed: nothing is left in its pool")
        return found

    def opening(self, taken: Counter[str]) -> OpenBoxOffice:
        zone = (self.subevent or {}).get("timezone") or self.event["timezone"]
        starts = words.wall(self.at["date_from"], zone)
        ends = words.wall(self.at["date_to"], zone) if self.at["date_to"] else starts
        if ends <= starts:
            ends = starts + LENGTH
            self.differ("it has no end there: it ends 4 hours after it starts")
        return OpenBoxOffice(
            occurrence=self.occurrence,
            name=words.text(self.at["name"], self.event["slug"]),
            starts_at=starts,
            ends_at=ends,
            zone=zone,
            pools=self.pools(taken),
            ticket_types=tuple(self.types()),
        )

    def vouchers(self) -> Iterator[SetVoucher]:
        for each in self.found["vouchers"]:
            if self.subevent and each["subevent"] is None:
                self.differ(f"the voucher {each['code']} is for all dates: make it for each")
            elif each["subevent"] in {None, self.at.get("id") if self.subevent else None}:
                try:
                    yield self._voucher(each)
                except (ValidationError, Invalid) as error:
                    self.differ(f"the voucher {each['code']} is not taken: {_first(error)}")

    def _voucher(self, of: Json) -> SetVoucher:
        """What is left of it: what it did there is done."""
        effect = of["price_mode"] if of["value"] is not None else "none"
        amount = words.money(of["value"], self.currency) if effect in _AMOUNTS else None
        permille = round(float(of["value"]) * 10) if effect == "percent" else 0
        if effect == "percent" and (not permille or f"{permille / 10:.2f}" != f"{of['value']}"):
            raise Invalid("its percentage has more than one decimal, or is 0")
        types = self._of(of)
        left = of["max_usages"] - of["redeemed"]
        keeps = bool(of["block_quota"] and left > 0)
        budget = None if of["budget"] is None else words.money(of["budget"], self.currency)
        if budget is not None:
            budget = budget - words.money(of["budget_used"], self.currency)
        return SetVoucher(
            occurrence=self.occurrence,
            voucher=of["code"],
            effect=effect,
            amount=amount,
            permille=permille,
            ticket_types=types,
            uses=max(1, left),
            least=max(1, of["min_usages"]),
            budget=budget,
            valid_until=words.moment(of["valid_until"]),
            keeps=keeps,
            active=left > 0,
        )

    def _of(self, voucher: Json) -> tuple[str, ...]:
        """The ticket types that it is for. None: all."""
        if voucher["quota"] is not None:
            pool = words.id_of("quota", voucher["quota"])
            return tuple(each.id for each in self.types() if pool in each.draws)
        if voucher["item"] is None:
            return ()
        if voucher["variation"] is not None:
            return (type_id(voucher["item"], voucher["variation"]),)
        return tuple(
            type_id(item["id"], each["id"] if each else None)
            for item in self.found["items"]
            if item["id"] == voucher["item"]
            for each in (item["variations"] if item["has_variations"] else (None,))
        )


_AMOUNTS: Final = frozenset({"set", "subtract"})
_NOT_TAKEN: Final = {
    "addons": "its add-ons are types of their own, sold alone",
    "bundles": "what is bundled with it is not",
    "require_approval": "its orders need no approval here",
    "grant_membership_type": "it grants no membership",
    "issue_giftcard": "it issues no gift card",
}


def type_id(item: int, variation: int | None) -> str:
    return words.id_of("item", item) if variation is None else words.id_of("item", item, variation)


def nights(found: Json) -> Sequence[Night]:
    subevents = found["subevents"] if found["event"]["has_subevents"] else [None]
    return [Night(found, each) for each in subevents]


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return str(error.errors()[0]["msg"])
    return str(error)
