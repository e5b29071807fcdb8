"""Sends traces and metrics to an OpenTelemetry collector, from threads of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from threading import Thread
from typing import Any

from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from roadcase.clock import monotonic
from roadcase.metrics import readings
from roadcase.platform.trust import Trust
from roadcase.running import Running
from roadcase.telemetry import METRICS, Metric
from roadcase.tracing import Tracing

_GRACE = 2.0  # seconds for the last spans and figures to leave


class Sending:
    """What is sent to one collector. A collector that is away costs spans, never a sale."""

    def __init__(self, endpoint: str) -> None:
        named = Resource({"service.name": "roadcase"})  # unless OTEL_SERVICE_NAME says otherwise
        self._endpoint = endpoint
        self._resource = named.merge(OTELResourceDetector().detect())
        self._traces = TracerProvider(resource=self._resource, shutdown_on_exit=False)
        self._traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint)))
        self._meters: MeterProvider | None = None
        self.tracing = Tracing(self._traces)

    def measure(self, services: Mapping[str, Running], trust: Trust) -> None:
        """Send the figures of `/metrics` too, every OTEL_METRIC_EXPORT_INTERVAL milliseconds."""
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(self._endpoint))
        self._meters = MeterProvider([reader], self._resource, shutdown_on_exit=False)
        meter = self._meters.get_meter("roadcase")
        for metric in METRICS:
            counter = metric.kind == "counter"
            make = meter.create_observable_counter if counter else meter.create_observable_gauge
            make(f"roadcase_{metric.name}", [_observed(services, trust, metric)], "1", metric.means)

    def stop(self) -> None:
        """Send what is left, if somebody takes it soon: nobody waits long for a dead collector."""
        stops = [self._traces.shutdown, *([self._meters.shutdown] if self._meters else [])]
        ending = [Thread(target=each, daemon=True) for each in stops]
        for each in ending:
            each.start()
        until = monotonic() + _GRACE
        for each in ending:
            each.join(max(0.0, until - monotonic()))


@asynccontextmanager
async def sending(endpoint: str) -> AsyncIterator[Sending]:
    this = Sending(endpoint)
    try:
        yield this
    finally:
        await asyncio.to_thread(this.stop)


def _observed(
    services: Mapping[str, Running], trust: Trust, metric: Metric
) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observe(_options: CallbackOptions) -> Iterable[Observation]:
        labelled: Any
        for labelled, value in readings(services, trust, metric):
            yield Observation(value, labelled)

    return observe
