"""What a process trusts follows the log `platform`: within a second, and whatever is away."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest

from roadcase.auth import Signer
from roadcase.clock import monotonic, now
from roadcase.errors import Unauthenticated
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import GENESIS
from roadcase.event_store.verify import verify
from roadcase.heal import heal
from roadcase.metrics import metrics
from roadcase.platform.asking import DECIDERS, asking
from roadcase.platform.domain import KeyInUse, KeyUnknown, TokenUnknown
from roadcase.platform.events import NAME
from roadcase.platform.keys import signing_key
from roadcase.platform.listing import read as read_register
from roadcase.platform.running import platform_log
from roadcase.secret import Secret
from roadcase.service import Service
from roadcase.settings import Settings
from roadcase.stream.stream import Stream, connect

SECRET = Secret("a secret for tests, long enough for all")
SHOP = Service(name="shop", deciders=[], scopes=("shop:sell", "shop:read"))
SELL = ["shop:sell"]


@pytest.fixture
async def process(database, nats_url, tmp_path):
    """Makes processes that serve; each ends with the test."""
    async with AsyncExitStack() as stack:

        async def make(postgres: str = database, nats: str = nats_url, services=(SHOP,)):
            client = await connect(nats)
            stack.push_async_callback(client.close)
            opening = platform_log(postgres, client, SECRET, Settings(data=tmp_path), services)
            return await stack.enter_async_context(opening)

        yield make


@asynccontextmanager
async def operator(url: str):
    await migrate(url, NAME)
    async with PostgresLog(url, NAME) as log, asking(log, SECRET) as platform:
        yield platform


async def refused(this, token: str, within: float = 1.0) -> float:
    """How many seconds it took until a process refused a token."""
    began = monotonic()
    while monotonic() < began + within:
        try:
            this.trust.verifier.verify(token)
        except Unauthenticated:
            return monotonic() - began
        await asyncio.sleep(0.01)
    raise AssertionError(f"still accepted after {within} s")


async def told(this, why: str, within: float = 3.0) -> None:
    """Wait until this is why a process is not ready; None: it is."""
    until = monotonic() + within
    while why not in str(this.trust.not_ready):
        assert monotonic() < until, this.trust.not_ready
        await asyncio.sleep(0.01)


def accepted(this, token: str) -> str:
    return this.trust.verifier.verify(token).token


async def test_many_processes_that_begin_at_once_have_one_key(process, database):
    made = await asyncio.gather(*(process() for _ in range(4)))
    async with PostgresLog(database, NAME) as log:
        register = await read_register(log)
        assert len(register.keys) == 1
    async with operator(database) as ops:
        token = (await ops.issue("acme", "ann", SELL)).token
    assert [accepted(each, token) for each in made]


async def test_a_token_is_handed_out_when_every_process_knows_its_key(process, database):
    first, second = await process(), await process()
    async with operator(database) as ops:
        old = await ops.issue("acme", "ann", SELL)
        key = await ops.rotate()
        new = await ops.issue("acme", "ann", SELL)
        assert (old.key != new.key, new.key) == (True, key)
        for each in (first, second):
            assert accepted(each, new.token) == new.id
            assert accepted(each, old.token) == old.id


async def test_what_is_revoked_closed_or_retired_is_refused_by_every_process(process, database):
    these = [await process(), await process()]
    async with operator(database) as ops:
        one, two = await ops.issue("acme", "ann", SELL), await ops.issue("acme", "bob", SELL)
        other = await ops.issue("rival", "eve", SELL)
        for each in these:
            for issued in (one, two, other):
                accepted(each, issued.token)
        assert await ops.revoke("acme", one.id)
        assert not await ops.revoke("acme", one.id)
        for each in these:
            await refused(each, one.token)
            accepted(each, two.token)
        await ops.close("acme")
        for each in these:
            await refused(each, two.token)
            accepted(each, other.token)
        key = await ops.rotate(alone=True)
        for each in these:
            await refused(each, other.token)
        assert accepted(these[0], (await ops.issue("rival", "eve", SELL)).token)
        with pytest.raises(KeyInUse):
            await ops.retire(key)
        with pytest.raises(KeyUnknown):
            await ops.retire("key_of_nobody")


async def test_another_tenants_token_is_answered_as_one_that_is_not_there(process, database):
    this = await process()
    async with operator(database) as ops:
        theirs = await ops.issue("rival", "eve", SELL)
        said = []
        for token in (theirs.id, "tok_nobody"):
            with pytest.raises(TokenUnknown) as error:
                await ops.revoke("acme", token)
            said.append((str(error.value), error.value.facts == {"token": token}))
        assert said[0] == said[1]
    await asyncio.sleep(0.5)
    accepted(this, theirs.token)


async def test_a_key_that_the_log_does_not_know_signs_nothing(process):
    this = await process()
    forged = Signer("key_mine", signing_key(SECRET, "key_mine")).sign("acme", "ann", SELL)
    with pytest.raises(Unauthenticated, match="not trusted"):
        this.trust.verifier.verify(forged)


async def test_after_a_restart_what_was_refused_is_refused_at_once(process, database):
    await process()
    async with operator(database) as ops:
        old = await ops.issue("acme", "ann", SELL)
        first_key = old.key
        await ops.rotate()
        revoked, kept = [await ops.issue("acme", "ann", SELL) for _ in range(2)]
        closed = await ops.issue("rival", "eve", SELL)
        await ops.retire(first_key)
        await ops.revoke("acme", revoked.id)
        await ops.close("rival")
    again = await process()
    for each in (old, revoked, closed):
        with pytest.raises(Unauthenticated):
            again.trust.verifier.verify(each.token)
    assert accepted(again, kept.token) == kept.id


async def test_an_old_key_is_accepted_until_the_last_of_its_tokens_has_expired(process, database):
    this = await process()
    async with operator(database) as ops:
        old = await ops.issue("acme", "ann", SELL)
        await ops.rotate()
        new = await ops.issue("acme", "ann", SELL)
    for hours in (1, 24):
        this.trust._clock = lambda hours=hours: now() + timedelta(hours=hours)
        await asyncio.sleep(0.6)
        accepted(this, old.token)  # by the clock that tells whether it has expired
    this.trust._clock = lambda: now() + timedelta(hours=26)
    await refused(this, old.token)
    accepted(this, new.token)


async def test_scopes_of_a_new_service_are_declared_when_it_first_runs(process, database):
    await process()
    async with operator(database) as ops:
        with pytest.raises(Exception, match="no door asks for till:open"):
            await ops.issue("acme", "ann", ["till:open"])
        await process(services=[Service(name="till", deciders=[], scopes=("till:open",))])
        assert (await ops.issue("acme", "ann", ["till:open", "shop:read", "log:watch"])).scopes


async def test_postgresql_away_is_said_and_what_was_verified_is_accepted(
    own_postgres, process, nats_url
):
    this = await process(own_postgres.url, nats_url)
    async with operator(own_postgres.url) as ops:
        issued = await ops.issue("acme", "ann", SELL)
        accepted(this, issued.token)
    await told(this, "None")
    await own_postgres.stop()
    await asyncio.sleep(1.5)
    accepted(this, issued.token)
    assert "revocations are not heard" in this.trust.not_ready
    assert this.trust.silent > 1
    assert figure(this, "roadcase_platform_silent_seconds") > 1
    await own_postgres.start()
    async with operator(own_postgres.url) as ops:
        await ops.revoke("acme", issued.id)
    await refused(this, issued.token, within=3)
    assert this.trust.not_ready is None
    assert figure(this, "roadcase_platform_silent_seconds") < 1


def figure(this, name: str) -> float:
    (line,) = [each for each in metrics({}, this.trust).splitlines() if each.startswith(name)]
    return float(line.split()[-1])


async def test_a_log_restored_from_an_older_copy_is_said_and_no_revocation_is_forgotten(
    process, database, nats_url
):
    this = await process()
    async with operator(database) as ops:
        issued = await ops.issue("acme", "ann", SELL)
        accepted(this, issued.token)
        await ops.revoke("acme", issued.id)
    await refused(this, issued.token)
    client = await connect(nats_url)
    async with PostgresLog(database, NAME) as log:
        head = await log.head()
        await copied(Stream(client, log), head.position)
        await restore_to(database, head.position - 1)
        await told(this, "ends before")
        await refused(this, issued.token)
        again = await process()  # it has only the stream to learn it from
        await told(again, "older copy")
        await refused(again, issued.token)
        await heal(log, DECIDERS, client)
        assert await log.head() == head
    for each in (this, again):
        await told(each, "None")
        await refused(each, issued.token)
    await client.close()


async def test_a_log_that_goes_on_differently_is_said(process, database, nats_url):
    this = await process()
    client = await connect(nats_url)
    async with operator(database) as ops, PostgresLog(database, NAME) as log:
        issued = await ops.issue("acme", "ann", SELL)
        position = (await log.head()).position
        await copied(Stream(client, log), position)
        await restore_to(database, position - 1)
    async with operator(database) as ops:
        await ops.issue("acme", "bob", SELL)
        await told(this, "different events")
        assert accepted(this, issued.token) == issued.id
    await client.close()


async def test_revocations_are_heard_where_nats_died_before_the_log_was_recognised(
    own_nats, process, database
):
    this = await process(database, own_nats.url)
    own_nats.kill()
    async with operator(database) as ops:
        issued = await ops.issue("acme", "ann", SELL)
        accepted(this, issued.token)
        assert this.trust.not_ready
        await ops.revoke("acme", issued.id)
    await refused(this, issued.token)
    await own_nats.start()
    await told(this, "None")


async def test_an_emptied_log_begins_anew_only_when_it_was_healed(process, database, nats_url):
    await process()
    async with operator(database) as ops:
        issued = await ops.issue("acme", "ann", SELL)
    client = await connect(nats_url)
    async with PostgresLog(database, NAME) as log:
        head = await log.head()
        await copied(Stream(client, log), head.position)
        await restore_to(database, 0)
        again = await process()
        await told(again, "older copy")
        assert not again.trust.has_key
        await heal(log, DECIDERS, client)
        await told(again, "None")
        assert accepted(again, issued.token) == issued.id
        assert await log.head() == head
    await client.close()


async def copied(stream: Stream, position: int) -> None:
    """Wait until the stream has come this far."""
    for _ in range(200):
        if await stream.last() == position:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(await stream.last())


async def restore_to(url: str, position: int) -> None:
    """As if the database were an older copy."""
    connection = await asyncpg.connect(url)
    await connection.execute("DELETE FROM platform.events WHERE position > $1", position)
    digest = await connection.fetchval(
        "SELECT hash FROM platform.events WHERE position = $1", position
    )
    await connection.execute(
        "UPDATE platform.head SET position = $1, hash = $2", position, digest or GENESIS
    )
    await connection.close()


async def test_the_stream_is_its_copy_and_the_chain_holds(process, database, nats_url):
    await process()
    await process()  # two relays
    async with operator(database) as ops:
        for number in range(5):
            await ops.issue(f"tenant-{number}", "ann", SELL)
    client = await connect(nats_url)
    async with PostgresLog(database, NAME) as log:
        head = await log.head()
        stream = Stream(client, log)
        await copied(stream, head.position)
        assert await stream.record(head.position) == (await log.read(head.position - 1, 1))[0]
        assert (await verify(log)).position == head.position
        stored = b"".join(each.payload for each in await log.read(0, 100))
    assert b"eyJ" not in stored  # what every JWT begins with
    await client.close()
