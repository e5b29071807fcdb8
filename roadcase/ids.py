"""The only place that makes identifiers, and the shape that every identifier must have."""

from __future__ import annotations

import base64
import os
import re
import time

from roadcase.errors import Invalid

TENANT = re.compile(r"[a-z0-9-]{1,32}")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62


def uuid7s(count: int) -> list[str]:
    """New UUIDs of version 7 (RFC 9562), as text. Within one millisecond they are in no order."""
    chance = os.urandom(10 * count)
    stamp = time.time_ns() // 1_000_000 << 80
    return [_text(stamp, chance[n : n + 10]) for n in range(0, 10 * count, 10)]


def uuid7() -> str:
    """One new UUID of version 7, as text."""
    return uuid7s(1)[0]


def new_id(prefix: str) -> str:
    """A new identifier, `<prefix>_` and a UUIDv7 in lower-case base32: sorts by its age."""
    raw = bytes.fromhex(uuid7().replace("-", ""))
    return f"{prefix}_{base64.b32hexencode(raw).decode().rstrip('=').lower()}"


def stream_id(tenant: str, category: str, name: str) -> str:
    """`{tenant}/{category}/{id}`. Raises Invalid for a tenant or an id of the wrong shape."""
    if not TENANT.fullmatch(tenant):
        raise Invalid("a tenant is 1 to 32 of a-z, 0-9 and -", field="tenant")
    if not ID.fullmatch(name):
        raise Invalid("an id is 1 to 64 of A-Z, a-z, 0-9, _ and -", field="id")
    return f"{tenant}/{category}/{name}"


def _text(stamp: int, chance: bytes) -> str:
    bits = int.from_bytes(chance, "big")
    high = (bits >> 68) << 64
    low = bits & ((1 << 62) - 1)
    text = f"{stamp | _VERSION_7 | high & (0xFFF << 64) | _VARIANT | low:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
