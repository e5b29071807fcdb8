"""The JSON Schema of manifests, for editors and for programs that are not in Python.

It tells what single fields are. Rules over several fields are only in `roadcase manifest check`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from services.planning.manifest.kinds import API_VERSION, KINDS

FILE: Final = Path(__file__).with_name("roadcase-v1.schema.json")
_ID: Final = "urn:roadcase:manifest:v1"
_REF: Final = "#/$defs/{model}"


class _Plain(GenerateJsonSchema):
    """Without the titles that pydantic makes out of names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False


def made() -> dict[str, Any]:
    """The schema as the models are now."""
    inputs = [(name, "validation", TypeAdapter(kind)) for name, kind in KINDS.items()]
    _, whole = TypeAdapter.json_schemas(
        inputs,  # type: ignore[arg-type]
        ref_template=_REF,
        schema_generator=_Plain,
    )
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": _ID,
        "title": "A manifest of Roadcase",
        "type": "object",
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "properties": {
            "apiVersion": {"const": API_VERSION},
            "kind": {"enum": [*KINDS], "description": "What the manifest is of."},
            "metadata": {"type": "object"},
            "spec": {"type": "object"},
        },
        "allOf": [_branch(name) for name in KINDS],
        "$defs": _used({name: _without_null(each) for name, each in whole["$defs"].items()}),
    }


def text() -> str:
    """The same as it is written in its file."""
    return json.dumps(made(), indent=2, sort_keys=True) + "\n"


def committed() -> str:
    """The schema that came with this program."""
    return FILE.read_text("utf-8")


def _branch(kind: str) -> dict[str, Any]:
    is_it = {"type": "object", "properties": {"kind": {"const": kind}}, "required": ["kind"]}
    return {"if": is_it, "then": {"$ref": _REF.format(model=kind)}}


def _used(parts: dict[str, Any]) -> dict[str, Any]:
    """The parts that a kind is made of."""
    found: dict[str, Any] = {}
    todo = [*KINDS]
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = parts[name]
            todo += re.findall(r'"#/\$defs/(\w+)"', json.dumps(parts[name]))
    return found


def _without_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    """A field is there with a value, or it is not there: nothing in a manifest is null."""
    for name, each in schema.get("properties", {}).items():
        shown = dict(each)
        if "anyOf" in shown:
            kept = [one for one in shown.pop("anyOf") if one != {"type": "null"}]
            shown = {**kept[0], **shown} if len(kept) == 1 else {"anyOf": kept, **shown}
        if shown.get("default", ()) is None:
            del shown["default"]
        if "patternProperties" in shown:
            shown["additionalProperties"] = False
        schema["properties"][name] = shown
    return schema
