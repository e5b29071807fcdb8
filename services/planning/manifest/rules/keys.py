"""Keys are there once, and what refers to one finds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.planning.manifest.problems import Path, dotted, quoted
from services.planning.manifest.shape import EACH, with_fields
from services.planning.manifest.view import Fault, View

# What names the entry of which lists, below `spec`.
REFERENCES: Final[dict[str, str]] = {
    "catalogue.tickets.*.zone": "capacity.zones",
    "catalogue.allotments.*.zone": "capacity.zones",
    "catalogue.tickets.*.windows.*.members": "memberships.programmes",
    "catalogue.skus.*.supplier": "suppliers",
    "drops.*.sku": "catalogue.skus",
    "kit.*.zone": "capacity.zones",
    "kit.*.operator": "staffing",
    "capture.operator": "staffing",
    "permits.extra.*.responsible": "staffing",
    "notifications.*.roles.*": "staffing",
    "programme.order.*": "programme.works",
    "programme.intervals.*.after": "programme.works",
    "runOfShow.cues.*.who.*": "staffing",
    "fulfilment.pickup.zone": "capacity.zones",
    "split.shares.*.supplier": "suppliers",
    "stalls.*.supplier": "suppliers",
    "stalls.*.zone": "capacity.zones",
    "items.*.container": "items",
    "circuit.begin": "circuit.stops",
    "triggers.*.do.*.tellCrew.roles.*": "staffing",
    "triggers.*.do.*.releaseNoShows.tickets.*": "catalogue.tickets",
    "triggers.*.do.*.openDrop.drop": "drops",
    "schedules.*.jobs.*.do.*.tellCrew.roles.*": "staffing",
    "schedules.*.jobs.*.do.*.releaseNoShows.tickets.*": "catalogue.tickets",
    "schedules.*.jobs.*.do.*.openDrop.drop": "drops",
    "recurrence.changes.*.stop": "circuit.stops",
}
_CATALOGUE: Final = (("spec", "catalogue", "skus"), ("spec", "catalogue", "tickets"))


def duplicates(view: View) -> Iterator[Fault]:
    """In each list a key is there once; goods and tickets of a catalogue share theirs."""
    lists = [path for path in with_fields(view.model, "key") if path[-1] == EACH]
    seen_in_catalogue: dict[str, Path] = {}
    for pattern in lists:
        shared = pattern[:-1] in _CATALOGUE
        seen: dict[tuple[Path, str], Path] = {}
        for path in view.matching((*pattern, "key")):
            key = view.text(*path)
            if key is None:
                continue
            first = seen.setdefault((path[:-2], key), path)
            if shared:
                first = seen_in_catalogue.setdefault(key, first)
            if first != path:
                what = f"{quoted(key)} is the key of {dotted(first[:-1])} already"
                yield Fault(path, "duplicate_key", what)
    changed: set[str] = set()
    for path in view.matching(("spec", "recurrence", "changes", EACH, "on")):
        day = view.text(*path)
        if day is not None and day in changed:
            yield Fault(path, "duplicate_key", f"{quoted(day)} is changed above already")
        changed.add(day or "")


def references(view: View) -> Iterator[Fault]:
    """Whatever names an entry of another list finds it there."""
    for source, target in REFERENCES.items():
        there = _keys(view, ("spec", *target.split(".")))
        if there is None:
            continue
        for path in view.matching(("spec", *source.split("."))):
            key = view.text(*path)
            if key is not None and key not in there:
                what = f"there is no {quoted(key)} in spec.{target}{view.meant(key, there)}"
                yield Fault(path, "unknown_reference", what)


def _keys(view: View, path: Path) -> list[str] | None:
    """The keys of a list; None if one cannot be read, so that nothing is said to be missing."""
    if view.raw(*path) is None:
        return [] if view.whole(*path) else None
    if not isinstance(view.raw(*path), tuple):
        return None
    keys = [view.text(*each, "key") for each in view.entries(*path)]
    return [key for key in keys if key is not None] if None not in keys else None
