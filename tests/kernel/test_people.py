"""Erasures are facts first: whatever dies or is restored in between, the key goes in the end."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from nats.js.api import StreamConfig

from roadcase.asked import Context
from roadcase.errors import Unavailable
from roadcase.event_store.connections import connect as connect_postgres
from roadcase.event_store.postgres import PostgresLog
from roadcase.keyring import Contact, Erased, KeyLost, Sealed, open_keyring
from roadcase.people import ErasePerson, NobodyKnown, forget, know_erasures
from roadcase.running import Running, running
from roadcase.secret import Secret
from roadcase.service import Service
from roadcase.settings import Settings
from roadcase.stream.stream import Stream, connect
from tests.kernel.selling import until
from tests.kernel.shop import SHOP, Open
from tests.kernel.streaming import cleared

SECRET = Secret("a secret for tests, long enough for all")
ADA = Contact(email="ada@example.org", name="Ada")
BY = Context(tenant="acme", actor="ann")
SERVICE = Service(name="shop", deciders=[SHOP])


@pytest.fixture
async def client(nats_url):
    found = await connect(nats_url)
    yield found
    await found.close()
    await cleared(nats_url)


@pytest.fixture
async def keyring(database):
    async with open_keyring(database, SECRET) as found:
        yield found


async def test_a_fact_whose_writer_died_is_applied_before_anything_opens(database, client, keyring):
    sealed = await keyring.seal("acme", ADA)
    async with running(SERVICE, database, client, SECRET) as dies:  # it knows no keyring
        await dies.dispatch(ErasePerson(subject=sealed.kid), BY)
        assert await keyring.open("acme", sealed) == ADA.encoded()
    async with running(SERVICE, database, client, SECRET, keyring=keyring):
        assert isinstance(await keyring.open("acme", sealed), Erased)


async def test_a_fact_that_somebody_else_wrote_is_applied_while_it_runs(
    database, client, keyring, monkeypatch
):
    monkeypatch.setattr("roadcase.people.applying._LOOK", 0.05)
    sealed = await keyring.seal("acme", ADA)
    async with (
        running(SERVICE, database, client, SECRET, keyring=keyring),
        running(SERVICE, database, client, SECRET) as other,
    ):
        await other.dispatch(ErasePerson(subject=sealed.kid), BY)
        await erased(keyring, sealed)


async def test_its_own_fact_is_applied_at_once(database, client, keyring):
    sealed = await keyring.seal("acme", ADA)
    async with running(SERVICE, database, client, SECRET, keyring=keyring) as this:
        await this.dispatch(ErasePerson(subject=sealed.kid), BY)
        await erased(keyring, sealed)


async def test_a_database_restored_from_an_older_copy_hears_of_erasures_from_the_stream(
    database, client, keyring
):
    async with running(SERVICE, database, client, SECRET, keyring=keyring) as this:
        await this.dispatch(Open(shop="s", capacity=1), BY)
        sealed = await keyring.seal("acme", ADA)
        before = await keyring_rows(database)
        await this.dispatch(ErasePerson(subject=sealed.kid), BY)
        await erased(keyring, sealed)
        async with asyncio.timeout(10):
            while await this.stream.last() < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    await as_owner(
        database,
        "DELETE FROM shop.events; DELETE FROM shop.keys;"
        "UPDATE shop.head SET position = 0, hash = decode(repeat('00', 32), 'hex');"
        "DELETE FROM keyring.people; DELETE FROM keyring.applied",
    )
    await restore(database, before)
    async with open_keyring(database, SECRET) as restored:
        assert await restored.open("acme", sealed) == ADA.encoded(), "the copy still had it"
        async with running(SERVICE, database, client, SECRET, keyring=restored):
            assert isinstance(await restored.open("acme", sealed), Erased)


async def test_nothing_opens_while_the_stream_cannot_tell_of_erasures(database, own_nats, keyring):
    client = await connect(own_nats.url)
    sealed = await keyring.seal("acme", ADA)
    async with running(SERVICE, database, client, SECRET) as before:
        await before.dispatch(ErasePerson(subject=sealed.kid), BY)
    own_nats.kill()
    service = Running(SERVICE, database, client, SECRET, keyring=keyring)
    with pytest.raises(Unavailable):
        await service.erasures.catch_up(patience=0.1)
    opening = asyncio.create_task(service.erasures.catch_up())
    await own_nats.start()
    await asyncio.wait_for(opening, 20)
    assert isinstance(await keyring.open("acme", sealed), Erased)
    await service.log.close()
    await client.close()


async def test_erasures_of_lost_keys_are_known_as_erasures(database, client, keyring):
    sealed, lost = await keyring.seal("acme", ADA), Sealed("sub_lost", bytes(40))
    async with running(SERVICE, database, client, SECRET, keyring=keyring) as this:
        await this.dispatch(ErasePerson(subject=sealed.kid), BY)
        await erased(keyring, sealed)
    await as_owner(database, "DELETE FROM keyring.people; DELETE FROM keyring.applied")
    assert isinstance(await keyring.open("acme", sealed), KeyLost)
    async with running(SERVICE, database, client, SECRET, keyring=keyring):
        assert isinstance(await keyring.open("acme", sealed), Erased)
        assert isinstance(await keyring.open("acme", lost), KeyLost)


async def test_erasures_in_the_log_of_another_process_are_known_before_anything_opens(
    database, client, keyring, tmp_path
):
    sealed = await keyring.seal("acme", ADA)
    before = await keyring_rows(database)
    async with running(SERVICE, database, client, SECRET, keyring=keyring) as this:
        await this.dispatch(ErasePerson(subject=sealed.kid), BY)
        await erased(keyring, sealed)
        await until(lambda: this.relay.position == 1)
    await as_owner(database, "DELETE FROM keyring.people; DELETE FROM keyring.applied")
    await restore(database, before)
    settings = Settings(data=tmp_path, services=("ticketing",))
    other = Service(name="ticketing", deciders=[SHOP])
    async with open_keyring(database, SECRET) as restored:
        assert await restored.open("acme", sealed) == ADA.encoded(), "the copy still had it"
        async with running(other, database, client, SECRET, settings, keyring=restored):
            assert isinstance(await restored.open("acme", sealed), Erased)


async def test_what_the_stream_of_another_log_does_not_tell_its_owner_has_to_apply_first(
    database, client, keyring
):
    sealed = await keyring.seal("acme", ADA)
    async with running(SERVICE, database, client, SECRET, keyring=keyring) as this:
        await this.dispatch(ErasePerson(subject=sealed.kid), BY)
        await this.dispatch(Open(shop="s", capacity=1), BY)
        await erased(keyring, sealed)
        await until(lambda: this.relay.position == 2)
        assert await keyring.store.applied_to("shop") <= 2
    assert await keyring.store.applied_to("shop") == 2, "it leaves a mark when it ends"
    await keyring.store.apply_to("shop", 0)
    await client.jetstream().delete_stream("EVT_shop")
    async with PostgresLog(database, "shop") as log:
        assert await Stream(client, log, republished=1).first() == 2
    with pytest.raises(Unavailable, match="start shop"):
        await know_erasures(client, keyring, ["ticketing"], patience=0.3)
    await know_erasures(client, keyring, ["shop"], patience=0.3)
    waiting = asyncio.create_task(know_erasures(client, keyring, ["ticketing"]))
    async with running(SERVICE, database, client, SECRET, keyring=keyring):
        await asyncio.wait_for(waiting, 10)


async def test_the_log_platform_tells_of_no_people_and_its_stream_may_begin_late(
    database, client, keyring, tmp_path
):
    config = StreamConfig(name="EVT_platform", subjects=["evt.platform.>"], first_seq=900)
    await client.jetstream().add_stream(config)
    settings = Settings(data=tmp_path, services=("ticketing",))
    other = Service(name="ticketing", deciders=[SHOP])
    async with (
        asyncio.timeout(10),
        running(other, database, client, SECRET, settings, keyring=keyring) as this,
    ):
        await until(lambda: this.ready)
    await client.jetstream().delete_stream("EVT_platform")


async def test_nobody_is_erased_twice_and_nobody_unknown_at_all(database, client, keyring):
    sealed = await keyring.seal("acme", ADA)
    async with running(SERVICE, database, client, SECRET, keyring=keyring) as this:

        async def ask(command: ErasePerson):
            return await this.dispatch(command, BY)

        subject, at = await forget(keyring, "acme", ADA, "asked", ask)
        assert (subject, (await this.log.head()).position) == (sealed.kid, 1)
        assert await forget(keyring, "acme", subject, "asked", ask) == (subject, at)
        for unknown in (ADA, "sub_unknown", Contact(email="eve@example.org")):
            with pytest.raises(NobodyKnown):
                await forget(keyring, "acme", unknown, "asked", ask)
        with pytest.raises(NobodyKnown):
            await forget(keyring, "other", subject, "asked", ask)
        assert (await this.log.head()).position == 1


async def erased(keyring, sealed: Sealed) -> None:
    async with asyncio.timeout(10):
        while not isinstance(await keyring.open("acme", sealed), Erased):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert (await keyring.open("acme", sealed)).at <= datetime.now(UTC)


async def as_owner(database: str, statements: str) -> None:
    connection = await connect_postgres(database)
    await connection.execute(statements)
    await connection.close()


async def keyring_rows(database: str) -> list:
    connection = await connect_postgres(database)
    rows = await connection.fetch("SELECT * FROM keyring.people")
    await connection.close()
    return rows


async def restore(database: str, rows: list) -> None:
    connection = await connect_postgres(database)
    await connection.copy_records_to_table("people", schema_name="keyring", records=rows)
    await connection.close()
