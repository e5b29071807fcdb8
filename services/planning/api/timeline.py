"""The timeline of an event for every door: what is declared, and what ticketing and time made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from roadcase.calendar import Entry as CalendarEntry
from roadcase.calendar import calendar
from roadcase.clock import now
from roadcase.doors import Reader
from roadcase.errors import Unavailable
from roadcase.service import Tools
from services.planning import asking, queries
from services.planning.api.series import root_of
from services.planning.domain.clearances import missing
from services.planning.domain.state import Occurrence
from services.planning.events import ClearanceSet, OverrideAsked, PlannedBoxOffice
from services.planning.manifest.problems import Path
from services.planning.plans.agenda import Entry, Stands, agenda
from services.planning.plans.box_office import box_office_of
from services.planning.plans.declared import declared
from services.planning.plans.standing import BoxOfficeStands
from services.planning.timing.nights import Night, night_of, series_of
from services.planning.timing.occurrences import Occurrence as SeriesNight
from services.planning.timing.occurrences import occurrence
from services.planning.timing.timeline import Current, Other, timeline

_SOON: Final = timedelta(minutes=15)  # how long an entry of a calendar is


class Shown(NamedTuple):
    """`series`: whose manifest the paths are in; empty: that of the event itself."""

    occurrence: str
    title: str
    zone: str
    series: str
    entries: tuple[Entry, ...]


async def timeline_of(tools: Tools, read: Reader, tenant: str, name: str) -> Shown:
    """Every deadline in order. Raises NoOccurrence.

    While ticketing does not answer, its moments are as they were declared.
    """
    row = await queries.occurrence(read, name)
    new, at = declared(row["manifest"]), now()
    try:
        office = await asking.box_office(tools.others, tenant, name)
    except Unavailable:
        office = None
    others = (*_asked(row), *_moved(box_office_of(new, tenant), office))
    series, night = await _night(read, row)
    origin = night.origin if night else _same
    found = timeline(row["manifest"], Current(others=others), origin)
    entries = agenda(found, stands_of(row, at), at)
    return Shown(name, row["title"], new.zone.key, series, entries)


def _same(path: Path) -> Path:
    return path


async def _night(read: Reader, row: Mapping[str, Any]) -> tuple[str, Night | None]:
    """Of an event that a series gives: its part, and where in it each section is declared."""
    if not row["series"]:
        return "", None
    on = date.fromisoformat(row["occurrence"][-len("2027-06-18") :])
    for part in await queries.parts(read, row["series"]):
        if root_of(part["manifest"]) == row["series"]:
            night = occurrence(series_of(part["manifest"]), on)
            if isinstance(night, SeriesNight):
                return part["series"], night_of(part["manifest"], night)
    return "", None


def _asked(row: Mapping[str, Any]) -> Iterator[Other]:
    """Until when holders say whether they keep their tickets after a new time."""
    if row["answer_until"] is not None:
        what = "holders have said whether they keep their tickets"
        yield Other(row["answer_until"], "answers_end", what, "ticketing")


def _moved(planned: PlannedBoxOffice | None, office: BoxOfficeStands | None) -> Iterator[Other]:
    """What somebody set in ticketing by hand: it counts, whatever is declared."""
    if planned is None or office is None:
        return
    for each in planned.ticket_types:
        found = office.types.get(each.id)
        if found is None or not found.active:
            continue
        for name, kind in (("sale_from", "sale_opens"), ("sale_until", "sale_closes")):
            at = getattr(found, name)
            if at is not None and at != getattr(each, name):
                what = f"{kind.replace('_', f' of {each.id} ')}, as was set by hand"
                yield Other(at, kind, what, "ticketing")


def stands_of(row: Mapping[str, Any], at: datetime) -> Stands:
    """Of a row of occurrences. What is cancelled is that, whatever it was before."""
    off = ""
    if row["postponed"]:
        off = f"it is postponed: {row['postponed']}"
    if row["interrupted"]:
        off = f"it is interrupted: {row['interrupted']}"
    if row["state"] == "cancelled":
        off = "it is cancelled"
    known = Occurrence(state=row["state"], clearances=_clearances(row), overrides=_overrides(row))
    return Stands(row["state"], partial(missing, known, at=at), off)


def _clearances(row: Mapping[str, Any]) -> dict[str, ClearanceSet]:
    found = {}
    for name, about in row["clearances"].items():
        facts = {each: value for each, value in about.items() if each != "overrides"}
        whole = {"occurrence": row["occurrence"], "clearance": name, **facts}
        found[name] = msgspec.convert(whole, ClearanceSet)
    return found


def _overrides(row: Mapping[str, Any]) -> dict[str, list[OverrideAsked]]:
    return {
        name: [
            msgspec.convert(
                {"occurrence": row["occurrence"], "clearance": name, **each}, OverrideAsked
            )
            for each in about["overrides"]
        ]
        for name, about in row["clearances"].items()
    }


def as_calendar(shown: Shown, tenant: str, at: datetime) -> bytes:
    """For the organiser's own calendar: an entry for each deadline that is not off."""
    zone = ZoneInfo(shown.zone)
    entries = [
        CalendarEntry(
            uid=f"{_uid(each)}-{shown.occurrence}@{tenant}.roadcase",
            starts=each.deadline.at.astimezone(zone),
            ends=(each.deadline.at + _SOON).astimezone(zone),
            name=f"{shown.title}: {each.deadline.what}",
            stamp=at,
            text=each.deadline.source,
            busy=False,
        )
        for each in shown.entries
        if each.status != "off"
    ]
    return calendar(entries, "Timeline")


def _uid(each: Entry) -> str:
    told = f"{each.deadline.kind} {each.deadline.source}"
    return sha256(told.encode()).hexdigest()[:16]
