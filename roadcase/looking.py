"""What workers share: look at a read model, do what is due, look again."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import ClassVar

from roadcase.doors import Dispatch
from roadcase.errors import Overloaded, Unavailable
from roadcase.said import Said
from roadcase.views import Views


class Looker(ABC):
    """Looks until it is stopped. What it asks for has keys, so that several may run."""

    every: ClassVar[float]  # seconds between looks
    waits: ClassVar[str]  # what the log says while there is no database

    def __init__(self, dispatch: Dispatch, views: Views) -> None:
        self._dispatch = dispatch
        self._views = views
        self._said = Said(logging.getLogger(type(self).__module__))
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        self._stopped.set()

    async def run(self) -> None:
        async with self._views:
            while not self._stopped.is_set():
                try:
                    await self._look()
                except (Unavailable, Overloaded) as error:
                    self._said.because(self.waits, error)
                with suppress(TimeoutError):  # nobody stopped it: look again
                    await asyncio.wait_for(self._stopped.wait(), self.every)

    @abstractmethod
    async def _look(self) -> None:
        """Everything that is due. Raises Unavailable while a table is being made."""
