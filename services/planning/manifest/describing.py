"""A manifest in a few words: what it is of, when it is, and what it declares."""

from __future__ import annotations

from typing import Any

from services.planning.manifest.checking import Checked
from services.planning.manifest.nightly import hours_of, programme_over


def described(checked: Checked) -> dict[str, Any]:
    """Kind, name, title, local times with their zone, and the sections that are there.

    A series and a template have times of day and no days. `ends_by` is what its end follows from.
    """
    view = checked.view
    assert view is not None
    spec = view.raw("spec")
    found: dict[str, Any] = {
        "kind": view.raw("kind"),
        "name": view.raw("metadata", "name"),
        "title": spec.get("title"),
        "sections": [name for name, value in spec.items() if isinstance(value, dict | tuple)],
    }
    hours = hours_of(view)
    if hours is None:
        return found
    ends, by = hours.walls.get("end"), "schedule"
    if ends is None and (over := programme_over(view, hours)):
        ends, by = over.wall, "programme"
    form = "%Y-%m-%dT%H:%M" if hours.dated else "%H:%M"
    found["starts"] = hours.walls["start"].strftime(form)
    if ends is not None:
        found |= {"ends": ends.strftime(form), "ends_by": by}
    return {**found, "zone": str(hours.zone)}
