"""Who acts at each deadline of an event, and how it stands: ahead, done, past, blocked or off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from services.planning.domain.state import RANK
from services.planning.events import State
from services.planning.manifest.steps import IN_ORDER
from services.planning.manifest.tables import ACTED_ON_SINCE
from services.planning.timing.timeline import Deadline

Status = Literal["ahead", "done", "past", "blocked", "off"]
# Whose each kind is, and in which section of the manifest; without a service, people do it.
BY: Final = {
    "load_in": ("", "schedule"),
    "doors": ("planning", "schedule"),
    "start": ("planning", "schedule"),
    "end": ("planning", "schedule"),
    "load_out": ("", "schedule"),
    "curfew": ("", "schedule"),
    "cue": ("", "programme"),
    "interval": ("", "programme"),
    "sale_opens": ("ticketing", "catalogue"),
    "sale_closes": ("ticketing", "catalogue"),
    "tier_opens": ("ticketing", "catalogue"),
    "tier_closes": ("ticketing", "catalogue"),
    "allotment_released": ("ticketing", "catalogue"),
    "drop_opens": ("inventory", "drops"),
    "drop_closes": ("inventory", "drops"),
    "shift_starts": ("", "staffing"),
    "shift_ends": ("", "staffing"),
    "permit_due": ("", "permits"),
    "discovery_sends": ("media", "discovery"),
    "notification": ("planning", "notifications"),
    "notification_unsent": ("planning", "notifications to members"),
    "pickup_opens": ("inventory", "fulfilment"),
    "pickup_closes": ("inventory", "fulfilment"),
    "ship_by": ("inventory", "fulfilment"),
    "captures_deleted": ("media", "capture"),
    "trigger": ("planning", "triggers"),
    "job": ("planning", "schedules"),
    **{f"step_{step.name}": ("planning", "lifecycle") for step in IN_ORDER},
}
_STEPS: Final[dict[str, Any]] = {"doors": "doors", "start": "live", "end": "closed"} | {
    f"step_{step.name}": step.name for step in IN_ORDER
}


class Entry(NamedTuple):
    """`by`: the service that acts then; empty: people do. `why`: what keeps it from happening."""

    deadline: Deadline
    by: str
    status: Status
    why: str = ""


@dataclass(frozen=True)
class Stands:
    """How an event stands. `missing`: the clearances that keep it from a step."""

    state: State
    missing: Callable[[State], tuple[str, ...]]
    off: str = ""  # why nothing is done any more, or for now


def agenda(deadlines: Iterable[Deadline], stands: Stands, at: datetime) -> tuple[Entry, ...]:
    """The same deadlines, in their order."""
    return tuple(_entry(each, stands, at) for each in deadlines)


def _entry(each: Deadline, stands: Stands, at: datetime) -> Entry:
    by, section = BY.get(each.kind) or ("" if each.source.startswith("spec") else each.source, "")
    status, why = _status(each, stands, at)
    if by and section and section not in ACTED_ON_SINCE and status in ("ahead", "past"):
        why = f"{by} does not act on {section} yet"
    return Entry(each, by, status, why)


def _status(each: Deadline, stands: Stands, at: datetime) -> tuple[Status, str]:
    if each.kind in _STEPS:
        return _of_step(_STEPS[each.kind], each, stands, at)
    if each.done:
        return "done", ""
    if each.at > at:
        return ("off", stands.off) if stands.off else ("ahead", "")
    sold = RANK["on_sale"] <= RANK[stands.state] < RANK["cancelled"]
    if sold and BY.get(each.kind, ("", ""))[0] == "ticketing":
        return "done", ""
    return "past", ""


def _of_step(step: State, each: Deadline, stands: Stands, at: datetime) -> tuple[Status, str]:
    if stands.state != "cancelled" and RANK[stands.state] >= RANK[step]:
        return "done", ""
    if stands.off:
        return "off", stands.off
    if missing := stands.missing(step):
        return "blocked", f"not cleared: {', '.join(missing)}"
    return ("ahead" if each.at > at else "past"), ""
