"""What every adapter of `EventLog` must do, written once: subclass `LogContract` to run it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest

from roadcase.clock import EPOCH
from roadcase.errors import Conflict
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Entry, Head, Key, Record, Timer, Tracking
from roadcase.testing.at_once_contract import AtOnceContract
from roadcase.testing.logs import AT, MakeLog, check, entries, entry, put, used

MANY = 2_000
BIG = 200 * 1024
TASKS = 40
WRITERS = 16
# One character of each plane that has any, the last code point, and what SQL might stumble over.
PLANES = "".join(chr((plane << 16) + 0x1234) for plane in range(17)) + "\U0010ffff'\"\\%;\n\u202e"


class LogContract(AtOnceContract):
    """Name the subclass `Test…` and give it a fixture `make_log`.

    It returns a new object on the same data at each call. The suite closes what it was given.
    `shared` says whether two objects may be open on the same data at once.
    """

    shared = True

    @pytest.fixture
    async def log(self, make_log: MakeLog) -> AsyncIterator[EventLog]:
        log = make_log()
        yield log
        await log.close()

    @pytest.fixture
    async def logs(self, log: EventLog, make_log: MakeLog) -> AsyncIterator[list[EventLog]]:
        """Two objects on the same data where the adapter allows it, else the same one twice."""
        other = make_log() if self.shared else log
        yield [log, other]
        await other.close()

    async def test_a_new_log_is_empty(self, log: EventLog) -> None:
        assert await log.head() == Head(0, bytes(32), EPOCH)
        assert await log.read(0, 10) == []
        assert await log.read_stream("t/seats/a") == []
        assert await log.next_due() is None
        assert await log.holds(0, bytes(32))
        assert not await log.holds(1, bytes(32))

    async def test_positions_are_dense_from_one_and_the_chain_holds(self, log: EventLog) -> None:
        assert [r.position for r in await put(log, *entries("t/seats/a", 3))] == [1, 2, 3]
        assert [r.position for r in await put(log, entry("t/seats/b"))] == [4]
        await check(log, 4)

    async def test_what_append_returns_is_what_is_read(self, log: EventLog) -> None:
        written = await put(log, entry("t/seats/a", 1, b'{"a":1}', b'{"m":2}'), entry("t/x/b", 7))
        assert written == await log.read(0, 10)
        assert await log.holds(2, written[1].hash)
        assert not await log.holds(2, written[0].hash)
        assert not await log.holds(3, written[1].hash)

    async def test_the_head_keeps_position_hash_and_time(self, log: EventLog) -> None:
        (record,) = await put(log, entry("t/seats/a"), at=AT)
        assert await log.head() == Head(1, record.hash, AT)
        async with log.writer() as writer:
            assert writer.head == Head(1, record.hash, AT)

    async def test_an_empty_append_changes_nothing(self, log: EventLog) -> None:
        (record,) = await put(log, entry("t/seats/a"), at=AT)
        assert await put(log, at=AT + timedelta(days=1)) == []
        async with log.writer():
            pass
        assert await log.head() == Head(1, record.hash, AT)

    @pytest.mark.parametrize("count", [0, 1, 200])
    async def test_who_is_told_of_the_records_may_still_say_keys_and_timers(
        self, log: EventLog, count: int
    ) -> None:
        key, due, told = Key(b"k" * 16, 1, 1), [], []

        def sent(records: list[Record]) -> None:
            told.append(list(records))
            due.append(Timer("t/seats/a", AT))

        async with log.writer() as writer:
            new, keys = entries("t/seats/a", count), [key][:count]
            records = await writer.append(new, at=AT, keys=keys, timers=due, sent=sent)
            assert told == [records]
            assert len(records) == count
        assert await log.next_due() == AT
        await check(log, count)

    async def test_a_version_is_written_once(self, log: EventLog) -> None:
        await put(log, *entries("t/seats/a", 2))
        for again in (entry("t/seats/a", 2), entry("t/seats/a", 1)):
            with pytest.raises(Conflict):
                await put(log, entry("t/seats/b"), again)
        with pytest.raises(Conflict):
            await put(log, entry("t/seats/c"), entry("t/seats/c"))
        await check(log, 2)
        assert await log.read_stream("t/seats/b") == []

    async def test_a_key_is_used_once(self, log: EventLog) -> None:
        key, other = Key(b"k" * 16, 1, 2), Key(b"o" * 16, 3, 1)
        await put(log, *entries("t/seats/a", 2), keys=[key])
        with pytest.raises(Conflict):
            await put(log, entry("t/seats/b"), keys=[other, Key(key.hash, 3, 1)])
        await check(log, 2)
        assert await used(log, key.hash, other.hash, b"n" * 16) == {key.hash: key}
        assert await used(log) == {}

    async def test_keys_up_to_a_position_are_forgotten_a_few_at_a_time(self, log: EventLog) -> None:
        keys = [Key(bytes([n]) * 16, n, 1) for n in range(1, 8)]
        await put(log, *entries("t/seats/a", 7), keys=keys)
        done = []
        for _ in range(3):
            async with log.writer() as writer:
                done.append(await writer.forget(5, 3))
        assert done == [3, 2, 0]
        assert set(await used(log, *(key.hash for key in keys))) == {keys[5].hash, keys[6].hash}
        await put(log, entry("t/seats/b"), keys=[Key(keys[0].hash, 8, 1)])  # as if it were new
        await check(log, 8)

    async def test_keys_of_any_bytes_are_found(self, log: EventLog) -> None:
        keys = {bytes([n]) * 16: Key(bytes([n]) * 16, 1, 1) for n in range(256)}
        await put(log, entry("t/seats/a"), keys=keys.values())
        assert await used(log, *keys) == keys

    async def test_a_stream_has_one_timer_which_moves_and_goes(self, log: EventLog) -> None:
        early, late = AT + timedelta(microseconds=1), AT + timedelta(days=400)
        timers = Timer("t/seats/a", late), Timer("t/seats/b", early), Timer("t/x/c", None)
        await put(log, timers=timers)
        assert await log.next_due() == early
        assert await log.due(AT, 10) == []
        assert await log.due(early, 10) == [Timer("t/seats/b", early)]
        await put(log, timers=[Timer("t/seats/b", late + timedelta(days=1))])
        both = [Timer("t/seats/a", late), Timer("t/seats/b", late + timedelta(days=1))]
        assert await log.due(late + timedelta(days=1), 10) == both
        assert await log.due(late + timedelta(days=1), 1) == both[:1]
        await put(log, timers=[Timer("t/seats/a", None), Timer("t/seats/b", None)])
        assert await log.next_due() is None

    async def test_tracking_only_advances(self, log: EventLog) -> None:
        await put(log, entry("t/seats/a"), tracking=Tracking("sales", 5))
        for position in (5, 4):
            with pytest.raises(Conflict):
                await put(log, entry("t/seats/b"), tracking=Tracking("sales", position))
        await check(log, 1)
        await put(log, tracking=Tracking("sales", 6))
        await put(log, tracking=Tracking("other", 5))
        with pytest.raises(Conflict):
            await put(log, tracking=Tracking("sales", 6))
        with pytest.raises(Conflict):  # the version is taken, so this tracking must not stay
            await put(log, entry("t/seats/a"), tracking=Tracking("sales", 7))
        await put(log, tracking=Tracking("sales", 7))

    async def test_an_error_in_the_block_leaves_nothing(self, log: EventLog) -> None:
        new, keys, sales = entry("t/seats/a"), [Key(b"k" * 16, 1, 1)], Tracking("sales", 5)
        due = [Timer("t/seats/a", AT)]
        for stop in (ZeroDivisionError, asyncio.CancelledError):
            with pytest.raises(stop):
                await put(log, new, keys=keys, timers=due, tracking=sales, then=stop)
        assert await log.head() == Head(0, bytes(32), EPOCH)
        assert await log.next_due() is None
        assert await used(log, keys[0].hash) == {}
        await put(log, new, keys=keys, timers=due, tracking=sales)
        await check(log, 1)

    async def test_a_conflict_that_is_swallowed_keeps_nothing_all_the_same(
        self, log: EventLog
    ) -> None:
        await put(log, entry("t/seats/a"))
        for bad in ([entry("t/seats/b"), entry("t/seats/a")], [entry("t/seats/a")]):
            with suppress(Exception):  # the block may complain or not
                async with log.writer() as writer:
                    with pytest.raises(Conflict):
                        await writer.append(bad, at=AT, timers=[Timer("t/seats/b", AT)])
            await check(log, 1)
        assert await log.next_due() is None
        await put(log, entry("t/seats/b"))
        await check(log, 2)

    async def test_cancelled_tasks_give_the_lock_back(self, logs: list[EventLog]) -> None:
        log, entered = logs[0], asyncio.Event()

        async def hang() -> None:
            async with log.writer() as writer:
                await writer.append([entry("t/seats/a")], at=AT)
                entered.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(hang())
        await entered.wait()
        waiting = [asyncio.create_task(put(each, entry("t/seats/b"))) for each in logs]
        await asyncio.sleep(0.05)
        for each in (*waiting, task):
            each.cancel()
        await asyncio.gather(task, *waiting, return_exceptions=True)
        await put(log, entry("t/seats/c"))
        await put(logs[1], entry("t/seats/d"))
        assert [each.stream for each in await check(log, 2)] == ["t/seats/c", "t/seats/d"]

    async def test_reads_are_ordered_bounded_and_start_after(self, log: EventLog) -> None:
        await put(log, entry("t/a/1", 1), entry("t/a/2", 1), entry("t/a/1", 2), entry("t/a/1", 3))
        assert [r.position for r in await log.read(1, 2)] == [2, 3]
        assert [r.position for r in await log.read(3, 100)] == [4]
        assert await log.read(4, 100) == []
        assert [r.version for r in await log.read_stream("t/a/1")] == [1, 2, 3]
        assert [r.position for r in await log.read_stream("t/a/1", 1)] == [3, 4]
        assert await log.read_stream("t/a/1", 3) == []
        assert await log.read_stream("t/a/") == []
        async with log.writer() as writer:
            assert await writer.read(1, 2) == await log.read(1, 2)
            assert await writer.read_stream("t/a/1", 1) == await log.read_stream("t/a/1", 1)

    async def test_nobody_sees_a_record_before_the_block_has_ended(self, log: EventLog) -> None:
        async with log.writer() as writer:
            await writer.append([entry("t/seats/a")], at=AT, timers=[Timer("t/seats/a", AT)])
            assert await log.read(0, 10) == []
            assert (await log.head()).position == 0
            assert await log.next_due() is None
        await check(log, 1)

    async def test_many_writers_take_turns(self, logs: list[EventLog]) -> None:
        """Each writes down the head that it saw: nobody may append between seeing and writing."""

        async def write(number: int) -> None:
            async with logs[number % 2].writer() as writer:
                seen = writer.head.position
                await asyncio.sleep(0)
                new = [entry(f"t/a/{number}", n, b"%d" % (seen + n)) for n in (1, 2)]
                await writer.append(new, at=AT)

        await asyncio.gather(*(write(number) for number in range(TASKS)))
        for record in await check(logs[1], 2 * TASKS):
            assert int(record.payload) == record.position

    async def test_a_tailing_reader_beside_sixteen_writers_misses_nothing(
        self, logs: list[EventLog]
    ) -> None:
        rounds = 12

        async def write(number: int) -> None:
            for turn in range(rounds):
                await put(logs[number % 2], entry(f"t/a/{number}", turn + 1))

        async def tail() -> list[Record]:
            seen: list[Record] = []
            while len(seen) < WRITERS * rounds:
                seen += await logs[0].read(len(seen), 7)
            return seen

        seen, *_ = await asyncio.gather(tail(), *(write(number) for number in range(WRITERS)))
        assert seen == await check(logs[0], WRITERS * rounds)

    async def test_a_large_batch_and_large_payloads(self, log: EventLog) -> None:
        large = [entry("t/large/a", n, bytes([n]) * BIG, b"m" * BIG) for n in range(1, 6)]
        written = await put(log, *entries("t/many/a", MANY), *large)
        assert await check(log, MANY + len(large)) == written

    async def test_text_of_every_plane_and_bytes_of_every_value(self, log: EventLog) -> None:
        raw = bytes(range(256))
        odd = Entry(f"t/{PLANES}/a", 1, f"test.{PLANES}.v1", raw, raw[::-1])
        empty = Entry("t/a/b", 2**62, "", b"", b"")
        timers = [Timer(odd.stream, AT)]
        await put(log, odd, empty, timers=timers, tracking=Tracking(PLANES, 1))
        assert [record[1:6] for record in await check(log, 2)] == [odd, empty]
        assert [record.position for record in await log.read_stream(odd.stream)] == [1]
        assert await log.due(AT, 1) == timers

    async def test_what_was_committed_is_there_after_reopening(
        self, log: EventLog, make_log: MakeLog
    ) -> None:
        key, due, sales = Key(b"k" * 16, 1, 3), [Timer("t/a/a", AT)], Tracking("sales", 5)
        new = entries("t/a/a", 3)
        written = await put(log, *new, keys=[key], timers=due, tracking=sales)
        await log.close()
        again = make_log()
        try:
            assert await check(again, 3) == written
            assert await again.head() == Head(3, written[-1].hash, AT)
            assert await again.due(AT, 5) == due
            assert await used(again, key.hash) == {key.hash: key}
            with pytest.raises(Conflict):
                await put(again, tracking=sales)
            await put(again, entry("t/a/a", 4))
            await check(again, 4)
        finally:
            await again.close()
