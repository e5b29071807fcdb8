"""From when until when, in words: local days and hours, and what clocks do in between."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """Two local times of one zone, both of which know it."""

    starts: datetime
    ends: datetime

    @property
    def day(self) -> str:
        """`Friday 1 January 2027`."""
        return day_of(self.starts)

    @property
    def hours(self) -> str:
        """`10:00 to 10:20`; `02:40 CEST to 02:00 CET` while clocks change.

        With the day of the end, if that is another one's evening: `20:30 to 3 January, 22:30`.
        """
        changes = self.starts.utcoffset() != self.ends.utcoffset()
        exact = changes or _comes_twice(self.starts) or _comes_twice(self.ends)
        shown = "%H:%M %Z" if exact else "%H:%M"
        until = self.ends.strftime(shown)
        if self.ends - self.starts >= timedelta(days=1):
            until = f"{self.ends.day} {self.ends:%B}, {until}"
        return f"{self.starts.strftime(shown)} to {until}"

    @property
    def whole(self) -> str:
        return f"{self.day}, {self.hours}"


def day_of(local: datetime) -> str:
    """`Friday 1 January 2027`."""
    return f"{local:%A} {local.day} {local:%B %Y}"


def moment_of(local: datetime) -> str:
    """`Friday 1 January 2027, 20:30`."""
    return f"{day_of(local)}, {local:%H:%M}"


def _comes_twice(wall: datetime) -> bool:
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
