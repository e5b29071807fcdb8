"""The commit protocol: commands in, decided under the log's lock, answered after the commit.

One task per log takes the whole inbox, locks the head, folds what others appended, looks up the
idempotency keys, decides every command in memory, appends all events in one transaction, and then
answers everyone. The commit of one batch is the time in which the next one gathers.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from hashlib import blake2b
from typing import Any

from roadcase.clock import Clock, monotonic, now
from roadcase.codec import Codec
from roadcase.decider import Command, Decider
from roadcase.errors import (
    Conflict,
    Invalid,
    KeyReused,
    LogBlocked,
    LogDiverged,
    LogRegressed,
    Overloaded,
    RoadcaseError,
    Unavailable,
)
from roadcase.event_store.port import CommitUnknown, EventLog, LogWriter
from roadcase.event_store.records import Head, Key, Record, meta_of
from roadcase.ids import Uuid7s
from roadcase.rounds import Broken, Context, Outcome, Pending, Round
from roadcase.states import States

_REMEMBERED = 4096  # answers kept in memory; older ones are read from the log
_log = logging.getLogger(__name__)


class Dispatcher:
    """Dispatches commands to one log. Make it, run `run()` as a task, call it, `drain()` it.

    `secret` keys the hash of what was asked, so that the log does not tell guessed contents.
    `guard` is awaited with the log's head before the first command and after every reconnect;
    it raises LogBlocked to refuse all writing until the log was mended. `patience` is how many
    seconds commands wait for PostgreSQL to come back before they are answered with Unavailable.
    """

    def __init__(
        self,
        log: EventLog,
        deciders: Sequence[Decider[Any]],
        *,
        secret: bytes,
        clock: Clock = now,
        guard: Callable[[Head], Awaitable[None]] | None = None,
        max_batch: int = 512,
        max_inbox: int = 4096,
        patience: float = 5.0,
    ) -> None:
        self.log = log
        self.codec = Codec(
            [event for decider in deciders for event in decider.events],
            {topic: up for decider in deciders for topic, up in decider.upcasts.items()},
        )
        self.head = Head()
        self.not_ready: str | None = "starting"
        self.on_commit: list[Callable[[list[Record]], None]] = []
        self._deciders = {command: each for each in deciders for command in each.commands}
        self._states = States(self.codec)
        self._ids = Uuid7s()
        self._secret = secret[:64]
        self._clock = clock
        self._guard = guard
        self._max_batch = max_batch
        self._max_inbox = max_inbox
        self._patience = patience
        self._inbox: deque[Pending] = deque()
        self._arrived = asyncio.Event()
        self._answered = asyncio.Event()
        self._committing = 0
        self._in_flight: dict[bytes, Pending] = {}
        self._recent: OrderedDict[bytes, tuple[bytes | None, Outcome]] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._guarded = False
        self._draining = False
        self._away_since: float | None = None

    @property
    def waiting(self) -> int:
        """How many commands are in the inbox."""
        return len(self._inbox)

    async def __call__(self, command: Command, context: Context) -> Outcome:
        """Decide and append, durably. Safe to retry with the same key.

        Raises what the rules refuse with, KeyReused, Invalid, Overloaded, DeadlineExceeded,
        or Unavailable: only after Unavailable may the command have happened all the same.
        """
        decider = self._deciders.get(type(command))
        if decider is None:
            raise Invalid(f"{type(command).__name__} is not a command of {self.log.name}")
        pending = Pending(command, context, decider, asyncio.get_running_loop().create_future())
        if context.key is not None:
            key = blake2b(f"{context.tenant}\0{context.key}".encode(), digest_size=16).digest()
            pending.key, pending.request = key, self._request_hash(command, context)
            if key in self._in_flight and (outcome := await self._join(key, pending)):
                return outcome
            if known := self._recent.get(key):
                return _again(pending, *known)
            self._in_flight[key] = pending
        try:
            self._put(pending)
        except RoadcaseError:
            self._landed(pending)
            raise
        return await pending.future

    async def _join(self, key: bytes, pending: Pending) -> Outcome | None:
        """Share the answer of the call in flight with this key; None when it left none to share."""
        while (first := self._in_flight.get(key)) and not first.future.cancelled():
            await asyncio.wait((first.future,))
            if first.future.cancelled():
                return None  # its caller is gone, but it may have happened: the log will tell
            if first.request == pending.request:
                return first.future.result()._replace(replayed=True)
            if first.future.exception() is None:
                raise KeyReused(key=pending.context.key)
        return None

    def _request_hash(self, command: Command, context: Context) -> bytes:
        digest = blake2b(type(command).__name__.encode(), key=self._secret, digest_size=16)
        digest.update(context.request or command.__pydantic_serializer__.to_json(command))
        return digest.digest()

    def _put(self, pending: Pending) -> None:
        if self._draining:
            raise Unavailable("this process is stopping; try again")
        if len(self._inbox) >= self._max_inbox:
            raise Overloaded(waiting=len(self._inbox))
        self._inbox.append(pending)
        self._answered.clear()
        self._arrived.set()

    def _landed(self, pending: Pending) -> None:
        if pending.key is not None and self._in_flight.get(pending.key) is pending:
            del self._in_flight[pending.key]

    def _answer(self, pending: Pending, outcome: Outcome) -> None:
        self._landed(pending)
        pending.answer(outcome)

    def _refuse(self, pending: Pending, error: Exception) -> None:
        self._landed(pending)
        pending.refuse(error)

    async def run(self) -> None:
        """Commit batches until cancelled. Run it as one task; it survives every server's death."""
        while True:
            if self._guarded and not self._inbox:
                self._answered.set()
                self._arrived.clear()
                await self._arrived.wait()
            size = min(len(self._inbox), self._max_batch)
            batch = [self._inbox.popleft() for _ in range(size)]
            try:
                await self._commit(batch)
            except BaseException:
                for pending in batch:
                    self._refuse(pending, Unavailable("this process stopped before it answered"))
                raise

    async def drain(self) -> None:
        """Take no more commands, and wait until those in the inbox are answered."""
        self._draining = True
        await self._answered.wait()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _commit(self, batch: list[Pending]) -> None:  # noqa: C901 - one arm per fault
        """Commit a batch whatever happens: every command in it is answered when this returns."""
        careful = False
        while True:
            round_: Round | None = None
            try:
                async with self.log.writer() as writer:
                    await self._meet(writer)
                    self._ids.fresh()
                    round_ = Round(writer, self._states, self._ids, self._clock())
                    await round_.decide_all(batch, careful=careful)
                    await round_.append()
            except Broken as broken:
                self._states.clear()
                _log.exception("a command failed: %s", broken, exc_info=broken.error)
                self._refuse(broken.pending, broken.error)
                batch = [each for each in batch if each is not broken.pending]
            except CommitUnknown as error:
                self._states.clear()
                if round_ and await self._happened(round_.records, error, batch):
                    return self._finish(round_)
            except Unavailable as error:
                self._states.clear()
                if not await self._wait(error, batch):
                    return None
            except Conflict as error:
                self._states.clear()
                if careful:
                    return self._fail(batch, error)
                careful = True
            except Exception as error:  # noqa: BLE001 - every caller is told of it
                self._states.clear()
                return self._fail(batch, error)
            else:
                return self._finish(round_)

    def _fail(self, batch: list[Pending], error: Exception) -> None:
        _log.error("a batch of %d commands failed", len(batch), exc_info=error)
        for pending in batch:
            self._refuse(pending, error)

    async def _meet(self, writer: LogWriter) -> None:
        """Bring what we know up to the head; after a (re)connect, check that it is our log."""
        if not self._guarded:
            await self._recognise(writer)
        while self._states.position < writer.head.position:
            await self._states.follow(writer, writer.head.position)

    async def _recognise(self, writer: LogWriter) -> None:
        head, ours = writer.head, self.head
        if head.position < ours.position:
            raise LogRegressed(
                f"the log of {self.log.name} ends at {head.position}, but {ours.position} was "
                "acknowledged: was the database restored from an older copy? "
                "Run `roadcase log heal`.",
                ends_at=head.position,
                expected=ours.position,
            )
        if ours.position:
            (record,) = await writer.read(ours.position - 1, 1)
            if record.hash != ours.hash:
                raise LogDiverged(at=ours.position)
        if self._guard:
            await self._guard(head)
        self._guarded = True
        self._away_since = self.not_ready = None

    def _finish(self, round_: Round) -> None:
        """The round is durable: remember it, then tell everyone."""
        records = round_.records
        if records:
            self.head = Head(records[-1].position, records[-1].hash, round_.at)
            self._states.position = self.head.position
        for pending, outcome in round_.outcomes:
            if pending.key is not None and outcome.events:
                self._remember(pending.key, pending.request, outcome)
            self._answer(pending, outcome)
        for pending, refusal in round_.refusals:
            self._refuse(pending, refusal)
        for pending in round_.seconds:
            self._settle(pending)
        for pending, key in round_.replays:
            task = asyncio.create_task(self._answer_again(pending, key))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if records:
            for listener in self.on_commit:
                listener(records)

    def _remember(self, key: bytes, request: bytes | None, outcome: Outcome) -> None:
        self._recent[key] = request, outcome
        if len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)

    async def _answer_again(self, pending: Pending, key: Key) -> None:
        """Answer a key that was used before from the events it became."""
        try:
            records = await self.log.read(key.position - 1, key.events)
            events = tuple(self.codec.decode(each.topic, each.payload) for each in records)
            request = meta_of(records[0]).request
            self._remember(key.hash, request, Outcome(records[-1].position, events))
            self._settle(pending)
        except Exception as error:  # noqa: BLE001 - the caller is told of it
            _log.exception("the answer at %d cannot be given again", key.position)
            self._refuse(pending, error)

    def _settle(self, pending: Pending) -> None:
        """Answer a command whose key was just remembered."""
        assert pending.key is not None
        try:
            self._answer(pending, _again(pending, *self._recent[pending.key]))
        except KeyReused as error:
            self._refuse(pending, error)

    async def _happened(
        self, records: list[Record], error: Unavailable, batch: list[Pending]
    ) -> bool:
        """Whether a commit of unknown fate is in the log. Asks until the log answers."""
        while await self._wait(error, batch):
            try:
                return await self.log.holds(records[-1].position, records[-1].hash)
            except Unavailable as again:
                error = again
        return False

    async def _wait(self, error: Unavailable, batch: list[Pending]) -> bool:
        """Wait a little before trying again; False once everyone's patience has run out."""
        self._guarded = False
        self.not_ready = str(error)
        self._away_since = self._away_since or monotonic()
        await asyncio.sleep(0.02)
        waited = monotonic() - self._away_since
        if waited < self._patience and not isinstance(error, LogBlocked):
            return True
        for pending in batch:
            self._refuse(pending, error)
        batch.clear()
        return False


def _again(pending: Pending, request: bytes | None, outcome: Outcome) -> Outcome:
    """The answer remembered for a key, for a request that must be the one it was given to."""
    if request != pending.request:
        raise KeyReused(key=pending.context.key)
    return outcome._replace(replayed=True)
