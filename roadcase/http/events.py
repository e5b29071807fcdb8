"""Server-sent events: resumable, kept alive, ended when the server drains or the token does.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, NamedTuple

from fastapi import Depends, Request
from fastapi.responses import StreamingResponse

from roadcase.clock import monotonic
from roadcase.doors import explain
from roadcase.http.visit import Visit, visit_of

HEARTBEAT = 15.0  # seconds of silence after which a comment is sent
RETRY = 2.0  # seconds after which a browser comes back
_LOOK = 1.0  # seconds between looks at the token
_LINES = re.compile(r"\r\n|\r|\n")
_UNSAFE = re.compile(r"[\r\n\0]")


class Event(NamedTuple):
    """`data` is text, usually JSON. `id` is what a browser sends back as Last-Event-ID."""

    data: str
    id: str | None = None
    name: str | None = None

    def encode(self) -> bytes:
        """The event as it is sent. Raises ValueError for an id or a name of several lines."""
        lines = []
        for field, value in (("id", self.id), ("event", self.name)):
            if value is not None:
                if _UNSAFE.search(value):
                    raise ValueError(f"the {field} of an event is one line: {value!r}")
                lines.append(f"{field}: {value}\n")
        lines += [f"data: {line}\n" for line in _LINES.split(self.data)]
        return ("".join(lines) + "\n").encode()


class EventStream:
    """Answers a request with a stream of events. `last_id` is where to go on; None: the start."""

    def __init__(self, visit: Visit, last_id: str | None) -> None:
        self.last_id = last_id
        self._visit = visit

    def __call__(
        self, events: AsyncIterator[Event], *, heartbeat: float = HEARTBEAT
    ) -> StreamingResponse:
        """The answer. An error in `events` ends it: the browser comes back with its last id."""
        headers = {"x-accel-buffering": "no"}  # proxies must not hold events back
        return StreamingResponse(
            self._bytes(events, heartbeat), media_type="text/event-stream", headers=headers
        )

    async def _bytes(self, events: AsyncIterator[Event], heartbeat: float) -> AsyncIterator[bytes]:
        yield f"retry: {int(RETRY * 1000)}\n\n".encode()
        ended = asyncio.Event()
        with self._visit.held(ended.set):
            async with aclosing(self._until(ended, events, heartbeat)) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def _until(
        self, ended: asyncio.Event, events: AsyncIterator[Event], heartbeat: float
    ) -> AsyncGenerator[bytes]:
        following = asyncio.ensure_future(_next(events))
        ends = [asyncio.ensure_future(each.wait()) for each in (self._visit.stopping, ended)]
        said = monotonic()
        try:
            while not any(each.done() for each in ends):
                wait = min(_LOOK, max(0.0, said + heartbeat - monotonic()))
                await asyncio.wait(
                    (following, *ends), timeout=wait, return_when=asyncio.FIRST_COMPLETED
                )
                self._visit.check()
                if following.done():
                    event = following.result()
                    if event is None:
                        return
                    following = asyncio.ensure_future(_next(events))
                    yield event.encode()
                elif monotonic() - said >= heartbeat:
                    yield b": still here\n\n"
                else:
                    continue
                said = monotonic()
        except Exception as error:  # noqa: BLE001  (told by the next request, logged if ours)
            explain(error)
        finally:
            for each in (following, *ends):
                each.cancel()


async def _next(events: AsyncIterator[Event]) -> Event | None:
    return await anext(events, None)


def _events(request: Request) -> EventStream:
    return EventStream(visit_of(request), request.headers.get("last-event-id"))


Events = Annotated[EventStream, Depends(_events)]
