"""What fired of each occurrence, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.planning.events import FiringHeard, TriggerFired, TriggerPassed


class Firings:
    """One row for each firing, and for each time that came while its condition did not hold."""

    name: ClassVar[str] = "firings"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "service", "firing")
    schema: ClassVar[str] = """
        CREATE TABLE firings (
            tenant text, occurrence text, service text, firing text, number text NOT NULL,
            trigger text NOT NULL, fact text NOT NULL, reason text NOT NULL, about jsonb NOT NULL,
            actions jsonb NOT NULL, failed boolean NOT NULL, fired_at timestamptz NOT NULL,
            PRIMARY KEY (tenant, occurrence, service, firing));
        CREATE INDEX ON firings (tenant, occurrence, number)
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            TriggerFired: [(lambda event: (event.occurrence, "planning", event.firing), _fired)],
            FiringHeard: [(lambda event: (event.occurrence, event.service, event.firing), _heard)],
            TriggerPassed: [(_passing, _passed)],
        }


def _passing(event: TriggerPassed) -> tuple[str, str, str] | None:
    if event.fired:
        return None
    return event.occurrence, "planning", f"{event.trigger}:{event.moment:%Y-%m-%dT%H:%M:%SZ}"


def _fired(_row: Row | None, event: TriggerFired, stamp: Stamp) -> Row:
    return _row_of("planning", event, stamp)


def _heard(_row: Row | None, event: FiringHeard, stamp: Stamp) -> Row:
    return _row_of(event.service, event, stamp)


def _row_of(service: str, event: TriggerFired | FiringHeard, stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "service": service,
        "firing": event.firing,
        "number": _number(stamp),
        "trigger": event.trigger,
        "fact": event.fact,
        "reason": event.reason,
        "about": msgspec.to_builtins(event.about),
        "actions": msgspec.to_builtins(event.actions),
        "failed": False,
        "fired_at": stamp.at,
    }


def _passed(_row: Row | None, event: TriggerPassed, stamp: Stamp) -> Row:
    key = _passing(event)
    assert key is not None
    return {
        "occurrence": event.occurrence,
        "service": "planning",
        "firing": key[2],
        "number": _number(stamp),
        "trigger": event.trigger,
        "fact": "time",
        "reason": "its condition did not hold",
        "about": {},
        "actions": [],
        "failed": True,
        "fired_at": stamp.at,
    }


def _number(stamp: Stamp) -> str:
    """Its place in the log, so that pages are in order."""
    return f"{stamp.position:020}"
