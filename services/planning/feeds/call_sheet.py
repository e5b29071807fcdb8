"""The call sheet of an event, as text and as a page to print: who comes where and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from roadcase.markup import NOTHING, Html, fill, join
from roadcase.spans import day_of
from services.planning.events import PlannedShift

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Call sheet: {title}</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <meta name="color-scheme" content="light dark">
  <link rel="stylesheet" href="/events/style.css">
</head>
<body><main>
<header><h1 dir="auto">{title}</h1><p>{when} <span class="quiet">{zone}</span></p>{place}</header>
<table>
<thead><tr><th>Call</th><th>Until</th><th>Role</th><th>Who</th><th>Contact</th></tr></thead>
<tbody>{rows}</tbody>
</table>
</main></body>
</html>
"""
_ROW: Final = (
    "<tr><td>{begins}</td><td>{ends}</td><td dir=auto>{role}</td><td dir=auto>{who}</td>"
    "<td>{contact}</td></tr>\n"
)
NOBODY: Final = "(open)"


class Call(NamedTuple):
    """One shift of one position. `who`: empty: nobody yet."""

    shift: PlannedShift
    role: str
    who: str = ""
    contact: str = ""


class CallSheet(NamedTuple):
    title: str
    zone: str
    begins: datetime
    place: str
    calls: Sequence[Call]

    def in_order(self) -> list[Call]:
        return sorted(self.calls, key=lambda each: (each.shift.begins, each.role, each.who))


def as_text(sheet: CallSheet) -> str:
    """In columns, for a mail or a terminal."""
    lines = [sheet.title, f"{day_of(_local(sheet, sheet.begins))} ({sheet.zone})"]
    lines += [sheet.place] if sheet.place else []
    rows = [(*_times(sheet, each), each.role, each.who or NOBODY, each.contact) for each in
            sheet.in_order()]  # fmt: skip
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(5)]
    lines += ["", *(_columns(row, widths) for row in rows)]
    return "\n".join(lines) + "\n"


def as_page(sheet: CallSheet) -> str:
    """Whole, without script."""
    return fill(
        _PAGE,
        title=sheet.title,
        when=day_of(_local(sheet, sheet.begins)),
        zone=sheet.zone,
        place=fill('<p dir="auto">{place}</p>', place=sheet.place) if sheet.place else NOTHING,
        rows=join(_rows(sheet)),
    )


def _rows(sheet: CallSheet) -> Iterable[Html]:
    for each in sheet.in_order():
        begins, ends = _times(sheet, each)
        who = each.who or NOBODY
        yield fill(_ROW, begins=begins, ends=ends, role=each.role, who=who, contact=each.contact)


def _local(sheet: CallSheet, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(sheet.zone))


def _times(sheet: CallSheet, call: Call) -> tuple[str, str]:
    """Local; with its day where that is not the day of the event: `Sat 19 June 01:00`."""
    day = _local(sheet, sheet.begins).date()
    first, second = (
        f"{each:%H:%M}" if each.date() == day else f"{each:%a} {each.day} {each:%B %H:%M}"
        for each in (_local(sheet, call.shift.begins), _local(sheet, call.shift.ends))
    )
    return first, second


def _columns(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (text.ljust(width) for text, width in zip(row, widths, strict=True))
    return "  ".join(padded).rstrip()
