"""One night at the cinema, for the tests of ticketing: its hall, its types, and short commands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from roadcase.decider import Command, Event
from roadcase.money import Money
from roadcase.projection import Key, Projection, Row, Stamp
from roadcase.testing.spec import Spec
from services.ticketing.commands import (
    ChangeBoxOffice,
    ConfirmOrder,
    HoldTickets,
    OpenBoxOffice,
    SellTickets,
)
from services.ticketing.domain import BOX_OFFICE

NIGHT = "night-1"
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
SEED = "5eed" * 8

office = Spec(BOX_OFFICE)


def ticket_type(id_: str = "standard", price: str = "12.00 EUR", **terms: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "name": id_.title(),
        "price": price,
        "seller": "house",
        "draws": ["hall"],
        **terms,
    }


def opening(
    *types: dict[str, Any], pools: dict[str, int] | None = None, **about: Any
) -> OpenBoxOffice:
    return OpenBoxOffice(
        occurrence=NIGHT,
        **{
            "name": "Metropolis",
            "starts_at": "2026-06-05T20:30",
            "ends_at": "2026-06-05T23:00",
            "zone": "Europe/Berlin",
            **about,
        },
        pools={"hall": 4} if pools is None else pools,
        ticket_types=types or (ticket_type(),),
    )


def changing(**what: Any) -> ChangeBoxOffice:
    return ChangeBoxOffice(occurrence=NIGHT, **what)


def lines(*wanted: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"ticket_type": id_, "quantity": quantity} for id_, quantity in wanted]


def holding(hold: str, *wanted: tuple[str, int], **more: Any) -> HoldTickets:
    wanted = wanted or (("standard", 1),)
    return HoldTickets(
        occurrence=NIGHT, hold=hold, lines=lines(*wanted), **{"subject": "ana", **more}
    )


def confirming(order: str, hold: str, amount: str = "12.00 EUR", **more: Any) -> ConfirmOrder:
    return ConfirmOrder(
        occurrence=NIGHT,
        order=order,
        hold=hold,
        payment_reference="paid-1",
        amount=amount,
        code_seed=SEED,
        **more,
    )


def selling(
    order: str, *wanted: tuple[str, int], amount: str = "12.00 EUR", **more: Any
) -> SellTickets:
    wanted = wanted or (("standard", 1),)
    return SellTickets(
        occurrence=NIGHT,
        order=order,
        lines=lines(*wanted),
        payment_reference="paid-1",
        amount=amount,
        code_seed=SEED,
        **{"subject": "ana", **more},
    )


def history(*asked: Command | tuple[Command, datetime]) -> tuple[Event, ...]:
    """What these commands become, one after the other: at noon, or at a moment of their own."""
    state, events = BOX_OFFICE.initial(), []
    for each in asked:
        command, at = each if isinstance(each, tuple) else (each, NOON)
        events += BOX_OFFICE.decided(state, command, at)
    return tuple(events)


def after(*asked: Command | tuple[Command, datetime]) -> Spec:
    return office.given(*history(*asked))


def become(spec: Spec) -> tuple[Event, ...]:
    return spec.decider.decided(spec.decider.fold(spec.history), spec.command, spec.at)


def names(events: Iterable[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def facts(spec: Spec, why: type[Exception]) -> dict[str, object]:
    """The facts with which it is refused."""
    try:
        become(spec)
    except why as refusal:
        return refusal.facts  # type: ignore[attr-defined]
    raise AssertionError(f"not refused with {why.__name__}")


EUR = Money(1200, "EUR")


def at_position(position: int, event: Event, at: datetime = NOON) -> Stamp:
    return Stamp(
        position, f"t1/box-office/{getattr(event, 'occurrence', NIGHT)}", "t1", at, "tester"
    )


def table(projection: Projection, events: Iterable[Event]) -> dict[Key, dict[str, Any]]:
    """The rows that these events fold to, each stored and loaded again after every event."""
    rows: dict[Key, Any] = {}
    hears = projection.hears
    for position, event in enumerate(events, 1):
        for key_of, fold in hears.get(type(event), ()):
            key = key_of(event)
            if key is None:
                continue
            row = fold(rows.get(key), event, at_position(position, event))
            rows[key] = _stored(row, projection)
    return {key: row for key, row in rows.items() if row is not None}


def _stored(row: Row | None, projection: Projection) -> dict[str, Any] | None:
    """As it comes back: what is not of a column's own type has been JSON."""
    if row is None:
        return None
    columns = re.findall(r"[(,]\s*(\w+) (\w+)", projection.schema.partition("PRIMARY KEY")[0])
    kinds = dict(columns)
    assert set(kinds) - {"tenant"} == set(row), "a column has no value or the other way round"
    return {
        name: msgspec.json.decode(msgspec.json.encode(value)) if kinds[name] == "jsonb" else value
        for name, value in row.items()
    }
