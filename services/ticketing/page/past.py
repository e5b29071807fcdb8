"""The night as it was: its facts folded once, kept while somebody replays it, and thinned out.

Folding goes through `Board`, as the live figures do, so that they cannot differ.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any, NamedTuple

import msgspec

from roadcase.clock import monotonic
from roadcase.errors import Overloaded
from roadcase.history import Happened, History
from roadcase.projection import Row
from services.ticketing.domain.refusals import NoBoxOffice
from services.ticketing.page import queries
from services.ticketing.projections import Board

POINTS = 600  # that a page gets; more than the pixels of its slider help nobody
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400)
_KEPT = 4  # nights in memory; 20,000 tickets are about 10 MB
_WAITING = 4  # different questions of one tenant at a time
_AGAIN = 1.0  # seconds for which an answer is good
_BREATH = 500  # events folded before others have their turn


class Point(NamedTuple):
    """How it stood at the end of a second. `at`: seconds since 1970; money in minor units."""

    at: int
    position: int
    capacity: int
    sold: int
    held: int
    free: int
    tickets: int
    takings: dict[str, int]
    refunds: dict[str, int]


class Series:
    """One night: a point for each second in which something changed."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self._version = 0
        self._row: Row | None = None
        self._hears = {event.topic: keyed for event, keyed in Board().hears.items()}

    async def catch_up(self, past: History, occurrence: str) -> None:
        for n, each in enumerate(await past.read("box-office", occurrence, self._version), 1):
            self._fold(each)
            if n % _BREATH == 0:
                await asyncio.sleep(0)

    def _fold(self, each: Happened) -> None:
        self._version = each.record.version
        keyed = self._hears.get(each.record.topic, ())
        for _, fold in keyed:
            stamp = each.stamp
            self._row = fold(self._row, each.event, stamp)
            assert self._row is not None
            at = int(stamp.at.timestamp())
            point = Point(at, stamp.position, **queries.figures(self._row))
            if self.points and self.points[-1].at == at:
                self.points.pop()
            self.points.append(point)


Key = tuple[str, str, int]  # tenant, occurrence, last


class Nights:
    """Answers what a slider needs. One night is folded at a time; those who ask the same share."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Series] = OrderedDict()
        self._answers: OrderedDict[Key, tuple[float, bytes]] = OrderedDict()
        self._asked: dict[Key, asyncio.Task[bytes]] = {}
        self._one = asyncio.Lock()

    async def answer(self, tenant: str, occurrence: str, past: History, last: int) -> bytes:
        """The night, or its `last` seconds (0: all), as JSON. Raises NoBoxOffice, Overloaded."""
        key = tenant, occurrence, last
        at, answer = self._answers.get(key, (0.0, b""))
        if answer and monotonic() - at < _AGAIN:
            return answer
        if key not in self._asked:
            if sum(each[0] == tenant for each in self._asked) >= _WAITING:
                raise Overloaded("other nights are being replayed; try again shortly")
            self._asked[key] = asyncio.create_task(self._fold(key, past))
            self._asked[key].add_done_callback(lambda _: self._asked.pop(key))
        return await asyncio.shield(self._asked[key])

    async def _fold(self, key: Key, past: History) -> bytes:
        tenant, occurrence, last = key
        async with self._one:
            series = self._kept.pop((tenant, occurrence), None) or Series()
            await series.catch_up(past, occurrence)
            if not series.points:
                raise NoBoxOffice(occurrence=occurrence)
            self._kept[tenant, occurrence] = series
            answer = msgspec.json.encode(thinned(series.points, last))
        self._answers.pop(key, None)
        self._answers[key] = monotonic(), answer
        for cache, most in ((self._kept, _KEPT), (self._answers, _KEPT * 3)):
            while len(cache) > most:
                cache.popitem(last=False)
        return answer


def thinned(points: list[Point], last: int = 0, most: int = POINTS) -> dict[str, Any]:
    """At most `most` points: of each step of the time the last one, which is how it stood then.

    A point at or before the beginning tells how it stood there.
    """
    until = points[-1].at
    since = max(points[0].at, until - last) if last else points[0].at
    step = next((each for each in STEPS if (until - since) / each < most), STEPS[-1] * 30)
    kept: dict[int, Point] = {}
    for point in points:
        notch = max(0, -((since - point.at) // step))
        kept[notch] = point
    return {
        "since": since,
        "until": until,
        "began": points[0].at,
        "step": step,
        "columns": Point._fields,
        "points": [list(point) for point in kept.values()],
    }
