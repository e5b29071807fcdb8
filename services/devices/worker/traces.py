"""The last part of a trace: a job given to a printer, and what the printer said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roadcase import telemetry
from services.devices.worker.desk import Desk, Place
from services.devices.worker.flights import Flight

if TYPE_CHECKING:
    from roadcase.tracing import Tracing


class Traces:
    """Of one device; tells nothing when nobody listens."""

    def __init__(self, desk: Desk, place: Place, tracing: Tracing | None) -> None:
        self._desk = desk
        self._place = place
        self._tracing = tracing

    def sent(self, flight: Flight) -> None:
        self._tell(telemetry.SEND, flight, {telemetry.BYTES: flight.size})

    def landed(self, flight: Flight, doubt: str | None = None) -> None:
        more: dict[str, str | int] = {telemetry.ERROR: doubt} if doubt else {}
        self._tell(telemetry.CONFIRM, flight, more)

    def _tell(self, kind: telemetry.Span, flight: Flight, more: dict[str, str | int]) -> None:
        if self._tracing is None:
            return
        attributes = more | {
            telemetry.DEVICE: self._place.device,
            telemetry.JOB: flight.job,
            telemetry.ATTEMPT: flight.attempt,
        }
        parent = self._desk.trace(self._place, flight.job).traceparent
        self._tracing.past(kind, parent, flight.sent, attributes)
