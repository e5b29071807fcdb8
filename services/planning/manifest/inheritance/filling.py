"""`${input}` in the values of a document: only inputs that it declares, and nothing else.

`$${input}` is the text `${input}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from services.planning.manifest.fields import TEXT
from services.planning.manifest.inheritance.telling import Telling
from services.planning.manifest.problems import Path, meant, quoted
from services.planning.manifest.tree import Node, listed, mapped

USE: Final = re.compile(r"\$(\$\{[^}]*\})|\$\{([^}]*)\}")  # text, or an input
_LIKE_USE: Final = re.compile(r"\$\{[^}]*\}")
LEFT_OUT: Final = None  # an input that is not required, has no default, and is not given
OPEN: Final = "open"  # an input whose value is not known: of a template that nobody extends yet
Values = Mapping[str, Node | str | None]


def filled(node: Node, values: Values, telling: Telling, path: Path = ()) -> Node | None:
    """The same with its inputs. None: it is an input that is left out.

    A value that is an input alone is that value, with its type and its place. What is `OPEN`
    stays as it is written.
    """
    return _each(node, partial(_text, values=values, telling=telling), path)


def unescaped(node: Node) -> Node:
    """The same where nothing is filled in: of `$${input}` the text."""
    return _each(node, lambda each, _path: _without_escapes(each), ()) or node


def escaped(data: Any) -> Any:
    """A value that is known, as a document says it: nothing in it is taken for an input."""
    match data:
        case str():
            return _LIKE_USE.sub(r"$\g<0>", data)
        case dict():
            return {name: escaped(each) for name, each in data.items()}
        case list() | tuple():
            return tuple(map(escaped, data))
        case _:
            return data


def as_document(tree: Node) -> dict[str, Any]:
    """What was filled in, so that it can be read once more and is the same."""
    spec = tree.parts.get("spec")
    return {**tree.data, "spec": _as_written(spec)} if spec is not None else tree.data


def open_leaves(node: Node, path: Path = ()) -> Iterator[Path]:
    """The paths of all values that are not known yet."""
    if node.open:
        yield path
    for step, each in node.parts.items():
        yield from open_leaves(each, (*path, step))


def _as_written(node: Node) -> Any:
    if node.open:
        return node.data
    if not node.parts:
        return escaped(node.data)
    parts = {step: _as_written(each) for step, each in node.parts.items()}
    return tuple(parts.values()) if isinstance(node.data, tuple) else parts


def _each(node: Node, change: Callable[[Node, Path], Node | None], path: Path) -> Node | None:
    """The same with every text changed that may have an input; those that are None are not there.

    What is the same stays the same node.
    """
    if isinstance(node.data, str):
        return change(node, path) if "${" in node.data else node
    if not node.parts:
        return node
    parts: dict[str | int, Node] = {}
    same = True
    for step, each in node.parts.items():
        found = _each(each, change, (*path, step))
        same = same and found is each
        if found is not None:
            parts[step] = found
    if same:
        return node
    if isinstance(node.data, tuple):
        return listed(node.at, [*parts.values()])
    return mapped(node.at, parts, node.keys)


def _without_escapes(node: Node) -> Node:
    return Node(node.at, USE.sub(lambda found: found[1] or found[0], node.data))


def _text(node: Node, path: Path, values: Values, telling: Telling) -> Node | None:
    names = [found[2] for found in USE.finditer(node.data) if found[2] is not None]
    unknown = [name for name in names if name not in values]
    for name in unknown:
        there = f"; there are {', '.join(values)}" if values else "; there are none"
        similar = meant(name, values) or there
        what = f"there is no input {quoted(name)} here{similar}"
        if not values:
            what += f"; for the text write $${{{name}}}"
        telling.add(node, path, "unknown_input", what)
    if unknown or any(values[name] == OPEN for name in names):
        return _opened(node)
    whole = USE.fullmatch(node.data)
    if whole is not None and whole[2] is not None:
        value = values[whole[2]]
        return value.replacing(node) if isinstance(value, Node) else None
    return _within(node, names, values, telling, path)


def _within(
    node: Node, names: list[str], values: Values, telling: Telling, path: Path
) -> Node | None:
    """Text with inputs in it is text. How long it would be is known before it is made."""
    texts: dict[str, str] = {}
    for name in names:
        value = values[name]
        if not isinstance(value, Node):
            what = f"the input {quoted(name)} has no value, and is a part of this text"
            telling.add(node, path, "missing_input", what)
            return _opened(node)
        texts[name] = _plain(value.data)
    if len(node.data) + sum(len(texts[name]) for name in names) > TEXT:
        what = f"has more than {TEXT} characters with its inputs"
        telling.add(node, path, "too_long", what)
        return _opened(node)
    return Node(node.at, USE.sub(lambda found: found[1] or texts[found[2]], node.data))


def _opened(node: Node) -> Node:
    return Node(node.at, node.data, open_=True)


def _plain(value: str | float | bool) -> str:  # noqa: FBT001 - a value of YAML
    return str(value).lower() if isinstance(value, bool) else str(value)
