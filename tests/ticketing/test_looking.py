"""Workers look again: while there is no database they wait, and they stop when asked to."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from roadcase.errors import Unavailable
from roadcase.looking import Looker
from services.ticketing.workers.releaser import Releaser


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


class Behind(Views):
    """A read model that does not show yet that a guest was let in."""

    shown = 4

    async def head(self):
        return 5

    async def as_of(self, _name):
        return self.shown, None

    async def fetch(self, sql, *_args):
        if "FROM availability" in sql:
            types = {"seat": {"no_show_after": 30, "no_show_set_at": "2027-01-01T20:00:00Z"}}
            night = {"starts_at": datetime(2027, 1, 1, 20), "ends_at": datetime(2027, 1, 2, 2)}
            return [{**night, "tenant": "a", "occurrence": "n", "zone": "UTC", "types": types}]
        came = {"order_id": "o1", "tickets": ["o1-1"]}
        return [] if self.shown == 5 else [came]


async def test_nobody_is_taken_for_absent_before_it_is_shown_who_came():
    asked = []

    async def dispatch(command, _context):
        asked.append(command)

    views = Behind()
    worker = Releaser(dispatch, views, lambda: datetime(2027, 1, 1, 21, tzinfo=UTC))
    looking = asyncio.create_task(worker._look())
    await asyncio.sleep(0.1)
    views.shown = 5
    await looking
    assert asked == []
