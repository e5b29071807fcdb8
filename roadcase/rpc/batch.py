"""Batch streams: many items per message, many messages per stream, one result per item."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from google.protobuf.message import Message

from roadcase.doors import Stopping, TooLarge
from roadcase.rpc.call import Call
from roadcase.rpc.enums import check_enums
from roadcase.rpc.errors import explain_in

ItemT = TypeVar("ItemT", bound=Message)
DoneT = TypeVar("DoneT")


class Batch(NamedTuple, Generic[ItemT, DoneT]):
    """How a stream of batches is worked on.

    `begin` begins the work on one item, and what it returns is awaited after all items of the
    message were begun: so they need no task for each. `fill` then writes the result, and returns
    what is left to wait for, or None. Results are written in place, in the `results` of a new
    `answer`: a message that is given to another is copied. Whatever is raised becomes the `error`
    of that item's result, and the stream goes on. `whose` writes which item a result is of.

    `window` is how many items may be in work at once, over all messages of the stream: beyond it
    nothing more is read, and gRPC's flow control holds the caller back. A message may hold
    `max_items`, each item of a larger one is refused.
    """

    items: Callable[[Any], Sequence[ItemT]]  # of a request
    begin: Callable[[ItemT], Awaitable[DoneT]]
    fill: Callable[[Any, ItemT, DoneT], Awaitable[None] | None]
    whose: Callable[[Any, ItemT], None]
    answer: Callable[[], Any]
    window: int = 1024
    max_items: int = 256

    async def run(self, requests: AsyncIterator[Any], call: Call) -> AsyncIterator[Message]:
        """Answer each request with one response, results in the order of items, until the end.

        When the server drains, what was read is answered and the stream ends with Stopping, unless
        the caller had sent everything. When the token is revoked it ends with Unauthenticated.
        """
        pipe: _Pipe[ItemT, DoneT] = _Pipe(self, requests, call)
        try:
            while await pipe.wait():
                for answer in pipe.finished():
                    yield answer
                pipe.take()
        finally:
            pipe.cancel()

    async def work(self, items: Sequence[ItemT]) -> Any:
        """The answer to one message. Never raises for an item."""
        answer = self.answer()
        if len(items) > self.max_items:
            why = TooLarge(f"a message may hold {self.max_items} items", items=len(items))
            for item in items:
                self._refuse(answer.results.add(), item, why)
            return answer
        begun = [self._begin(item) for item in items]
        try:
            for item, work in zip(items, begun, strict=True):
                result = answer.results.add()
                try:
                    if isinstance(work, Exception):
                        self._refuse(result, item, work)
                        continue
                    more = self.fill(result, item, await work)
                    if more is not None:
                        await more
                    self.whose(result, item)
                except Exception as error:  # noqa: BLE001  (one item must not end the others)
                    result.Clear()
                    self._refuse(result, item, error)
        finally:
            for work in begun:  # of those that nobody waits for any more, if any
                if isinstance(work, asyncio.Future):
                    work.cancel()
                elif isinstance(work, Coroutine):
                    work.close()
        return answer

    def _begin(self, item: ItemT) -> Awaitable[DoneT] | Exception:
        try:
            check_enums(item)
            return self.begin(item)
        except Exception as error:  # noqa: BLE001  (one item must not end the others)
            return error

    def _refuse(self, result: Any, item: ItemT, error: Exception) -> None:
        self.whose(result, item)
        explain_in(result.error, error)
        error.__traceback__ = None  # it leads back to what holds the error: a cycle for each


class _Pipe(Generic[ItemT, DoneT]):
    """The next request being read, and those in work, in order."""

    def __init__(
        self, batch: Batch[ItemT, DoneT], requests: AsyncIterator[Any], call: Call
    ) -> None:
        self._batch = batch
        self._requests = requests
        self._call = call
        self._stopping = asyncio.ensure_future(call.stopping.wait())
        self._reading: asyncio.Future[Any] | None = asyncio.ensure_future(_next(requests))
        self._working: deque[tuple[int, asyncio.Future[Message]]] = deque()
        self._in_work = 0
        self._cut_off = False

    async def wait(self) -> bool:
        """Wait until there is something to do; False when all is done. Raises Stopping."""
        draining = self._stopping.done()
        if not self._working and (self._reading is None or (draining and not self._read())):
            if self._cut_off or self._reading:
                raise Stopping
            return False
        waits: list[asyncio.Future[Any]] = [] if draining else [self._stopping]
        if self._working:
            waits.append(self._working[0][1])
        if self._reading and not self._reading.done():
            waits.append(self._reading)
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        return True

    def finished(self) -> Iterator[Message]:
        """The answers to the oldest messages that are done."""
        while self._working and self._working[0][1].done():
            cost, work = self._working.popleft()
            self._in_work -= cost
            yield work.result()

    def take(self) -> None:
        """Start work on what was read, if there is room, and read on unless the server drains."""
        if self._reading is None or not self._reading.done():
            return
        request = self._reading.result()
        if request is None:
            self._reading = None
            return
        items = self._batch.items(request)
        cost = max(1, len(items))
        if self._working and self._in_work + cost > self._batch.window:
            return
        self._call.check()
        self._reading = None
        self._in_work += cost
        self._working.append((cost, asyncio.ensure_future(self._batch.work(items))))
        if self._stopping.done():
            self._cut_off = True
        else:
            self._reading = asyncio.ensure_future(_next(self._requests))

    def cancel(self) -> None:
        """Let go. Commands under way may still happen: their keys tell when they are retried."""
        for task in [self._stopping, self._reading, *(work for _, work in self._working)]:
            if task:
                task.cancel()

    def _read(self) -> bool:
        return self._reading is not None and self._reading.done()


async def _next(requests: AsyncIterator[Any]) -> Any:
    return await anext(requests, None)
