"""The stream is a copy of the log, sequence by sequence, whatever is killed, wiped or doubled."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, suppress
from datetime import datetime
from time import perf_counter
from urllib.parse import unquote, urlsplit

import asyncpg
import msgspec
import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import StreamConfig
from nats.js.errors import APIError

from roadcase.errors import LogDiverged, LogRegressed, Unavailable
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Meta
from roadcase.stream import relay as relay_module
from roadcase.stream import shared as shared_follower
from roadcase.stream.follow import Follower
from roadcase.stream.messages import record_at, sequence_of
from roadcase.stream.relay import Relay
from roadcase.stream.shared import SharedFollower
from roadcase.stream.stream import Rejected, Stream, connect
from tests.kernel.selling import by, dispatching, insist, sound, until
from tests.kernel.shop import Open, Sell, SoldOut, Take
from tests.kernel.streaming import (
    Heard,
    all_of,
    assert_copied,
    caught_up,
    connected_to,
    messages_of,
    relaying,
    some,
    stream_of,
    task_of,
    wiped,
    write,
)


@pytest.fixture
async def log(database: str) -> AsyncIterator[PostgresLog]:
    await migrate(database, "shop")
    async with PostgresLog(database, "shop") as log:
        yield log


@pytest.fixture
async def client(nats_url: str) -> AsyncIterator[Client]:
    async with connected_to(nats_url) as client:
        yield client
        await client.jetstream().delete_stream("EVT_shop")


async def open_and_sell(url: str, count: int, **options) -> None:
    async with dispatching(url, name="shop", **options) as dispatch:
        await dispatch(Open(shop="a", capacity=10**6), by(tenant="north"))
        for number in range(count):
            sell = Sell(shop="a", order=f"o{number}", note="Gänse\r\n\u202e\u2028 'x'")
            await dispatch(sell, by(f"key {number}", tenant="north", correlation="c/ö"))


# What is on the stream -------------------------------------------------------------------------


async def test_every_message_is_its_record_byte_for_byte(database, nats_url, client, log):
    await open_and_sell(database, 20)
    async with relaying(client, log):
        await assert_copied(client, log, nats_url)
    records = await all_of(log)
    assert [
        record_at(sequence_of(each.reply.encode()), each.headers, each.data)
        for each in await messages_of(nats_url)
    ] == records
    async with task_of(Heard(Follower(client, "shop"))) as heard:
        await heard.reached(len(records))
        assert heard.records == records
    stream = stream_of(client, log)
    assert [await stream.record(each.position) for each in records] == records


async def test_a_stranger_reads_cloud_events(database, nats_url, client, log):
    """By https://github.com/cloudevents/spec, NATS binding 1.0.3-wip, section 3.1, binary mode."""
    await open_and_sell(database, 3)
    async with relaying(client, log):
        await caught_up(stream_of(client, log), log)
    for message, record in zip(await messages_of(nats_url), await all_of(log), strict=True):
        attributes = {
            name.removeprefix("ce-"): unquote(value)
            for name, value in message.headers.items()
            if name.startswith("ce-")
        }
        assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in attributes)
        assert attributes.keys() >= {"id", "source", "specversion", "type"}
        meta = msgspec.json.decode(record.meta, type=Meta)
        assert attributes["specversion"] == "1.0"
        assert attributes["id"] == meta.id
        assert urlsplit(attributes["source"]).path == "/shop"
        assert attributes["type"] == record.topic
        assert attributes["subject"] == record.stream
        assert datetime.fromisoformat(attributes["time"]) == meta.at
        assert attributes["datacontenttype"] == "application/json"
        assert "content-type" not in {name.lower() for name in message.headers}
        json.loads(message.data)
        assert "ann" not in attributes.values()  # who it was is nobody's routing matter
        for name, value in message.headers.items():
            if name.startswith("ce-"):
                assert re.fullmatch("[!#$&-~]+", value), f"{name} would need percent-encoding"


async def test_subjects_name_service_tenant_partition_category_and_event(
    database, nats_url, client, log
):
    async with dispatching(database, name="shop") as dispatch:
        for number in range(40):
            for tenant in ("north", "south-2"):
                await dispatch(Open(shop=f"s{number}", capacity=1), by(tenant=tenant))
    async with relaying(client, log):
        await caught_up(stream_of(client, log), log)
    partitions: dict[str, str] = {}
    for message in await messages_of(nats_url):
        found = re.fullmatch(
            r"evt\.shop\.(north|south-2)\.(p(?:0\d|1[0-5]))\.shop\.opened", message.subject
        )
        assert found, message.subject
        stream = message.headers["ce-subject"]
        assert stream.split("/")[0] == found[1]
        assert partitions.setdefault(stream, found[2]) == found[2]
    assert len(set(partitions.values())) > 8


@pytest.mark.parametrize("count", [1, 4, 5, 1000, 1001, 2500])
async def test_batches_of_any_size_are_copied(count, nats_url, client, log):
    async with relaying(client, log) as relay:
        await caught_up(stream_of(client, log), log)
        for _ in range(2):
            relay.offer(await write(log, count))
            await caught_up(stream_of(client, log), log)
        assert relay.published == 2 * count
        await assert_copied(client, log, nats_url)


async def test_large_messages_are_copied_and_followed(own_nats, log):
    async with (
        connected_to(own_nats.url) as client,
        relaying(client, log, max_bytes=1 << 28) as relay,
    ):
        for count in (1, 4, 5, 25, 90):
            await write(log, count, payload=b'"%b"' % (b"x" * 900_000))
            relay.wake()
        await assert_copied(client, log, own_nats.url)
        follower = Follower(client, "shop")
        async with task_of(Heard(follower)) as heard:
            await heard.reached(125)
        assert heard.records == await all_of(log)
        assert follower.restarts == 0


async def test_a_record_that_no_message_can_carry_stops_the_relay_with_a_reason(client, log):
    await write(log, 2)
    await write(log, 1, meta=b'{"id":"e","at":"2026-01-01T00:00:00Z",\n"actor":"a"}')
    async with relaying(client, log) as relay:
        await until(lambda: relay.fault)
        assert "event 3" in relay.fault
    await write(log, 1, meta=b"{}")
    async with relaying(client, log) as relay:
        await until(lambda: relay.fault)
    assert await stream_of(client, log).last() == 2


async def test_an_event_too_large_for_nats_stops_the_relay_and_not_the_connection(client, log):
    await write(log, 2)
    async with relaying(client, log) as relay:
        await until(lambda: relay.position == 2)
        await write(log, 1, payload=b"x" * (1 << 20))
        await until(lambda: relay.resyncs > 2)
    assert await stream_of(client, log).last() == 2
    assert client.stats["reconnects"] == 0  # the server would have hung up


# More than one relay, and relays that die -------------------------------------------------------


class Wild(Relay):
    """A relay that looks at nothing and publishes whatever it likes, over and over."""

    async def run(self) -> None:
        while True:
            head = await self._event_log.head()
            if head.position:
                some_of_them = await self._event_log.read(
                    random.randrange(head.position), random.choice([1, 2, 7, 300])
                )
                try:
                    await self._publish(some_of_them)
                except Exception:  # noqa: BLE001 - it does not care
                    self.resyncs += 1
            await asyncio.sleep(0.001)


async def test_what_comes_next_does_not_wait_for_the_answer_to_what_was_sent(
    nats_url, client, log, monkeypatch
):
    """Nor is anything lost or doubled when the first of those on their way is refused."""
    gate, sent, publish = asyncio.Event(), [], Relay._publish

    async def slow(relay, records):
        sent.append([each.position for each in records])
        if len(sent) == 1:
            await gate.wait()
            raise Rejected("another relay was quicker")
        await publish(relay, records)

    monkeypatch.setattr(Relay, "_publish", slow)
    async with relaying(client, log) as relay:
        for _ in range(3):
            relay.offer(await write(log, 2))
            await asyncio.sleep(0.05)
        assert sent == [[1, 2], [3, 4], [5, 6]]
        gate.set()
        await assert_copied(client, log, nats_url)
        assert relay.resyncs == 1


async def test_a_fault_is_told_until_something_is_stored_again(client, log, monkeypatch):
    monkeypatch.setattr(relay_module, "_PATIENT", 0.05)
    stored, publish = asyncio.Event(), Relay._publish

    async def full(relay, records):
        await asyncio.sleep(0.05)
        if not stored.is_set():
            raise Rejected("no space left on device")
        await publish(relay, records)

    monkeypatch.setattr(Relay, "_publish", full)
    async with relaying(client, log) as relay:
        relay.offer(await write(log, 1))
        await until(lambda: relay.fault)
        for _ in range(100):
            await asyncio.sleep(0.005)
            assert relay.fault
        stored.set()
        await until(lambda: relay.position == 1)
        assert relay.fault is None


async def test_two_relays_one_of_which_ignores_everything(nats_url, client, log):
    async with (
        AsyncExitStack() as stack,
        relaying(client, log) as tame,
        task_of(Wild(log, stream_of(client, log))) as wild,
    ):
        other = await stack.enter_async_context(connected_to(nats_url))
        second = await stack.enter_async_context(relaying(other, log))
        for _ in range(60):
            records = await write(log, random.choice([1, 1, 3, 50, 700]))
            if random.random() < 0.5:
                tame.offer(records)
            await asyncio.sleep(some((0, 0.02)))
        await caught_up(stream_of(client, log), log)
        assert wild.resyncs > 10
        await until(lambda: tame.position == second.position)
    await assert_copied(client, log, nats_url)


async def test_a_relay_killed_at_any_moment_neither_doubles_nor_skips(nats_url, client, log):
    stream = stream_of(client, log)
    for _ in range(60):
        async with relaying(client, log) as relay:
            relay.offer(await write(log, random.choice([1, 2, 5, 40, 1500])))
            await asyncio.sleep(some((0, 0.012)))
    async with relaying(client, log):
        await caught_up(stream, log)
    await assert_copied(client, log, nats_url)


async def test_what_others_wrote_is_read_and_what_was_offered_is_not_read_again(client, log):
    async with relaying(client, log) as relay:
        await until(lambda: relay._stream._known)
        for count in (1, 7, 1):
            await write(log, count)  # by another process
            relay.offer(await write(log, count))
            await until(lambda: relay.position == relay.published)
            await caught_up(stream_of(client, log), log)
        assert relay.resyncs == 0
    async with task_of(Relay(log, stream_of(client, log), poll=60)) as relay:
        await asyncio.sleep(0.2)  # until it waits
        written = await write(log, 3)
        relay.offer([each._replace(payload=b"offered") for each in written])
        await caught_up(stream_of(client, log), log)
    assert (await stream_of(client, log).record(written[-1].position)).payload == b"offered"


async def test_an_alarm_is_not_raised_because_another_relay_was_quick(client, log):
    stale = await log.head()
    await write(log, 10)
    async with relaying(client, log):
        await caught_up(stream_of(client, log), log)
    await stream_of(client, log).recognise(stale)


# NATS comes and goes ----------------------------------------------------------------------------


async def test_selling_goes_on_without_nats_and_the_relay_catches_up(database, own_nats, log):
    async with connected_to(own_nats.url) as client, relaying(client, log) as relay:
        guard = stream_of(client, log).recognise
        async with dispatching(database, name="shop", guard=guard) as dispatch:
            dispatch.on_commit.append(relay.offer)
            await dispatch(Open(shop="a", capacity=10**6), by())
            await caught_up(stream_of(client, log), log)
            own_nats.kill()
            for number in range(300):
                await dispatch(Sell(shop="a", order=str(number)), by(str(number)))
            assert dispatch.not_ready is None
            await own_nats.start()
            await assert_copied(client, log, own_nats.url)
            assert relay.position == 301


async def test_a_deleted_stream_is_made_again_with_the_same_sequences(own_nats, log):
    await write(log, 2600)
    async with connected_to(own_nats.url) as client, relaying(client, log):
        await assert_copied(client, log, own_nats.url)
        before = [
            (each.subject, each.headers, each.data) for each in await messages_of(own_nats.url)
        ]
        await wiped(own_nats)
        await write(log, 10)
        await assert_copied(client, log, own_nats.url)
        after = [
            (each.subject, each.headers, each.data) for each in await messages_of(own_nats.url)
        ]
    assert [_known(each) for each in after[:2600]] == [_known(each) for each in before]


def _known(message) -> tuple:
    """Without the headers of the batch, which differ."""
    subject, headers, data = message
    return subject, {n: v for n, v in headers.items() if not n.startswith("Nats-")}, data


async def test_a_wipe_is_noticed_though_nothing_new_happens(own_nats, log):
    await write(log, 30)
    async with connected_to(own_nats.url) as client, relaying(client, log) as relay:
        await until(lambda: relay.position == 30)
        await wiped(own_nats)
        async with asyncio.timeout(5):
            while True:
                with suppress(NatsError):  # asked without our help: ours would make the stream
                    info = await client.jetstream().stream_info("EVT_shop")
                    if info.state.last_seq == 30:
                        break
                await asyncio.sleep(0.02)


async def test_nats_killed_and_wiped_again_and_again_while_records_come(own_nats, log):
    async with connected_to(own_nats.url) as client, relaying(client, log) as relay:
        for round_ in range(5):
            for _ in range(20):
                relay.offer(await write(log, random.choice([1, 3, 80])))
                await asyncio.sleep(0.002)
            if round_ % 2:
                await wiped(own_nats)
            else:
                own_nats.kill()
                await own_nats.start()
        await assert_copied(client, log, own_nats.url)


async def test_a_relay_is_back_within_a_second_of_its_server(own_nats, log):
    async with connected_to(own_nats.url) as client, relaying(client, log) as relay:
        relay.offer(await write(log, 2000))
        await caught_up(stream_of(client, log), log)
        for _ in range(3):
            relay.offer(await write(log, 5000))  # so that it is in the middle of something
            await asyncio.sleep(0.01)
            own_nats.kill()
            await own_nats.start()
            started = perf_counter()
            await caught_up(stream_of(client, log), log)
            assert perf_counter() - started < 3


async def test_a_connection_comes_back_after_an_orderly_restart_and_after_an_error(own_nats, log):
    async with connected_to(own_nats.url) as client, relaying(client, log):
        await own_nats.stop()
        await write(log, 5)
        await own_nats.start()
        await caught_up(stream_of(client, log), log)
        client._transport.write(b"NONSENSE\r\n")  # the server answers -ERR and hangs up
        await write(log, 5)
        await caught_up(stream_of(client, log), log)
        assert client.stats["reconnects"] >= 2


async def test_without_nats_at_the_start_there_is_a_reason_and_then_a_connection(own_nats):
    own_nats.kill()
    started = perf_counter()
    with pytest.raises(Unavailable, match="NATS is away"):
        await connect(own_nats.url)
    assert perf_counter() - started < 4
    waiting = asyncio.create_task(connect(own_nats.url))
    await asyncio.sleep(0.2)
    await own_nats.start()
    await (await waiting).close()


async def test_a_service_waits_for_nats_before_its_first_command(database, own_nats, log):
    async with connected_to(own_nats.url) as client:
        own_nats.kill()
        guard = stream_of(client, log, timeout=0.2).recognise
        async with dispatching(database, name="shop", guard=guard, patience=0.1) as dispatch:
            await until(lambda: dispatch.not_ready and "EVT_shop" in dispatch.not_ready)
            with pytest.raises(Unavailable, match="EVT_shop"):
                await dispatch(Open(shop="a", capacity=3), by())
            await own_nats.start()
            await until(lambda: dispatch.not_ready is None)
            await dispatch(Open(shop="a", capacity=3), by())


async def test_a_stream_is_made_smaller_where_nats_has_little_room(own_nats, log):
    async with connected_to(own_nats.url) as client:
        jetstream = client.jetstream()
        room = {"name": "ROOM", "subjects": ["room"], "max_bytes": 24 << 20}
        await jetstream.add_stream(**room)
        size, number = 1 << 40, 0
        while size >= 8 << 20:
            try:
                number += 1
                await jetstream.add_stream(
                    name=f"S{number}", subjects=[f"s{number}"], max_bytes=size
                )
            except APIError:
                size //= 2
        with pytest.raises(Unavailable, match="insufficient storage"):
            await Stream(client, log).last()
        await jetstream.delete_stream("ROOM")
        assert await Stream(client, log).last() == 0
        assert (await jetstream.stream_info("EVT_shop")).config.max_bytes == 16 << 20


# The log is not what it was ---------------------------------------------------------------------


async def restored(database: str, position: int) -> None:
    """As if the database came from a backup made at this position."""
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(f"DELETE FROM shop.events WHERE position > {position}")
        await connection.execute(
            f"UPDATE shop.head SET position = {position}, "
            f"hash = (SELECT hash FROM shop.events WHERE position = {position})"
        )
    finally:
        await connection.close()


async def test_a_log_behind_its_stream_is_refused(database, client, log):
    await open_and_sell(database, 9)
    async with relaying(client, log):
        await caught_up(stream_of(client, log), log)
    await restored(database, 6)
    async with relaying(client, log) as relay:
        with pytest.raises(LogRegressed, match="log heal") as caught:
            await stream_of(client, log).recognise(await log.head())
        assert caught.value.facts == {"stream": 10, "log": 6}
        guard = stream_of(client, log).recognise
        async with dispatching(database, name="shop", guard=guard) as dispatch:
            await until(lambda: "only 6" in (dispatch.not_ready or ""))
            with pytest.raises(LogRegressed):
                await dispatch(Sell(shop="a", order="new"), by(tenant="north"))
        await until(lambda: relay.fault)
        assert "only 6" in relay.fault
    assert (await log.head()).position == 6


async def test_a_log_that_tells_another_story_is_refused(database, client, log):
    await open_and_sell(database, 9)
    async with relaying(client, log):
        await caught_up(stream_of(client, log), log)
    await restored(database, 6)
    await write(log, 10)  # the copy is restored, sold on, and longer than the stream
    async with relaying(client, log) as relay:
        with pytest.raises(LogDiverged, match="differ at position 10"):
            await stream_of(client, log).recognise(await log.head())
        guard = stream_of(client, log).recognise
        async with dispatching(database, name="shop", guard=guard) as dispatch:
            with pytest.raises(LogDiverged):
                await dispatch(Sell(shop="a", order="new"), by(tenant="north"))
        await until(lambda: relay.fault)
    assert await stream_of(client, log).last() == 10


async def test_a_message_of_a_stranger_is_named_and_stops_everything(client, log):
    await write(log, 3)
    async with relaying(client, log) as relay, task_of(Heard(Follower(client, "shop"))) as heard:
        await caught_up(stream_of(client, log), log)
        await heard.reached(3)
        await client.publish("evt.shop.t.p00.shop.sold", b"{}")
        await write(log, 3)
        await until(lambda: relay.fault)
        assert "somebody else publishes" in relay.fault
        with pytest.raises(LogDiverged, match="message 4"):
            await stream_of(client, log).recognise(await log.head())
    assert [each.position for each in heard.records] == [1, 2, 3]


# Following --------------------------------------------------------------------------------------


async def test_a_new_stream_of_a_long_log_starts_late_and_followers_read_the_rest_from_the_log(
    nats_url, client, log
):
    await write(log, 300)
    async with relaying(client, log, republished=100) as relay:
        await until(lambda: relay.position == 300)
        await assert_copied(client, log, nats_url, first=201)
        async with (
            task_of(Heard(Follower(client, "shop", log))) as heard,
            task_of(Heard(Follower(client, "shop"), after=250)) as late,
            task_of(Heard(waiting := Follower(client, "shop"))) as lost,
        ):
            await write(log, 50)
            await heard.reached(350)
            await late.reached(350)
        assert heard.records == await all_of(log)
        assert late.records == (await all_of(log))[250:]
        assert lost.records == []  # it may not read the log, so it rather waits than skips
        assert waiting.fault == "EVT_shop begins at 201, wanted is 1"


async def test_what_the_stream_has_dropped_comes_from_the_log(client, log):
    async with relaying(client, log) as relay:
        await write(log, 400)
        await caught_up(stream_of(client, log), log)
        config = (await client.jetstream().stream_info("EVT_shop")).config
        await client.jetstream().update_stream(StreamConfig(**{**vars(config), "max_msgs": 50}))
        assert await stream_of(client, log).first() == 351
        async with (
            task_of(Heard(Follower(client, "shop", log))) as heard,
            task_of(Heard(Follower(client, "shop", log), after=100)) as other,
        ):
            for _ in range(20):
                relay.offer(await write(log, 60))  # more than the stream keeps
                await asyncio.sleep(0.005)
            await heard.reached(1600)
            await other.reached(1600)
        assert heard.records == await all_of(log)
        assert other.records == heard.records[100:]


async def test_a_follower_is_back_within_a_second_of_its_server(own_nats, log, capsys):
    took = []
    async with connected_to(own_nats.url) as client, relaying(client, log) as relay:
        async with task_of(Heard(Follower(client, "shop"))) as heard:
            for _ in range(4):
                relay.offer(await write(log, 10))
                await heard.reached((await log.head()).position)
                own_nats.kill()
                await own_nats.start()
                started = perf_counter()
                relay.offer(await write(log, 10))
                await heard.reached((await log.head()).position)
                took.append(perf_counter() - started)
        assert heard.records == await all_of(log)
    with capsys.disabled():
        print(f"\nfollowing again after: {', '.join(f'{each:.2f} s' for each in took)}")
    assert max(took) < 3


async def test_each_record_is_heard_once_and_in_order_whatever_is_killed_or_wiped(own_nats, log):
    async def keep_writing() -> None:
        while True:
            relay.offer(await write(log, random.choice([1, 1, 2, 30])))
            await asyncio.sleep(0.005)

    async with connected_to(own_nats.url) as client, relaying(client, log) as relay:
        shared = SharedFollower(client, "shop", log)
        followers = [Follower(client, "shop", log), shared, shared]
        async with AsyncExitStack() as stack:
            heard = [await stack.enter_async_context(task_of(Heard(each))) for each in followers]
            writing = asyncio.create_task(keep_writing())
            for round_ in range(6):
                await asyncio.sleep(some((0.1, 0.5)))
                if round_ % 3 == 2:
                    await wiped(own_nats)
                else:
                    own_nats.kill()
                    await asyncio.sleep(some((0, 0.3)))
                    await own_nats.start()
            writing.cancel()
            await asyncio.wait([writing])
            head = (await log.head()).position
            for each in heard:
                await each.reached(head)
        records = await all_of(log)
        assert all(each.records == records for each in heard)
        assert all(each.restarts for each in followers)
        await assert_copied(client, log, own_nats.url)


async def test_many_share_what_one_follower_fetches_wherever_they_begin(client, log):
    async with relaying(client, log) as relay:
        relay.offer(await write(log, 300))
        await caught_up(stream_of(client, log), log)
        shared = SharedFollower(client, "shop", log)
        async with AsyncExitStack() as stack:
            heard = [
                await stack.enter_async_context(task_of(Heard(shared, after)))
                for after in (200, 0, 300, 299, 200)
            ]
            for _ in range(20):
                relay.offer(await write(log, 20))
            for each in heard:
                await each.reached(700)
            info = await client.jetstream().stream_info("EVT_shop")
            assert info.state.consumer_count == 1
            relay.offer(await write(log, 1))
            await heard[0].reached(701)
            assert len(shared._records) == 1  # what everyone has read goes with the next
            late = await stack.enter_async_context(task_of(Heard(shared, 100)))
            await late.reached(701)
            for each in heard:
                await each.reached(701)
        records = await all_of(log)
        begins = (200, 0, 300, 299, 200, 100)
        for each, after in zip([*heard, late], begins, strict=True):
            assert each.records == records[after:]
        info = await client.jetstream().stream_info("EVT_shop")
        assert info.state.consumer_count == 0


async def test_who_is_slow_holds_up_nobody_and_misses_nothing(client, log, monkeypatch):
    monkeypatch.setattr(shared_follower, "_KEPT", 50)
    async with relaying(client, log) as relay:
        shared = SharedFollower(client, "shop", log)
        async with (
            aclosing(shared.follow(0)) as slowly,
            task_of(Heard(shared)) as quick,
        ):
            relay.offer(await write(log, 5))
            slow = await anext(slowly)
            for _ in range(10):
                relay.offer(await write(log, 30))
            await quick.reached(305)
            assert len(shared._records) <= 50
            while slow[-1].position < 305:
                slow += await anext(slowly)
        assert slow == quick.records == await all_of(log)


async def test_who_waits_for_other_topics_is_passed_over_and_misses_nothing(client, log):
    """Batches that have none of its topics; what comes while it works is there to be read."""
    sold, opened = "shop.sold.v1", "shop.opened.v1"
    passed: list[int] = []
    async with relaying(client, log) as relay:
        shared = SharedFollower(client, "shop", log)
        async with (
            aclosing(shared.follow(0, {opened}, passed.append)) as picky,
            task_of(Heard(shared)) as all_of_it,
        ):
            waiting = asyncio.create_task(anext(picky))
            for number in range(1, 6):
                relay.offer(await write(log, 2, topic=sold))
                await until(lambda number=number: passed[-1:] == [2 * number])
            assert not waiting.done()
            relay.offer(await write(log, 1, topic=opened))
            heard = await waiting
            assert [each.position for each in heard] == [11]
            relay.offer(await write(log, 3, topic=sold))  # while it works
            await all_of_it.reached(14)
            assert passed == [2, 4, 6, 8, 10]
            relay.offer(await write(log, 1, topic=opened))
            while heard[-1].position < 15:
                heard += await anext(picky)
            await all_of_it.reached(15)
        records = await all_of(log)
        assert heard == records[10:]
        assert all_of_it.records == records


async def test_a_follower_leaves_nothing_behind(client, log):
    async with relaying(client, log):
        await write(log, 3)
        await caught_up(stream_of(client, log), log)
        before = len(client._subs)
        for _ in range(3):
            async with task_of(Heard(Follower(client, "shop"))) as heard:
                await heard.reached(3)
        info = await client.jetstream().stream_info("EVT_shop")
        assert info.state.consumer_count == 0
        assert len(client._subs) == before


async def test_a_crowd_sells_out_over_a_stream_that_is_wiped(database, own_nats, log):
    async with connected_to(own_nats.url) as client, relaying(client, log) as relay:
        async with dispatching(database, name="shop") as dispatch:
            dispatch.on_commit.append(relay.offer)
            await dispatch(Open(shop="a", capacity=150), by())

            async def guest(number: int) -> bool:
                await asyncio.sleep(some((0, 0.8)))
                await dispatch(Take(shop="a", hold=f"h{number}", seconds=0.2), by(f"h{number}"))
                try:
                    await insist(dispatch, Sell(shop="a", order=f"o{number}"), by(f"o{number}"))
                except SoldOut:
                    return False
                return True

            guests = asyncio.gather(*(guest(n) for n in range(300)), return_exceptions=True)
            await asyncio.sleep(0.3)
            await wiped(own_nats)
            bought = (await guests).count(True)
        records = await sound(log)
        assert sum(each.topic == "shop.sold.v1" for each in records) == bought
        await assert_copied(client, log, own_nats.url)
