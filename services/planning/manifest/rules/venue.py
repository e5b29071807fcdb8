"""A venue is named, written out, or both."""

from __future__ import annotations

from collections.abc import Iterator

from services.planning.manifest.shape import with_fields
from services.planning.manifest.view import Fault, View


def venue(view: View) -> Iterator[Fault]:
    """`ref` or `title`; latitude and longitude come together."""
    path = ("spec", "venue")
    there = view.raw(*path)
    named = with_fields(view.model, "ref", "title")
    if named and isinstance(there, dict) and not {"ref", "title"} & {*there}:
        what = "is named with ref, or written out with title"
        yield Fault(path, "unclear", what, at_name=True)
    for pattern in with_fields(view.model, "latitude", "longitude"):
        for each in view.matching(pattern):
            found = view.raw(*each)
            if isinstance(found, dict) and ("latitude" in found) != ("longitude" in found):
                what = "latitude and longitude are both there, or neither"
                yield Fault(each, "unclear", what, at_name=True)
