"""What is asked of a log, by whom, and what it became."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import msgspec

from roadcase.decider import Command, Decider, Event


class Chain:
    """Commands that belong together: asked at once, in order, and none after one that failed.

    So a caller with many commands in a strict order need not wait for the commit of each. What is
    refused as it is asked does not break it, or those before it would not be decided either: then
    it is the caller who asks for no more.
    """

    __slots__ = ("broken",)

    def __init__(self) -> None:
        self.broken = False


class Context(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who asks, under which key, as a part of what. `deadline` is a moment of `clock.monotonic`.

    `request` is what the caller asked, as bytes, where the command itself differs between retries
    (sealed fields); without it the command's JSON is compared.
    """

    tenant: str
    actor: str
    key: str | None = None
    request: bytes | None = None
    correlation: str | None = None
    causation: str | None = None
    traceparent: str | None = None
    deadline: float | None = None
    chain: Chain | None = None


class Outcome(NamedTuple):
    """What a command became: its events, and a position at which they are all in the log."""

    position: int
    events: tuple[Event, ...]
    replayed: bool = False


# Of all its fields at once, in half of the time.
became: Callable[[tuple[int, tuple[Event, ...], bool]], Outcome] = partial(tuple.__new__, Outcome)


class Pending(msgspec.Struct, eq=False):
    """A command on its way through the inbox, and the future its caller waits for."""

    command: Command
    context: Context
    decider: Decider[Any]
    stream: str
    future: asyncio.Future[Outcome]
    key: bytes | None = None
    request: bytes | None = None

    def break_chain(self) -> None:
        """Nothing behind it is decided any more."""
        if self.context.chain is not None:
            self.context.chain.broken = True


class Broken(Exception):
    """What this command became cannot be folded, and spoilt a state: decide the others anew."""

    def __init__(self, pending: Pending, error: Exception) -> None:
        super().__init__(f"{type(pending.command).__name__}: {error!r}")
        self.pending = pending
        self.error = error
