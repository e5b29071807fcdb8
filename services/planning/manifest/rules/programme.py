"""Every work has its place in the programme, and every break its own."""

from __future__ import annotations

from collections.abc import Iterator

from services.planning.manifest.nightly import works_of
from services.planning.manifest.problems import quoted
from services.planning.manifest.view import Fault, View

_HERE = ("spec", "programme")


def programme(view: View) -> Iterator[Fault]:
    order = view.raw(*_HERE, "order")
    if isinstance(order, tuple) and order:
        for each in works_of(view):
            key = view.text(*each, "key")
            if key is not None and key not in order:
                what = f"{quoted(key)} is not in spec.programme.order: it would not be shown"
                yield Fault((*each, "key"), "work_not_shown", what)
    seen: set[str] = set()
    for each in view.entries(*_HERE, "intervals"):
        after = view.text(*each, "after")
        if after is not None and after in seen:
            what = f"there is an interval after {quoted(after)} already"
            yield Fault((*each, "after"), "duplicate_key", what)
        seen.add(after or "")
