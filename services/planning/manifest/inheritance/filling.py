"""`${input}` in the values of a document: only inputs that it declares, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from services.planning.manifest.fields import TEXT
from services.planning.manifest.inheritance.telling import Telling
from services.planning.manifest.problems import Path, meant, quoted
from services.planning.manifest.tree import Node, listed, mapped

USE: Final = re.compile(r"\$\{([^}]*)\}")
LEFT_OUT: Final = None  # an input that is not required, has no default, and is not given
OPEN: Final = "open"  # an input whose value is not known: of a template that nobody extends yet
Values = Mapping[str, Node | str | None]


def filled(node: Node, values: Values, telling: Telling, path: Path = ()) -> Node | None:
    """The same with its inputs. None: it is an input that is left out.

    A value that is an input alone is that value, with its type and its place. What is `OPEN`
    stays as it is written.
    """
    if isinstance(node.data, str):
        return _text(node, values, telling, path) if "${" in node.data else node
    if not node.parts:
        return node
    parts: dict[str | int, Node] = {}
    same = True
    for step, each in node.parts.items():
        found = filled(each, values, telling, (*path, step))
        same = same and found is each
        if found is not None:
            parts[step] = found
    if same:
        return node
    if isinstance(node.data, tuple):
        return listed(node.at, [*parts.values()])
    return mapped(node.at, parts, node.keys)


def is_open(value: object) -> bool:
    """Whether it has an input whose value is not known."""
    return isinstance(value, str) and USE.search(value) is not None


def open_leaves(node: Node, path: Path = ()) -> Iterator[Path]:
    """The paths of all values that are not known yet."""
    if is_open(node.data):
        yield path
    for step, each in node.parts.items():
        yield from open_leaves(each, (*path, step))


def _text(node: Node, values: Values, telling: Telling, path: Path) -> Node | None:
    names: list[str] = USE.findall(node.data)
    unknown = [name for name in names if name not in values]
    for name in unknown:
        there = f"; there are {', '.join(values)}" if values else "; there are none"
        similar = meant(name, values) or there
        what = f"there is no input {quoted(name)} here{similar}"
        telling.add(node, path, "unknown_input", what)
    if unknown or any(values[name] == OPEN for name in names):
        return node
    whole = USE.fullmatch(node.data)
    if whole is not None:
        value = values[whole[1]]
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
            return node
        texts[name] = _plain(value.data)
    if len(node.data) + sum(len(texts[name]) for name in names) > TEXT:
        what = f"has more than {TEXT} characters with its inputs"
        telling.add(node, path, "too_long", what)
        return node
    return Node(node.at, USE.sub(lambda found: texts[found[1]], node.data))


def _plain(value: str | float | bool) -> str:  # noqa: FBT001 - a value of YAML
    return str(value).lower() if isinstance(value, bool) else str(value)
