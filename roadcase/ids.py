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
_FIRST = 4
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
    """UUIDs of version 7 taken from a stock: one call to the system for many of them.

    The stock is small at first, and larger each time it was not enough.
    """

    def __init__(self, stock: int = 64) -> None:
        self._stock = stock
        self._next = _FIRST
        self._left: list[str] = []

    def fresh(self) -> None:
        """Forget the stock, so that the next ones carry the time of now."""
        self._left.clear()
        self._next = _FIRST

    def take(self) -> str:
        if not self._left:
            self._left = uuid7s(self._next)
            self._next = min(self._stock, 4 * self._next)
        return self._left.pop()


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
