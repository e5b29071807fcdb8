"""What a server answered instead of doing it, as the error that a command ends with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import grpc

from roadcase.client import Refusal
from roadcase.errors import Refused, RoadcaseError, Unavailable
from roadcase.rpc.errors import CODES

# Without details of ours these are not the answer of a server of ours.
_NO_ANSWER: Final = frozenset(
    {
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.UNIMPLEMENTED,
        grpc.StatusCode.UNKNOWN,
    }
)


def error_of(answered: Refusal | grpc.aio.AioRpcError, target: str) -> RoadcaseError:
    """Of the kind that was raised at the server, so that a command ends with its exit code."""
    if isinstance(answered, grpc.aio.AioRpcError):
        code = answered.code()
        if code not in _NO_ANSWER:
            return _kind(code, "")(answered.details() or code.name)
        what = f"nothing answers at {target} ({code.name}); is it running there?"
        return Unavailable(f"{what} Say where with --server")
    cause = answered.__cause__
    status = cause.code() if isinstance(cause, grpc.aio.AioRpcError) else None
    error = _kind(status, answered.reason)(str(answered), **_facts(answered.facts))
    error.code = answered.reason
    return error


def _kind(code: grpc.StatusCode | None, reason: str) -> type[RoadcaseError]:
    """Of those with the same status, the one with this slug, else the first."""
    kinds = [kind for kind, each in CODES.items() if each is code]
    named = (kind for kind in kinds if kind.code == reason)
    return next(named, kinds[0] if kinds else Refused)


def _facts(facts: Mapping[str, str]) -> dict[str, Any]:
    """As they were at the server: what has parts comes as JSON."""
    return {name: _parts(text) if text[:1] in {"[", "{"} else text for name, text in facts.items()}


def _parts(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
