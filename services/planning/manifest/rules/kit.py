"""Pieces of kit are counted: by serial number all of them or none, and a container is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.planning.manifest.problems import quoted
from services.planning.manifest.view import Fault, View

_ITEMS: Final = ("spec", "items")


def empty(view: View) -> Iterator[Fault]:
    """A document of kit says what is owned, what events take, or both."""
    if view.raw("kind") != "Kit" or not view.whole("spec"):
        return
    if not view.raw(*_ITEMS) and not view.raw("spec", "lines"):
        what = "says neither items, which are owned, nor lines, which events take: give one of them"
        yield Fault(("spec",), "kit_empty", what)


def pieces(view: View) -> Iterator[Fault]:
    containers = {
        key for path in view.matching((*_ITEMS, "*", "container")) if (key := view.text(*path))
    }
    for path in view.entries(*_ITEMS):
        owned = view.raw(*path, "owned")
        if not isinstance(owned, int):
            continue
        serials = view.raw(*path, "serials")
        if isinstance(serials, tuple) and serials and len({*serials}) != owned:
            what = f"{len({*serials})} serial numbers, and {owned} are owned: list each, or none"
            yield Fault((*path, "serials"), "kit_pieces", what)
        if owned > 1 and view.text(*path, "key") in containers:
            what = f"{quoted(view.text(*path, 'key') or '')} holds others: list each case by itself"
            yield Fault((*path, "owned"), "kit_pieces", what)
