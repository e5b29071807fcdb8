"""The only place that makes identifiers, and the shape that every identifier must have."""

from __future__ import annotations

import base64
import os
import re
import time
from collections.abc import Callable
from functools import lru_cache
from itertools import count

from roadcase.errors import Invalid

TENANT = re.compile(r"[a-z0-9-]{1,32}")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VARIANT = "89ab"  # the two bits 10 and two of chance


def uuid7s(count: int) -> list[str]:
    """New UUIDs of version 7 (RFC 9562), as text. Within one millisecond they are in no order."""
    stamp = f"{time.time_ns() // 1_000_000:012x}"
    head = f"{stamp[:8]}-{stamp[8:]}-7"
    chance = os.urandom(10 * count)
    hexed = chance.hex()
    return [
        f"{head}{hexed[n : n + 3]}-{_VARIANT[chance[n // 2 + 2] & 3]}"
        f"{hexed[n + 5 : n + 8]}-{hexed[n + 8 : n + 20]}"
        for n in range(0, 20 * count, 20)
    ]


def uuid7() -> str:
    """One new UUID of version 7, as text."""
    return uuid7s(1)[0]


class Uuid7s:
    """UUIDs of version 7, a stock of one moment after the other: they count up within each.

    42 bits of chance are of the stock, as RFC 9562 has it for those that are made in batches
    (section 6.2, method 1), and 32 begin at chance and count: so they sort as they were made.
    `take` makes the next one.
    """

    take: Callable[[], str]

    def __init__(self) -> None:
        self.fresh()

    def fresh(self) -> None:
        """Begin a new stock, so that the next ones carry the time of now."""
        made = uuid7()
        begin = int(made[-8:], 16) >> 1  # there is room to count
        self.take = map(f"{made[:-8]}%08x".__mod__, count(begin)).__next__


def new_id(prefix: str) -> str:
    """A new identifier, `<prefix>_` and a UUIDv7 in lower-case base32: sorts by its age."""
    raw = bytes.fromhex(uuid7().replace("-", ""))
    return f"{prefix}_{base64.b32hexencode(raw).decode().rstrip('=').lower()}"


@lru_cache(maxsize=65536)
def stream_id(tenant: str, category: str, name: str) -> str:
    """`{tenant}/{category}/{id}`. Raises Invalid for a tenant or an id of the wrong shape."""
    if not TENANT.fullmatch(tenant):
        raise Invalid("a tenant is 1 to 32 of a-z, 0-9 and -", field="tenant")
    if not ID.fullmatch(name):
        raise Invalid("an id is 1 to 64 of A-Z, a-z, 0-9, _ and -", field="id")
    return f"{tenant}/{category}/{name}"
