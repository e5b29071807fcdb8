"""A value of a manifest with the place where it is written."""

from __future__ import annotations

from typing import Any, NamedTuple

from services.planning.manifest.problems import Path


class Place(NamedTuple):
    """Line and column from 1. `file`: a document that is extended; empty: the manifest itself."""

    file: str
    line: int
    column: int


class Node:
    """`data` is plain: dict, tuple, str, int, float, bool or None.

    `size`, `height` and `aliases` are those of everything in it, with aliases written out.
    `before`: what it took the place of. `gone`: what was here and was deleted, each with the node
    that deleted it. `open`: text with an input whose value is not known, as it is written. A node
    never changes once it is made.
    """

    __slots__ = (
        *("aliases", "at", "before", "data", "gone", "height", "keys", "open", "parts", "size"),
    )

    size: int
    height: int
    aliases: int

    def __init__(
        self,
        at: Place,
        data: Any,
        parts: dict[str | int, Node] | None = None,
        keys: dict[str | int, Place] | None = None,
        *,
        before: Node | None = None,
        gone: dict[str, tuple[Node, Node]] | None = None,
        open_: bool = False,
    ) -> None:
        self.at = at
        self.data = data
        self.parts = parts or {}
        self.keys = keys or {}
        self.before = before
        self.gone = gone or {}
        self.open = open_
        self.size = 1 + sum(node.size for node in self.parts.values())
        self.height = 1 + max((node.height for node in self.parts.values()), default=0)
        self.aliases = sum(node.aliases for node in self.parts.values())

    def as_alias(self) -> Node:
        """The same, used once more."""
        same = Node(self.at, self.data, self.parts, self.keys)
        same.aliases += 1
        return same

    def replacing(self, before: Node) -> Node:
        """The same, in the place of another, and of what that took the place of."""
        earlier = self.before.replacing(before) if self.before is not None else before
        more: Any = {"before": earlier, "gone": self.gone, "open_": self.open}
        return Node(self.at, self.data, self.parts, self.keys, **more)

    def place(self, path: Path) -> Place:
        """Of the value there, or of the nearest above it."""
        node = self
        for step in path:
            if step not in node.parts:
                break
            node = node.parts[step]
        return node.at

    def name_place(self, path: Path) -> Place:
        """Of the name there, or of the nearest name above it.

        An entry of a list has no name: where it begins is its place.
        """
        node, place = self, self.at
        for step in path:
            if step not in node.parts:
                break
            below = node.parts[step]
            place = node.keys.get(step, below.at)
            node = below
        return place


HERE = Place("", 1, 1)


def mapped(
    at: Place,
    parts: dict[str | int, Node],
    keys: dict[str | int, Place] | None = None,
    **more: Any,
) -> Node:
    """A section of these parts."""
    return Node(at, {name: node.data for name, node in parts.items()}, parts, keys, **more)


def listed(at: Place, entries: list[Node], **more: Any) -> Node:
    """A list of these entries."""
    data = tuple(node.data for node in entries)
    return Node(at, data, dict(enumerate(entries)), **more)
