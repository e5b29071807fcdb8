"""What a process tells of itself at `/metrics`, in Prometheus' text format.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import NamedTuple

from roadcase.running import Running


class Metric(NamedTuple):
    """One figure of each service: its name, kind, meaning, and labelled values."""

    name: str
    kind: str
    means: str
    values: list[tuple[dict[str, str], float]]


def metrics(services: Mapping[str, Running]) -> str:
    """The text of all figures."""
    lines: list[str] = []
    for each in _all(services):
        lines += [f"# HELP {each.name} {each.means}", f"# TYPE {each.name} {each.kind}"]
        for labels, value in each.values:
            told = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
            lines.append(f"{each.name}{{{told}}} {value:g}")
    return "\n".join([*lines, ""])


# Name, kind, meaning, and where the figure is found in a running service.
_FIGURES = (
    ("log_position", "counter", "Events in the log.", "dispatch.head.position"),
    ("inbox_waiting", "gauge", "Commands that wait to be decided.", "dispatch.waiting"),
    ("relay_position", "counter", "Events copied to the stream.", "relay.position"),
    ("relay_resyncs_total", "counter", "Times the relay began again.", "relay.resyncs"),
    ("projector_position", "counter", "Events in the read models.", "projector.position"),
    ("timers_fired_total", "counter", "Timers that had an effect.", "timers.fired"),
    ("timers_failed_total", "counter", "Timers that had none.", "timers.failed"),
    ("faults_total", "counter", "Parts that failed and were started again.", "faults"),
)
_REACTIONS = (
    ("reaction_position", "counter", "Events heard by a reaction.", "position"),
    ("reaction_parked_total", "counter", "Events that a reaction parked.", "parked"),
)


def _all(services: Mapping[str, Running]) -> Iterator[Metric]:
    ready = [({"service": name}, float(not each.not_ready)) for name, each in services.items()]
    yield Metric("roadcase_ready", "gauge", "1 when commands are taken.", ready)
    for name, kind, means, where in _FIGURES:
        found = [({"service": each}, attrgetter(where)(this)) for each, this in services.items()]
        yield Metric(f"roadcase_{name}", kind, means, found)
    for name, kind, means, where in _REACTIONS:
        found = [
            ({"service": each, "reaction": reactor.reaction.name}, attrgetter(where)(reactor))
            for each, this in services.items()
            for reactor in this.reactors
        ]
        yield Metric(f"roadcase_{name}", kind, means, found)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
