"""Read models in tables, folded from events at hand, as the doors of a tenant read them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from roadcase.codec import codec_of
from roadcase.decider import Event
from roadcase.event_store.records import Meta, Record
from roadcase.outbox import MESSAGES, Outbox
from roadcase.tables import Table, typed
from roadcase.views import TenantViews, Views
from services.ticketing.domain import DECIDERS
from services.ticketing.projections import PROJECTIONS
from tests.ticketing.night import NIGHT

CODEC = codec_of((*DECIDERS, MESSAGES))
MODELS = (*PROJECTIONS, Outbox())


async def make_tables(connection: Any) -> None:
    await typed(connection)
    await connection.execute("SET ROLE ticketing_app; SET search_path = ticketing_views")
    for each in MODELS:
        await connection.execute(each.schema)
        await connection.execute(
            "INSERT INTO ticketing.projections (name, position, schema_hash) VALUES ($1, 7, '')",
            each.name,
        )


async def fold(connection: Any, tenant: str, events: Sequence[tuple[Event, datetime]]) -> None:
    records = []
    for position, (event, at) in enumerate(events, 1):
        meta = msgspec.json.encode(Meta(id=f"e{position}", at=at, actor="tester", command="c1"))
        stream, payload = f"{tenant}/box-office/{NIGHT}", CODEC.encode(event)
        records.append(Record(position, stream, position, event.topic, payload, meta, bytes(32)))
    for projection in MODELS:
        rows = Table(projection, CODEC, "ticketing_views")
        await rows.fold(connection, records)
        await rows.store(connection)


@asynccontextmanager
async def folded(
    database: str, tenant: str, events: Sequence[tuple[Event, datetime]]
) -> AsyncIterator[TenantViews]:
    """The read models of these events in their tables, as the doors of that tenant read them."""
    connection = await asyncpg.connect(database)
    try:
        if await connection.fetchval("SELECT to_regclass('ticketing_views.orders')") is None:
            await make_tables(connection)
        await typed(connection)
        await fold(connection, tenant, events)
        async with Views(database, "ticketing") as views:
            yield views.of(tenant)
    finally:
        await connection.close()
