"""A receiver of OTLP over gRPC: keeps what it is sent, and shows a trace as a waterfall.

`python -m roadcase.testing.otlp` listens on port 4317 and prints each trace that reached paper,
or with `--all` each trace: point a Roadcase at it with OTEL_EXPORTER_OTLP_ENDPOINT.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

import grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2_grpc as metrics_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as traces_grpc

_SETTLED = 3.0  # seconds without anything new of a trace before it is printed
_DETAILS = ("rpc.method", "http.endpoint", "roadcase.command", "roadcase.reaction")


class Span(NamedTuple):
    """A span as it came over the wire; times in nanoseconds since 1970."""

    name: str
    trace: str
    id: str
    parent: str
    began: int
    ended: int
    attributes: dict[str, str | int]
    links: tuple[tuple[str, str], ...]


class Receiver:
    """Keeps every span, and the latest value of every metric by its name."""

    def __init__(self) -> None:
        self.port = 0
        self.spans: list[Span] = []
        self.metrics: dict[str, list[tuple[dict[str, str], float]]] = {}

    def named(self, name: str, trace: str | None = None) -> list[Span]:
        return [s for s in list(self.spans) if s.name == name and trace in (None, s.trace)]

    def Export(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        if isinstance(request, metrics.ExportMetricsServiceRequest):
            self._measure(request)
            return metrics.ExportMetricsServiceResponse()
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self.spans += map(_span, scope.spans)
        return traces.ExportTraceServiceResponse()

    def _measure(self, request: Any) -> None:
        for resource in request.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    data = metric.sum if metric.HasField("sum") else metric.gauge
                    self.metrics[metric.name] = [
                        ({a.key: a.value.string_value for a in point.attributes}, point.as_double)
                        for point in data.data_points
                    ]


def _span(raw: Any) -> Span:
    attributes = {a.key: a.value.string_value or a.value.int_value for a in raw.attributes}
    links = tuple((each.trace_id.hex(), each.span_id.hex()) for each in raw.links)
    ids = raw.trace_id.hex(), raw.span_id.hex(), raw.parent_span_id.hex()
    times = raw.start_time_unix_nano, raw.end_time_unix_nano
    return Span(raw.name, *ids, *times, attributes, links)


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    """Listen on loopback; `port` 0: any that is free."""
    this, server = Receiver(), grpc.server(ThreadPoolExecutor(2))
    traces_grpc.add_TraceServiceServicer_to_server(this, server)  # type: ignore[no-untyped-call]
    metrics_grpc.add_MetricsServiceServicer_to_server(this, server)  # type: ignore[no-untyped-call]
    this.port = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    try:
        yield this
    finally:
        server.stop(0).wait()


def waterfall(spans: list[Span]) -> str:
    """The spans of one trace by their beginning: milliseconds from the first, then how long."""
    ids = {span.id: span for span in spans}
    first = min(span.began for span in spans)
    lines = [f"trace {spans[0].trace}", "   begins      takes"]
    for span in sorted(spans, key=lambda each: (each.began, -each.ended)):
        depth, above = 0, ids.get(span.parent)
        while above:
            depth, above = depth + 1, ids.get(above.parent)
        detail = [str(span.attributes[each]) for each in _DETAILS if each in span.attributes]
        if not detail and "roadcase.service" in span.attributes:
            detail = [str(span.attributes["roadcase.service"])]
        begins, takes = (span.began - first) / 1e6, (span.ended - span.began) / 1e6
        lines.append(f"{begins:9.2f} {takes:7.2f} ms  {'  ' * depth}{span.name} {' '.join(detail)}")
    return "\n".join(line.rstrip() for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4317)
    parser.add_argument("--all", action="store_true", help="also what never reached paper")
    parser.add_argument("--count", type=int, default=0, help="end after so many")
    arguments = parser.parse_args()
    shown: set[str] = set()
    with receiving(arguments.port) as this:
        while not arguments.count or len(shown) < arguments.count:
            time.sleep(0.5)
            settled = time.time_ns() - _SETTLED * 1e9
            found: dict[str, list[Span]] = {}
            for span in list(this.spans):
                found.setdefault(span.trace, []).append(span)
            for name, spans in found.items():
                wanted = arguments.all or any(each.name == "print.confirm" for each in spans)
                if wanted and name not in shown and max(s.ended for s in spans) < settled:
                    shown.add(name)
                    print(waterfall(spans), end="\n\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
