"""What a route may ask for: its caller, a dispatch, read models; and how it says who may call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Any, NamedTuple, Protocol, TypeVar

import msgspec
from fastapi import Depends, Request

from roadcase import doors
from roadcase.asked import Context, Outcome
from roadcase.auth import AccountClosed, Identity, Verifier
from roadcase.decider import Command
from roadcase.doors import ANYONE, Reader, Readers
from roadcase.errors import Forbidden, NotFound, Unauthenticated, Unavailable
from roadcase.history import History
from roadcase.people import showing

F = TypeVar("F", bound=Callable[..., Any])
VISIT = "roadcase.visit"  # in the ASGI scope


class Declared(NamedTuple):
    """Who may ask a route, and whether it changes anything (None: as its HTTP method says)."""

    scope: str
    mutates: bool | None


def needs(scope: str, *, mutates: bool | None = None) -> Callable[[F], F]:
    """Declare a route, below its `@router` line: the scope it needs, or OPEN, or ANY_TOKEN.

    A route that mutates is only reached with an `Idempotency-Key`. A route without a declaration
    keeps the server from starting.
    """

    def declare(endpoint: F) -> F:
        endpoint.__dict__["needs"] = Declared(scope, mutates)
        return endpoint

    return declare


class Mounted(NamedTuple):
    """What stands behind a router. `name` is its service's, as in `ticketing:4711`."""

    name: str
    dispatch: doors.Dispatch | None = None
    reads: Readers | None = None
    histories: Callable[[str], History] | None = None
    people: Callable[[Identity], showing.People] | None = None


class Visit:
    """One request: whose it is, under which key, and the headers its answer will carry."""

    def __init__(
        self,
        mounted: Mounted,
        verifier: Verifier,
        stopping: asyncio.Event,
        identity: Identity = ANYONE,
        *,
        key: str | None = None,
        traceparent: str | None = None,
    ) -> None:
        self.mounted = mounted
        self.verifier = verifier
        self.stopping = stopping
        self.identity = identity
        self.endpoint: object = None
        self.key = key
        self.traceparent = traceparent
        self.headers: dict[str, str] = {}

    async def dispatch(self, command: Command, *, request: bytes | None = None) -> Outcome:
        """Decide and append, durably, as the caller and under the request's key.

        `request` stands for what was asked where the command differs between retries. Raises
        Invalid in a route that says it changes nothing: there is no key then.
        """
        if self.mounted.dispatch is None:
            raise Unavailable(f"{self.mounted.name} takes no commands here")
        context = Context(
            tenant=self.identity.tenant,
            actor=self.identity.actor,
            key=doors.check_key(self.key),
            request=request,
            traceparent=self.traceparent,
        )
        outcome = await self.mounted.dispatch(command, context)
        self.headers["log-position"] = f"{self.mounted.name}:{outcome.position}"
        if outcome.replayed:
            self.headers["idempotent-replayed"] = "true"
        return outcome

    def for_guest(self, tenant: str, key: str) -> Dispatcher:
        """A dispatcher for somebody without a token, whom a link or form of ours let in.

        Raises AccountClosed.
        """
        self.verifier.check_open(tenant)
        identity = msgspec.structs.replace(ANYONE, tenant=tenant, actor="guest")
        return Visit(
            self.mounted,
            self.verifier,
            self.stopping,
            identity,
            key=key,
            traceparent=self.traceparent,
        ).dispatch

    def check(self) -> None:
        """Raise Unauthenticated when the token has expired or was revoked since the start."""
        if self.identity is not ANYONE:
            self.verifier.check(self.identity)

    def held(self, tell: Callable[[], None]) -> AbstractContextManager[None]:
        """Meanwhile, call `tell` as soon as the token is revoked."""
        if self.identity is ANYONE:
            return nullcontext()
        return self.verifier.held(self.identity, tell)


class Dispatcher(Protocol):
    """Dispatches as the caller of this request, under its key; the answer tells the position."""

    async def __call__(self, command: Command, *, request: bytes | None = None) -> Outcome: ...


Guests = Callable[[str, str], Dispatcher]  # tenant, key


def visit_of(request: Request) -> Visit:
    visit: Visit = request.scope[VISIT]
    return visit


def same_way(request: Request) -> None:
    """Refuse a route other than the one that the door opened. They cannot differ; if so, not here.

    The door looks a route up before the framework does, so that nothing is read in vain.
    """
    if request.scope["endpoint"] is not visit_of(request).endpoint:
        raise Forbidden


def _caller(request: Request) -> Identity:
    identity = visit_of(request).identity
    if identity is ANYONE:
        raise Unauthenticated
    return identity


def _dispatch(request: Request) -> Dispatcher:
    return visit_of(request).dispatch


def _guests(request: Request) -> Guests:
    return visit_of(request).for_guest


def _reads(request: Request) -> Readers:
    mounted = visit_of(request).mounted
    if mounted.reads is None:
        raise Unavailable(f"{mounted.name} shows no read models here")
    return mounted.reads


def _public(request: Request) -> Readers:
    """Raises NotFound for an account that is closed: nothing of it is shown any more."""
    reads, verifier = _reads(request), visit_of(request).verifier

    def reads_of(tenant: str) -> Reader:
        try:
            verifier.check_open(tenant)
        except AccountClosed as closed:
            raise NotFound from closed
        return reads(tenant)

    return reads_of


def _read(request: Request) -> Reader:
    return _reads(request)(_caller(request).tenant)


def _history(request: Request) -> History:
    mounted = visit_of(request).mounted
    if mounted.histories is None:
        raise Unavailable(f"{mounted.name} shows no history here")
    return mounted.histories(_caller(request).tenant)


def _people(request: Request) -> showing.People:
    mounted = visit_of(request).mounted
    if mounted.people is None:
        raise Unavailable(f"{mounted.name} knows no people here")
    return mounted.people(_caller(request))


Caller = Annotated[Identity, Depends(_caller)]
Dispatch = Annotated[Dispatcher, Depends(_dispatch)]
Read = Annotated[Reader, Depends(_read)]
Past = Annotated[History, Depends(_history)]
Guest = Annotated[Guests, Depends(_guests)]  # for open forms, whose links name the tenant
People = Annotated[showing.People, Depends(_people)]
Reads = Annotated[Readers, Depends(_reads)]  # for open pages, whose links name the tenant
Public = Annotated[Readers, Depends(_public)]  # for those that go when the account is closed
