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

from services.planning.manifest.kinds import API_VERSION, KINDS, EventTemplate

FILE: Final = Path(__file__).with_name("roadcase-v1.schema.json")
_ID: Final = "urn:roadcase:manifest:v1"
_REF: Final = "#/$defs/{model}"
_NAMED: Final = r'"#/\$defs/(\w+)"'
_ALL_REFS: Final = re.compile(r"#/\$defs/\w+")
_PART: Final = "Part"  # of a name: the section where others may be under it
_ENVELOPES: Final = frozenset(KINDS)
_AS_THEY_ARE: Final = frozenset({"Metadata", "Published", "Input"})


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
        "$defs": _with_parts(
            _used({name: _without_null(each) for name, each in whole["$defs"].items()})
        ),
    }


def text() -> str:
    """The same as it is written in its file."""
    return json.dumps(made(), indent=2, sort_keys=True) + "\n"


def committed() -> str:
    """The schema that came with this program."""
    return FILE.read_text("utf-8")


def _branch(kind: str) -> dict[str, Any]:
    is_it = {"type": "object", "properties": {"kind": {"const": kind}}, "required": ["kind"]}
    part = {"$ref": _REF.format(model=f"{kind}{_PART}")}
    if kind == EventTemplate.__name__:
        return {"if": is_it, "then": part}
    listed = {"extends": {"type": "array"}}
    extends = {"type": "object", "properties": listed, "required": ["extends"]}
    alone = {"$ref": _REF.format(model=kind)}
    return {"if": is_it, "then": {"if": extends, "then": part, "else": alone}}


def _with_parts(parts: dict[str, Any]) -> dict[str, Any]:
    """Each section twice: whole, and as it is in a manifest that others are under or over."""
    found = {name: each for name, each in parts.items() if name != EventTemplate.__name__}
    found |= {f"{name}{_PART}": _part(name, each) for name, each in parts.items()}
    found["Use"] = {"type": "string", "pattern": r"\$\{[^}]*\}", "description": "${input}"}
    delete = {"const": True, "description": "It is there no more."}
    found["Gone"] = {"type": "object", "properties": {"$delete": delete}, "required": ["$delete"]}
    return _used(found, [each["then"] for each in map(_branch, KINDS)])


def _part(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Nothing but a key must be there: the rest may be in what is under it."""
    part: dict[str, Any] = json.loads(_ALL_REFS.sub(rf"\g<0>{_PART}", json.dumps(schema)))
    if name in _ENVELOPES:
        return part
    required = [each for each in part.pop("required", ()) if each == "key"]
    if required:
        part["required"] = required
    if name in _AS_THEY_ARE:
        return part
    part["properties"] = {each: _perhaps(of) for each, of in part["properties"].items()}
    if "key" in part["properties"]:
        place = {"type": "string", "description": "The key of another entry of the list."}
        delete = {"const": True, "description": "This entry is there no more."}
        part["properties"] |= {"$delete": delete, "$before": place, "$after": place}
    return part


def _perhaps(schema: dict[str, Any]) -> dict[str, Any]:
    """The value, an input, or that it is deleted."""
    told: dict[str, Any] = {
        name: schema[name] for name in ("description", "default") if name in schema
    }
    value = {name: each for name, each in schema.items() if name not in told}
    others = [_REF.format(model=each) for each in ("Use", "Gone")]
    return {"anyOf": [value, *({"$ref": each} for each in others)], **told}


def _used(parts: dict[str, Any], by: Any = None) -> dict[str, Any]:
    """The parts that a kind is made of, or whatever names them."""
    found: dict[str, Any] = {}
    todo = re.findall(_NAMED, json.dumps(by)) if by else [*KINDS]
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = parts[name]
            todo += re.findall(_NAMED, json.dumps(parts[name]))
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
