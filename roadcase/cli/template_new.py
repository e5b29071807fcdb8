"""The manifest of an event that is made of a template, with its inputs as they were said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from roadcase.errors import Invalid

_LIKE_INPUT: Final = re.compile(r"\$\{[^}]*\}")
_TRUE_OR_FALSE: Final = {"true": True, "false": False}


def values_of(inputs: Sequence[Any], assignments: Sequence[str]) -> dict[str, Any]:
    """`NAME=VALUE` by name, each of the type that its input has. Raises Invalid.

    Whether the value is allowed is for the check of the whole manifest to say.
    """
    types = {each.key: each.type for each in inputs}
    values: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise Invalid(f"{assignment} is not like NAME=VALUE")
        if name not in types:
            close = get_close_matches(name, types, 1)
            similar = f", did you mean {close[0]}?" if close else ""
            there = f"; there are {', '.join(types)}" if types else "; there are none"
            raise Invalid(f"there is no input {name}{similar or there}", input=name)
        if name in values:
            raise Invalid(f"{name} is set twice", input=name)
        values[name] = _value(name, types[name], text)
    missing = [each.key for each in inputs if each.required and each.key not in values]
    if missing:
        said = " ".join(f"--set {name}=…" for name in missing)
        raise Invalid(f"needed still: {said}", inputs=missing)
    return values


def _value(name: str, kind: str, text: str) -> Any:
    of: Mapping[str, Callable[[str], Any]] = {
        "integer": int,
        "number": float,
        "boolean": _TRUE_OR_FALSE.__getitem__,
    }
    try:
        return of[kind](text) if kind in of else text
    except (ValueError, KeyError) as error:
        words = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}
        raise Invalid(f"{name} is {words[kind]}, not {text}", input=name) from error


def manifest_of(
    reference: str, name: str, date: str, inputs: Sequence[Any], values: Mapping[str, Any]
) -> str:
    """In YAML. What is not set is there as a comment, with what it is then."""
    lines = [
        "apiVersion: roadcase/v1",
        "kind: Event",
        f"metadata: {{name: {_written(name)}}}",
        f"extends: [{_written(reference)}]",
    ]
    if values:
        lines.append("with:")
    for each in inputs:
        words = " ".join(each.description.split())
        about = f"  # {words}" if words else ""
        if each.key in values:
            lines.append(f"  {each.key}: {_written(_escaped(values[each.key]))}{about}")
        else:
            lines.append(f"  # {each.key}: {each.default or 'left out'}{about}")
    lines.append("spec:")
    lines.append(f"  schedule: {{date: {_written(date)}}}" if date else "  schedule: {}")
    return "\n".join(lines) + "\n"


def _escaped(value: Any) -> Any:
    """A value is never an input: `${x}` in a file is one."""
    return _LIKE_INPUT.sub(r"$\g<0>", value) if isinstance(value, str) else value


def _written(value: Any) -> str:
    """JSON is YAML: nothing that is set is read as anything else."""
    return json.dumps(value, ensure_ascii=False)
