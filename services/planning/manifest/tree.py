"""A value of a manifest with the place where it is written."""

from __future__ import annotations

from typing import Any

from services.planning.manifest.problems import Path


class Node:
    """`data` is plain: dict, tuple, str, int, float, bool or None. Lines and columns from 0.

    `size`, `height` and `aliases` are those of everything in it, with aliases written out.
    """

    __slots__ = ("aliases", "column", "data", "height", "keys", "line", "parts", "size")

    size: int
    height: int
    aliases: int

    def __init__(
        self,
        line: int,
        column: int,
        data: Any,
        parts: dict[str | int, Node] | None = None,
        keys: dict[str | int, tuple[int, int]] | None = None,
    ) -> None:
        self.line = line
        self.column = column
        self.data = data
        self.parts = parts or {}
        self.keys = keys or {}
        self.size = 1 + sum(node.size for node in self.parts.values())
        self.height = 1 + max((node.height for node in self.parts.values()), default=0)
        self.aliases = sum(node.aliases for node in self.parts.values())

    def as_alias(self) -> Node:
        """The same, used once more."""
        same = Node(self.line, self.column, self.data, self.parts, self.keys)
        same.aliases += 1
        return same

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column, from 1, of the value there, or of the nearest above it."""
        node = self
        for step in path:
            if step not in node.parts:
                break
            node = node.parts[step]
        return node.line + 1, node.column + 1

    def name_place(self, path: Path) -> tuple[int, int]:
        """Line and column, from 1, of the name there, or of the nearest name above it.

        An entry of a list has no name: where it begins is its place.
        """
        node, place = self, (self.line, self.column)
        for step in path:
            if step not in node.parts:
                break
            below = node.parts[step]
            place = node.keys.get(step, (below.line, below.column))
            node = below
        return place[0] + 1, place[1] + 1
