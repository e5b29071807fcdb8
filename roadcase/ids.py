"""The only place that makes identifiers, and the shape that every identifier must have."""

from __future__ import annotations

import base64
import os
import re
import time
from functools import lru_cache

from roadcase.errors import Invalid

TENANT = re.compile(r"[a-z0-9-]{1,32}")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_STOCK = 4096  # UUIDs that begin alike
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
    """UUIDs of version 7 of one moment after the other, a stock at a time: they count up.

    42 bits of chance are of the stock, as RFC 9562 has it for those that are made in batches
    (section 6.2, method 1), and 32 begin at chance and count: so they sort as they were made.
    """

    def __init__(self) -> None:
        self._prefix = ""
        self._next = self._end = 0

    def fresh(self) -> None:
        """Begin a new stock, so that the next ones carry the time of now."""
        self._end = 0

    def take(self) -> str:
        number = self._next
        if number >= self._end:
            self._prefix, number = _stock()
            self._end = number + _STOCK
        self._next = number + 1
        return f"{self._prefix}{number:08x}"


def _stock() -> tuple[str, int]:
    """What all of a stock begin with, and the number of the first."""
    made = uuid7()
    return made[:-8], int(made[-8:], 16) >> 1  # there is room to count


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
