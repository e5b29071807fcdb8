"""What is asked for again and again: sent with a tag, and not again as long as it is the same."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from fastapi import Request, Response

_NO_MORE: Mapping[str, str] = MappingProxyType({})


class File(NamedTuple):
    """A body as it is sent. `kind`: its media type."""

    body: bytes
    kind: str
    tag: str


def file(body: bytes, kind: str) -> File:
    """The tag changes with the content, and with nothing else."""
    return File(body, kind, f'"{sha256(body).hexdigest()[:16]}"')


def answer(request: Request, of: File, more: Mapping[str, str] = _NO_MORE) -> Response:
    """Whoever has it keeps it, and asks each time whether it is still the same."""
    headers = {"etag": of.tag, "cache-control": "no-cache", **more}
    if _known(request.headers.get("if-none-match", ""), of.tag):
        # with its kind: browsers take the headers of this answer, so a page needs a page's policy
        return Response(status_code=304, headers=headers, media_type=of.kind)
    return Response(of.body, headers=headers, media_type=of.kind)


def _known(asked: str, tag: str) -> bool:
    """A proxy that compresses makes tags weak: here that is no other content (RFC 9110, 13.1.2)."""
    return tag in {each.strip().removeprefix("W/") for each in asked.split(",")} or asked == "*"
