"""Errors as HTTP tells them: one table of statuses, and problem documents (RFC 9457)."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from roadcase.doors import (
    MAX_FIELDS,
    Failure,
    Internal,
    TooLarge,
    explain,
    invalid,
    lookup,
    path_of,
    short,
)
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
from roadcase.wrong import in_words

MEDIA_TYPE = "application/problem+json"
STATUSES: dict[type[RoadcaseError], HTTPStatus] = {
    RoadcaseError: HTTPStatus.INTERNAL_SERVER_ERROR,
    Internal: HTTPStatus.INTERNAL_SERVER_ERROR,
    Invalid: HTTPStatus.BAD_REQUEST,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Refused: HTTPStatus.CONFLICT,
    KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Overloaded: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    DeadlineExceeded: HTTPStatus.GATEWAY_TIMEOUT,
    Conflict: HTTPStatus.CONFLICT,
    LogCorrupt: HTTPStatus.INTERNAL_SERVER_ERROR,
}


def problem(error: Exception) -> Response:
    """The answer to a request that failed. Errors not raised on purpose are logged, not told."""
    if isinstance(error, RequestValidationError):
        return _answer(_invalid(error.errors()))
    if isinstance(error, HTTPException):
        return _of_framework(error)
    return _answer(explain(error))


async def handle(_request: Request, error: Exception) -> Response:
    """The framework's own errors, in our words. For `add_exception_handler`."""
    return problem(error)


def _answer(failure: Failure) -> Response:
    status = lookup(STATUSES, failure.kind)
    headers = {}
    if failure.retry_after is not None:
        headers["retry-after"] = str(max(1, round(failure.retry_after)))
    if failure.kind is Unauthenticated:
        headers["www-authenticate"] = "Bearer"
    title = (failure.kind.__doc__ or "").strip().partition("\n")[0]
    return _document(status, failure.kind.code, title, failure, headers)


def _document(
    status: int, code: str, title: str, failure: Failure, headers: dict[str, str]
) -> Response:
    content: dict[str, Any] = {
        "type": f"urn:roadcase:problem:{code}",
        "title": title,
        "status": int(status),
        "detail": failure.message,
        "code": code,
        "facts": failure.facts,
    }
    if failure.fields:
        content["errors"] = [
            {"field": field.name, "message": short(field.why)} for field in failure.fields
        ]
    body = msgspec.json.encode(content, enc_hook=str)
    return Response(body, int(status), headers, MEDIA_TYPE)


def _invalid(errors: Sequence[Any]) -> Failure:
    """What FastAPI found wrong with a request; places other than the body are not named."""
    some = errors[:MAX_FIELDS]
    return invalid((path_of(each["loc"][1:] or each["loc"]), in_words(each)) for each in some)


def _of_framework(error: HTTPException) -> Response:
    """Errors of routing and parsing: no such page, method not allowed, a body that is no JSON."""
    kinds: dict[int, type[RoadcaseError]] = {400: Invalid, 404: NotFound, 413: TooLarge}
    kind = kinds.get(error.status_code, RoadcaseError)
    phrase = HTTPStatus(error.status_code).phrase
    code = f"roadcase.{phrase.lower().replace(' ', '_')}" if kind is RoadcaseError else kind.code
    failure = Failure(kind, short(str(error.detail)), {})
    return _document(error.status_code, code, phrase, failure, dict(error.headers or {}))
