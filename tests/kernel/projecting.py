"""Read models of the shop, counted anew in plain Python, and projectors to break."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec
from nats.aio.client import Client

from roadcase.codec import Codec
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Record, meta_of
from roadcase.progress import Progress, progress
from roadcase.projection import Projection, Row, Stamp
from roadcase.projector import Projector
from roadcase.rebuild import Rebuild, Rebuilt, rebuild_outdated
from roadcase.stream.follow import Follower
from roadcase.tables import typed
from tests.kernel.shop import SHOP, Held, HoldEnded, Opened, Orders, Sold, Totals
from tests.kernel.streaming import all_of, task_of

CODEC = Codec(SHOP.events)


class OpenHolds:
    """One row for each hold while it is open; it is gone when the hold has ended."""

    name = "open_holds"
    key = ("shop", "hold")
    schema = """
        CREATE TABLE open_holds (
            tenant text, shop text, hold text, units int NOT NULL, until timestamptz NOT NULL,
            facts jsonb NOT NULL, PRIMARY KEY (tenant, shop, hold));
        CREATE INDEX open_holds_until ON open_holds (until)
    """

    @property
    def hears(self):
        return {Held: [(_hold, _held)], HoldEnded: [(_hold, lambda _row, _event, _stamp: None)]}


def _hold(event: Any) -> tuple[str, str]:
    return event.shop, event.hold


def _held(_row: Row | None, event: Held, stamp: Stamp) -> Row:
    facts = {"units": [event.units], "when": {"ü\n": stamp.position}, "none": None, "n": 1.5}
    return {"units": event.units, "until": event.until, "facts": facts}


class Tally:
    """Rows for each sale: the shop's own, one for all shops, and one for sales of several units.

    With a log of positions in JSON.
    """

    name = "tally"
    key = ("what",)
    schema = """
        CREATE TABLE tally (tenant text, what text, sold bigint, seen jsonb,
                            PRIMARY KEY (tenant, what))
    """

    @property
    def hears(self):
        keys = (lambda event: event.shop, lambda _event: "*", _if_many)
        return {Sold: [(key, _tallied) for key in keys]}


def _if_many(event: Sold) -> str | None:
    return "many" if event.units > 1 else None


def _tallied(row: Row | None, event: Sold, stamp: Stamp) -> Row:
    row = row or {"sold": 0, "seen": []}
    return {**row, "sold": row["sold"] + event.units, "seen": [*row["seen"], stamp.position]}


MODELS: Sequence[Any] = (Totals(), Orders(), OpenHolds(), Tally())


def recount(records: list[Record]) -> dict[str, dict[tuple[str, ...], dict[str, Any]]]:
    """All four models as they must be after these records, without the kernel's help."""
    totals: dict[tuple[str, ...], dict[str, Any]] = {}
    orders: dict[tuple[str, ...], dict[str, Any]] = {}
    holds: dict[tuple[str, ...], dict[str, Any]] = {}
    tally: dict[tuple[str, ...], dict[str, Any]] = {}
    for record in records:
        tenant, event = record.stream.split("/")[0], CODEC.decode(record.topic, record.payload)
        at = meta_of(record).at
        match event:
            case Opened():
                totals[tenant, event.shop] = {
                    "capacity": event.capacity,
                    "sold": 0,
                    "orders": 0,
                    "last": None,
                    "at": at,
                }
            case Sold():
                total = totals[tenant, event.shop]
                total["sold"] += event.units
                total["orders"] += 1
                total |= {"last": event.order, "at": at}
                orders[tenant, event.shop, event.order] = {"units": event.units}
                for what in (event.shop, "*", *(["many"] if event.units > 1 else [])):
                    row = tally.setdefault((tenant, what), {"sold": 0, "seen": []})
                    row["sold"] += event.units
                    row["seen"].append(record.position)
            case Held():
                holds[tenant, event.shop, event.hold] = {
                    "units": event.units,
                    "until": event.until,
                    "facts": {
                        "units": [event.units],
                        "when": {"ü\n": record.position},
                        "none": None,
                        "n": 1.5,
                    },
                }
            case HoldEnded():
                del holds[tenant, event.shop, event.hold]
    return {"totals": totals, "orders": orders, "open_holds": holds, "tally": tally}


async def database_of(url: str) -> asyncpg.Connection:
    connection = await asyncpg.connect(url)
    await typed(connection)
    return connection


async def rows_of(connection: Any, model: Any, schema: str = "shop_views") -> dict[Any, Any]:
    found = {}
    for row in await connection.fetch(f"SELECT * FROM {schema}.{model.name}"):
        values = dict(row)
        key = (values.pop("tenant"), *(values.pop(name) for name in model.key))
        assert key not in found
        found[key] = values
    return found


async def stands(url: str) -> dict[str, Progress]:
    connection = await asyncpg.connect(url)
    try:
        return await progress(connection, "shop")
    finally:
        await connection.close()


async def assert_folded(url: str, log: EventLog, models: Sequence[Any] = MODELS) -> None:
    """Each read model is the fold of the log up to its own checkpoint, seen at one moment."""
    connection = await database_of(url)
    try:
        async with connection.transaction(isolation="repeatable_read"):
            where = await progress(connection, "shop")
            records = await all_of(log)  # after it, so that they reach as far
            for model in models:
                expected = recount(records[: where[model.name].position])[model.name]
                assert await rows_of(connection, model) == expected, model.name
    finally:
        await connection.close()


async def made(url: str, log: EventLog, models: Sequence[Any] = MODELS) -> list[Rebuilt]:
    return await rebuild_outdated(url, log, models, CODEC)


def projector_of(url: str, client: Client, log: EventLog, models: Sequence[Projection] = MODELS):
    return Projector(url, "shop", models, CODEC, Follower(client, "shop", log))


@asynccontextmanager
async def projecting(
    url: str, client: Client, log: EventLog, models: Sequence[Any] = MODELS
) -> AsyncIterator[Projector]:
    async with task_of(projector_of(url, client, log, models)) as projector:
        yield projector


async def at_head(url: str, log: EventLog, models: Sequence[Any] = MODELS) -> None:
    """Wait until these read models stand at the end of the log."""
    head = (await log.head()).position
    async with asyncio.timeout(20):
        while True:
            where = await stands(url)
            if all(where[model.name].position == head for model in models):
                return
            await asyncio.sleep(0.02)


async def rebuilt(url: str, log: EventLog, model: Any) -> Rebuilt:
    return await Rebuild(url, log, model, CODEC).swap()


async def diff(url: str, log: EventLog, model: Any) -> Rebuilt:
    return await Rebuild(url, log, model, CODEC).diff()


def sold_entry(order: str, **fields: Any) -> bytes:
    return msgspec.json.encode(Sold(shop="a", order=order, units=1, **fields))
