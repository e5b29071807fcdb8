"""What a document gives to who extends it: a venue its place and hours, kit what there is."""

from __future__ import annotations

from typing import Final

from services.planning.manifest.inheritance.references import Reference
from services.planning.manifest.tree import Node, listed, mapped

Parts = dict[str | int, Node]
_PLACE: Final = ("title", "address", "latitude", "longitude")
_WHOLE: Final = ("capacity", "currency")
_HOURS: Final = ("zone", "curfew")
_OF_ITEM: Final = {"key": "key", "role": "title", "quantity": "owned"}  # of a line: of its item


def gives(reference: Reference, document: Node, kind: str) -> Node | None:
    """The `spec` that it puts under that of a manifest of this kind. None: it gives nothing."""
    spec = document.parts.get("spec")
    if spec is None or not isinstance(spec.data, dict):
        return None
    if reference.kind == "template" or kind in ("Venue", "Kit", "VendorRoster"):
        return spec
    if reference.kind == "vendors":
        return _some(spec, ("suppliers",))
    if reference.kind == "kit":
        return _kit(spec)
    return _venue(document, spec)


def _venue(document: Node, spec: Node) -> Node:
    """Where it is, by its name and written out; how many it holds; until when it may be used."""
    name = document.parts["metadata"].parts["name"]
    place = _some(spec, _PLACE)
    parts = {**_some(spec, _WHOLE).parts}
    written: Parts = {"ref": name, **place.parts}
    parts["venue"] = mapped(spec.at, written, place.keys)
    hours = _some(spec, _HOURS)
    if hours.parts:
        parts["schedule"] = hours
    return mapped(spec.at, parts, spec.keys)


def _kit(spec: Node) -> Node:
    """Its lines, as those of an event; without any, all that is owned."""
    name = "lines" if "lines" in spec.parts else "items"
    there = spec.parts.get(name)
    if there is None:
        return mapped(spec.at, {})
    if name == "items" and isinstance(there.data, tuple):
        there = listed(there.at, [_line(each) for each in there.parts.values()])
    return mapped(spec.at, {"kit": there}, {"kit": spec.keys.get(name, there.at)})


def _line(item: Node) -> Node:
    """All of an item, told where it is written."""
    if not isinstance(item.data, dict):
        return item
    there = {line: name for line, name in _OF_ITEM.items() if name in item.parts}
    parts: Parts = {line: item.parts[name] for line, name in there.items()}
    return mapped(item.at, parts, {line: item.keys[name] for line, name in there.items()})


def _some(spec: Node, names: tuple[str, ...]) -> Node:
    parts: Parts = {name: spec.parts[name] for name in names if name in spec.parts}
    return mapped(spec.at, parts, spec.keys)
