"""A venue is named, or written out."""

from __future__ import annotations

from collections.abc import Iterator

from services.planning.manifest.shape import with_fields
from services.planning.manifest.view import Fault, View


def venue(view: View) -> Iterator[Fault]:
    """Either `ref` or `title`; latitude and longitude come together."""
    path = ("spec", "venue")
    there = view.raw(*path)
    if isinstance(there, dict) and with_fields(view.model, "ref", "title"):
        if "ref" in there and "title" in there:
            what = "is named with ref, or written out with title: not both"
            yield Fault(path, "unclear", what, at_name=True)
        elif "ref" not in there and "title" not in there:
            what = "is named with ref, or written out with title"
            yield Fault(path, "unclear", what, at_name=True)
    for pattern in with_fields(view.model, "latitude", "longitude"):
        for each in view.matching(pattern):
            found = view.raw(*each)
            if isinstance(found, dict) and ("latitude" in found) != ("longitude" in found):
                what = "latitude and longitude are both there, or neither"
                yield Fault(each, "unclear", what, at_name=True)
