"""The time that a ticket is for, in words for its guest."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from roadcase.spans import Span


def time_of(night: dict[str, Any], ticket_type: str) -> Span | None:
    """None for what is for no slot, but for the whole night."""
    slot = night["types"][ticket_type].get("slot")
    if slot is None:
        return None
    zone = ZoneInfo(night["zone"])
    starts, ends = (datetime.fromisoformat(slot[name]) for name in ("starts", "ends"))
    return Span(starts.astimezone(zone), ends.astimezone(zone))


def called(night: dict[str, Any], ticket_type: str) -> str:
    """The name of a type, and its time if it is for one."""
    time = time_of(night, ticket_type)
    name: str = night["types"][ticket_type]["name"]
    return f"{name}, {time.whole}" if time else name
