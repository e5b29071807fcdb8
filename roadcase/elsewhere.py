"""Read models that another process writes: how far they are is asked of the database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from roadcase.clock import monotonic
from roadcase.errors import Unavailable
from roadcase.event_store.connections import connect, translated
from roadcase.progress import progress, that_live
from roadcase.projection import Projection

_LOOK, _GLANCE = 0.005, 1.0  # seconds between looks, while somebody waits and while nobody does


class Elsewhere:
    """What doors ask of a `Projector`, where that is in another process."""

    def __init__(self, url: str, service: str, projections: Sequence[Projection]) -> None:
        self.position = 0
        self._url, self._service = url, service
        self._projections = projections
        self._connection: Any = None
        self._looking = asyncio.Lock()

    async def run(self) -> None:
        """Know about where they are, for the figures of this process."""
        try:
            while True:
                await self.reached(self.position + 1, 0)
                await asyncio.sleep(_GLANCE)
        finally:
            if self._connection is not None:
                self._connection.terminate()

    async def reached(self, position: int, timeout: float) -> bool:  # noqa: ASYNC109
        """Wait until every live read model shows this position; False when time runs out."""
        until = monotonic() + timeout
        while self.position < position:
            async with self._looking:  # one look is for all who wait
                if self.position < position:
                    await self._look()
            if self.position < position and monotonic() >= until:
                return False
            await asyncio.sleep(_LOOK)
        return True

    async def _look(self) -> None:
        try:
            with translated("reading checkpoints"):
                if self._connection is None or self._connection.is_closed():
                    self._connection = await connect(self._url, f"{self._service}_app")
                known = await progress(self._connection, self._service)
        except Unavailable:
            return  # who waits hears in time that it is not shown
        live = [stands.position for _, stands in that_live(self._projections, known)]
        self.position = min(live, default=self.position)
