"""What is left: for each occurrence its pools and ticket types, and what is held and sold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple

import msgspec

from roadcase.allocation import times, total
from roadcase.decider import Event
from roadcase.money import Money
from roadcase.projection import Fold, Keyed, Row, Stamp
from services.ticketing.domain.pricing import bundle_fee, guest_fee, prices
from services.ticketing.events import (
    BoxOfficeChanged,
    BoxOfficeOpened,
    CapacitySet,
    ChannelOpened,
    ChannelPaused,
    HoldEnded,
    TicketCancelled,
    TicketRefunded,
    TicketsHeld,
    TicketSold,
    TicketTypeSet,
)
from services.ticketing.projections import counts
from services.ticketing.projections.counts import there

_ABOUT = ("occurrence", "name", "starts_at", "ends_at", "zone")
_occurrence = attrgetter("occurrence")


class Cost(NamedTuple):
    """What a guest pays for each: a price, and a fee on top. `lowest`: they may say the price."""

    quantity: int
    price: Money
    fee: Money | None
    tier: str | None
    lowest: Money | None

    @property
    def total(self) -> Money:
        return self.price if self.fee is None else self.price + self.fee


class Availability:
    """One row for each occurrence. Read by the shop, tills and partners.

    `pools`: by id, `capacity held sold kept waited`. `types`: by id, the fields of TicketTypeSet,
    how many tickets are `held` and `sold`, `taken` at each price level, and since when places are
    given back, `no_show_set_at`. What is left of a type follows from its pools: `left`; what it
    costs now from its levels: `cost`. `paused`: sales channels.
    """

    name: ClassVar[str] = "availability"
    key: ClassVar[tuple[str, ...]] = ("occurrence",)
    schema: ClassVar[str] = """
        CREATE TABLE availability (
            tenant text, occurrence text, name text NOT NULL,
            starts_at timestamp NOT NULL, ends_at timestamp NOT NULL, zone text NOT NULL,
            pools jsonb NOT NULL, types jsonb NOT NULL, paused jsonb NOT NULL,
            PRIMARY KEY (tenant, occurrence))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            BoxOfficeOpened: _described,
            BoxOfficeChanged: _described,
            CapacitySet: _sized,
            TicketTypeSet: _offered,
            TicketsHeld: _held,
            HoldEnded: _ended,
            TicketSold: _sold,
            TicketCancelled: _void,
            TicketRefunded: _void,
            ChannelPaused: _paused,
            ChannelOpened: _opened,
            **dict.fromkeys(counts.RESERVED, _reserved),
        }
        return {event: [(_occurrence, fold)] for event, fold in folds.items()}

    @staticmethod
    def left(row: Row, ticket_type: str) -> int:
        """How many tickets of a type its pools allow, whatever its sale window and limits say."""
        pools, draws = row["pools"], _draws(row["types"], ticket_type)
        return min(counts.free(pools[pool]) // int(units) for pool, units in draws.items())

    @staticmethod
    def cost(row: Row, ticket_type: str, at: datetime) -> Cost:
        """What the next ticket of a type costs, or what is suggested to pay for it."""
        return Availability.costs(row, ticket_type, 1, at)[0]

    @staticmethod
    def costs(
        row: Row, ticket_type: str, quantity: int, at: datetime, said: Money | None = None
    ) -> list[Cost]:
        """What so many cost, cheapest first. `said`: what a buyer wants to pay for each."""
        kind = row["types"][ticket_type]
        offer = terms(row, ticket_type)
        found = prices(offer, quantity, said, at, lambda level: kind["taken"].get(level, 0))
        return [
            Cost(each.quantity, each.price, _fee(row, offer, each.price), each.tier, offer.lowest)
            for each in found
        ]


def terms(row: Row, id_: str) -> TicketTypeSet:
    """A ticket type as the rules know it."""
    kind = row["types"][id_]
    fields = {name: kind[name] for name in TicketTypeSet.__struct_fields__ if name in kind}
    known = {"occurrence": row["occurrence"], "ticket_type": id_}
    return msgspec.convert(fields | known, TicketTypeSet)


def _fee(row: Row, offer: TicketTypeSet, price: Money) -> Money | None:
    if not offer.bundle:
        return guest_fee(offer, price)
    return bundle_fee(offer, price, {id_: terms(row, id_) for id_ in offer.bundle})


def open_to_all(row: Row) -> list[str]:
    """The ticket types that nobody needs a code to see, if they are for sale at all."""
    return open_to(row, "")


def open_to(row: Row, code: str) -> list[str]:
    """The ticket types that are for sale and seen by who has this code, or none."""
    types = row["types"].items()
    return [id_ for id_, kind in types if kind["active"] and _sees(kind, code)]


def _sees(kind: Mapping[str, Any], code: str) -> bool:
    return not kind.get("unlocked_by") or code in kind["unlocked_by"]


def _draws(types: Mapping[str, Any], id_: str) -> Mapping[str, int]:
    """What one takes: of a bundle, all that its tickets take together."""
    bundle = types[id_].get("bundle")
    if not bundle:
        draws: Mapping[str, int] = types[id_]["draws"]
        return draws
    return total(times(types[part]["draws"], units) for part, units in bundle.items())


def _described(row: Row | None, event: BoxOfficeOpened | BoxOfficeChanged, _stamp: Stamp) -> Row:
    before: Row = row or {"pools": {}, "types": {}, "paused": []}
    return {**before, **{name: getattr(event, name) for name in _ABOUT}}


def _sized(row: Row | None, event: CapacitySet, _stamp: Stamp) -> Row:
    new = there(row)
    new["pools"] = counts.resized(new["pools"], event)
    return new


def _offered(row: Row | None, event: TicketTypeSet, stamp: Stamp) -> Row:
    new = there(row)
    before = new["types"].get(event.ticket_type, {"held": 0, "sold": 0, "taken": {}})
    fields = {
        name: msgspec.to_builtins(getattr(event, name))
        for name in event.__struct_fields__
        if name not in {"occurrence", "ticket_type"}
    }
    if event.no_show_after != before.get("no_show_after"):
        fields["no_show_set_at"] = stamp.at.isoformat()
    new["types"] = {**new["types"], event.ticket_type: {**before, **fields}}
    return new


def _held(row: Row | None, event: TicketsHeld, _stamp: Stamp) -> Row:
    new = there(row)
    new["pools"] = counts.held(new["pools"], event)
    for line in event.lines:
        new["types"] = _counted(new["types"], line.ticket_type, line.tier, held=line.quantity)
    return new


def _ended(row: Row | None, event: HoldEnded, _stamp: Stamp) -> Row:
    new = there(row)
    new["pools"] = counts.ended(new["pools"], event)
    for line in event.lines:
        new["types"] = _counted(new["types"], line.ticket_type, line.tier, held=-line.quantity)
    return new


def _sold(row: Row | None, event: TicketSold, _stamp: Stamp) -> Row:
    new = there(row)
    new["pools"] = counts.sold(new["pools"], event)
    new["types"] = _counted(new["types"], event.ticket_type, event.tier, sold=1)
    return new


def _void(row: Row | None, event: TicketCancelled | TicketRefunded, _stamp: Stamp) -> Row:
    new = there(row)
    if event.draws:
        new["pools"] = counts.given_back(new["pools"], event)
        new["types"] = _counted(new["types"], event.ticket_type, sold=-1)
    return new


def _paused(row: Row | None, event: ChannelPaused, _stamp: Stamp) -> Row:
    new = there(row)
    return {**new, "paused": [*new["paused"], event.channel]}


def _opened(row: Row | None, event: ChannelOpened, _stamp: Stamp) -> Row:
    new = there(row)
    return {**new, "paused": [each for each in new["paused"] if each != event.channel]}


def _reserved(row: Row | None, event: Any, _stamp: Stamp) -> Row:
    new = there(row)
    new["pools"] = counts.reserved(new["pools"], event)
    return new


def _counted(
    types: Mapping[str, Any], id_: str, tier: str | None = None, *, held: int = 0, sold: int = 0
) -> dict[str, Any]:
    """Levels count what is held and what was ever sold."""
    one = {**types[id_]}
    one["held"] += held
    one["sold"] += sold
    if tier is not None:
        one["taken"] = {**one["taken"], tier: one["taken"].get(tier, 0) + held + sold}
    return {**types, id_: one}
