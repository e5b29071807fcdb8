"""What every adapter of `EventLog` must do for `append_at`; a part of `LogContract`."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from roadcase.errors import Conflict
from roadcase.event_store.chain import number
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Head, Key, Timer
from roadcase.testing.logs import AT, check, entries, entry, put, used


class AtOnceContract:
    """Needs the fixtures `log` and `logs` of `LogContract`."""

    @pytest.mark.parametrize("count", [1, 3, 40])
    async def test_records_are_appended_at_once_where_they_follow(
        self, log: EventLog, count: int
    ) -> None:
        await put(log, entry("t/seats/a"), timers=[Timer("t/seats/b", AT), Timer("t/seats/d", AT)])
        head, later = await log.head(), AT + timedelta(seconds=1)
        records, _ = number(head, entries("t/seats/b", count))
        keys = [Key(bytes([n]) * 16, n + 2, 1) for n in range(count)]
        due = [Timer("t/seats/d", later), *(Timer(f"t/x/{n}", AT) for n in range(count))]
        timers = [Timer("t/seats/b", None), *due]
        assert await log.append_at(head, records, at=later, keys=keys, timers=timers)
        assert await check(log, count + 1) == [*await log.read(0, 1), *records]
        assert await log.head() == Head(count + 1, records[-1].hash, later)
        assert await used(log, *(key.hash for key in keys)) == {key.hash: key for key in keys}
        assert set(await log.due(later, 99)) == set(due)
        await put(log, entry("t/seats/e"))
        await check(log, count + 2)

    async def test_records_that_do_not_follow_are_not_appended(self, log: EventLog) -> None:
        empty = await log.head()
        await put(log, entry("t/seats/a"))
        records, _ = number(empty, [entry("t/seats/b")])
        key, due = Key(b"k" * 16, 1, 1), Timer("t/seats/b", AT)
        assert not await log.append_at(empty, records, at=AT, keys=[key], timers=[due])
        other = (await log.head())._replace(hash=b"x" * 32)
        records, _ = number(other, [entry("t/seats/b")])
        assert not await log.append_at(other, records, at=AT)
        assert not await log.append_at(empty, [], at=AT)
        assert await log.append_at(await log.head(), [], at=AT + timedelta(days=1))
        assert (await log.head()).at == AT
        assert await used(log, key.hash) == {}
        assert await log.next_due() is None
        await check(log, 1)

    async def test_what_is_appended_at_once_is_written_once(self, log: EventLog) -> None:
        key = Key(b"k" * 16, 1, 1)
        await put(log, entry("t/seats/a"), keys=[key])
        head = await log.head()
        for new, keys in (("t/seats/a", []), ("t/seats/b", [Key(key.hash, 2, 1)])):
            records, _ = number(head, [entry("t/seats/c"), entry(new)])
            with pytest.raises(Conflict):
                await log.append_at(head, records, at=AT, keys=keys)
            await check(log, 1)
        records, _ = number(head, [entry("t/seats/c")])
        assert await log.append_at(head, records, at=AT)
        await check(log, 2)

    async def test_of_many_who_append_at_one_head_one_succeeds(self, logs: list[EventLog]) -> None:
        empty = await logs[0].head()
        records, _ = number(empty, [entry("t/seats/a")])
        done = await asyncio.gather(*(log.append_at(empty, records, at=AT) for log in logs * 5))
        assert sum(done) == 1
        await check(logs[0], 1)
