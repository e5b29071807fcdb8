"""What is left: for each occurrence its pools and ticket types, and what is held and sold."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar

import msgspec

from roadcase.allocation import times, total
from roadcase.decider import Event
from roadcase.projection import Fold, Keyed, Row, Stamp
from services.ticketing.events import (
    BoxOfficeChanged,
    BoxOfficeOpened,
    CapacitySet,
    HoldEnded,
    TicketCancelled,
    TicketRefunded,
    TicketsHeld,
    TicketSold,
    TicketTypeSet,
)
from services.ticketing.projections import counts
from services.ticketing.projections.counts import there

_occurrence = attrgetter("occurrence")


class Availability:
    """One row for each occurrence. Read by the shop, tills and partners.

    `pools`: by id, `capacity held sold`. `types`: by id, the fields of TicketTypeSet and how many
    tickets are `held` and `sold`. What is left of a type follows from its pools: `left`.
    """

    name: ClassVar[str] = "availability"
    key: ClassVar[tuple[str, ...]] = ("occurrence",)
    schema: ClassVar[str] = """
        CREATE TABLE availability (
            tenant text, occurrence text, name text NOT NULL,
            starts_at timestamp NOT NULL, ends_at timestamp NOT NULL, zone text NOT NULL,
            pools jsonb NOT NULL, types jsonb NOT NULL,
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
        }
        return {event: [(_occurrence, fold)] for event, fold in folds.items()}

    @staticmethod
    def left(row: Row, ticket_type: str) -> int:
        """How many tickets of a type its pools allow, whatever its sale window and limits say."""
        pools, draws = row["pools"], _draws(row["types"], ticket_type)
        return min(counts.free(pools[pool]) // int(units) for pool, units in draws.items())


def _draws(types: Mapping[str, Any], id_: str) -> Mapping[str, int]:
    """What one takes: of a bundle, all that its tickets take together."""
    bundle = types[id_].get("bundle")
    if not bundle:
        draws: Mapping[str, int] = types[id_]["draws"]
        return draws
    return total(times(types[part]["draws"], units) for part, units in bundle.items())


def _described(row: Row | None, event: BoxOfficeOpened | BoxOfficeChanged, _stamp: Stamp) -> Row:
    before: Row = row or {"pools": {}, "types": {}}
    return {**before, **{name: getattr(event, name) for name in event.__struct_fields__}}


def _sized(row: Row | None, event: CapacitySet, _stamp: Stamp) -> Row:
    new = there(row)
    new["pools"] = counts.resized(new["pools"], event)
    return new


def _offered(row: Row | None, event: TicketTypeSet, _stamp: Stamp) -> Row:
    new = there(row)
    before = new["types"].get(event.ticket_type, {"held": 0, "sold": 0})
    terms = {
        name: msgspec.to_builtins(getattr(event, name))
        for name in event.__struct_fields__
        if name not in {"occurrence", "ticket_type"}
    }
    new["types"] = {**new["types"], event.ticket_type: {**before, **terms}}
    return new


def _held(row: Row | None, event: TicketsHeld, _stamp: Stamp) -> Row:
    new = there(row)
    new["pools"] = counts.held(new["pools"], event)
    for line in event.lines:
        new["types"] = _counted(new["types"], line.ticket_type, held=line.quantity)
    return new


def _ended(row: Row | None, event: HoldEnded, _stamp: Stamp) -> Row:
    new = there(row)
    new["pools"] = counts.ended(new["pools"], event)
    for line in event.lines:
        new["types"] = _counted(new["types"], line.ticket_type, held=-line.quantity)
    return new


def _sold(row: Row | None, event: TicketSold, _stamp: Stamp) -> Row:
    new = there(row)
    new["pools"] = counts.sold(new["pools"], event)
    new["types"] = _counted(new["types"], event.ticket_type, sold=1)
    return new


def _void(row: Row | None, event: TicketCancelled | TicketRefunded, _stamp: Stamp) -> Row:
    new = there(row)
    if event.draws:
        new["pools"] = counts.given_back(new["pools"], event.draws)
        new["types"] = _counted(new["types"], event.ticket_type, sold=-1)
    return new


def _counted(types: Mapping[str, Any], id_: str, *, held: int = 0, sold: int = 0) -> dict[str, Any]:
    one = types[id_]
    return {**types, id_: {**one, "held": one["held"] + held, "sold": one["sold"] + sold}}
