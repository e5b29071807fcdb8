"""What a process tells of itself at `/metrics`, in Prometheus' text format.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


def _all(services: Mapping[str, Running]) -> Iterator[Metric]:
    def per(name: str, kind: str, means: str, value: str) -> Metric:
        found: list[tuple[dict[str, str], float]] = []
        for service, running in services.items():
            figure: object = running
            for part in value.split("."):
                figure = getattr(figure, part)
            found.append(({"service": service}, float(figure)))  # type: ignore[arg-type]
        return Metric(f"roadcase_{name}", kind, means, found)

    yield Metric(
        "roadcase_ready",
        "gauge",
        "1 when commands are taken.",
        [({"service": name}, float(not each.not_ready)) for name, each in services.items()],
    )
    yield per("log_position", "counter", "Events in the log.", "dispatch.head.position")
    yield per("inbox_waiting", "gauge", "Commands that wait to be decided.", "dispatch.waiting")
    yield per("relay_position", "counter", "Events copied to the stream.", "relay.position")
    yield per("relay_resyncs_total", "counter", "Times the relay began again.", "relay.resyncs")
    yield per("projector_position", "counter", "Events in the read models.", "projector.position")
    yield per("timers_fired_total", "counter", "Timers that had an effect.", "timers.fired")
    yield per("timers_failed_total", "counter", "Timers that had none.", "timers.failed")
    yield per("faults_total", "counter", "Parts that failed and were started again.", "faults")
    reactions = [
        ({"service": name, "reaction": each.reaction.name}, each)
        for name, running in services.items()
        for each in running.reactors
    ]
    yield Metric(
        "roadcase_reaction_position",
        "counter",
        "Events heard by a reaction.",
        [(labels, float(each.position)) for labels, each in reactions],
    )
    yield Metric(
        "roadcase_reaction_parked_total",
        "counter",
        "Events that a reaction parked.",
        [(labels, float(each.parked)) for labels, each in reactions],
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
