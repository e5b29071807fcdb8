"""Gives a log back what it lost, from a copy: chain checked, keys and timers made from the events.

Nothing is believed: every record is numbered and hashed anew, and must come out as it was.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from roadcase.clock import now
from roadcase.codec import codec_of
from roadcase.decider import Decider
from roadcase.errors import Conflict, LogCorrupt, LogDiverged
from roadcase.event_store.port import EventLog, LogWriter
from roadcase.event_store.records import Entry, Key, Meta, Record, Timer, meta_of
from roadcase.forgetting import KEPT
from roadcase.states import States

Told = Callable[[int], None]


class Restored(NamedTuple):
    """What was done: the log ends at `position` now, `events` of which were brought back."""

    service: str
    position: int
    events: int


async def restore(
    log: EventLog,
    deciders: Sequence[Decider[Any]],
    copy: AsyncIterable[Sequence[Record]],
    told: Told = lambda _position: None,
) -> Restored:
    """Append what `copy` holds beyond the log's head; `told` hears the position reached.

    What both hold must be the same: LogDiverged. LogCorrupt for a copy whose chain does not hold;
    Conflict when somebody else writes. What was appended until then is right and stays, so after
    any fault the same call goes on from there. Each batch is one transaction.
    """
    writing = _Writing(log, deciders)
    start = (await log.head()).position
    position = start
    async for records in _whole_commands(copy):
        known = [each for each in records if each.position <= start]
        if known:
            await _compare(log, known)
        if new := records[len(known) :]:
            await writing.append(new)
        position = max(position, records[-1].position)
        told(position)
    return Restored(log.name, position, position - start)


async def _whole_commands(copy: AsyncIterable[Sequence[Record]]) -> AsyncIterator[list[Record]]:
    """The same records, in batches that do not part the events of one command."""
    kept: list[Record] = []
    async for batch in copy:
        kept += batch
        end = len(kept)
        last = _meta(kept[-1]).command if kept else ""
        while end and _meta(kept[end - 1]).command == last:
            end -= 1
        if end:
            yield kept[:end]
            kept = kept[end:]
    if kept:
        yield kept


async def _compare(log: EventLog, known: list[Record]) -> None:
    found = await log.read(known[0].position - 1, len(known))
    if found != known:
        pairs = zip(found, known, strict=False)
        position = next((ours.position for ours, theirs in pairs if ours != theirs), 0)
        raise LogDiverged(
            f"The log of {log.name} and its copy hold different events at position {position}: "
            "this is not a copy of this log. Nothing was written over.",
            position=position,
        )


class _Writing:
    """Appends records of a copy, with the keys and timers that follow from them."""

    def __init__(self, log: EventLog, deciders: Sequence[Decider[Any]]) -> None:
        self._log = log
        self._states = States(codec_of(deciders))
        self._waiting = {each.category: each for each in deciders if each.deadline}

    async def append(self, records: list[Record]) -> None:
        first = records[0].position
        async with self._log.writer() as writer:
            if writer.head.position != first - 1:
                raise Conflict(
                    f"the log of {self._log.name} ends at {writer.head.position}, the next record "
                    f"of the copy is {first}: one is missing, or somebody else writes. "
                    "If so, run this again.",
                    ends_at=writer.head.position,
                    next=first,
                )
            timers = await self._timers(writer, records)
            written = await writer.append(
                [Entry(*each[1:6]) for each in records],
                at=max(writer.head.at, _meta(records[-1]).at),
                keys=_keys(records),
                timers=timers,
            )
            for ours, theirs in zip(written, records, strict=True):
                if ours != theirs:
                    raise _corrupt(self._log.name, ours.position)

    async def _timers(self, writer: LogWriter, records: list[Record]) -> list[Timer]:
        """What every touched stream waits for at the end of these records."""
        streams: dict[str, list[Record]] = {}
        for record in records:
            streams.setdefault(record.stream, []).append(record)
        timers = []
        for stream, news in streams.items():
            decider = self._waiting.get(stream.split("/", 2)[1])
            if decider is None:
                continue
            folded = self._states.kept(stream)
            if folded is None:
                history = await writer.read_stream(stream)
                folded = self._states.fold(stream, decider, history)
            decode = self._states.codec.decode
            folded.follow(decode(each.topic, each.payload) for each in news)
            timers.append(Timer(stream, folded.due))
        return timers


def _keys(records: list[Record]) -> list[Key]:
    """The idempotency keys under which these were asked for: one for all events of a command.

    Not those that are old enough to be forgotten: they may have been used for something new since.
    """
    keys = []
    records = [each for each in records if _meta(each).at >= now() - KEPT]
    for _, group in groupby(records, key=lambda each: _meta(each).command):
        events = list(group)
        key = _meta(events[0]).key
        if key is not None:
            keys.append(Key(key, events[0].position, len(events)))
    return keys


def _meta(record: Record) -> Meta:
    try:
        return meta_of(record)
    except msgspec.DecodeError as error:
        raise LogCorrupt(
            f"The meta of event {record.position} in the copy is not ours: {error}.",
            position=record.position,
        ) from error


def _corrupt(service: str, position: int) -> LogCorrupt:
    return LogCorrupt(
        f"The copy of the log of {service} is wrong at position {position}: that record does not "
        "follow the one before it. Everything before it that was brought back is right.",
        position=position,
    )
