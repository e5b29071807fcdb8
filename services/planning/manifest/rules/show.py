"""A hard cue says when it starts; a soft one starts when the one before is over."""

from __future__ import annotations

from collections.abc import Iterator

from services.planning.manifest.view import Fault, View


def run_of_show(view: View) -> Iterator[Fault]:
    for path in view.entries("spec", "runOfShow", "cues"):
        if not view.whole(*path):
            continue
        hard, timed = view.raw(*path, "start") == "hard", view.raw(*path, "at") is not None
        if hard and not timed:
            what = "a hard cue keeps its time: say when it starts with at"
            yield Fault((*path, "start"), "cue_start", what)
        elif timed and not hard:
            what = "a soft cue follows the one before: leave out at, or make it start: hard"
            yield Fault((*path, "at"), "cue_start", what)
