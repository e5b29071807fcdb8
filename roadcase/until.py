"""Waiting for what comes, and for something else that ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeVar

from roadcase.clock import monotonic

T = TypeVar("T")


async def until(
    told: asyncio.Event,
    coming: AsyncGenerator[T, None],
    look: Callable[[], Awaitable[None]],
    every: float,
) -> AsyncGenerator[T, None]:
    """What comes, until this is set; `look` is awaited every so many seconds, come what may.

    Nothing is looked at while the caller works on what came. Close this before `coming`.
    """
    ends, looked = asyncio.ensure_future(told.wait()), monotonic()
    next_: asyncio.Future[T] | None = None
    try:
        while not told.is_set():
            next_ = next_ or asyncio.ensure_future(anext(coming))
            await asyncio.wait((next_, ends), timeout=every, return_when=asyncio.FIRST_COMPLETED)
            if monotonic() >= looked + every:
                looked = monotonic()
                await look()
            if next_.done() and not told.is_set():
                came, next_ = next_.result(), None
                yield came
    finally:
        ends.cancel()
        if next_ is not None:
            next_.cancel()
            await asyncio.wait((next_,))
            if not next_.cancelled():
                next_.exception()  # whoever follows again meets it again
