"""How many are in, through which gates, and how the gates decide."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Fold, Keyed, Row, Stamp
from services.ticketing.events import (
    AdmissionSet,
    Admitted,
    Exited,
    GuestsCounted,
    ScanAnnulled,
    ScanRefused,
)

_occurrence = attrgetter("occurrence")


class Gates:
    """One row for each occurrence where anybody came, or the gates were told how to decide.

    `occupancy` is all who are in, of whom `counted` have no ticket. `gates`: by gate, guests that
    came in (`entered`), went out (`left`), and scans that were `refused`. `plan` is what was set.
    """

    name: ClassVar[str] = "gates"
    key: ClassVar[tuple[str, ...]] = ("occurrence",)
    schema: ClassVar[str] = """
        CREATE TABLE gates (
            tenant text, occurrence text, occupancy bigint NOT NULL, counted bigint NOT NULL,
            occupancy_max bigint, gates jsonb NOT NULL, plan jsonb NOT NULL,
            PRIMARY KEY (tenant, occurrence))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            AdmissionSet: _set,
            Admitted: _admitted,
            Exited: _exited,
            GuestsCounted: _counted,
            ScanRefused: _refused,
            ScanAnnulled: _annulled,
        }
        return {event: [(_occurrence, fold)] for event, fold in folds.items()}


def _new(row: Row | None, event: Any) -> dict[str, Any]:
    return (
        dict(row)
        if row
        else {
            "occurrence": event.occurrence,
            "occupancy": 0,
            "counted": 0,
            "occupancy_max": None,
            "gates": {},
            "plan": {},
        }
    )


def _at(row: dict[str, Any], gate: str, what: str, more: int) -> dict[str, Any]:
    before = row["gates"].get(gate) or {"entered": 0, "left": 0, "refused": 0}
    row["gates"] = {**row["gates"], gate: {**before, what: before[what] + more}}
    return row


def _set(row: Row | None, event: AdmissionSet, _stamp: Stamp) -> Row:
    plan = {name: msgspec.to_builtins(getattr(event, name)) for name in ("zone", "gates", "rules")}
    return {**_new(row, event), "occupancy_max": event.occupancy_max, "plan": plan}


def _admitted(row: Row | None, event: Admitted, _stamp: Stamp) -> Row:
    new = _new(row, event)
    new["occupancy"] += event.change
    return _at(new, event.gate, "entered", event.guests)


def _exited(row: Row | None, event: Exited, _stamp: Stamp) -> Row:
    new = _new(row, event)
    new["occupancy"] -= event.guests
    return _at(new, event.gate, "left", event.guests)


def _counted(row: Row | None, event: GuestsCounted, _stamp: Stamp) -> Row:
    new = _new(row, event)
    new["occupancy"] += event.change
    new["counted"] += event.change
    return _at(new, event.gate, "entered" if event.change > 0 else "left", abs(event.change))


def _refused(row: Row | None, event: ScanRefused, _stamp: Stamp) -> Row:
    return _at(_new(row, event), event.gate, "refused", 1)


def _annulled(row: Row | None, event: ScanAnnulled, _stamp: Stamp) -> Row:
    new = _new(row, event)
    new["occupancy"] += event.change
    return _at(new, event.gate, "entered" if event.direction == "entry" else "left", -event.guests)
