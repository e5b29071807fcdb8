"""What a servicer's method is given, and how it declares who may call it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, Protocol, TypeVar

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.asked import Context, Outcome
from roadcase.auth import Identity, Verifier
from roadcase.decider import Command
from roadcase.doors import Begins, Reader, Readers, check_key
from roadcase.errors import Unavailable

F = TypeVar("F", bound=Callable[..., Any])


class Declared(NamedTuple):
    """Who may call a method, and whether it changes anything."""

    scope: str
    mutates: bool


def rpc(scope: str, *, mutates: bool = False) -> Callable[[F], F]:
    """Declare a servicer's method: the scope its callers need, or OPEN, or ANY_TOKEN.

    A unary method that mutates is only reached with an idempotency key. In a stream each item
    carries its own. A method without a declaration keeps the server from starting.
    """

    def declare(method: F) -> F:
        method.__dict__["rpc"] = Declared(scope, mutates)
        return method

    return declare


class Servicer(Protocol):
    """Implements one gRPC service: a method per RPC, each `(request, call)` and under `@rpc`.

    Unary: a coroutine that returns the response. Answering with a stream: an async generator. Asked
    with a stream: `request` is an async iterator. Raise RoadcaseErrors; never touch statuses.
    """

    @property
    def service(self) -> ServiceDescriptor: ...


class Mounted(NamedTuple):
    """What stands behind a servicer. `name` is its service's, as in `ticketing:4711`."""

    name: str
    dispatch: Begins | None
    reads: Readers | None


class Call:
    """One call: whose it is, under which key, until when, and what it may ask the kernel for.

    `stopping` is set when the server drains: what streams then sends what it has and ends.
    """

    __slots__ = (
        "_mounted",
        "_send_headers",
        "_verifier",
        "deadline",
        "identity",
        "key",
        "min_position",
        "position",
        "replayed",
        "stopping",
        "traceparent",
        "trailers",
    )

    def __init__(
        self,
        identity: Identity,
        mounted: Mounted,
        verifier: Verifier,
        stopping: asyncio.Event,
        *,
        key: str | None = None,
        deadline: float | None = None,
        traceparent: str | None = None,
        min_position: str | None = None,
        send_headers: Callable[[Any], Awaitable[None]] | None = None,
    ) -> None:
        self.identity = identity
        self.key = key
        self.deadline = deadline
        self.traceparent = traceparent
        self.min_position = min_position
        self.stopping = stopping
        self.position = 0
        self.replayed = False
        self.trailers: list[tuple[str, str]] = []
        self._mounted = mounted
        self._verifier = verifier
        self._send_headers = send_headers

    def context(self, key: str | None = None, request: bytes | None = None) -> Context:
        """Who asks, for dispatch. `key` and `request` as in `dispatch`. Raises Invalid: no key."""
        identity = self.identity
        return Context(
            tenant=identity.tenant,
            actor=identity.actor,
            key=check_key(self.key if key is None else key),
            request=request,
            traceparent=self.traceparent,
            deadline=self.deadline,
        )

    async def dispatch(
        self, command: Command, *, key: str | None = None, request: bytes | None = None
    ) -> Outcome:
        """Decide and append, durably, under this call's key or that of a stream's item.

        There is no way to dispatch without a key: a method that does is declared as mutating.
        `request` stands for what was asked where the command differs between retries. The
        position goes into the trailers, and whether the answer was given before.
        """
        return self.noted(await self._dispatch(command, self.context(key, request)))

    def begin(
        self, command: Command, *, key: str, request: bytes | None = None
    ) -> Awaitable[Outcome]:
        """The same, asked now: what it returns is awaited for the answer, to be `noted`."""
        return self._dispatch.begin(command, self.context(key, request))

    def noted(self, outcome: Outcome) -> Outcome:
        self.position = max(self.position, outcome.position)
        self.replayed = outcome.replayed
        return outcome

    @property
    def _dispatch(self) -> Begins:
        if self._mounted.dispatch is None:
            raise Unavailable(f"{self._mounted.name} takes no commands here")
        return self._mounted.dispatch

    @property
    def read(self) -> Reader:
        """The read models, as the caller's tenant may see them."""
        if self._mounted.reads is None:
            raise Unavailable(f"{self._mounted.name} shows no read models here")
        return self._mounted.reads(self.identity.tenant)

    def check(self) -> None:
        """Raise Unauthenticated when the token has expired or was revoked since the call began."""
        self._verifier.check(self.identity)

    async def tell(self, **headers: str) -> None:
        """Send headers now, before any answer; at most once. `_` in a name stands for `-`."""
        if self._send_headers is not None:
            pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
            await self._send_headers(tuple(pairs))

    def trailing(self) -> tuple[tuple[str, str], ...]:
        """What is said after the answer."""
        if not self.position and not self.trailers:
            return ()
        said = self.trailers
        if self.position:
            said = [*said, ("log-position", f"{self._mounted.name}:{self.position}")]
        if self.replayed and self.key is not None:  # in a stream each item tells for itself
            said = [*said, ("idempotent-replayed", "true")]
        return tuple(said)
