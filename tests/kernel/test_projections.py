"""A read model is the fold of its log up to its checkpoint, whatever is killed, and whenever."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from nats.aio.client import Client

from roadcase.dispatch import Dispatcher
from roadcase.errors import Unavailable
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.rebuild import Rebuild
from roadcase.tables import BadFold, Table, find, store
from tests.kernel.projecting import (
    CODEC,
    MODELS,
    OpenHolds,
    Tally,
    assert_folded,
    at_head,
    database_of,
    diff,
    made,
    projecting,
    projector_of,
    rebuilt,
    recount,
    rows_of,
    stands,
)
from tests.kernel.selling import by, dispatching, ended, insist
from tests.kernel.shop import Expire, Open, Opened, Orders, Sell, Sold, Take, Totals
from tests.kernel.streaming import AT, all_of, connected_to, relaying, some, task_of

TOTALS, ORDERS = Totals(), Orders()


@pytest.fixture
async def log(database: str) -> AsyncIterator[PostgresLog]:
    await migrate(database, "shop")
    async with PostgresLog(database, "shop") as log:
        yield log


@pytest.fixture
async def client(nats_url: str) -> AsyncIterator[Client]:
    async with connected_to(nats_url) as client:
        yield client
        with suppress(Exception):
            await client.jetstream().delete_stream("EVT_shop")


@pytest.fixture
async def shop(database: str, client: Client, log: PostgresLog) -> AsyncIterator[Dispatcher]:
    """A dispatcher with its relay, on two shops of two tenants."""
    async with relaying(client, log) as relay, dispatching(database, name="shop") as dispatch:
        dispatch.on_commit.append(relay.offer)
        for tenant in ("north", "south"):
            for name in ("a", "b"):
                await dispatch(Open(shop=name, capacity=10**6), by(tenant=tenant))
        yield dispatch


async def trade(dispatch: Dispatcher, count: int, prefix: str = "o") -> None:
    """Sell, hold and let holds end, in both tenants and both shops, at once."""

    async def one(number: int) -> None:
        tenant, name = random.choice(("north", "south")), random.choice("ab")
        await dispatch(
            Sell(shop=name, order=f"{prefix}{number}", units=random.randint(1, 3)),
            by(tenant=tenant),
        )
        if number % 3 == 0:
            hold = Take(shop=name, hold=f"{prefix}{number}", seconds=-1)  # over when it begins
            await dispatch(hold, by(tenant=tenant))
        if number % 7 == 0:
            await dispatch(Expire(shop=name), by(tenant=tenant))

    await asyncio.gather(*(one(number) for number in range(count)))


@pytest.fixture
async def traffic(shop: Dispatcher) -> AsyncIterator[None]:
    """Trade that goes on for as long as the test."""

    async def go_on() -> None:
        for number in range(10**6):
            await trade(shop, 20, prefix=f"t{number}_")
            await asyncio.sleep(0.01)

    task = asyncio.create_task(go_on())
    yield
    await ended(task)


# Live ---------------------------------------------------------------------------------------------


async def test_a_read_model_is_the_fold_of_its_log(database, client, log, shop):
    await made(database, log)
    async with projecting(database, client, log):
        for _ in range(10):
            await trade(shop, 60)
            await assert_folded(database, log)  # in the middle of it
        await at_head(database, log)
    await assert_folded(database, log)
    assert {len(rows) for rows in recount(await all_of(log)).values()} != {0}


async def test_what_was_there_before_is_caught_up_with_in_batches(database, client, log, shop):
    await made(database, log, MODELS[:1])
    await trade(shop, 700)
    head = (await log.head()).position
    async with projecting(database, client, log, MODELS[:1]) as projector:
        assert await projector.reached(head, 10)
        assert projector.batches < head / 20
    await assert_folded(database, log, MODELS[:1])


async def test_a_row_that_is_not_in_memory_any_more_is_loaded_again(database, log, shop):
    await trade(shop, 300)
    connection = await database_of(database)
    try:
        await connection.execute("CREATE SCHEMA small; SET search_path = small")
        for model in MODELS:
            await connection.execute(model.schema)
            table = Table(model, CODEC, "small", limit=3)
            for record in await all_of(log):
                async with connection.transaction():
                    await table.fold(connection, [record])
                    await table.store(connection)
                table.stored()
        expected = recount(await all_of(log))
        for model in MODELS:
            assert await rows_of(connection, model, "small") == expected[model.name]
    finally:
        await connection.close()


async def test_one_question_tells_of_all_tables_which_rows_are_new(database, log, shop):
    await trade(shop, 300)
    records = await all_of(log)
    half = len(records) // 2
    connection = await database_of(database)
    try:
        await connection.execute("CREATE SCHEMA small; SET search_path = small")
        for model in MODELS:
            await connection.execute(model.schema)
        # At first no row is there, and nobody asks again; later some are, and are loaded.
        for part, asked in ((records[:half], None), (records[half:], connection)):
            tables = [Table(model, CODEC, "small") for model in MODELS]
            work = [table.work(part, {}) for table in tables]
            async with connection.transaction():
                await find(connection, zip(tables, work, strict=True))
                for table, each in zip(tables, work, strict=True):
                    await table.do(asked, each)
                await store(connection, tables)
        expected = recount(records)
        for model in MODELS:
            assert await rows_of(connection, model, "small") == expected[model.name]
    finally:
        await connection.close()


async def test_tenants_never_mix(database, client, log, shop):
    await made(database, log)
    async with projecting(database, client, log):
        for number, tenant in enumerate(["north", "south", "south"]):
            await shop(Sell(shop="a", order="same", units=number + 1), by(tenant=tenant))
        await at_head(database, log)
    await assert_folded(database, log)
    connection = await database_of(database)
    orders = await rows_of(connection, ORDERS)
    await connection.close()
    assert orders == {("north", "a", "same"): {"units": 1}, ("south", "a", "same"): {"units": 3}}


async def test_reached_waits_for_a_position_and_knows_it_after_a_restart(
    database, client, log, shop
):
    await made(database, log)
    async with projecting(database, client, log) as projector:
        outcome = await shop(Sell(shop="a", order="x"), by(tenant="north"))
        assert await projector.reached(outcome.position, 5)
        await assert_folded(database, log)
        assert not await projector.reached(outcome.position + 1, 0.05)
    async with projecting(database, client, log) as projector:  # and nothing more happens
        assert await projector.reached(outcome.position, 2)


# Killed -------------------------------------------------------------------------------------------


async def test_a_projector_killed_at_any_moment_counts_every_event_once(
    database, client, log, shop, traffic
):
    await made(database, log)
    for _ in range(25):
        async with projecting(database, client, log):
            await asyncio.sleep(some((0.01, 0.08)))
        await assert_folded(database, log)
    async with projecting(database, client, log) as projector:
        assert await projector.reached((await log.head()).position, 10)
    await assert_folded(database, log)


async def test_two_projectors_at_once_count_every_event_once(database, nats_url, log, shop):
    await made(database, log)
    async with AsyncExitStack() as stack:
        projectors = []
        for _ in range(2):
            other = await stack.enter_async_context(connected_to(nats_url))
            projectors.append(await stack.enter_async_context(projecting(database, other, log)))
        for number in range(25):
            await trade(shop, 40, prefix=f"r{number}_")
            await asyncio.sleep(0.02)
        await at_head(database, log)
        for each in projectors:
            assert await each.reached((await log.head()).position, 5)
    await assert_folded(database, log)


async def test_connections_that_break_lose_and_double_nothing(database, client, log, shop, traffic):
    await made(database, log)
    connection = await asyncpg.connect(database)
    async with projecting(database, client, log) as projector:
        for _ in range(15):
            await asyncio.sleep(some((0.01, 0.1)))
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND (query LIKE '%_views%' OR query LIKE '%shop.projections%')"
            )
        await connection.close()
        head = (await log.head()).position
        assert await projector.reached(head, 10)
    await assert_folded(database, log)


async def test_postgres_killed_while_projecting(own_postgres, own_nats):
    url = own_postgres.url
    await migrate(url, "shop")
    async with (
        PostgresLog(url, "shop") as log,
        connected_to(own_nats.url) as client,
        relaying(client, log) as relay,
        dispatching(url, name="shop", patience=20) as dispatch,
    ):
        dispatch.on_commit.append(relay.offer)
        await made(url, log)
        await dispatch(Open(shop="a", capacity=10**6), by())

        async def sell(seller: int) -> None:
            for number in range(150):
                order = f"{seller}_{number}"
                await insist(dispatch, Sell(shop="a", order=order), by(order))

        async with projecting(url, client, log) as projector:
            selling = asyncio.gather(*(sell(seller) for seller in range(8)))
            for _ in range(2):
                await asyncio.sleep(0.15)
                own_postgres.kill()
                await own_postgres.start()
            await selling
            assert await projector.reached(1201, 20)
        assert (await log.head()).position == 1201
        await assert_folded(url, log)


# Poison -------------------------------------------------------------------------------------------


class Mended(Totals):
    """Totals without the bug."""

    @property
    def hears(self):
        ((key, fold),) = super().hears[Sold]

        def mended(row: Any, event: Sold, stamp: Any) -> Any:
            if event.note == "poison":
                return row
            return fold(row, event, stamp)

        return super().hears | {Sold: [(key, mended)]}


async def test_poison_stops_one_read_model_and_a_rebuild_of_mended_code_starts_it_again(
    database, client, log, shop
):
    await made(database, log)
    others = [ORDERS, OpenHolds(), Tally()]
    async with projecting(database, client, log) as projector:
        await trade(shop, 30)
        await at_head(database, log)
        poison = await shop(Sell(shop="a", order="p", note="poison"), by(tenant="north"))
        await trade(shop, 30, prefix="after")
        await at_head(database, log, others)
        where = await stands(database)
        assert where["totals"].position < poison.position
        assert "a bug in a fold" in where["totals"].stopped
        assert f"position {poison.position}" in where["totals"].stopped
        assert {where[each.name].stopped for each in others} == {None}
        await assert_folded(database, log)  # also the one that stands still
        assert await projector.reached((await log.head()).position, 5)
    with pytest.raises(BadFold, match="a bug in a fold"):
        await rebuilt(database, log, TOTALS)
    assert (await stands(database))["totals"].stopped
    mended = [Mended(), *others]
    async with projecting(database, client, log, mended):
        await asyncio.sleep(0.05)
        found = await rebuilt(database, log, Mended())  # by another process: nobody is told
        assert found.position == (await log.head()).position
        async with asyncio.timeout(10):
            while (await stands(database))["totals"].position < found.position + 3:
                await trade(shop, 1, prefix=f"more{random.random()}")
                await asyncio.sleep(0.05)
        await at_head(database, log, mended)
    assert (await stands(database))["totals"].stopped is None


def broken(**columns: Any) -> Any:
    """A read model whose fold makes rows like this one."""

    class Broken:
        name = "broken"
        key = ("number",)
        schema = (
            "CREATE TABLE broken (tenant text, number text, n int NOT NULL CHECK (n < 9), "
            "PRIMARY KEY (tenant, number))"
        )

        @property
        def hears(self):
            return {
                Opened: [(lambda _event: "0", lambda *_: {"n": 1})],
                Sold: [(lambda event: event.order, lambda *_: columns)],
            }

    return Broken()


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"n": "text"}, "str|integer"),
        ({"n": None}, "NotNull"),
        ({"n": 10}, "check"),
        ({"n": 1 << 40}, "range"),
        ({"n": AT}, "datetime|integer"),
        ({}, "differ in n"),
        ({"n": 1, "m": 2}, "differ in m"),
        ({"n": 1, "tenant": "south"}, "differ in tenant"),
    ],
    ids=str,
)
@pytest.mark.parametrize("count", [1, 300], ids=["upserted", "copied"])
async def test_a_row_that_the_table_cannot_hold_stops_only_that_read_model(  # noqa: PLR0917
    database, client, log, shop, columns, reason, count
):
    models = [ORDERS, broken(**columns), TOTALS]
    await made(database, log, models)
    async with projecting(database, client, log, models):
        orders = [Sell(shop="a", order=str(number)) for number in range(count)]
        await asyncio.gather(*(shop(order, by(tenant="north")) for order in orders))
        await at_head(database, log, [ORDERS, TOTALS])
    stopped = (await stands(database))["broken"].stopped
    assert stopped
    assert re.search(reason, stopped)
    await assert_folded(database, log, [ORDERS, TOTALS])
    with pytest.raises(BadFold):
        await rebuilt(database, log, models[1])


@pytest.mark.parametrize("key", [("a", "b"), (), "x" * 3000], ids=["long", "short", "huge"])
async def test_a_key_of_the_wrong_shape_stops_only_that_read_model(
    key, database, client, log, shop
):
    model = broken(n=1)
    type(model).hears = property(lambda _: {Sold: [(lambda _e: key, lambda *_: {"n": 1})]})
    models = [ORDERS, model]
    await made(database, log, models)
    async with projecting(database, client, log, models):
        await shop(Sell(shop="a", order="x"), by(tenant="north"))
        await at_head(database, log, [ORDERS])
    where = (await stands(database))["broken"]
    assert bool(where.stopped) == isinstance(key, tuple)


# Rebuilt ------------------------------------------------------------------------------------------


class Wider(Orders):
    """Orders with one more column."""

    schema = """
        CREATE TABLE orders (tenant text, shop text, number text, units int, twice int,
                             PRIMARY KEY (tenant, shop, number))
    """

    @property
    def hears(self):
        def wide(_row: Any, event: Sold, _stamp: Any) -> Any:
            return {"units": event.units, "twice": 2 * event.units}

        return {Sold: [(lambda event: (event.shop, event.order), wide)]}


async def test_a_changed_schema_is_rebuilt_while_the_old_table_serves(database, client, log, shop):
    await made(database, log)
    async with projecting(database, client, log):
        await trade(shop, 50)
        await at_head(database, log)
    wider = [TOTALS, Wider()]
    connection = await database_of(database)
    before = await rows_of(connection, ORDERS)
    async with projecting(database, client, log, wider) as projector:
        await trade(shop, 50, prefix="later")
        await at_head(database, log, [TOTALS])
        assert await rows_of(connection, ORDERS) == before  # old, and there
        (found,) = await made(database, log, wider)
        assert (found.projection, found.equal) == ("orders", None)
        projector.restart()
        await trade(shop, 50, prefix="last")
        await at_head(database, log, wider)
        assert await made(database, log, wider) == []
        expected = {
            key: row | {"twice": 2 * row["units"]}
            for key, row in recount(await all_of(log))["orders"].items()
        }
        assert await rows_of(connection, Wider()) == expected
    await connection.close()


async def test_rebuilds_under_live_traffic_are_equal_and_no_reader_misses_a_table(
    database, client, log, shop, traffic
):
    await made(database, log)
    seen: list[int] = []

    async def read(settings: dict[str, Any]) -> None:
        connection = await asyncpg.connect(database, **settings)
        try:
            while True:
                rows = await connection.fetch("SELECT * FROM shop_views.orders")
                seen.append(len(rows))
                assert len(rows) >= max(seen[-40:]) - 400  # never empty, never far back
                await asyncio.sleep(0)
        finally:
            await connection.close()

    async with projecting(database, client, log) as projector:
        readers = [asyncio.create_task(read(each)) for each in ({}, {"statement_cache_size": 0})]
        for _ in range(4):
            for model in MODELS:
                found = await rebuilt(database, log, model)
                assert found.equal, model.name
                projector.restart()
        done, _ = await asyncio.wait(readers, timeout=0)
        assert not done, done
        for each in readers:
            await ended(each)
        assert await projector.reached((await log.head()).position, 10)
    await assert_folded(database, log)
    assert {each.generation for each in (await stands(database)).values()} == {5}
    assert len(seen) > 50


async def test_a_rebuild_far_behind_catches_up_before_it_holds_the_living_table(  # noqa: PLR0917
    database, client, log, shop, traffic, monkeypatch
):
    monkeypatch.setattr("roadcase.rebuild._NEAR", 40)
    monkeypatch.setattr("roadcase.event_store.pages.PAGE", 50)
    await made(database, log)
    async with projecting(database, client, log):
        await asyncio.sleep(0.3)
        assert (await rebuilt(database, log, TOTALS)).equal
    await assert_folded(database, log)


async def test_an_interrupted_rebuild_leaves_the_living_table(database, client, log, shop, traffic):
    await made(database, log)
    connection = await asyncpg.connect(database)
    async with projecting(database, client, log) as projector:
        await asyncio.sleep(0.2)
        done = 0
        for number in range(24):
            task = asyncio.create_task(rebuilt(database, log, MODELS[number % 4]))
            await asyncio.sleep(some((0, 0.09)))
            if number % 2:
                task.cancel()
            else:
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND query LIKE '%shop_shadow%' "
                    "AND pid <> pg_backend_pid()"
                )
            try:
                await task
                done += 1
            except (asyncio.CancelledError, Unavailable):
                pass
            await assert_folded(database, log)
        assert done < 24
        assert await projector.reached((await log.head()).position, 10)
        for model in MODELS:
            assert (await rebuilt(database, log, model)).equal
    schemas = await connection.fetchval(
        "SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%shadow%'"
    )
    await connection.close()
    assert schemas == 0


async def test_two_rebuilds_of_one_read_model_wait_for_each_other(database, client, log, shop):
    await made(database, log)
    await trade(shop, 100)
    async with projecting(database, client, log):
        await at_head(database, log)
        both = await asyncio.gather(*(rebuilt(database, log, TOTALS) for _ in range(3)))
        assert all(each.equal for each in both)
    await assert_folded(database, log)


async def test_diff_finds_a_row_that_somebody_changed_by_hand(database, client, log, shop):
    await made(database, log)
    async with projecting(database, client, log):
        await trade(shop, 50)
        await at_head(database, log)
        for model in MODELS:
            assert (await diff(database, log, model)).equal
        connection = await asyncpg.connect(database)
        await connection.execute(
            "UPDATE shop_views.totals SET at = at + interval '1 microsecond' "
            "WHERE tenant = 'north' AND shop = 'a'"
        )
        await connection.execute("DELETE FROM shop_views.orders WHERE number = 'o7'")
        found = [await diff(database, log, model) for model in MODELS]
        assert [each.equal for each in found] == [False, False, True, True]
        assert (await rebuilt(database, log, TOTALS)).equal is False
        assert (await diff(database, log, TOTALS)).equal
        shadows = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%shadow%'"
        assert await connection.fetchval(shadows) == 0
        await connection.close()


async def test_a_rebuild_tells_of_its_progress(database, client, log, shop):
    await trade(shop, 100)
    told: list[tuple[int, int]] = []
    head = (await log.head()).position
    await Rebuild(database, log, TOTALS, CODEC, lambda *each: told.append(each)).swap()
    assert told[-1] == (head, head)


# Columns ------------------------------------------------------------------------------------------


async def test_any_json_and_any_moment_comes_back_as_it_was(database, client, log, shop):
    values = [None, True, 0, -1.5, "", "ü\u0001\n", [], {}, [[1, [2]], {"a": {"b": None}}], "2024"]

    class Anything:
        name = "anything"
        key = ("number",)
        schema = (
            "CREATE TABLE anything (tenant text, number text, j jsonb, at timestamptz, b bytea, "
            "m numeric(12, 2), ok boolean, PRIMARY KEY (tenant, number))"
        )

        @property
        def hears(self):
            return {Sold: [(lambda event: event.order, fold)]}

    def fold(row: Any, event: Sold, _stamp: Any) -> Any:
        if row is not None:
            assert row["j"] == values[int(event.order)], "it changed on its way"
        return {
            "j": values[int(event.order)],
            "at": datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            "b": b"\0\xff",
            "m": Decimal("1.50"),
            "ok": None,
        }

    model = Anything()
    await made(database, log, [model])
    for _ in range(2):  # the second time rows are loaded by a new projector
        async with projecting(database, client, log, [model]):
            for number in range(len(values)):
                await shop(Sell(shop="a", order=str(number)), by(tenant="north"))
            await at_head(database, log, [model])
    assert (await stands(database))["anything"].stopped is None
    assert (await rebuilt(database, log, model)).equal
    connection = await database_of(database)
    rows = await rows_of(connection, model)
    await connection.close()
    assert [rows["north", str(n)]["j"] for n in range(len(values))] == values
    assert {row["b"] for row in rows.values()} == {b"\0\xff"}


async def test_a_list_column_is_refused_at_once(database, log, shop):
    class Lists(Orders):
        name = "lists"
        schema = (
            "CREATE TABLE lists (tenant text, shop text, number text, units int[], "
            "PRIMARY KEY (tenant, shop, number))"
        )

    await trade(shop, 3)
    with pytest.raises(BadFold, match="units must be jsonb"):
        await made(database, log, [Lists()])


async def test_a_projector_with_nothing_to_do_waits_for_the_first_rebuild(
    database, client, log, shop
):
    async with task_of(projector_of(database, client, log)):
        await asyncio.sleep(0.05)
        await trade(shop, 20)
        await made(database, log)  # nobody tells it
        await trade(shop, 20, prefix="more")
        await at_head(database, log)
    await assert_folded(database, log)


@pytest.mark.parametrize("told", [True, False])
async def test_what_came_while_a_rebuild_was_swapped_in_is_shown_though_nothing_more_comes(
    database, client, log, shop, told
):
    await made(database, log, [TOTALS])
    both = [TOTALS, ORDERS]
    async with projecting(database, client, log, both) as projector:
        await trade(shop, 20)
        await at_head(database, log, [TOTALS])
        await made(database, log, both)
        await trade(shop, 20, prefix="more")
        await at_head(database, log, [TOTALS])
        if told:
            projector.restart()
            head = (await log.head()).position
            assert not await projector.reached(head, 0), "it has not looked yet"
            assert await projector.reached(head, 20)
            await assert_folded(database, log, both)
        await at_head(database, log, both)
    await assert_folded(database, log, both)
