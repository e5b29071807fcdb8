"""Figures of a service that are no attribute of a part: asked of the database now and then."""

from __future__ import annotations

import asyncio
import logging

from roadcase.errors import Unavailable
from roadcase.event_store.connections import DERIVED, shared
from roadcase.outbox.standing import Standing, standing
from roadcase.said import Said

_EVERY = 10.0  # seconds
_log = logging.getLogger(__name__)


class Vitals:
    """Run `run()` as a task. What cannot be asked stays as it was."""

    def __init__(self, url: str, service: str) -> None:
        self.outbox = Standing()
        self._url = url
        self._service = service

    async def run(self) -> None:
        said = Said(_log)
        while True:
            try:
                async with shared(self._url, f"{self._service}_app", **DERIVED) as pool:
                    while True:
                        self.outbox = await standing(pool, self._service)
                        await asyncio.sleep(_EVERY)
            except Unavailable as error:
                said.because(f"the figures of {self._service} wait", error)
            await asyncio.sleep(_EVERY)
