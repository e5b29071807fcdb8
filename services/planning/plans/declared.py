"""A manifest that is right, as plans look at it: what was written, and what it comes to."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from services.planning.manifest.kinds import Event
from services.planning.manifest.nightly import Hours, hours_of, programme_over
from services.planning.manifest.problems import Guesses
from services.planning.manifest.times import At, Relative, moment_of
from services.planning.manifest.tree import HERE, Node
from services.planning.manifest.view import View
from services.planning.timing.hours import UNSAID


class Declared(NamedTuple):
    """An event. `ends` is said, or follows from its programme, or is 3 hours after start."""

    data: dict[str, Any]
    manifest: Event
    hours: Hours
    ends: datetime

    @property
    def name(self) -> str:
        return self.manifest.metadata.name

    @property
    def starts(self) -> datetime:
        """Local to the venue."""
        return self.hours.walls["start"]

    @property
    def zone(self) -> ZoneInfo:
        assert self.hours.zone is not None
        return self.hours.zone

    @property
    def digest(self) -> str:
        return digest_of(self.data)

    def moment(self, when: At | Relative | None) -> datetime | None:
        """In UTC. A day before is the same time of the day before, as in `times.moment_of`."""
        if when is None:
            return None
        if isinstance(when, At):
            day = when.day or self.starts.date()
            return self.instant(datetime.combine(day, when.clock))
        anchor = self.instant(self._anchor(when.anchor))
        return moment_of(when, anchor, self.zone, self.hours.fold or "first")

    def instant(self, wall: datetime) -> datetime:
        """A local time, in UTC. The checks refuse those that clocks skip or repeat."""
        moment = self.hours.moment(wall)
        if moment is None:  # it follows from others, and clocks change there: as clocks run on
            return wall.replace(tzinfo=self.zone).astimezone(_UTC)
        return moment

    def _anchor(self, name: str) -> datetime:
        if name == "end":
            return self.ends
        return self.hours.walls.get(name, self.starts)


_UTC: Final = ZoneInfo("UTC")


def declared(data: dict[str, Any]) -> Declared:
    """Of a manifest that was checked, as JSON has it or as it was read."""
    tree = Node(HERE, _tupled(data))
    manifest = Event.model_validate(tree.data)
    view = View(tree, Event, (), Guesses())
    hours = hours_of(view)
    assert hours is not None
    ends = hours.walls.get("end")
    if ends is None:
        over = programme_over(view, hours)
        ends = over.wall if over else hours.walls["start"] + UNSAID
    return Declared(plain(data), manifest, hours, ends)


def digest_of(data: Any) -> str:
    """SHA-256 of the canonical JSON: sorted names, no spaces."""
    encoded = msgspec.json.encode(data, order="sorted")
    return hashlib.sha256(encoded).hexdigest()


def plain(data: Any) -> Any:
    """With lists, as JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(data))


def _tupled(data: Any) -> Any:
    """With tuples, as the reader makes them."""
    if isinstance(data, dict):
        return {name: _tupled(value) for name, value in data.items()}
    return tuple(_tupled(value) for value in data) if isinstance(data, list | tuple) else data
