"""Each stop of a circuit makes an event that is right: it is held to every other rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.planning.manifest.circuit import Stop
from services.planning.manifest.problems import Path, dotted, quoted
from services.planning.manifest.shape import names_in
from services.planning.manifest.view import Fault, View

STOPS: Final = ("spec", "circuit", "stops")
# Sections of a stop that take the place of those of the series.
REPLACED: Final = tuple(name for name in names_in(Stop) if name not in ("key", "schedule"))
Rule = Callable[[View], Iterator[Fault]]


@dataclass(frozen=True)
class Merged:
    """The spec of an event at a stop, and where in the file each of its parts is."""

    spec: dict[str, Any]
    origins: dict[Path, Path]

    def origin(self, path: Path) -> Path:
        """Where something of the merged spec is written."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return (*self.origins[path[:length]], *path[length:])
        return path


def merged(
    spec: dict[str, Any], stop: dict[str, Any], at: Path, names: Collection[str] = REPLACED
) -> Merged:
    """Times of a stop are put over those of the series, one by one; other sections replace.

    What is different on one date is put over in the same way: `names` are then its sections.
    """
    whole = {name: value for name, value in spec.items() if name not in ("circuit", "recurrence")}
    origins: dict[Path, Path] = {}
    for name in names:
        if name in stop:
            whole[name] = stop[name]
            origins["spec", name] = (*at, name)
    times = stop.get("schedule", {})
    whole["schedule"] = {**spec["schedule"], **times}
    origins |= {("spec", "schedule", name): (*at, "schedule", name) for name in times}
    return Merged(whole, origins)


def at_stops(rules: Sequence[Rule], view: View, known: Collection[Fault]) -> Iterator[Fault]:
    """What is wrong at a stop, and not `known` of the series without its circuit."""
    if view.raw(*STOPS) is None:
        return
    if view.raw("spec", "venue") is not None:
        what = "each stop of the circuit has its venue: leave this one out"
        yield Fault(("spec", "venue"), "unclear", what, at_name=True)
    if not isinstance(view.raw("spec", "schedule"), dict):
        return
    for at in view.entries(*STOPS):
        if view.whole(*at):
            yield from _at_stop(rules, view, at, known)


def _at_stop(
    rules: Sequence[Rule], view: View, at: Path, known: Collection[Fault]
) -> Iterator[Fault]:
    stop = view.raw(*at)
    there = merged(view.raw("spec"), stop, at)
    event = view.over({**view.data, "spec": there.spec}, there.origin)
    for fault in (fault for rule in rules for fault in rule(event)):
        path = there.origin(fault.path)
        if path != fault.path:
            yield fault._replace(path=path)
        elif fault not in known:
            what = f"at the stop {quoted(stop['key'])}: {dotted(path)}: {fault.message}"
            yield Fault(at, fault.code, what)
