"""The only place that reads a clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

Clock = Callable[[], datetime]
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
now: Final[Clock] = partial(datetime.now, UTC)  # the wall clock: UTC, with microseconds


def monotonic() -> float:
    """Seconds on a clock that never goes back. Only differences mean anything."""
    return time.monotonic()


def nanoseconds() -> int:
    """The wall clock in nanoseconds since 1970, as traces want it."""
    return time.time_ns()


def worked() -> float:
    """Seconds of a processor that this process has used."""
    return time.process_time()
