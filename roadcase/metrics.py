"""What a process tells of itself at `/metrics`, in Prometheus' text format.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter

from roadcase.platform.trust import Trust
from roadcase.running import Running
from roadcase.telemetry import METRICS, Metric

Reading = tuple[dict[str, str], float]  # labels and value


def metrics(services: Mapping[str, Running], trust: Trust) -> str:
    """The text of all figures."""
    lines: list[str] = []
    for metric in METRICS:
        name = f"roadcase_{metric.name}"
        lines += [f"# HELP {name} {metric.means}", f"# TYPE {name} {metric.kind}"]
        for labels, value in readings(services, trust, metric):
            told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
            lines.append(f"{name}{{{told}}} {value:g}")
    return "\n".join([*lines, ""])


def readings(services: Mapping[str, Running], trust: Trust, metric: Metric) -> Iterator[Reading]:
    """What a figure is right now, in each service, in each of its reactions, or in the process."""
    read = attrgetter(metric.where)
    if metric.of == "trust":
        yield {}, float(read(trust))
        return
    for name, this in services.items():
        if metric.of == "service":
            yield {"service": name}, float(read(this))
        else:
            for reactor in this.reactors:
                yield {"service": name, "reaction": reactor.reaction.name}, float(read(reactor))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
