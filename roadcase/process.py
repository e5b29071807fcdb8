"""What every program of ours does alike: how it is told to stop, and how it says that it failed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from roadcase.errors import Invalid, NotFound, RoadcaseError, Unavailable

READY = "ready"  # how the line begins that says where the doors are
# Exit codes that scripts can use.
FOUND_WRONG, MISUSED, NOT_THERE, TRY_LATER = 1, 2, 3, 4
_LOOK = 0.5  # seconds between two looks at the parent


def exit_code(error: RoadcaseError) -> int:
    """How a program ends that met this error."""
    if isinstance(error, Invalid):
        return MISUSED
    if isinstance(error, NotFound):
        return NOT_THERE
    return TRY_LATER if isinstance(error, Unavailable) else FOUND_WRONG


@contextmanager
def exits() -> Iterator[None]:
    """Errors raised on purpose become one line and an exit code."""
    try:
        yield
    except RoadcaseError as error:
        sys.stderr.write(f"{error.code} {error}\n")
        sys.exit(exit_code(error))


def told_to_stop() -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM, from now on."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


@asynccontextmanager
async def with_parent(parent: int | None, stop: asyncio.Event) -> AsyncIterator[None]:
    """Meanwhile, stop when our parent is not this process any more: it was killed."""

    async def look() -> None:
        while os.getppid() == parent:  # noqa: ASYNC110 - another process
            await asyncio.sleep(_LOOK)
        stop.set()

    looking = asyncio.create_task(look()) if parent else None
    try:
        yield
    finally:
        if looking:
            looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await looking
