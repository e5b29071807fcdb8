"""Between rows and messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, get_args

from google.protobuf.timestamp_pb2 import Timestamp

from roadcase.api.v1 import planning_pb2 as pb
from roadcase.errors import Invalid
from services.planning.events import State

STATES: Final = ("", *get_args(State))  # by their numbers


def state_name(number: int, field: str) -> str:
    """A state by its number. Raises Invalid for none."""
    if not number:
        raise Invalid("name a state", field=field)
    found: str = STATES[number]
    return found


def state_number(name: str) -> Any:
    return STATES.index(name)


def to_moment(at: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp


def occurrence_of(row: Mapping[str, Any]) -> pb.Occurrence:
    found = pb.Occurrence(
        occurrence=row["occurrence"],
        title=row["title"],
        state=state_number(row["state"]),
        revision=row["revision"],
        series=row["series"] or "",
        venue=row["venue"] or "",
        selling=row["selling"],
        steps=[_step(row, name) for name in row["steps"]],
        clearances=[_clearance(*each) for each in row.get("clearances", {}).items()],
    )
    for name in ("paused", "postponed", "interrupted", "ended"):
        setattr(found, name, row[name] or "")
    if "manifest" in row:
        found.manifest = json.dumps(row["manifest"], ensure_ascii=False)
    return found


def _step(row: Mapping[str, Any], name: str) -> pb.ScheduledStep:
    return pb.ScheduledStep(
        state=state_number(name),
        at=to_moment(datetime.fromisoformat(row["steps"][name])),
        blocked_by=row["blocked"].get(name, ()),
    )


def _clearance(name: str, about: Mapping[str, Any]) -> pb.Clearance:
    return pb.Clearance(
        clearance=name,
        granted=about["granted"],
        blocks=[state_number(each) for each in about["blocks"]],
        reason=about["reason"],
        code=about["code"],
        legal=about["legal"],
        source=about["source"],
        missing=about.get("missing", ()),
        overrides=[
            pb.ClearanceOverride(
                by=each["by"],
                reason=each["reason"],
                until=to_moment(datetime.fromisoformat(each["until"])),
            )
            for each in about["overrides"]
        ],
    )
