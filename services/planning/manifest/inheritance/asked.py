"""The inputs that a template declares, and the values that it is given for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from services.planning.manifest.fields import Amount, Clock, Day, Key, Text, Zone
from services.planning.manifest.inheritance.filling import LEFT_OUT, OPEN, unescaped
from services.planning.manifest.inheritance.telling import Telling
from services.planning.manifest.inputs import Input
from services.planning.manifest.problems import Guesses, Path, meant, quoted
from services.planning.manifest.tree import Node
from services.planning.manifest.wording import worded

_STRICT: Final[dict[str, Any]] = {"text": Text, "money": Amount, "date": Day, "time": Clock}
_TYPES: Final[dict[str, TypeAdapter[Any]]] = {
    **{name: TypeAdapter(kind) for name, kind in _STRICT.items()},
    "zone": TypeAdapter(Zone),
    "key": TypeAdapter(Key),
    "integer": TypeAdapter(int),
    "number": TypeAdapter(float),
    "boolean": TypeAdapter(bool),
}
_ORDERED: Final = ("integer", "number", "money", "date", "time")
_ONLY_OF: Final = {"minimum": _ORDERED, "maximum": _ORDERED, "maxLength": ("text",)}
_LIMITS: Final = (("minimum", "at least"), ("maximum", "at most"))


class Asked(NamedTuple):
    """One input as a template declares it, and where. `said` is right by itself."""

    node: Node
    path: Path
    said: dict[str, Any]


Declared = Mapping[str, Asked]


def declared(tree: Node) -> Declared:
    """The inputs of a template by their keys, those that are right by themselves."""
    there = tree.parts.get("inputs")
    if there is None or not isinstance(there.data, tuple):
        return {}
    found: dict[str, Asked] = {}
    for number, each in unescaped(there).parts.items():
        try:
            Input.model_validate(each.data)
        except ValidationError:
            continue
        found.setdefault(each.data["key"], Asked(each, ("inputs", number), each.data))
    return found


def look_at(inputs: Declared, telling: Telling) -> None:
    """What declarations say of themselves: defaults, limits, choices."""
    for node, path, said in inputs.values():
        if said.get("required") and "default" in said:
            what = "is required, or has a default: not both"
            telling.add(node.parts["default"], (*path, "default"), "unclear", what)
        for name, kinds in _ONLY_OF.items():
            if name in said and said["type"] not in kinds:
                what = f"is for an input of type {', '.join(kinds)}, not {said['type']}"
                telling.add(node.parts[name], (*path, name), "unclear", what)
        for at, each in _own(node, path):
            _parsed(said["type"], each, at, telling)
        if "default" in said:
            fits(said, node.parts["default"], (*path, "default"), telling)


def _own(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    """The values that a declaration has itself, but its default."""
    for name, _ in _LIMITS:
        if name in node.parts and node.data["type"] in _ORDERED:
            yield (*path, name), node.parts[name]
    if "allowed" in node.parts:
        for number, each in node.parts["allowed"].parts.items():
            yield (*path, "allowed", number), each


def fits(said: Mapping[str, Any], value: Node, path: Path, telling: Telling) -> bool:
    """Whether a value is what a declaration wants; what is wrong is told where it is written."""
    parsed = _parsed(said["type"], value, path, telling)
    if parsed is None:
        return False
    allowed = said.get("allowed", ())
    if allowed and value.data not in allowed:
        choices = ", ".join(map(str, allowed))
        similar = meant(str(value.data), map(str, allowed))
        what = f"is one of {choices}, not {quoted(value.data)}{similar}"
        telling.add(value, path, "not_a_choice", what)
        return False
    longest = said.get("maxLength")
    if said["type"] == "text" and longest is not None and len(value.data) > longest:
        what = f"has at most {longest} characters, not {len(value.data)}"
        telling.add(value, path, "too_long", what)
        return False
    return _within(said, value, parsed, path, telling)


def _within(
    said: Mapping[str, Any], value: Node, parsed: Any, path: Path, telling: Telling
) -> bool:
    for name, words in _LIMITS:
        limit = _plain(said["type"], said.get(name)) if said["type"] in _ORDERED else None
        if limit is None:
            continue
        if said["type"] == "money" and limit.currency != parsed.currency:
            what = f"is an amount in {limit.currency}, not {quoted(value.data)}"
            telling.add(value, path, "currency", what)
            return False
        if parsed < limit if name == "minimum" else parsed > limit:
            what = f"is {words} {said[name]}, not {value.data}"
            telling.add(value, path, "out_of_range", what)
            return False
    return True


def _plain(kind: str, value: Any) -> Any:
    try:
        return None if value is None else _TYPES[kind].validate_python(value, strict=True)
    except ValidationError:
        return None


def _parsed(kind: str, value: Node, path: Path, telling: Telling) -> Any:
    try:
        return _TYPES[kind].validate_python(value.data, strict=True)
    except ValidationError as invalid:
        (error, *_) = invalid.errors(include_url=False)
        code, message = worded({**error, "loc": path}, Input, Guesses())
        telling.add(value, path, code, message)
        return None


def given(
    inputs: Declared, values: Mapping[str, Node], telling: Telling, at: tuple[Node, Path]
) -> dict[str, Node | str | None]:
    """The value of each input: as given, or its default. `at`: what extends the template."""
    found: dict[str, Node | str | None] = {}
    for key, (node, _, said) in inputs.items():
        if key in values:
            fitting = not values[key].open and fits(said, values[key], ("with", key), telling)
            found[key] = values[key] if fitting else OPEN
        elif "default" in said:
            found[key] = node.parts["default"]
        elif said.get("required"):
            what = f"needs the input {quoted(key)}, {said['type']}: say with: {{{key}: …}}"
            telling.add(*at, "missing_input", what)
            found[key] = OPEN
        else:
            found[key] = LEFT_OUT
    return found


def standing_alone(inputs: Declared) -> dict[str, Node | str | None]:
    """The values of a template that nobody extends yet: what has no default is open."""
    return {
        key: node.parts["default"]
        if "default" in said and fits(said, node.parts["default"], path, Telling())
        else OPEN
        for key, (node, path, said) in inputs.items()
    }
