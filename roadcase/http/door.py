"""What every request passes before and after its route, in one layer around the framework.

In this order, the cheapest refusal first: the size it announces, token, scope, idempotency key, and
for reads the position they wait for. Only then is a body read. Answers get their headers here.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from roadcase import telemetry
from roadcase.auth import Identity, Verifier, bearer
from roadcase.doors import (
    ANY_TOKEN,
    ANYONE,
    MAX_BODY,
    OPEN,
    TooLarge,
    WaitFor,
    check_key,
    check_traceparent,
    wait_until,
)
from roadcase.errors import Unauthenticated
from roadcase.http.origins import allowed, asks_first
from roadcase.http.problems import problem
from roadcase.http.visit import VISIT, Mounted, Visit

if TYPE_CHECKING:
    from roadcase.tracing import Tracing

# https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",  # links to orders are secrets
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
PAGES = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
ANSWERS = "default-src 'none'; frame-ancestors 'none'"


class Way(NamedTuple):
    """One route: where it is, who may go there, and what stands behind it."""

    path: re.Pattern[str]
    methods: frozenset[str]
    scope: str
    mutates: bool
    mounted: Mounted
    endpoint: object = None


NOWHERE = Way(re.compile(""), frozenset(), ANY_TOKEN, mutates=False, mounted=Mounted("nowhere"))


class House(NamedTuple):
    """What the door of a server needs. `ways` grows until the server starts."""

    verifier: Verifier
    wait_for: WaitFor | None
    stopping: asyncio.Event
    ways: list[Way]
    tracing: Tracing | None = None
    origins: frozenset[str] = frozenset()


class Door:
    """The layer itself: an ASGI middleware."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = _Answer(receive, send, allowed(headers, self._house.origins))
        if (told := asks_first(headers, scope["method"], self._house.origins)) is not None:
            await Response(status_code=204, headers=told)(scope, receive, answer.send)
            return
        reached, way = False, NOWHERE
        try:
            way = self._way(scope["path"], scope["method"])
            scope[VISIT] = answer.visit = self._open(way, headers)
            if "min-position" in headers and not way.mutates:
                await wait_until(headers["min-position"], self._house.wait_for)
            reached = True
            if self._house.tracing is None:
                await self._app(scope, answer.receive, answer.send)
            else:
                await self._traced(self._house.tracing, scope, answer)
        except Exception as error:
            if self._house.tracing and not reached:
                _tell(self._house.tracing, way, scope["method"], headers, error)
            if answer.started:
                raise  # too late for a problem: the connection is cut
            why = TooLarge(limit=MAX_BODY) if answer.too_large else error
            answer.too_large = False
            await problem(why)(scope, receive, answer.send)

    async def _traced(self, tracing: Tracing, scope: Scope, answer: _Answer) -> None:
        visit: Visit = scope[VISIT]
        attributes = {
            telemetry.ENDPOINT: getattr(visit.endpoint, "__name__", "nowhere"),
            telemetry.VERB: scope["method"],
            telemetry.TENANT: visit.identity.tenant,
        }
        with tracing.span(telemetry.HTTP, visit.traceparent, attributes) as span:
            visit.traceparent = span.traceparent
            await self._app(scope, answer.receive, answer.send)

    def _way(self, path: str, method: str) -> Way:
        """The route that will take this. What is nowhere is told to callers with a token only."""
        for way in self._house.ways:
            if method in way.methods and way.path.match(path):
                return way
        return NOWHERE

    def _open(self, way: Way, headers: Headers) -> Visit:
        """Who asks, what they may, and under which key."""
        if int(headers.get("content-length", 0)) > MAX_BODY:
            raise TooLarge(limit=MAX_BODY)
        identity = self._identify(way, headers.get("authorization"))
        visit = Visit(
            way.mounted,
            self._house.verifier,
            self._house.stopping,
            identity,
            key=check_key(headers.get("idempotency-key")) if way.mutates else None,
            traceparent=check_traceparent(headers.get("traceparent")),
        )
        visit.endpoint = way.endpoint
        return visit

    def _identify(self, way: Way, authorization: str | None) -> Identity:
        try:
            identity = self._house.verifier.verify(bearer(authorization))
        except Unauthenticated:
            if way.scope == OPEN:
                return ANYONE
            raise
        if way.scope not in (OPEN, ANY_TOKEN):
            identity.require(way.scope)
        return identity


def _tell(tracing: Tracing, way: Way, verb: str, headers: Headers, error: Exception) -> None:
    """A span of a request that was not let in: nobody knows for certain whose it is."""
    endpoint = getattr(way.endpoint, "__name__", "nowhere")
    parent = check_traceparent(headers.get("traceparent"))
    attributes = {telemetry.ENDPOINT: endpoint, telemetry.VERB: verb}
    with suppress(Exception), tracing.span(telemetry.HTTP, parent, attributes):
        raise error


class _Answer:
    """The way back: counts what is received, and completes the headers of what is sent."""

    def __init__(self, receive: Receive, send: Send, told: Mapping[str, str]) -> None:
        self._told = told
        self.started = False
        self.too_large = False
        self.visit: Visit | None = None
        self._receive = receive
        self._send = send
        self._received = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > MAX_BODY:
            self.too_large = True
            return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self.too_large:
                raise TooLarge
            self.started = True
            headers = MutableHeaders(raw=list(message["headers"]))
            page = headers.get("content-type", "").startswith("text/html")
            headers.setdefault("content-security-policy", PAGES if page else ANSWERS)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if self._told:
                headers.update(self._told)
                headers.add_vary_header("origin")
            if self.visit is not None:
                headers.update(self.visit.headers)
            message = {**message, "headers": headers.raw}
        await self._send(message)


def duplicates(ways: Sequence[Way], way: Way) -> bool:
    """Whether a route is there already: the second would never be asked."""
    return any(
        each.path.pattern == way.path.pattern and each.methods & way.methods for each in ways
    )
