"""Entries as the text of a calendar file."""

from __future__ import annotations

from collections.abc import Iterable, KeysView
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vDuration, vText

from roadcase.calendar import Entry, Subscribed
from roadcase.calendar.zones import written_zone


def calendar(entries: Iterable[Entry], product: str, subscribed: Subscribed | None = None) -> bytes:
    whole = Calendar()
    whole.add("prodid", f"-//Roadcase//{product}//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    if subscribed is not None:
        _name(whole, subscribed)
    shown = sorted(entries, key=lambda entry: (entry.starts.astimezone(UTC), entry.uid))
    zones = {key: zone for key, zone in _zones(shown).items() if zone is not None}
    for _, zone in sorted(zones.items()):
        whole.add_component(zone)
    for entry in shown:
        whole.add_component(_event(entry, zones.keys()))
    return bytes(whole.to_ical())


def _name(whole: Calendar, subscribed: Subscribed) -> None:
    """As RFC 7986 has it, and as it was done before."""
    for name in ("name", "x-wr-calname"):
        whole.add(name, vText(subscribed.name))
    whole.add("source", subscribed.link, parameters={"VALUE": "URI"})
    refresh = vDuration(subscribed.refresh)
    whole.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", refresh)


def _event(entry: Entry, known: KeysView[str]) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp.astimezone(UTC))
    event.add("last-modified", entry.stamp.astimezone(UTC))
    event.add("dtstart", _told(entry.starts, known))
    event.add("dtend", _told(entry.ends, known))
    event.add("summary", entry.name)
    if entry.position is not None:
        event.add("geo", entry.position)
    for name, value in (
        ("status", entry.status),
        ("location", entry.place),
        ("description", entry.text),
        ("url", entry.link),
        ("transp", "" if entry.busy else "TRANSPARENT"),
    ):
        if value:
            event.add(name, value)
    return event


def _told(moment: datetime, known: KeysView[str]) -> datetime:
    """A local time of a zone that the file describes, if it is there once; else in UTC."""
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    if twice or _key(moment) not in known:
        return moment.astimezone(UTC)
    return moment


def _key(moment: datetime) -> str:
    assert isinstance(moment.tzinfo, ZoneInfo), "entries are in a zone with a name"
    return moment.tzinfo.key


def _zones(entries: list[Entry]) -> dict[str, Timezone | None]:
    """Every zone of the entries, for their years; None: it is not written."""
    years: dict[str, set[int]] = {}
    for entry in entries:
        for moment in (entry.starts, entry.ends):
            years.setdefault(_key(moment), set()).add(moment.year)
    return {key: written_zone(ZoneInfo(key), min(of) - 1, max(of)) for key, of in years.items()}
