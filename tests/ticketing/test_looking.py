"""Workers look again: while there is no database they wait, and they stop when asked to."""

from __future__ import annotations

import asyncio

from roadcase.errors import Unavailable
from roadcase.looking import Looker


class Views:
    """Only what a worker opens and closes."""

    closed = False

    async def __aenter__(self):
        return self

    async def __aexit__(self, *why):
        self.closed = True


class Eager(Looker):
    every = 0.001
    waits = "looking waits"
    looked = 0

    async def _look(self):
        self.looked += 1
        if self.looked == 1:
            raise Unavailable("the database is away")
        if self.looked == 3:
            self.stop()


async def test_a_worker_waits_for_its_database_looks_again_and_stops():
    views = Views()
    worker = Eager(None, views)
    async with asyncio.timeout(5):
        await worker.run()
    assert (worker.looked, views.closed) == (3, True)
