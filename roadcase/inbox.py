"""The callers' side of dispatch: who waits for which command, under which idempotency key."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from itertools import islice
from operator import attrgetter
from typing import Any, ForwardRef, get_args, get_origin, get_type_hints

import msgspec
from pydantic import BaseModel

from roadcase.asked import Outcome, Pending
from roadcase.company import Company
from roadcase.errors import DeadlineExceeded, KeyReused, Overloaded, Unavailable

_KEY = blake2b(digest_size=16)


class Inbox:
    """Commands in the order in which they came, at most `limit`; keys in flight; late answers.

    A command is in flight from `ask` until it was answered or refused, whether its caller still
    waits or not. `quiet` is set when nobody waits for anything.
    """

    def __init__(self, limit: int) -> None:
        self.answers = Answers()
        self.quiet = asyncio.Event()
        self.quiet.set()
        self._limit = limit
        self._waiting: deque[Pending] = deque()
        self.company = Company(self._waiting)
        self._arrived = asyncio.Event()
        self._in_flight: dict[bytes, Pending] = {}
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def ask(self, pending: Pending) -> asyncio.Future[Outcome]:
        """The answer to wait for: that of a call with this key, known or in flight, or one's own.

        Raises what a command that never came in is refused with.
        """
        if (key := pending.key) is not None and key in self._in_flight:
            pending.break_chain()  # while this one waits, none may overtake it
            return asyncio.ensure_future(self._share(key, pending))
        return self._ask(pending)

    def _ask(self, pending: Pending) -> asyncio.Future[Outcome]:
        key, waiting = pending.key, self._waiting
        before = len(waiting)
        if key is not None and (known := self.answers.again(pending)):
            pending.future.set_result(known)
            return pending.future
        if self._closed:
            raise Unavailable("this process is stopping; try again")
        if before >= self._limit:
            raise Overloaded(waiting=before)
        if key is not None:
            self._in_flight[key] = pending
        waiting.append(pending)
        if not before:
            self.quiet.clear()
            self._arrived.set()
        self.company.came()
        return pending.future

    async def _share(self, key: bytes, pending: Pending) -> Outcome:
        return await self._join(key, pending) or await self._ask(pending)

    async def _join(self, key: bytes, pending: Pending) -> Outcome | None:
        """Share the answer of the call in flight with this key; None when it left none to share.

        A caller that is gone, or whose own deadline passed, leaves none: the log will tell.
        """
        while (first := self._in_flight.get(key)) and not first.future.cancelled():
            await asyncio.wait((first.future,))
            if first.request == pending.request and not first.future.cancelled():
                error = first.future.exception()
                if error is None:
                    return first.future.result()._replace(replayed=True)
                if not isinstance(error, DeadlineExceeded):
                    raise error
        return None

    def close(self) -> None:
        """Take no more commands."""
        self._closed = True

    async def arrival(self) -> None:
        """Wait for a command."""
        self._arrived.clear()
        await self._arrived.wait()

    def next(self, most: int) -> list[Pending]:
        """What `take` would take now."""
        return list(islice(self._waiting, most))

    def take(self, most: int) -> list[Pending]:
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), most))]

    def answer(self, pending: Pending, outcome: Outcome) -> None:
        """Answer a command."""
        self._landed(pending)
        if not pending.future.done():
            pending.future.set_result(outcome)

    def answer_all(self, outcomes: Iterable[tuple[Pending, Outcome]]) -> None:
        """Answer commands, and remember the answers for their keys."""
        in_flight, remember = self._in_flight, self.answers.remember
        for pending, outcome in outcomes:
            key, future = pending.key, pending.future
            if key is not None:
                remember(key, (pending.request, outcome))
                if in_flight.get(key) is pending:
                    del in_flight[key]
            if not future.done():
                future.set_result(outcome)

    def refuse(self, pending: Pending, error: Exception) -> None:
        pending.break_chain()
        self._landed(pending)
        if not pending.future.done():
            pending.future.set_exception(error)
            pending.future.exception()  # the caller may be gone: then nobody else will look at it

    def settle(self, pending: Pending) -> None:
        """Answer a command whose key was just remembered."""
        try:
            outcome = self.answers.again(pending)
            assert outcome is not None
            self.answer(pending, outcome)
        except KeyReused as error:
            self.refuse(pending, error)

    def refuse_all(self, batch: list[Pending], error: Exception) -> None:
        """Refuse a batch and empty it: whoever decides it has nobody left to do it for."""
        for pending in batch:
            self.refuse(pending, error)
        batch.clear()

    def refuse_everyone(self, batch: list[Pending], error: Exception) -> None:
        """Refuse this batch, and all that still wait to be in one."""
        self.refuse_all(batch, error)
        self.refuse_all(self.take(len(self)), error)
        self.quiet.set()

    def _landed(self, pending: Pending) -> None:
        if pending.key is not None and self._in_flight.get(pending.key) is pending:
            del self._in_flight[pending.key]


class Answers:
    """The answers given lately, at least `limit` and at most twice as many: the log has the rest.

    Two generations, so that forgetting costs nothing per answer.
    """

    def __init__(self, limit: int = 2048) -> None:
        self._limit = limit
        self._known: dict[bytes, tuple[bytes | None, Outcome]] = {}
        self._older: dict[bytes, tuple[bytes | None, Outcome]] = {}

    def remember(self, key: bytes, answer: tuple[bytes | None, Outcome]) -> None:
        self._known[key] = answer
        if len(self._known) >= self._limit:
            self._older, self._known = self._known, {}

    def again(self, pending: Pending) -> Outcome | None:
        """What its key was answered; None if not known. Raises KeyReused for another request."""
        if pending.key is None:
            return None
        known = self._known.get(pending.key) or self._older.get(pending.key)
        if known is None:
            return None
        request, outcome = known
        if request != pending.request:
            raise KeyReused(key=pending.context.key)
        return outcome._replace(replayed=True)


class Identify:
    """Hashes the key of a command and, keyed with the secret, what is asked under it."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._begun: dict[type[BaseModel], tuple[blake2b, tuple[str, ...]]] = {}

    def __call__(self, pending: Pending) -> None:
        command, context = pending.command, pending.context
        begun, maps = self._begun.get(type(command)) or self._begin(type(command))
        digest = begun.copy()  # half the cost of a keyed one
        digest.update(context.request or _asked(command.__dict__, maps))
        key = _KEY.copy()  # two thirds of the cost of a new one
        key.update(f"{context.tenant}\0{context.key}".encode())
        pending.key, pending.request = key.digest(), digest.digest()

    def _begin(self, asked: type[BaseModel]) -> tuple[blake2b, tuple[str, ...]]:
        begun = blake2b(asked.__name__.encode(), key=self._secret, digest_size=16)
        fields = asked.model_fields.items()
        maps = tuple(name for name, field in fields if has_maps(field.annotation))
        return self._begun.setdefault(asked, (begun, maps))


def _asked(fields: Mapping[str, object], maps: Iterable[str]) -> bytes:
    """The values of a command, in the order of its class; only keys come in any order."""
    encode = _sorted if any(map(fields.get, maps)) else _plain
    return encode(tuple(fields.values()))


def has_maps(part: object, seen: frozenset[object] = frozenset()) -> bool:
    """Whether a value of this type may be, or hold, something with keys in any order."""
    if part in seen:
        return False
    seen |= {part}
    origin = get_origin(part) or part
    if isinstance(origin, type) and issubclass(origin, BaseModel):
        parts = [field.annotation for field in origin.model_fields.values()]
        return any(has_maps(each, seen) for each in parts)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return True
    if origin is Any or isinstance(origin, str | ForwardRef):  # nobody knows
        return True
    if isinstance(origin, type) and issubclass(origin, msgspec.Struct):
        return any(has_maps(each, seen) for each in get_type_hints(origin).values())
    return any(has_maps(each, seen) for each in get_args(part))


_fields = attrgetter("__dict__")  # of a part of a command
_sorted = msgspec.json.Encoder(enc_hook=_fields, order="deterministic").encode
_plain = msgspec.json.Encoder(enc_hook=_fields).encode
