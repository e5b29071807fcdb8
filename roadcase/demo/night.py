"""The nights that the demonstration sells: an example's manifest, on a day that begins soon."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

import roadcase
from roadcase.clock import now
from roadcase.errors import NotFound

TENANT = "bridge-market"
TICKET = "standard"  # what the crowd wants of it
EXAMPLE = Path(roadcase.__file__).parents[1] / "examples" / "night-market.yaml"
_TIMES: Final = ("loadIn", "doors", "start", "end", "loadOut", "curfew")
_FORM: Final = "%Y-%m-%dT%H:%M"


class Night:
    """A manifest as the example has it, under another name and at another time."""

    def __init__(self, name: str, title: str, hours: int, places: int | None = None) -> None:
        """It begins in so many hours: soon, so that its tickets can be scanned."""
        self._yaml = YAML()
        self._data = self._yaml.load(_example())
        self._data["metadata"]["name"] = self.name = name
        spec = self._data["spec"]
        spec["title"] = title
        self._when(spec["schedule"], hours)
        if places is not None:
            _ticket(spec)["quantity"] = places
        self.capacity = places or _places(spec)

    def _when(self, schedule: Any, hours: int) -> None:
        """All times as far from its start as they were."""
        walls = {name: _wall(schedule, name) for name in _TIMES if name in schedule}
        begins = (now() + timedelta(hours=hours)).astimezone(ZoneInfo(schedule["zone"]))
        starts = begins.replace(tzinfo=None, second=0, microsecond=0)
        shift = starts - walls["start"]
        schedule["date"] = starts.strftime("%Y-%m-%d")
        for name, wall in walls.items():
            schedule[name] = (wall + shift).strftime(_FORM)
        schedule["fold"] = "first"

    def manifest(self) -> bytes:
        out = StringIO()
        self._yaml.dump(self._data, out)
        return out.getvalue().encode()


def _example() -> str:
    try:
        return EXAMPLE.read_text(encoding="utf-8")
    except OSError as error:
        raise NotFound("the demonstration runs in a checkout of the project") from error


def _wall(schedule: Any, name: str) -> datetime:
    """As the example writes them: a time of day, or one with its day."""
    text = str(schedule[name])
    return datetime.fromisoformat(text if "T" in text else f"{schedule['date']}T{text}")


def _ticket(spec: Any) -> Any:
    return next(each for each in spec["catalogue"]["tickets"] if each["key"] == TICKET)


def _places(spec: Any) -> int:
    zone = _ticket(spec)["zone"]
    zones = spec["capacity"]["zones"]
    return int(next(each["places"] for each in zones if each["key"] == zone))
