"""What the doors have in common: ports they stand on, what they accept, how they say no."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from pydantic import ValidationError

from roadcase.asked import Context, Outcome
from roadcase.auth import Identity
from roadcase.clock import EPOCH, monotonic
from roadcase.decider import Command
from roadcase.errors import Invalid, LogBlocked, Overloaded, RoadcaseError, Unavailable
from roadcase.ids import new_id
from roadcase.wrong import in_words

OPEN = "open"  # to everyone, without a token
ANY_TOKEN = "any token"  # noqa: S105
ANYONE = Identity(
    tenant="", actor="", scopes=frozenset(), token="", issued=EPOCH, expires=EPOCH, key_id=""
)
MAX_BODY = 1 << 20  # bytes of one request
MAX_WAIT = 2.0  # seconds that a read waits for the position it asks for
MAX_FIELDS = 20  # problems with fields told at once
MAX_TEXT = 500  # characters of one message or fact: errors travel in headers

_KEY = re.compile(r"[\x20-\x7e]{1,128}")
_POSITION = re.compile(r"([a-z][a-z_]{0,30}):([0-9]{1,18})")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_log = logging.getLogger(__name__)
T = TypeVar("T")


class Dispatch(Protocol):
    """Decides and appends one command, durably. The kernel's is `roadcase.dispatch.Dispatcher`."""

    async def __call__(self, command: Command, context: Context) -> Outcome: ...


class Begins(Dispatch, Protocol):
    """Also asks a command now, to be awaited later: many of them need no task for each."""

    def begin(self, command: Command, context: Context) -> Awaitable[Outcome]: ...


class WaitFor(Protocol):
    async def __call__(self, service: str, position: int, timeout: float) -> bool:  # noqa: ASYNC109
        """Wait until the read models of a service show this position; False: not within time.

        `timeout` is in seconds. Raises Invalid for a service that has no read models here.
        """


class Reader(Protocol):
    """The read models of one service, for one tenant."""

    async def fetch(self, sql: str, *args: object) -> list[dict[str, Any]]:
        """Rows of this tenant: it is `$1` of every query, which must say `tenant = $1`."""

    async def as_of(self, projection: str) -> tuple[int, datetime]:
        """The position up to which a read model has come, and the clock at that moment."""

    async def head(self) -> int:
        """The position up to which the log of this service has come."""

    def stream(self, reads: str, sql: str, *args: object) -> AsyncGenerator[list[dict[str, Any]]]:
        """A list of any length, as it was at one moment, in batches that fit in memory.

        `reads` names every read model in the query, with ", " between them. First a batch of one
        row: the `position` up to which all of them had come at that same moment, and the clock,
        `at`. Close it (`aclosing`). Raises Overloaded while there are too many, and Unavailable,
        also half-way.
        """


Readers = Callable[[str], Reader]  # tenant: what it may read
Ready = Callable[[], Mapping[str, str]]  # what is not ready: why; empty when all is
Waits = Callable[[], Mapping[str, Sequence[str]]]  # what takes commands, and yet waits: for what


class Internal(RoadcaseError):
    """Something failed on our side. Tell the operator the error id; it is in the log."""

    code = "roadcase.internal"


class Behind(Unavailable):
    """The read models do not show this position yet; read again shortly."""

    code = "roadcase.behind"


class Stopping(Unavailable):
    """This process is stopping; go on with another, or try again."""

    code = "roadcase.stopping"


class TooLarge(Invalid):
    """The request is too large."""

    code = "roadcase.too_large"


class Field(NamedTuple):
    """What is wrong with one field of a request; its name as a path: `lines[2].quantity`."""

    name: str
    why: str


class Failure(NamedTuple):
    """An error as a caller may see it. `kind` finds its status in a door's table."""

    kind: type[RoadcaseError]
    message: str
    facts: dict[str, object]
    fields: Sequence[Field] = ()
    retry_after: float | None = None  # seconds


def explain(error: Exception) -> Failure:
    """What a caller is told of an error. Those not raised on purpose are logged, not told."""
    if isinstance(error, RoadcaseError):
        facts = dict(error.facts)
        name = facts.get("field")
        fields = [Field(str(name), str(error))] if name and isinstance(error, Invalid) else []
        return Failure(type(error), short(str(error)), facts, fields, _retry_after(error))
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_input=False)
        return invalid((path_of(each["loc"]), in_words(each)) for each in found[:MAX_FIELDS])
    error_id = new_id("err")
    _log.error("%s: %r", error_id, error, exc_info=error)
    return Failure(Internal, str(Internal()), {"error_id": error_id})


def invalid(found: Iterable[tuple[str, str]]) -> Failure:
    """What pydantic found wrong, by the paths of fields: one without a path is of the whole."""
    fields = [Field(path, why) for path, why in found]
    message = "; ".join(f"{path}: {why}" if path else why for path, why in fields)
    return Failure(Invalid, short(message), {}, fields)


def _retry_after(error: RoadcaseError) -> float | None:
    if isinstance(error, LogBlocked):
        return 30.0  # somebody has to mend it first
    return 1.0 if isinstance(error, Overloaded | Unavailable) else None


def short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def path_of(location: tuple[int | str, ...]) -> str:
    """`("lines", 2, "quantity")` as `lines[2].quantity`."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def lookup(table: Mapping[type[RoadcaseError], T], kind: type[RoadcaseError]) -> T:
    """The entry of an error's class, or of the nearest class above it."""
    return next(table[each] for each in kind.__mro__ if each in table)


def check_key(key: str | None) -> str:
    """The idempotency key that a mutating call must carry. Raises Invalid."""
    if key is None:
        raise Invalid("send an idempotency-key, and the same one again when you retry")
    if not _KEY.fullmatch(key):
        raise Invalid("an idempotency-key is 1 to 128 printable ASCII characters")
    return key


def check_traceparent(text: str | None) -> str | None:
    """A W3C trace context as it came, or None for anything else: tracing never refuses a call."""
    return text if text and _TRACEPARENT.fullmatch(text) else None


def read_position(text: str) -> tuple[str, int] | None:
    """The service and the number of a `log-position`, or None for anything else."""
    match = _POSITION.fullmatch(text)
    return (match[1], int(match[2])) if match else None


async def wait_shown(read: Reader, projection: str, position: int) -> None:
    """Wait until one of our own read models shows this position. Raises Behind."""
    until = monotonic() + MAX_WAIT
    while (await read.as_of(projection))[0] < position:
        if monotonic() > until:
            raise Behind(position=position)
        await asyncio.sleep(0.02)


async def wait_all_shown(read: Reader, projection: str) -> None:
    """Wait until one of our own read models shows what is in the log now. Raises Behind."""
    await wait_shown(read, projection, await read.head())


async def wait_until(text: str, wait_for: WaitFor | None) -> None:
    """Wait until the position that a read asks for is shown. Raises Invalid, or Behind."""
    asked = read_position(text)
    if asked is None or wait_for is None:
        raise Invalid("min-position is the log-position of an answer of ours: service:position")
    service, position = asked
    if not await wait_for(service, position, MAX_WAIT):
        raise Behind(service=service, position=position)
