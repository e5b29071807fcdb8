"""What the demonstration proves afterwards: from the log alone, and from a fresh process."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from roadcase.errors import LogCorrupt
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Head, Record, meta_of
from roadcase.event_store.verify import verify
from roadcase.views import Views

_SOLD = "ticketing.ticket_sold.v1"
_PAGE = 5000
_log = logging.getLogger(__name__)


class _Ticket(msgspec.Struct):
    ticket: str
    code: str


class Sold(NamedTuple):
    """A ticket as the log says it was sold. `at` is when that was recorded."""

    ticket: str
    code: str
    at: datetime


async def sold(log: EventLog, stream: str) -> list[Sold]:
    """The tickets sold in a stream, in the order of the log."""
    decode = msgspec.json.Decoder(_Ticket).decode
    found = []
    for record in await log.read_stream(stream):
        if record.topic == _SOLD:
            ticket = decode(record.payload)
            found.append(Sold(ticket.ticket, ticket.code, meta_of(record).at))
    return found


class Printed(NamedTuple):
    """The print jobs of an occurrence: how many in each state, and when each ended, by ticket."""

    states: Counter[str]
    ended: dict[str, datetime]

    @property
    def settled(self) -> bool:
        """Whether nothing is on its way any more."""
        return not set(self.states) - {"printed", "in_doubt", "abandoned"}


async def printed(views: Views, tenant: str, occurrence: str) -> Printed:
    rows = await views.of(tenant).fetch(
        "SELECT ticket, state, ended_at FROM jobs WHERE tenant = $1 AND occurrence = $2", occurrence
    )
    ended = {row["ticket"]: row["ended_at"] for row in rows if row["ended_at"]}
    return Printed(Counter(row["state"] for row in rows), ended)


def percentile(values: Iterable[float], percent: int) -> float:
    """The value that so many percent do not exceed, by nearest rank; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0.0


async def holds(log: EventLog) -> bool:
    """Whether every hash of the log is right."""
    try:
        await verify(log)
    except LogCorrupt:
        return False
    return True


async def finds_tampering(log: EventLog) -> bool:
    """Whether one flipped byte in a copy of the log is found, at its position."""
    copy = _Copy(log.name, [each async for each in _all(log)])
    position = len(copy.records) // 2 + 1
    copy.flip(position)
    try:
        await verify(copy)  # type: ignore[arg-type]  # verifying only reads
    except LogCorrupt as corrupt:
        return corrupt.facts.get("position") == position
    return False


async def replays_equal(service: str, environment: Mapping[str, str]) -> bool:
    """Whether a fresh process that folds the log into empty tables gets what we show."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "roadcase", "projection", "diff", "all"),
        *("--service", service, "--json"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},  # noqa: TID251 - a child gets ours, and where data is
    )
    out, error = await process.communicate()
    found: list[dict[str, Any]] = json.loads(out.splitlines()[-1]) if out else []
    equal = bool(found) and all(each["equal"] for each in found)
    if not equal:
        _log.error("the fresh process found %s %s", found, error.decode())
    return equal


async def _all(log: EventLog) -> Any:
    after = 0
    while records := await log.read(after, _PAGE):
        for record in records:
            yield record
        after = records[-1].position


class _Copy:
    """A log in memory, to be tampered with."""

    def __init__(self, name: str, records: Iterable[Record]) -> None:
        self.name = name
        self.records = list(records)

    def flip(self, position: int) -> None:
        record = self.records[position - 1]
        payload = bytes([record.payload[0] ^ 1]) + record.payload[1:]
        self.records[position - 1] = record._replace(payload=payload)

    async def head(self) -> Head:
        last = self.records[-1]
        return Head(last.position, last.hash)

    async def read(self, after: int, limit: int) -> list[Record]:
        return self.records[after : after + limit]
