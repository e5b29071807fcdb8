"""Calendar files as programs that have nothing in common read them."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import icalendar

from tests.node import lane

SCRIPT = Path(__file__).with_name("calendars.mjs")
READERS = ("icalendar", "ical.js", "node-ical")


def read(file: bytes, monkeypatch) -> dict[str, dict[str, Any]]:
    """What each reader says, by its name: `entries` by UID. Far from all zones of our tests."""
    monkeypatch.setitem(os.environ, "TZ", "Pacific/Chatham")
    done = lane.run(lane.installed(), str(SCRIPT), stdin=file.decode())
    assert done.returncode == 0, done.stderr
    return {"icalendar": by_icalendar(file), **json.loads(done.stdout)}


def instants(file: bytes, monkeypatch) -> dict[str, dict[str, tuple[datetime, datetime]]]:
    """When entries start and end, by reader and UID."""
    return {
        reader: {
            uid: (moment(entry["starts"]), moment(entry["ends"]))
            for uid, entry in found["entries"].items()
        }
        for reader, found in read(file, monkeypatch).items()
    }


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def by_icalendar(file: bytes) -> dict[str, Any]:
    whole = icalendar.Calendar.from_ical(file)
    entries = {
        str(each["uid"]): {
            "starts": each["dtstart"].dt.astimezone(UTC).isoformat(),
            "ends": each["dtend"].dt.astimezone(UTC).isoformat(),
            "name": str(each["summary"]),
            "text": str(each.get("description", "")),
            "place": str(each.get("location", "")),
            "link": str(each.get("url", "")),
            "status": str(each["status"]) if "status" in each else None,
            "sequence": int(each["sequence"]),
            "position": [each["geo"].latitude, each["geo"].longitude] if "geo" in each else None,
        }
        for each in whole.events
    }
    return {"entries": entries}
