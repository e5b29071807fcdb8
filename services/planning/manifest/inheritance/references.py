"""What a manifest extends: kind, name and version of a document, as in `venue:yard@5`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from services.planning.manifest.problems import Path
from services.planning.manifest.tree import Node

KINDS: Final = {
    "template": "EventTemplate",
    "venue": "Venue",
    "kit": "Kit",
    "vendors": "VendorRoster",
}
_EVENTS: Final = ("template", "venue", "kit", "vendors")
# What each kind of manifest may be made of.
MADE_OF: Final = {
    "Event": _EVENTS,
    "Series": _EVENTS,
    "EventTemplate": _EVENTS,
    "Venue": ("venue",),
    "Kit": ("kit",),
    "VendorRoster": ("vendors",),
}
_FORM: Final = re.compile(r"(?:([a-z]+):)?([a-z0-9-]{1,63})(?:@([1-9][0-9]{0,8}))?")


class Reference(NamedTuple):
    """A document by its kind, name and version; version 0: none is said."""

    kind: str
    name: str
    version: int

    def __str__(self) -> str:
        kind = "" if self.kind == "template" else f"{self.kind}:"
        return f"{kind}{self.name}@{self.version}" if self.version else f"{kind}{self.name}"


def parsed(text: str) -> Reference | None:
    """`yard@5` is a template. None if it is not a reference."""
    found = _FORM.fullmatch(text)
    if found is None or (found[1] or "template") not in KINDS:
        return None
    return Reference(found[1] or "template", found[2], int(found[3] or 0))


def entries(tree: Node) -> Iterator[tuple[Path, Node]]:
    """The entries of `extends` of a manifest."""
    there = tree.parts.get("extends")
    if there is not None and isinstance(there.data, tuple):
        for number, each in there.parts.items():
            yield ("extends", number), each


def references(tree: Node | None) -> list[Reference]:
    """What it extends directly, of what can be read, also without a version."""
    if tree is None:
        return []
    found = (parsed(each.data) for _, each in entries(tree) if isinstance(each.data, str))
    return [each for each in found if each is not None]
