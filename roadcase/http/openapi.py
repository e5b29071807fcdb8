"""OpenAPI as it is: the token, the idempotency key and problem documents in every operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI

from roadcase.doors import OPEN
from roadcase.http.door import Way
from roadcase.http.problems import MEDIA_TYPE

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "The same one again when you retry.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail", "code", "facts"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "A stable slug."},
        "facts": {"type": "object"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_REFUSED = {
    "description": "Refused",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def described(app: FastAPI, ways: Sequence[Way]) -> None:
    """Let `/openapi.json` tell what the door asks for. It is shown to callers with a token."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        document = plain()
        components = document.setdefault("components", {})
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        components.setdefault("schemas", {})["Problem"] = _PROBLEM
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                _describe(operation, _find(ways, path, method.upper()))
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _describe(operation: dict[str, Any], way: Way | None) -> None:
    responses = operation["responses"]
    responses.pop("422", None)  # the framework's own; ours is a problem
    responses["default"] = _REFUSED
    if way is None:
        return
    operation["security"] = [] if way.scope == OPEN else [{"token": []}]
    if way.scope != OPEN:
        operation["description"] = f"Scope: `{way.scope}`. {operation.get('description', '')}"
    if way.mutates:
        operation.setdefault("parameters", []).append(_KEY)


def _find(ways: Sequence[Way], path: str, method: str) -> Way | None:
    example = path.replace("{", "").replace("}", "")
    for way in ways:
        if method in way.methods and way.path.match(example):
            return way
    return None
