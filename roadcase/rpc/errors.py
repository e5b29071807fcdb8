"""Errors as gRPC tells them: one table of codes, and details that programs can read."""

from __future__ import annotations

from datetime import date
from typing import Any

import grpc
import msgspec
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import (  # type: ignore[import-untyped]
    BadRequest,
    ErrorInfo,
    RetryInfo,
)
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]

from roadcase.api.v1 import common_pb2
from roadcase.doors import MAX_TEXT, Failure, Internal, TooLarge, explain, lookup, short
from roadcase.errors import (
    Conflict,
    DeadlineExceeded,
    Forbidden,
    Invalid,
    KeyReused,
    LogCorrupt,
    NotFound,
    Overloaded,
    Refused,
    RoadcaseError,
    Unauthenticated,
    Unavailable,
)

DOMAIN = "roadcase"
DETAILS = "grpc-status-details-bin"  # a serialized google.rpc.Status
CODES: dict[type[RoadcaseError], grpc.StatusCode] = {
    RoadcaseError: grpc.StatusCode.INTERNAL,
    Internal: grpc.StatusCode.INTERNAL,
    Invalid: grpc.StatusCode.INVALID_ARGUMENT,
    TooLarge: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Unauthenticated: grpc.StatusCode.UNAUTHENTICATED,
    Forbidden: grpc.StatusCode.PERMISSION_DENIED,
    NotFound: grpc.StatusCode.NOT_FOUND,
    Refused: grpc.StatusCode.FAILED_PRECONDITION,
    KeyReused: grpc.StatusCode.ALREADY_EXISTS,
    Overloaded: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Unavailable: grpc.StatusCode.UNAVAILABLE,
    DeadlineExceeded: grpc.StatusCode.DEADLINE_EXCEEDED,
    Conflict: grpc.StatusCode.ABORTED,
    LogCorrupt: grpc.StatusCode.DATA_LOSS,
}


def status_of(error: Exception) -> tuple[grpc.StatusCode, str, tuple[str, bytes]]:
    """The code, the message and the trailer with details that a call which failed ends with."""
    failure = explain(error)
    code = lookup(CODES, failure.kind)
    status = Status(code=code.value[0], message=failure.message)
    for detail in _details(failure):
        packed = AnyMessage()
        packed.Pack(detail)
        status.details.append(packed)
    return code, failure.message, (DETAILS, status.SerializeToString())


def explain_in(told: common_pb2.Error, error: Exception) -> None:
    """The same written into a message: of one item of a batch, where the call itself goes on."""
    failure = explain(error)
    told.reason, told.message = failure.kind.code, failure.message
    told.facts.update(_facts(failure))
    for field in failure.fields:
        told.field_violations.add(field=field.name, description=short(field.why))
    if failure.retry_after is not None:
        told.retry_after.CopyFrom(_duration(failure.retry_after))


def _details(failure: Failure) -> list[Message]:
    reason = failure.kind.code
    details: list[Message] = [
        ErrorInfo(reason=reason, domain=DOMAIN, metadata=_facts(failure)),
    ]
    if failure.fields:
        violations = [
            BadRequest.FieldViolation(field=field.name, description=short(field.why), reason=reason)
            for field in failure.fields
        ]
        details.append(BadRequest(field_violations=violations))
    if failure.retry_after is not None:
        details.append(RetryInfo(retry_delay=_duration(failure.retry_after)))
    return details


def _facts(failure: Failure) -> dict[str, str]:
    """What is not known is left out."""
    return {name: _text(value) for name, value in failure.facts.items() if value is not None}


def _text(value: object) -> str:
    match value:
        case str():
            return short(value)
        case dict() | list() | tuple() | set() | frozenset():
            return _json(msgspec.to_builtins(value, enc_hook=str, str_keys=True))
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()
        case _:
            return short(str(value))


def _json(parts: Any) -> str:
    """Of what is too long, as many of the first parts as fit: it stays JSON."""
    while len(text := msgspec.json.encode(parts).decode()) > MAX_TEXT:
        half = len(parts) // 2
        parts = dict([*parts.items()][:half]) if isinstance(parts, dict) else parts[:half]
    return text


def _duration(seconds: float) -> Duration:
    return Duration(seconds=int(seconds), nanos=int(seconds % 1 * 1e9))
