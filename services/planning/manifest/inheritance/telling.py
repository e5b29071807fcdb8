"""Collects what is wrong with how manifests extend each other, each at the place of a node."""

from __future__ import annotations

from services.planning.manifest.problems import Path, Problem, dotted
from services.planning.manifest.tree import Node


class Telling:
    """Problems, none of them twice: a document may be extended more than once."""

    def __init__(self) -> None:
        self.problems: dict[Problem, None] = {}

    def add(self, node: Node, path: Path, code: str, message: str) -> None:
        self.problems[Problem(*node.at, dotted(path), code, message)] = None
