"""Keeps a service's read models live: fold a batch, upsert what it touched, advance, commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing, suppress
from typing import Any, NamedTuple

from roadcase.clock import monotonic
from roadcase.codec import Codec
from roadcase.errors import Unavailable
from roadcase.event_store.connections import DERIVED, connect, translated
from roadcase.event_store.records import Record
from roadcase.projection import Projection
from roadcase.stream.follow import Follower
from roadcase.tables import BadFold, Read, Table, schema_hash, typed

_PAUSE, _LONGEST_PAUSE = 0.05, 1.0  # seconds before it starts again
_LOOK = 1.0  # seconds between looks for projections that somebody else has rebuilt
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


class _Live:
    def __init__(self, table: Table, progress: Progress) -> None:
        self.table = table
        self.position = progress.position
        self.generation = progress.generation


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
    ) -> None:
        self.service = service
        self.position = 0
        self.batches = 0
        self._url = url
        self._projections = projections
        self._codec = codec
        self._follower = follower
        self._pause = _PAUSE
        self._live: list[_Live] = []
        self._advanced = asyncio.Condition()
        self._again = asyncio.Event()

    async def run(self) -> None:
        while True:
            connection = None
            try:
                connection = await connect(self._url, f"{self.service}_app", **DERIVED)
                with translated("learning types"):
                    await typed(connection)
                await self._follow(connection)
            except (_Fenced, Unavailable) as error:
                _log.info("the projector of %s starts again: %s", self.service, error)
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
                await self._write(connection, records)
                self.batches += 1
                self._pause = _PAUSE
                await self._reach(records[-1].position)

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
        bad: tuple[_Live, BadFold] | None = None
        read: Read = {}
        with translated("projecting"):
            try:
                async with connection.transaction():
                    for live in self._live:
                        try:
                            await self._advance(connection, live, records, read)
                        except BadFold as error:
                            bad = live, error
                            raise
            except BadFold:
                pass
        if bad:
            await self._stop(connection, *bad)
            raise _Fenced(str(bad[1]))
        for live in self._live:
            live.table.stored()
            live.position = max(live.position, records[-1].position)

    async def _advance(
        self, connection: Any, live: _Live, records: list[Record], read: Read
    ) -> None:
        if records[-1].position <= live.position:
            return
        if records[0].position <= live.position:
            records = [each for each in records if each.position > live.position]
        moved = (
            await connection.execute(  # first, so that a rebuild never waits for us and we for it
                f"UPDATE {self.service}.projections SET position = $1 "
                "WHERE name = $2 AND position = $3 AND generation = $4",
                records[-1].position,
                live.table.projection.name,
                live.position,
                live.generation,
            )
        )
        if moved != "UPDATE 1":
            raise _Fenced(f"{live.table.projection.name} was moved from {live.position}")
        await live.table.fold(connection, records, read)
        await live.table.store(connection)

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
