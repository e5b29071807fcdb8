"""The commit protocol: commands in, decided under the log's lock, answered after the commit.

One task per log takes the whole inbox, locks the head, folds what others appended, decides every
command in memory, appends all events in one transaction, and then answers everyone. A few commands
go without the lock: decided where the log was last seen to end, written if it still does. The
commit of one batch is the time in which the next one gathers and is decided ahead.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from roadcase.ahead import Ahead
from roadcase.asked import Broken, Context, Outcome, Pending
from roadcase.clock import Clock, monotonic, now
from roadcase.codec import codec_of
from roadcase.decider import Command, Decider
from roadcase.errors import Conflict, Invalid, LogBlocked, LogDiverged, LogRegressed, Unavailable
from roadcase.event_store.port import EventLog, LogWriter
from roadcase.event_store.records import Head, Record
from roadcase.ids import Uuid7s
from roadcase.inbox import Identify, Inbox
from roadcase.replays import Replays
from roadcase.rounds import Round
from roadcase.states import States

_HUNG = 30.0  # seconds after which a connection that says nothing is given up
_CAREFUL = 100  # rounds that look up all keys first, after one that should have
_FEW = 32  # commands that are written in one exchange, without the lock
_RIVALS = 100  # rounds that lock the log first, after another process was quicker
_PAUSE, _LONG_PAUSE = 0.02, 0.2  # seconds between two attempts while the log is away
_log = logging.getLogger(__name__)


class Dispatcher:
    """Dispatches commands to one log. Make it, run `run()` as a task, call it, `drain()` it.

    `secret` keys the hash of what was asked, so that the log does not tell guessed contents.
    `guard` is awaited with the log's head before the first command and after every reconnect;
    it raises LogBlocked to refuse all writing until the log was mended. Commands wait `patience`
    seconds for a log that is away, or says nothing, and are then answered with Unavailable.
    `head` is the end of the log as far as this dispatcher has seen it.
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
        self.codec = codec_of(deciders)
        self.head = Head()
        self.not_ready: str | None = "starting"
        self.on_commit: list[Callable[[list[Record]], None]] = []
        self._deciders = {command: each for each in deciders for command in each.commands}
        self._states = States(self.codec)
        self._ids = Uuid7s()
        self._identify = Identify(secret[:64])
        self._clock = clock
        self._guard = guard
        self._patience = patience
        self._inbox = Inbox(max_inbox)
        self._ahead = Ahead(self._inbox, self._states, self._round, max_batch)
        self._replays = Replays(log, self.codec, self._inbox, patience)
        self._guarded = False
        self._away_since: float | None = None
        self._careful = self._rivals = 0  # for how many more rounds
        self._alarm: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None  # asking is a system call

    @property
    def waiting(self) -> int:
        """How many commands are in the inbox."""
        return len(self._inbox)

    async def __call__(self, command: Command, context: Context) -> Outcome:
        """Decide and append, durably. Safe to retry with the same key.

        Raises what the rules refuse with, KeyReused, Invalid, Overloaded, DeadlineExceeded,
        or Unavailable: only after Unavailable may the command have happened all the same.
        """
        return await self.begin(command, context)

    def begin(self, command: Command, context: Context) -> asyncio.Future[Outcome]:
        """The same, asked now and awaited later: so many at once need no task for each."""
        if (decider := self._deciders.get(type(command))) is None:
            raise Invalid(f"{type(command).__name__} is not a command of {self.log.name}")
        stream = decider.stream_of(context.tenant, command)
        future = (self._loop or asyncio.get_running_loop()).create_future()
        pending = Pending(command, context, decider, stream, future)
        if context.key is not None:
            self._identify(pending)
        return self._inbox.ask(pending)

    async def run(self) -> None:
        """Commit batches until cancelled. Run it as one task; it survives every server's death."""
        batch: list[Pending] = []
        self._loop, this = asyncio.get_running_loop(), asyncio.current_task()
        assert this is not None
        try:
            while not this.cancelling():
                if not self._inbox:
                    self._inbox.quiet.set()
                    if self._guarded:
                        await self._inbox.arrival()
                await self._inbox.company.wait()
                batch = self._ahead.take()
                self._be_patient(batch)
                await self._commit(batch)
                self._be_patient(None)
        finally:
            if this.cancelling():
                self._inbox.close()
            self._stop(batch)
        raise asyncio.CancelledError  # as a library swallowed it: wait_for of Python 3.11 may

    def _stop(self, batch: list[Pending]) -> None:
        self._be_patient(None)
        self._ahead.forget()
        self._replays.cancel()
        error = Unavailable("this process stopped before it answered")
        self._inbox.refuse_everyone(batch, error)

    async def drain(self) -> None:
        """Take no more commands, and wait until those in the inbox are answered."""
        self._inbox.close()
        await self._inbox.quiet.wait()
        await self._replays.wait()

    def _be_patient(self, batch: list[Pending] | None) -> None:
        """From now on, with this batch; with None, there is nothing to wait for."""
        if self._alarm:
            self._alarm.cancel()
        later = asyncio.get_running_loop().call_later
        self._alarm = None if batch is None else later(self._patience, self._lose_patience, batch)

    def _lose_patience(self, batch: list[Pending]) -> None:
        """The log says nothing: answer everyone. The round goes on, and may yet commit."""
        self._guarded = False
        self.not_ready = (self._away_since and self.not_ready) or str(self._silence())
        error = Unavailable(self.not_ready)
        self._inbox.refuse_everyone(batch, error)
        self._be_patient(batch)

    def _silence(self) -> Unavailable:
        return Unavailable(f"the log of {self.log.name} does not answer; try again")

    async def _commit(self, batch: list[Pending]) -> None:  # noqa: C901 - one arm per fault
        """Commit a batch whatever happens: every command in it is answered when this returns."""
        conflicts = 0
        lost: Round | None = None  # nobody heard whether it was committed
        while True:
            round_: Round | None = None
            try:
                if self._alone() and len(batch) <= _FEW:
                    round_ = self._ahead.foreseen(self.head, batch) or self._round(self.head)
                    if await self._at_once(round_, batch):
                        return self._finish(round_)
                    continue
                async with asyncio.timeout(_HUNG), self.log.writer() as writer:
                    if lost and await lost.happened(writer):
                        round_ = lost
                    else:
                        lost, round_ = None, self._ahead.foreseen(writer.head, batch)
                        await self._meet(writer)
                        round_ = round_ or self._round(writer.head)
                        await round_.append(writer, batch, self._look())
            except Broken as broken:
                self._states.drop(round_.changed if round_ else ())
                _log.exception("a command failed: %s", broken, exc_info=broken.error)
                self._inbox.refuse(broken.pending, broken.error)
                batch[:] = [each for each in batch if each is not broken.pending]
            except (Unavailable, TimeoutError) as error:
                self._ahead.forget()
                lost = round_ if round_ and round_.records else lost
                if not await self._wait(error, batch):
                    return None
            except Conflict as error:
                self._states.drop(round_.changed if round_ else ())
                if conflicts:
                    return self._fail(batch, error)
                conflicts, self._careful = 1, _CAREFUL
            except Exception as error:  # noqa: BLE001 - every caller is told of it
                return await self._give_up(batch, error)
            else:
                return self._finish(round_)

    async def _give_up(self, batch: list[Pending], error: Exception) -> None:
        self._ahead.forget()
        self._fail(batch, error)
        if not self._guarded:
            await asyncio.sleep(_LONG_PAUSE)

    def _look(self) -> Callable[[Round], None] | None:
        """What decides the next round ahead; none does where keys are looked up first."""
        return None if self._careful else self._ahead.look

    def _alone(self) -> bool:
        """Whether the log may well end where it was last seen to."""
        return self._guarded and not (self._careful or self._rivals)

    async def _at_once(self, round_: Round, batch: list[Pending]) -> bool:
        """Write a round without the lock; False when another process was quicker."""
        async with asyncio.timeout(_HUNG):
            done = await round_.at_once(self.log, batch, self._ahead.look)
        if not done:
            self._ahead.committed()
            self._states.drop(round_.changed)
            self._rivals = _RIVALS
        return done

    def _round(self, head: Head) -> Round:
        self._ids.fresh()
        return Round(head, self._states, self._ids, self._clock())

    def _fail(self, batch: list[Pending], error: Exception) -> None:
        if batch or self.not_ready != str(error):
            _log.error("a batch of %d commands failed", len(batch), exc_info=error)
        if not self._guarded:
            self.not_ready = str(error)
        self._inbox.refuse_all(batch, error)

    async def _meet(self, writer: LogWriter) -> None:
        """Check that it is our log, then bring what we know up to its head."""
        head = writer.head
        if head[:2] != self.head[:2] or not self._guarded:
            await self._recognise(writer)
        if self._guard and not self._guarded:
            await self._guard(head)
        self._guarded = True
        while self._states.position < head.position:
            await self._states.follow(writer, head.position)
        self.head = head

    async def _recognise(self, writer: LogWriter) -> None:
        """After the log moved without us, or was away: our last record must stand where it was."""
        head, ours = writer.head, self.head
        if head.position < ours.position:
            raise LogRegressed(
                f"the log of {self.log.name} ends at {head.position}, but {ours.position} was "
                "committed: was the database restored from an older copy? "
                "Run `roadcase log heal`.",
                ends_at=head.position,
                expected=ours.position,
            )
        if ours.position:
            found = await writer.read(ours.position - 1, 1)
            if not found or (found[0].position, found[0].hash) != ours[:2]:
                raise LogDiverged(at=ours.position)

    def _finish(self, round_: Round) -> None:
        """The round is durable: remember it, then tell everyone."""
        self._ahead.committed()
        records = round_.records
        if records:
            self.head = round_.end
            self._states.position = self.head.position
        self._away_since = self.not_ready = None
        self._careful, self._rivals = max(0, self._careful - 1), max(0, self._rivals - 1)
        self._inbox.answer_all(round_.outcomes)
        for pending in round_.seconds:
            self._inbox.settle(pending)
        for pending, key in round_.replays:
            self._replays.replay(pending, key)
        if round_.idle:
            self._replays.look_up(round_.idle)
        for listener in self.on_commit if records else ():
            try:
                listener(records)
            except Exception:  # noqa: BLE001 - the commit is done: nothing may stop the next one
                _log.exception("a listener failed; it must find these records in the log")

    async def _wait(self, error: Unavailable | TimeoutError, batch: list[Pending]) -> bool:
        """Wait a little before trying again; False once everyone's patience has run out."""
        if isinstance(error, TimeoutError):
            error = self._silence()
        self._guarded = False
        self.not_ready = str(error)
        self._away_since = self._away_since or monotonic()
        late = monotonic() >= self._away_since + self._patience
        patient = not (late or isinstance(error, LogBlocked))
        if not patient:
            self._inbox.refuse_all(batch, error)
        await asyncio.sleep(_PAUSE if patient else _LONG_PAUSE)
        return patient
