"""Keeps a service's read models live: fold a batch, upsert what it touched, advance, commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import aclosing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from roadcase.clock import monotonic, nanoseconds
from roadcase.codec import Codec
from roadcase.errors import Unavailable
from roadcase.event_store.connections import DERIVED, connect, translated
from roadcase.event_store.records import Record
from roadcase.projection import Projection
from roadcase.said import Said
from roadcase.stream.follow import Follower
from roadcase.tables import BadFold, Read, Table, find, schema_hash, store, typed
from roadcase.telemetry import PROJECTION

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


class Progress(NamedTuple):
    """Where a projection stands. `stopped` is why it stands still, or None."""

    name: str
    position: int
    schema_hash: str
    generation: int
    stopped: str | None


class _Fenced(Exception):
    """Somebody else moved a checkpoint: another projector, or a rebuild that was swapped in."""


class _Bad(Exception):
    """What a projection made of events cannot be."""

    def __init__(self, live: _Live, why: BadFold) -> None:
        super().__init__(str(why))
        self.live = live
        self.why = why


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


async def progress(connection: Any, service: str) -> dict[str, Progress]:
    """Where every projection of a service stands, by name."""
    rows = await connection.fetch(
        f"SELECT name, position, schema_hash, generation, stopped FROM {service}.projections"
    )
    return {row[0]: Progress(*row) for row in rows}


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
        self._again.set()

    async def reached(self, position: int, timeout: float) -> bool:  # noqa: ASYNC109
        """Wait until every live read model shows this position; False when time runs out."""
        if self.position >= position:
            return True
        try:
            async with asyncio.timeout(timeout), self._advanced:
                await self._advanced.wait_for(lambda: self.position >= position)
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
        self._live, looked = live, monotonic()
        await self._reach(min(each.position for each in live))
        async with aclosing(self._follower.follow(self.position)) as batches:
            async for records in batches:
                if len(live) < len(self._projections) and monotonic() > looked + _LOOK:
                    looked = monotonic()
                    if len(await self._find_live(connection)) > len(live):
                        self._again.set()
                if self._again.is_set():
                    raise _Fenced("a rebuild was swapped in")
                began = nanoseconds()
                await self._write(connection, records)
                if self._tracing:
                    self._tracing.batch(PROJECTION, self.service, records, began)
                self.batches += 1
                self._pause = _PAUSE
                await self._reach(records[-1].position)
                await asyncio.sleep(_APART - (nanoseconds() - began) / 1e9)

    async def _reach(self, position: int) -> None:
        async with self._advanced:
            self.position = position
            self._advanced.notify_all()

    async def _find_live(self, connection: Any) -> list[_Live]:
        """Projections whose tables are there, of today's shape, and not stopped."""
        with translated("reading checkpoints"):
            known = await progress(connection, self.service)
        live = []
        for projection in self._projections:
            stands = known.get(projection.name)
            if stands and stands.schema_hash == schema_hash(projection) and not stands.stopped:
                table = Table(projection, self._codec, f"{self.service}_views")
                live.append(_Live(table, stands))
        return live

    async def _write(self, connection: Any, records: list[Record]) -> None:
        """One transaction: the touched rows of every live projection, and their checkpoints."""
        behind = [live for live in self._live if live.position < records[-1].position]
        bad: _Bad | None = None
        with translated("projecting"):
            try:
                await self._advance(connection, behind, records, together=True)
            except _Bad:  # then whose fault it is shows when each is stored by itself
                for live in behind:
                    live.table.forget()
                try:
                    await self._advance(connection, behind, records, together=False)
                except _Bad as error:
                    bad = error
        if bad:
            await self._stop(connection, bad.live, bad.why)
            raise _Fenced(str(bad.why))
        for live in behind:
            live.table.stored()
            live.position = records[-1].position

    async def _advance(
        self, connection: Any, behind: list[_Live], records: list[Record], *, together: bool
    ) -> None:
        """Move the checkpoints, fold, store. As few trips to the server as can be: each is a lag.

        `together` stores in one statement, which does not tell whose rows it could not hold.
        """
        read: Read = {}
        try:
            await self._move(connection, behind, records[-1].position)
            work = []
            for live in behind:
                with _blamed(live):
                    news = records[max(0, live.position + 1 - records[0].position) :]
                    work.append(live.table.work(news, read))
            if together:
                await find(connection, zip((live.table for live in behind), work, strict=True))
            for live, each in zip(behind, work, strict=True):
                with _blamed(live):
                    await live.table.do(connection, each)
            if together:
                with _blamed(behind[0]):
                    await store(connection, [live.table for live in behind])
            for live in () if together else behind:
                with _blamed(live):
                    await store(connection, [live.table])
            await connection.execute("COMMIT")
        except BaseException:
            if not connection.is_closed() and connection.is_in_transaction():
                await connection.execute("ROLLBACK")
            raise

    async def _move(self, connection: Any, behind: list[_Live], position: int) -> None:
        """First of all, so that a rebuild never waits for us while we wait for it."""
        stands = ", ".join(
            f"('{live.table.projection.name}', {live.position}, {live.generation})"
            for live in behind
        )
        moved = await connection.execute(
            f"BEGIN; UPDATE {self.service}.projections AS p SET position = {position} "
            f"FROM (VALUES {stands}) AS stood (name, position, generation) "
            "WHERE (p.name, p.position, p.generation) = "
            "(stood.name, stood.position, stood.generation)"
        )
        if moved != f"UPDATE {len(behind)}":
            raise _Fenced(f"a read model of {self.service} was moved by somebody else")

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
