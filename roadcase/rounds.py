"""One round of the commit protocol: what is decided under the log's lock and not yet known."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain

import msgspec

from roadcase.asked import Broken, Chain, Outcome, Pending, became
from roadcase.clock import monotonic
from roadcase.decider import Event
from roadcase.errors import DeadlineExceeded, Invalid, NotTried, RoadcaseError
from roadcase.event_store.chain import number
from roadcase.event_store.port import EventLog, LogWriter
from roadcase.event_store.records import Entry, Head, Key, Meta, Record, Timer, entered, keyed
from roadcase.ids import Uuid7s
from roadcase.states import Folded, States

_PART = 64  # commands that are decided ahead before others have their turn
MAX_PAYLOAD = 256 * 1024  # bytes of one event; a NATS message may carry 1 MiB with its headers
_encode = msgspec.json.Encoder().encode
_log = logging.getLogger(__name__)
Became = tuple[list[Entry], tuple[Event, ...]]


class Round:
    """Decides a batch on the states at `head` of a log, and appends what it became.

    That is done under the log's lock, or `ahead` of it: then the round is only worth anything if
    the log still ends at `head` once it is locked.
    """

    def __init__(self, head: Head, states: States, ids: Uuid7s, at: datetime) -> None:
        self.head = head
        self.at = max(at, head.at)  # time never falls within a log
        self.batch: list[Pending] = []  # decided ahead
        self.records: list[Record] = []
        self.outcomes: list[tuple[Pending, Outcome]] = []
        self.idle: list[tuple[Pending, Outcome | Exception]] = []  # wrote nothing
        self.replays: list[tuple[Pending, Key]] = []
        self.chains_broken: set[Chain] = set()
        self.seconds: list[Pending] = []  # same key as another command of this round
        self._states, self._ids = states, ids
        self._position = head.position
        self._ahead: list[Entry] = []
        self._keys: dict[bytes, Key] = {}
        self._due: list[Timer] = []
        self._touched: dict[str, Folded | Exception] = {}
        self._broken: Broken | None = None
        self._changed: dict[str, Folded] = {}

    @property
    def changed(self) -> Iterable[str]:
        """The streams whose states are further than the log until the round is committed."""
        return self._changed

    @property
    def end(self) -> Head:
        """The head of the log once the round is committed."""
        last = self.records[-1] if self.records else None
        return Head(last.position, last.hash, self.at) if last else self.head

    def begins(self, batch: Sequence[Pending]) -> bool:
        """Whether this batch begins with the one that was decided ahead."""
        return batch[: len(self.batch)] == self.batch

    def ahead(self, batch: Sequence[Pending]) -> Iterator[None]:
        """Decide a batch before the log is locked, as far as all that it needs is in memory.

        A part at each step: `batch` is what was decided so far, and the rest is for `append`.
        """
        for pending in batch:
            folded = self._states.kept(pending.stream)
            if folded is None:
                return
            self._touched[pending.stream] = folded
        while len(self.batch) < len(batch) and not self._broken:
            part = batch[len(self.batch) : len(self.batch) + _PART]
            self._ahead += self._entries(part, {})
            self.batch += part
            yield

    async def append(
        self,
        writer: LogWriter,
        batch: Sequence[Pending],
        decided: Callable[[Round], None] | None,
    ) -> None:
        """Decide every command and write what it became, some while others are decided.

        It is durable once the writer's block has ended. `decided` is called as soon as nothing of
        this round depends on the states any more.

        Raises Broken for a command that must not be tried again. A bug in a rule is the answer to
        its own command: rules are pure, so no state is spoilt.

        Keys are not looked up: they are written, and the log raises Conflict when one of them was
        used before. Then the round is repeated without `decided`, and all keys are looked up first.
        Those of `idle` commands are for the caller to look up, before it answers them.
        """
        rest = batch[len(self.batch) :]
        used = {} if decided else await self._used(writer, rest)
        for pending in rest:
            if pending.stream not in self._touched:
                self._touched[pending.stream] = await self._fold(writer, pending)
        await writer.append(
            chain(self._ahead, self._entries(rest, used)),
            at=self.at,
            keys=self._keys.values(),
            timers=self._due,
            sent=partial(self._sent, decided),
        )
        if self._broken:
            raise self._broken

    async def at_once(
        self, log: EventLog, batch: Sequence[Pending], decided: Callable[[Round], None]
    ) -> bool:
        """The same for a few commands, in one exchange and without the lock.

        False if the log does not end at the round's head any more: then nothing was written, and
        the states of what is `changed` are further than the log. Raises Broken before anything is.
        """
        rest = batch[len(self.batch) :]
        for pending in rest:
            if pending.stream not in self._touched:
                self._touched[pending.stream] = await self._fold(log, pending)
        entries = list(chain(self._ahead, self._entries(rest, {})))
        self._sent(decided, number(self.head, entries)[0])
        if self._broken:
            raise self._broken
        return await log.append_at(
            self.head, self.records, at=self.at, keys=list(self._keys.values()), timers=self._due
        )

    async def happened(self, writer: LogWriter) -> bool:
        """Whether it was committed, after nobody heard that it was.

        Asked under the lock, which the lost transaction keeps, or waits for before we do; and if it
        was not, decided anew under the same lock: then it cannot be any more.
        """
        last = self.records[-1]
        return await writer.read(last.position - 1, 1) == [last]

    def _sent(self, decided: Callable[[Round], None] | None, records: list[Record]) -> None:
        self.records = records
        try:
            self._due.extend(self._timers())
        except Broken as broken:
            self._broken = self._broken or broken
        if decided and not self._broken:
            decided(self)

    def _entries(self, batch: Sequence[Pending], used: Mapping[bytes, Key]) -> Iterator[Entry]:
        """Decide one command after the other: the entries that they become.

        Never raises: what writes these has sent some of them already.
        """
        keys, touched = self._keys, self._touched
        for pending in batch:
            if self._broken:
                return
            key = pending.key
            if key is None or (key not in keys and key not in used):
                yield from self._try(pending, touched[pending.stream])
            elif key in keys:
                self.seconds.append(pending)
            else:
                self.replays.append((pending, used[key]))

    @staticmethod
    async def _used(writer: LogWriter, batch: Sequence[Pending]) -> Mapping[bytes, Key]:
        keys = [pending.key for pending in batch if pending.key is not None]
        return await writer.used(keys) if keys else {}

    async def _fold(self, log: EventLog | LogWriter, pending: Pending) -> Folded | Exception:
        """The state of a stream met for the first time, or why it cannot be folded."""
        folded = self._states.kept(pending.stream)
        if folded is None:
            history = await log.read_stream(pending.stream)
            try:
                folded = self._states.fold(pending.stream, pending.decider, history)
            except Exception as error:  # noqa: BLE001 - its caller is told of it
                return error
        return folded

    def _try(self, pending: Pending, folded: Folded | Exception) -> Sequence[Entry]:
        context = pending.context
        if context.deadline is not None and context.deadline < monotonic():
            return self._refuse(pending, DeadlineExceeded())
        if isinstance(folded, Exception):
            return self._refuse(pending, folded)
        linked = context.chain
        if linked is not None and (linked.broken or linked in self.chains_broken):
            return self._refuse(pending, NotTried())
        try:
            return self._decide(pending, folded)
        except Broken as broken:
            self._broken = broken
            return ()
        except Exception as error:  # noqa: BLE001 - its caller is told of it
            return self._refuse(pending, error)

    def _refuse(self, pending: Pending, error: Exception) -> tuple[Entry, ...]:
        if not isinstance(error, RoadcaseError):
            _log.error("%s failed", type(pending.command).__name__, exc_info=error)
        if pending.context.chain is not None:
            self.chains_broken.add(pending.context.chain)
        error.__traceback__ = None  # which leads back here: no round would be freed before a search
        self.idle.append((pending, error))
        return ()

    def _decide(self, pending: Pending, folded: Folded) -> Sequence[Entry]:
        decider, command = pending.decider, pending.command
        decided = decider.commands[type(command)](folded.state, command, self.at)
        if type(decided) is not list:
            decided = list(decided)
        if not decided:
            self.idle.append((pending, Outcome(self._position, ())))
            return ()
        entries, events = self._written(pending, folded.version, decided)
        self._changed[pending.stream] = folded
        try:
            for event in events:
                decider.evolve(folded.state, event)
            if decider.follow is not None and (more := decider.follow(folded.state, self.at)):
                entries, events = self._with((entries, events), pending, folded, more)
            if decider.notice and (more := decider.notice(folded.state, events, self.at)):
                entries, events = self._with((entries, events), pending, folded, more)
        except Exception as error:
            raise Broken(pending, error) from error
        if pending.key is not None:
            self._keys[pending.key] = keyed((pending.key, self._position + 1, len(events)))
        folded.version += len(events)
        self._position += len(events)
        self.outcomes.append((pending, became((self._position, events, False))))
        return entries

    def _with(self, became: Became, of: Pending, folded: Folded, more: Iterable[Event]) -> Became:
        """What a command became and what follows from it, as one."""
        entries, events = became
        if more := list(more):
            command = msgspec.json.decode(entries[0].meta, type=Meta).command
            after, then = self._written(of, folded.version + len(events), more, command)
            for event in then:
                of.decider.evolve(folded.state, event)
            return entries + after, events + then
        return became

    def _written(
        self, pending: Pending, version: int, decided: list[Event], command_id: str | None = None
    ) -> Became:
        """Entries, and the events as they will be read from them, today as later."""
        context, stream = pending.context, pending.stream
        take, written = self._ids.take, self._states.codec.written
        entries: list[Entry] = []
        events: list[Event] = []
        for event in decided:
            version += 1
            event_id = take()
            command_id = command_id or event_id
            payload, read = written(event)
            if len(payload) > MAX_PAYLOAD:
                raise Invalid(f"this would be an event of {len(payload)} bytes", limit=MAX_PAYLOAD)
            meta = Meta(
                id=event_id,
                at=self.at,
                actor=context.actor,
                command=command_id,
                key=pending.key,
                request=pending.request,
                correlation=context.correlation,
                causation=context.causation,
                traceparent=context.traceparent,
            )
            entries.append(entered((stream, version, event.topic, payload, _encode(meta))))
            events.append(read)
        return entries, tuple(events)

    def _timers(self) -> Iterator[Timer]:
        """The moments of the changed streams, once all is decided."""
        for stream, folded in self._changed.items():
            due = self._deadline(stream, folded)
            if due != folded.due:
                folded.due = due
                yield Timer(stream, due)

    def _deadline(self, stream: str, folded: Folded) -> datetime | None:
        try:
            return folded.deadline()
        except Exception as error:
            last = [each for each, _ in self.outcomes]
            raise Broken([each for each in last if each.stream == stream][-1], error) from error
