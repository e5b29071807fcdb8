"""Where each value of a resolved manifest is written, and what it took the place of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from services.planning.manifest.tree import Node, Place

_STEP: Final = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")


class Leaf(NamedTuple):
    """A value, or a list of values, with its place.

    `replaced`: what stood there before, nearest first. `deleted`: by what, if it is not there any
    more; then `value` is what it was.
    """

    path: str
    value: Any
    at: Place
    replaced: tuple[tuple[Any, Place], ...] = ()
    deleted: Place | None = None


def explained(tree: Node, path: str) -> list[Leaf] | None:
    """Every value at and below a path, such as `spec.catalogue.tickets[seat].price`.

    Entries of a list are named by their key, or by their number from 0. None: nothing is there.
    """
    node, shown = tree, ""
    for key, name in _STEP.findall(path):
        step = _step(node, key or name)
        if step is None:
            gone = node.gone.get(key or name)
            there = _below(shown, key or name, keyed=isinstance(node.data, tuple))
            return [_deleted(there, *gone)] if gone else None
        shown = _shown(shown, node, step)
        node = node.parts[step]
    return [*_leaves(node, shown)]


def _step(node: Node, text: str) -> str | int | None:
    if not isinstance(node.data, tuple):
        return text if text in node.parts else None
    for number, each in node.parts.items():
        if isinstance(each.data, dict) and each.data.get("key") == text:
            return number
    return int(text) if text.isdigit() and int(text) in node.parts else None


def _leaves(node: Node, path: str) -> Iterator[Leaf]:
    if not node.parts and not node.gone:
        yield Leaf(path, node.data, node.at, tuple(_before(node)))
    for step, each in node.parts.items():
        yield from _leaves(each, _shown(path, node, step))
    for name, gone in node.gone.items():
        yield _deleted(_below(path, name, keyed=isinstance(node.data, tuple)), *gone)


def _deleted(path: str, was: Node, by: Node) -> Leaf:
    return Leaf(path, was.data, was.at, deleted=by.at)


def _before(node: Node) -> Iterator[tuple[Any, Place]]:
    before = node.before
    while before is not None:
        yield before.data, before.at
        before = before.before


def _shown(path: str, node: Node, step: str | int) -> str:
    if isinstance(step, str):
        return _below(path, step, keyed=False)
    entry = node.parts[step].data
    key = entry.get("key") if isinstance(entry, dict) else None
    return _below(path, str(step if key is None else key), keyed=True)


def _below(path: str, step: str, *, keyed: bool) -> str:
    if keyed:
        return f"{path}[{step}]"
    return f"{path}.{step}" if path else step
