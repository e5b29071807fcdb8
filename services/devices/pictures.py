"""Pictures of printed tickets for whoever asks, so few at a time that printing does not notice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from roadcase.clock import monotonic
from roadcase.errors import Overloaded

if TYPE_CHECKING:
    from services.devices.drawing import Drawn

WAITING: Final = 48  # different pictures that are waited for
OF_ONE: Final = 12  # of one tenant
_REST: Final = 3  # times as long as it drew, it rests: a quarter of one core at most
_LONGEST_REST: Final = 0.1  # seconds

Key = tuple[str, str, int]  # tenant, job, attempt


class Pictures:
    """Draws one at a time, in a thread. Who asks for the same shares it; nothing is kept."""

    def __init__(self) -> None:
        self._asked: dict[Key, asyncio.Task[Drawn]] = {}
        self._turn = asyncio.Lock()
        self._next = 0.0  # when the next may be drawn

    async def of(self, tenant: str, job: Mapping[str, Any]) -> Drawn:
        """The picture of a row of `queries.printed`. Raises Overloaded."""
        key = tenant, job["job"], job["attempt"]
        if key not in self._asked:
            ours = sum(each[0] == tenant for each in self._asked)
            if ours >= OF_ONE or len(self._asked) >= WAITING:
                raise Overloaded("other pictures are being drawn; try again shortly")
            self._asked[key] = asyncio.create_task(self._draw(job))
            self._asked[key].add_done_callback(lambda _: self._asked.pop(key))
        return await asyncio.shield(self._asked[key])

    async def _draw(self, job: Mapping[str, Any]) -> Drawn:
        async with self._turn:
            await asyncio.sleep(self._next - monotonic())
            began = monotonic()
            try:
                return await asyncio.to_thread(_drawn, job)
            finally:
                ended = monotonic()
                self._next = ended + min((ended - began) * _REST, _LONGEST_REST)


def _drawn(job: Mapping[str, Any]) -> Drawn:
    from services.devices.drawing import drawn  # noqa: PLC0415 - in this thread: it takes a while

    return drawn(job)
