"""The time that a ticket is for, in words for its guest."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo


class Time(NamedTuple):
    """From when until when, at the venue."""

    starts: datetime
    ends: datetime

    @property
    def day(self) -> str:
        """`Friday 1 January 2027`."""
        return f"{self.starts:%A} {self.starts.day} {self.starts:%B %Y}"

    @property
    def hours(self) -> str:
        """`10:00 to 10:20`; `02:40 CEST to 02:00 CET` while clocks change."""
        changes = self.starts.utcoffset() != self.ends.utcoffset()
        if changes or _comes_twice(self.starts) or _comes_twice(self.ends):
            return f"{self.starts:%H:%M %Z} to {self.ends:%H:%M %Z}"
        return f"{self.starts:%H:%M} to {self.ends:%H:%M}"

    @property
    def whole(self) -> str:
        return f"{self.day}, {self.hours}"


def _comes_twice(wall: datetime) -> bool:
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def time_of(night: dict[str, Any], ticket_type: str) -> Time | None:
    """None for what is for no slot, but for the whole night."""
    slot = night["types"][ticket_type].get("slot")
    if slot is None:
        return None
    zone = ZoneInfo(night["zone"])
    starts, ends = (datetime.fromisoformat(slot[name]) for name in ("starts", "ends"))
    return Time(starts.astimezone(zone), ends.astimezone(zone))


def called(night: dict[str, Any], ticket_type: str) -> str:
    """The name of a type, and its time if it is for one."""
    time = time_of(night, ticket_type)
    name: str = night["types"][ticket_type]["name"]
    return f"{name}, {time.whole}" if time else name
