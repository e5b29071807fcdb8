"""The views `report_*` in a real PostgreSQL: what a tenant's login sees, and what it never does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from roadcase import reports
from roadcase.asked import Context
from roadcase.codec import codec_of
from roadcase.dispatch import Dispatcher
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.rebuild import Rebuild, rebuild_outdated
from roadcase.reports import making_way
from roadcase.views import Views
from services.ticketing.domain import DECIDERS
from services.ticketing.projections import PROJECTIONS
from services.ticketing.projections.lists import LISTS
from services.ticketing.projections.sql_reports import REPORTS
from tests.ticketing.any_night import transferring
from tests.ticketing.night import NIGHT, opening, selling, ticket_type

CODEC = codec_of(DECIDERS)
VIEWS = [f"report_{each.name}" for each in REPORTS]
NEVER = {"subject", "contact", "code", "payment_reference", "actor", "seller", "tenant", "device"}
ORDERS = next(each for each in PROJECTIONS if each.name == "orders")


@pytest.fixture
async def log(database: str) -> AsyncIterator[PostgresLog]:
    """North sold one order, south two, west one that was given away; all read models are made."""
    await migrate(database, "ticketing")
    async with PostgresLog(database, "ticketing") as log:
        dispatch = Dispatcher(log, DECIDERS, secret=b"s" * 32)
        running = asyncio.create_task(dispatch.run())
        for tenant, orders in (("north", ["n1"]), ("south", ["s1", "s2"]), ("west", ["w1"])):
            context = Context(tenant=tenant, actor="till")
            await dispatch(opening(ticket_type(), name=f"Night of {tenant}"), context)
            for order in orders:
                sealed = selling(order, subject="guest-77", contact=b"x")
                await dispatch(sealed, context)
        await dispatch(transferring("w2", "w1", 1, "bob"), context)
        running.cancel()
        await rebuild_outdated(database, log, PROJECTIONS, CODEC)
        await reports.install(database, "ticketing", REPORTS)
        yield log


@asynccontextmanager
async def reading(database: str, tenant: str = "north") -> AsyncIterator[asyncpg.Connection[Any]]:
    """A new login of a tenant, connected; it is revoked in the end."""
    made = await reports.add(database, "ticketing", tenant)
    try:
        connection = await asyncpg.connect(as_user(database, made.user, made.password))
        try:
            yield connection
        finally:
            await connection.close()
    finally:
        with suppress(reports.ReportUserUnknown):
            await reports.revoke(database, "ticketing", made.user)


def as_user(database: str, user: str, password: str) -> str:
    parts = urlsplit(database)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{place}"))


async def owner(database: str, sql: str) -> list[Any]:
    connection = await asyncpg.connect(database)
    try:
        return await connection.fetch(sql)
    finally:
        await connection.close()


async def test_a_login_sees_the_rows_of_its_tenant_and_of_nobody_else(database, log):
    for tenant, expected in (("north", ["n1"]), ("south", ["s1", "s2"]), ("nobody", [])):
        async with reading(database, tenant) as reader:
            rows = await reader.fetch("SELECT order_id FROM report_orders ORDER BY 1")
            assert [row["order_id"] for row in rows] == expected
            sold = await reader.fetchval("SELECT coalesce(sum(sold), 0)::int FROM report_sales")
            assert sold == len(expected)
            nights = await reader.fetch("SELECT name FROM report_occurrences")
            assert [row["name"] for row in nights] == [f"Night of {tenant}"] * bool(expected)
            shows = await reader.fetch("SELECT valid, came, no_shows FROM report_no_shows")
            assert [tuple(row) for row in shows] == [(len(expected), 0, len(expected))][
                : len(nights)
            ]


async def test_a_ticket_that_was_given_away_was_sold_once(database, log):
    async with reading(database, "west") as reader:
        states = await reader.fetch("SELECT state FROM report_tickets ORDER BY 1")
        assert [row["state"] for row in states] == ["sold", "transferred"]
        assert await reader.fetchval("SELECT sum(sold)::int FROM report_sales") == 1


async def test_who_has_no_tenant_sees_nothing_not_even_the_owner(database, log):
    for view in VIEWS:
        assert await owner(database, f"SELECT * FROM ticketing_reports.{view}") == [], view
    async with reading(database) as reader:
        await reader.execute("SET ROLE ticketing_reports")
        assert await reader.fetchval("SELECT count(*) FROM report_orders") == 1, "who logged in"


async def test_no_view_has_what_is_personal_or_secret(database, log):
    async with reading(database) as reader:
        for view in VIEWS:
            found = await reader.fetch(f"SELECT * FROM {view}")
            columns = [
                each.name for each in (await reader.prepare(f"TABLE {view}")).get_attributes()
            ]
            assert columns
            assert not NEVER & set(columns), view
            text = repr(found)
            assert not [each for each in ("guest-77", "paid-", "till") if each in text], view


READS = ("ticketing_views.orders", "ticketing.events", "ticketing.log", "ticketing.report_users")
WRITES = (
    "CREATE TABLE mine (a int)",
    "CREATE TABLE ticketing_reports.mine (a int)",
    "UPDATE report_orders SET tickets = 9",
    "DELETE FROM report_orders",
    "INSERT INTO ticketing.report_users VALUES (session_user, 'south') ON CONFLICT DO NOTHING",
    "DROP VIEW report_orders",
    "CREATE OR REPLACE VIEW ticketing_reports.report_orders AS SELECT 1 AS a",
)


async def test_it_reads_no_table_and_writes_nothing_though_it_lifts_its_own_limits(database, log):
    async with reading(database) as reader:
        assert await reader.fetchval("SHOW default_transaction_read_only") == "on"
        await reader.execute("SET default_transaction_read_only = off")
        for table in READS:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await reader.fetch(f"SELECT * FROM {table}")
        for statement in WRITES:
            with pytest.raises((asyncpg.PostgresError,)) as refused:
                await reader.execute(statement)
            assert isinstance(
                refused.value,
                asyncpg.InsufficientPrivilegeError | asyncpg.ObjectNotInPrerequisiteStateError,
            ), statement
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await reader.execute("SET ROLE ticketing_app")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await reader.execute("SET SESSION AUTHORIZATION ticketing_app")


async def test_no_function_of_its_own_hears_of_the_rows_of_others(database, log):
    """The classic way through a view: a cheap function in WHERE that is asked before the tenant."""
    async with reading(database) as reader:
        await reader.execute("SET default_transaction_read_only = off")
        await reader.execute(
            "CREATE FUNCTION pg_temp.told(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 "
            "AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$"
        )
        heard: list[str] = []
        reader.add_log_listener(lambda _connection, message: heard.append(message.message))
        await reader.fetch("SELECT 1 FROM report_orders WHERE pg_temp.told(order_id)")
        assert heard == ["n1"]


async def test_every_view_reads_on_while_its_tables_are_swapped(database, log):
    """Readers in a loop over all views, a cursor half-way, and two rebuilds of everything."""
    done = asyncio.Event()

    async def read_on(reader: asyncpg.Connection[Any]) -> int:
        rounds = 0
        while not done.is_set() or not rounds:
            for view in VIEWS:
                await reader.fetch(f"SELECT * FROM {view}")
            assert await reader.fetchval("SELECT count(*) FROM report_orders") == 2
            rounds += 1
        return rounds

    async with reading(database, "south") as one, reading(database, "south") as other:
        slow = asyncio.create_task(
            other.fetch("SELECT order_id, pg_sleep(0.7) FROM report_orders ORDER BY 1")
        )
        reads = asyncio.create_task(read_on(one))
        for _ in range(2):
            for projection in PROJECTIONS:
                await Rebuild(database, log, projection, CODEC).swap()
        done.set()
        assert await reads
        assert [row["order_id"] for row in await slow] == ["s1", "s2"]
        rows = await other.fetch("SELECT order_id FROM report_orders ORDER BY 1")
        assert [row["order_id"] for row in rows] == ["s1", "s2"]


async def test_a_transaction_older_than_a_swap_is_told_so_and_never_sees_an_empty_table(
    database, log
):
    async with reading(database, "south") as reader:
        transaction = reader.transaction(isolation="repeatable_read")
        await transaction.start()
        assert await reader.fetchval("SELECT count(*) FROM report_waiting") == 0
        await Rebuild(database, log, ORDERS, CODEC).swap()
        with pytest.raises(asyncpg.SerializationError, match="begin again"):
            await reader.fetch("SELECT * FROM report_orders")
        await transaction.rollback()
        async with reader.transaction(isolation="repeatable_read"):
            assert await reader.fetchval("SELECT count(*) FROM report_orders") == 2


async def test_a_report_that_never_ends_holds_no_rebuild_up(database, log, monkeypatch):
    monkeypatch.setattr(making_way, "PATIENCE", 0.3)
    async with reading(database) as idle, reading(database) as other:
        await idle.execute("BEGIN; SELECT * FROM report_orders")
        async with asyncio.timeout(20):
            await Rebuild(database, log, ORDERS, CODEC).swap()
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            await idle.fetch("SELECT 1")
        assert await other.fetchval("SELECT count(*) FROM report_orders") == 1


async def test_views_are_made_again_only_when_they_changed(database, log):
    assert not await reports.install(database, "ticketing", REPORTS)
    async with reading(database) as reader:
        assert await reports.install(database, "ticketing", REPORTS[:3])
        assert await reader.fetchval("SELECT count(*) FROM report_orders") == 1
        with pytest.raises(asyncpg.UndefinedTableError):
            await reader.fetch("SELECT * FROM report_scans")


async def test_a_revoked_login_is_out_at_once_and_gone(database, log):
    made = await reports.add(database, "ticketing", "north")
    assert made.tenant not in made.user
    address = as_user(database, made.user, made.password)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(as_user(database, made.user, "guessed"))
    reader = await asyncpg.connect(address)
    await reader.execute("SET default_transaction_read_only = off")
    await reader.execute("CREATE TEMP TABLE mine AS SELECT * FROM report_orders")
    listed = await reports.listed(database, "ticketing")
    assert [(row["user"], row["tenant"]) for row in listed] == [(made.user, "north")]
    assert await reports.revoke(database, "ticketing", made.user) == "north"
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await reader.fetch("SELECT * FROM report_orders")
    reader.terminate()
    with pytest.raises(
        (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)
    ):
        await asyncpg.connect(address)
    assert await reports.listed(database, "ticketing") == []
    with pytest.raises(reports.ReportUserUnknown):
        await reports.revoke(database, "ticketing", made.user)


async def test_a_login_that_was_lost_on_the_way_to_another_server_is_revoked_all_the_same(
    database, log
):
    made = await reports.add(database, "ticketing", "north")
    await owner(database, f"DROP OWNED BY {made.user}")
    await owner(database, f"DROP ROLE {made.user}")
    assert await reports.revoke(database, "ticketing", made.user) == "north"
    assert await reports.listed(database, "ticketing") == []


async def test_a_list_that_is_begun_in_the_middle_of_a_swap_is_whole(database, log):
    """A snapshot from before the swap would find the new table without its rows."""
    waits = (
        "SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database "
        "WHERE NOT l.granted AND d.datname = current_database()"
    )
    swap = await asyncpg.connect(database)
    async with Views(database, "ticketing") as views:
        transaction = swap.transaction()
        await transaction.start()
        await swap.execute(
            "CREATE TABLE shadow AS SELECT * FROM ticketing_views.orders;"
            "DROP TABLE ticketing_views.orders; ALTER TABLE shadow RENAME TO orders;"
            "ALTER TABLE orders SET SCHEMA ticketing_views;"
            "GRANT SELECT ON ticketing_views.orders TO ticketing_app"
        )
        source = views.of("south").stream("orders", LISTS["orders"].sql, NIGHT)
        async with aclosing(source):
            first = asyncio.create_task(anext(source))
            while True:
                if await swap.fetchval(waits):
                    break
                await asyncio.sleep(0.01)
            await transaction.commit()
            await swap.close()
            await first
            assert [row["order_id"] async for batch in source for row in batch] == ["s1", "s2"]
