"""Keeps a service's read models live: fold a batch, upsert what it touched, advance, commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import aclosing, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from roadcase.clock import nanoseconds
from roadcase.codec import Codec
from roadcase.errors import Unavailable
from roadcase.event_store.connections import DERIVED, connect, translated
from roadcase.event_store.records import Record
from roadcase.progress import Progress, progress, that_live
from roadcase.projection import Projection
from roadcase.said import Said
from roadcase.stream.follow import Follower
from roadcase.tables import BadFold, Fence, Read, Table, Work, find, store, typed
from roadcase.telemetry import PROJECTION
from roadcase.until import until

if TYPE_CHECKING:
    from roadcase.tracing import Tracing

_PAUSE, _LONGEST_PAUSE = 0.05, 1.0  # seconds before it starts again
_APART = 0.01  # seconds from one batch to the next: a batch of two events costs as much as one
_LOOK = 1.0  # seconds between looks for projections that somebody else has rebuilt
# A commit that a crash of PostgreSQL takes back takes its checkpoint back too, and is made again:
# nobody waits for the disk. And plans are made for the tables as they are by now: one that was
# made while they were empty may read all rows of an occurrence to find one.
_SESSION = DERIVED | {"plan_cache_mode": "force_custom_plan"}
_log = logging.getLogger(__name__)


class _Fenced(Exception):
    """Somebody else moved a checkpoint: another projector, or a rebuild that was swapped in."""


class _Bad(Exception):
    """What a projection made of events cannot be."""

    def __init__(self, live: _Live, why: BadFold) -> None:
        super().__init__(str(why))
        self.live, self.why = live, why


class _Live:
    def __init__(self, table: Table, progress: Progress) -> None:
        self.table = table
        self.position = progress.position
        self.generation = progress.generation


@contextmanager
def _blamed(live: _Live) -> Iterator[None]:
    try:
        yield
    except BadFold as error:
        raise _Bad(live, error) from error


def _stands(behind: list[_Live], records: list[Record]) -> list[int]:
    """Where all are to stand, and where each does: the arguments of `_move`."""
    return [records[-1].position, *(n for live in behind for n in (live.position, live.generation))]


def _work(behind: list[_Live], records: list[Record]) -> list[Work]:
    read: Read = {}
    work = []
    topics = {record.topic for record in records}
    for live in behind:
        with _blamed(live):
            news = records[max(0, live.position + 1 - records[0].position) :]
            work.append(live.table.work(news, read) if live.table.hears_any(topics) else [])
    return work


async def _fold(connection: Any, behind: list[_Live], work: list[Work]) -> None:
    for live, each in zip(behind, work, strict=True):
        with _blamed(live):
            await live.table.do(connection, each)


class Projector:
    """Run `run()` as a task. Several may run at once: each batch is written by one of them.

    A projection whose table is missing or outdated is left alone until a rebuild has made it
    (`roadcase.rebuild`); one that cannot fold an event is stopped there, marked, and the others
    go on.
    """

    def __init__(
        self,
        url: str,
        service: str,
        projections: Sequence[Projection],
        codec: Codec,
        follower: Follower,
        *,
        tracing: Tracing | None = None,
    ) -> None:
        self.service = service
        self.position = 0
        self.batches = 0
        self._url = url
        self._projections = projections
        self._codec = codec
        self._follower = follower
        self._tracing = tracing
        self._pause = _PAUSE
        self._said = Said(_log)
        self._live: list[_Live] = []
        self._advanced = asyncio.Condition()
        self._again = asyncio.Event()
        self._sure = True  # that no live read model is behind `position`

    @property
    def missing(self) -> int:
        """How many read models nobody keeps up to date: not made yet, outdated or stopped."""
        return len(self._projections) - len(self._live)

    async def run(self) -> None:
        while True:
            connection = None
            try:
                connection = await connect(self._url, f"{self.service}_app", **_SESSION)
                with translated("learning types"):
                    await typed(connection)
                await self._follow(connection)
            except (_Fenced, Unavailable) as error:
                self._said.because(f"the projector of {self.service} starts again", error)
                await asyncio.sleep(self._pause)
                self._pause = min(2 * self._pause, _LONGEST_PAUSE)  # another one does the work
            finally:
                if connection is not None:
                    connection.terminate()

    def restart(self) -> None:
        """A rebuild was swapped in: look at all checkpoints again."""
        self._sure = False
        self._again.set()

    async def reached(self, position: int, timeout: float) -> bool:  # noqa: ASYNC109
        """Wait until every live read model shows this position; False when time runs out."""
        if self._sure and self.position >= position:
            return True
        try:
            async with asyncio.timeout(timeout), self._advanced:
                await self._advanced.wait_for(lambda: self._sure and self.position >= position)
        except TimeoutError:
            return False
        return True

    async def _follow(self, connection: Any) -> None:
        self._again.clear()
        live = await self._find_live(connection)
        while not live:  # nothing to keep up to date until a rebuild says otherwise
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK):
                    await self._again.wait()
            self._again.clear()
            live = await self._find_live(connection)
        for each in live:
            with translated("meeting a read model"):
                await each.table.meet(connection)
        self._live = live
        await self._reach(min(each.position for each in live))
        async with (
            aclosing(self._follower.follow(self.position)) as coming,
            aclosing(until(self._again, coming, partial(self._look, connection), _LOOK)) as batches,
        ):
            async for records in batches:
                began = nanoseconds()
                await self._write(connection, records)
                if self._tracing:
                    self._tracing.batch(PROJECTION, self.service, records, began)
                self.batches += 1
                self._pause = _PAUSE
                await self._reach(records[-1].position)
                await asyncio.sleep(_APART - (nanoseconds() - began) / 1e9)
        # Seen without anything coming, too: the new table may lack what came meanwhile.
        raise _Fenced("a rebuild was swapped in")

    async def _look(self, connection: Any) -> None:
        """Whether somebody else has rebuilt what was missing."""
        if self.missing and len(await self._find_live(connection)) > len(self._live):
            self.restart()

    async def _reach(self, position: int) -> None:
        async with self._advanced:
            self.position, self._sure = position, not self._again.is_set()
            self._advanced.notify_all()

    async def _find_live(self, connection: Any) -> list[_Live]:
        with translated("reading checkpoints"):
            known = await progress(connection, self.service)
        views = f"{self.service}_views"
        return [
            _Live(Table(projection, self._codec, views), stands)
            for projection, stands in that_live(self._projections, known)
        ]

    async def _write(self, connection: Any, records: list[Record]) -> None:
        """One transaction: the touched rows of every live projection, and their checkpoints."""
        behind = [live for live in self._live if live.position < records[-1].position]
        bad: _Bad | None = None
        with translated("projecting"):
            try:
                await self._at_once(connection, behind, records)
            except _Bad:  # then whose fault it is shows when each is stored by itself
                for live in behind:
                    live.table.forget()
                try:
                    await self._one_by_one(connection, behind, records)
                except _Bad as error:
                    bad = error
        if bad:
            await self._stop(connection, bad.live, bad.why)
            raise _Fenced(str(bad.why))
        for live in behind:
            live.table.stored()
            live.position = records[-1].position

    async def _at_once(self, connection: Any, behind: list[_Live], records: list[Record]) -> None:
        """Fold, then one statement for all checkpoints and rows: each trip to the server is a lag.

        It tells neither whose rows it could not hold, nor that a checkpoint was moved by another:
        a table may be swapped while it is read here, but then nothing is written.
        """
        work = _work(behind, records)
        with _blamed(behind[0]):
            await find(connection, zip((live.table for live in behind), work, strict=True))
        await _fold(connection, behind, work)
        fence = Fence(
            self._move(behind) + " RETURNING 1",
            f"SELECT 1 / (count(*) / {len(behind)}) FROM moved",  # all, or an error
            _stands(behind, records),
        )
        with _blamed(behind[0]):
            await store(connection, [live.table for live in behind], fence)

    async def _one_by_one(
        self, connection: Any, behind: list[_Live], records: list[Record]
    ) -> None:
        """The same in one transaction with a statement for each, which tells what was wrong.

        Tables before checkpoints, as a rebuild locks them and as one statement does.
        """
        tables = ", ".join(live.table.place for live in behind)
        try:
            await connection.execute(f"BEGIN; LOCK TABLE {tables} IN ROW EXCLUSIVE MODE")
            await self._advance(connection, behind, records)
            await _fold(connection, behind, _work(behind, records))
            for live in behind:
                with _blamed(live):
                    await store(connection, [live.table])
            await connection.execute("COMMIT")
        except BaseException:
            if not connection.is_closed() and connection.is_in_transaction():
                await connection.execute("ROLLBACK")
            raise

    async def _advance(self, connection: Any, behind: list[_Live], records: list[Record]) -> None:
        done = await connection.execute(self._move(behind), *_stands(behind, records))
        if done != f"UPDATE {len(behind)}":
            raise _Fenced(f"a read model of {self.service} was moved by somebody else")

    def _move(self, behind: list[_Live]) -> str:
        """Advances all checkpoints that stand where we left them, to `$1`."""
        stands = ", ".join(
            f"('{live.table.projection.name}', ${2 * n}::bigint, ${2 * n + 1}::int)"
            for n, live in enumerate(behind, 1)
        )
        return (
            f"UPDATE {self.service}.projections AS p SET position = $1 "
            f"FROM (VALUES {stands}) AS stood (name, position, generation) "
            "WHERE (p.name, p.position, p.generation) = "
            "(stood.name, stood.position, stood.generation)"
        )

    async def _stop(self, connection: Any, live: _Live, why: BadFold) -> None:
        _log.error("a projection stands still: %s", why)
        with translated("stopping a projection"):
            await connection.execute(
                f"UPDATE {self.service}.projections SET stopped = $1, changed_at = now() "
                "WHERE name = $2 AND generation = $3",
                str(why),
                live.table.projection.name,
                live.generation,
            )
