"""Calendar files as programs that have nothing in common read them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from tests.node import lane

SCRIPT = Path(__file__).with_name("calendars.mjs")
READERS = ("icalendar", "ical.js", "node-ical")
ZONES = {  # and how often a year their clocks are changed
    "Europe/Berlin": 2,
    "America/New_York": 2,
    "Australia/Lord_Howe": 2,
    "Africa/Cairo": 2,
    "America/Santiago": 2,
    "Asia/Kolkata": 0,
}
Entries = dict[str, dict[str, Any]]  # by UID
Instants = dict[str, tuple[datetime, datetime]]


def changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The moments at which clocks are changed, to the minute, by asking for each."""
    found, at = [], datetime(year, 1, 1, tzinfo=UTC)
    before = at.astimezone(zone).utcoffset()
    while at.year == year:
        at += timedelta(minutes=30)
        if (offset := at.astimezone(zone).utcoffset()) != before:
            found.append(at)
            before = offset
    return found


def read_all(files: Mapping[str, bytes], monkeypatch) -> dict[str, dict[str, Entries]]:
    """What each reader says of each file. The clock of this machine is far from all our zones."""
    monkeypatch.setitem(os.environ, "TZ", "Pacific/Chatham")
    texts = {name: file.decode() for name, file in files.items()}
    done = lane.run(lane.installed(), str(SCRIPT), stdin=json.dumps(texts))
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    return {name: {"icalendar": _icalendar(file), **said[name]} for name, file in files.items()}


def read(file: bytes, monkeypatch) -> dict[str, Entries]:
    """What each reader says of one file."""
    return read_all({"": file}, monkeypatch)[""]


def instants(file: bytes, monkeypatch) -> dict[str, Instants]:
    """When entries start and end, by reader."""
    return {reader: times(entries) for reader, entries in read(file, monkeypatch).items()}


def times(entries: Entries) -> Instants:
    return {
        uid: (datetime.fromisoformat(entry["starts"]), datetime.fromisoformat(entry["ends"]))
        for uid, entry in entries.items()
    }


def _icalendar(file: bytes) -> Entries:
    return {
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
        for each in icalendar.Calendar.from_ical(file).events
    }
