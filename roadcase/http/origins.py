"""Pages of other origins that may ask here: those of our own services, where each has its own.

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import Headers

from roadcase.errors import Invalid

_ORIGIN: Final = re.compile(r"https?://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?")
_ASKED: Final = {
    "access-control-allow-methods": "GET, HEAD",
    "access-control-allow-headers": "authorization, last-event-id, min-position",
    "access-control-max-age": "600",
}
_TOLD: Final = "etag, as-printed, log-position, retry-after"


def origin(text: str) -> str:
    """`https://host` or `https://host:port`, as browsers write it. Raises Invalid."""
    found = text.strip().rstrip("/")
    if not _ORIGIN.fullmatch(found):
        raise Invalid(f"{text!r} is not an address such as https://tickets.example.org")
    return found


def origins(text: str) -> frozenset[str]:
    """Several, separated by commas. Raises Invalid."""
    return frozenset(origin(each) for each in text.split(",") if each.strip())


def doors(text: str) -> dict[str, str]:
    """`devices=https://host,…`: where browsers find other services' doors. Raises Invalid."""
    found = {}
    for entry in filter(None, map(str.strip, text.split(","))):
        name, equals, where = entry.partition("=")
        if not equals or not re.fullmatch("[a-z_]{1,32}", name):
            raise Invalid(f"{entry!r} is not service=address, as in devices=http://127.0.0.1:8081")
        found[name] = origin(where)
    return found


def allowed(headers: Headers, known: frozenset[str]) -> Mapping[str, str]:
    """What an answer says to the page that asked; nothing to a page that is not ours."""
    asking = headers.get("origin", "")
    if asking not in known:
        return {}
    return {"access-control-allow-origin": asking, "access-control-expose-headers": _TOLD}


def asks_first(headers: Headers, method: str, known: frozenset[str]) -> Mapping[str, str] | None:
    """The answer to a browser that asks whether a page of ours may read; None: it is not that."""
    if method != "OPTIONS" or "access-control-request-method" not in headers:
        return None
    told = allowed(headers, known)
    return {**told, **_ASKED} if told else None
