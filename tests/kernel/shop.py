"""A small shop for the kernel's tests: units of one thing, held for a minute, sold, counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import Field

from roadcase.decider import Command, Decider, Event
from roadcase.errors import Refused
from roadcase.projection import Row, Stamp

HOLD_FOR = timedelta(seconds=60)


class SoldOut(Refused):
    """Nothing is left."""

    code = "shop.sold_out"


class Open(Command):
    shop: str
    capacity: int


class Sell(Command):
    shop: str
    order: str
    units: int = Field(default=1, ge=1)
    note: str = ""


class Take(Command):
    shop: str
    hold: str
    units: int = 1
    seconds: float = 60.0


class Expire(Command):
    shop: str


class Break(Command):
    shop: str
    how: str


class Opened(Event, frozen=True, kw_only=True):
    topic = "shop.opened.v1"

    shop: str
    capacity: int


class Sold(Event, frozen=True, kw_only=True):
    topic = "shop.sold.v1"

    shop: str
    order: str
    units: int
    note: str = ""


class Held(Event, frozen=True, kw_only=True):
    topic = "shop.held.v1"

    shop: str
    hold: str
    units: int
    until: datetime


class HoldEnded(Event, frozen=True, kw_only=True):
    topic = "shop.hold_ended.v1"

    shop: str
    hold: str
    units: int


@dataclass
class Shop:
    capacity: int = 0
    sold: int = 0
    held: int = 0
    orders: set[str] = field(default_factory=set)
    holds: dict[str, Held] = field(default_factory=dict)


def open_(shop: Shop, cmd: Open, _at: datetime) -> Iterator[Event]:
    if not shop.capacity:
        yield Opened(shop=cmd.shop, capacity=cmd.capacity)


def sell(shop: Shop, cmd: Sell, at: datetime) -> Iterator[Event]:
    dead = list(expire(shop, None, at))
    yield from dead
    if shop.capacity - shop.sold - shop.held + sum(each.units for each in dead) < cmd.units:
        raise SoldOut(shop=cmd.shop)
    yield Sold(shop=cmd.shop, order=cmd.order, units=cmd.units, note=cmd.note)


def take(shop: Shop, cmd: Take, at: datetime) -> Iterator[Event]:
    if cmd.hold in shop.holds:
        return
    if shop.capacity - shop.sold - shop.held < cmd.units:
        raise SoldOut(shop=cmd.shop)
    until = at + timedelta(seconds=cmd.seconds)
    yield Held(shop=cmd.shop, hold=cmd.hold, units=cmd.units, until=until)


def expire(shop: Shop, _cmd: Expire | None, at: datetime) -> Iterator[HoldEnded]:
    for hold in shop.holds.values():
        if hold.until <= at:
            yield HoldEnded(shop=hold.shop, hold=hold.hold, units=hold.units)


def break_(_shop: Shop, cmd: Break, _at: datetime) -> Iterator[Event]:
    if cmd.how == "decide":
        raise ZeroDivisionError("a bug in a rule")
    yield Sold(shop=cmd.shop, order="broken", units=-1)


def evolve(shop: Shop, event: Event) -> None:
    match event:
        case Opened():
            shop.capacity = event.capacity
        case Sold():
            if event.units < 0:
                raise ZeroDivisionError("a bug in evolve")
            shop.sold += event.units
            shop.orders.add(event.order)
        case Held():
            shop.held += event.units
            shop.holds[event.hold] = event
        case HoldEnded():
            shop.held -= event.units
            del shop.holds[event.hold]


def deadline(shop: Shop) -> datetime | None:
    return min((hold.until for hold in shop.holds.values()), default=None)


SHOP = Decider(
    category="shop",
    key="shop",
    initial=Shop,
    evolve=evolve,
    events=[Opened, Sold, Held, HoldEnded],
    commands={Open: open_, Sell: sell, Take: take, Expire: expire, Break: break_},
    deadline=deadline,
    on_due=lambda shop: Expire(shop=shop),
)


class Totals:
    """Units sold and orders per shop."""

    name = "totals"
    key = ("shop",)
    schema = """
        CREATE TABLE totals (
            tenant text, shop text, capacity int, sold int, orders int, last text,
            at timestamptz, PRIMARY KEY (tenant, shop))
    """

    @property
    def hears(self):
        return {Opened: [(_shop, _opened)], Sold: [(_shop, _sold)]}


class Orders:
    """One row per order."""

    name = "orders"
    key = ("shop", "number")
    schema = """
        CREATE TABLE orders (
            tenant text, shop text, number text, units int, PRIMARY KEY (tenant, shop, number))
    """

    @property
    def hears(self):
        return {Sold: [(lambda event: (event.shop, event.order), _order)]}


def _shop(event: Opened | Sold) -> str:
    return event.shop


def _opened(_row: Row | None, event: Opened, stamp: Stamp) -> Row:
    return {"capacity": event.capacity, "sold": 0, "orders": 0, "last": None, "at": stamp.at}


def _sold(row: Row | None, event: Sold, stamp: Stamp) -> Row | None:
    if event.note == "poison":
        raise ZeroDivisionError("a bug in a fold")
    if row is None:
        return None
    return {
        **row,
        "sold": row["sold"] + event.units,
        "orders": row["orders"] + 1,
        "last": event.order,
        "at": stamp.at,
    }


def _order(_row: Row | None, event: Sold, _stamp: Stamp) -> Row:
    return {"units": event.units}
