"""A printed ticket or slip as a picture: the bytes that its facts make, drawn as by a printer.

Loads python-escpos, which takes half a second: only who draws imports this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from itertools import product
from typing import Any, Final, NamedTuple

from roadcase.escpos import draw
from roadcase.money import Money
from services.devices.events import Document, OccurrenceNamed, Slip, Ticket
from services.devices.profiles import PROFILES
from services.devices.rendering import Named, render

_LONGEST: Final = 8000  # dots: a metre; no ticket or slip comes near
_TRIED: Final = 60  # ways to write a document of which one has the hash on record


class Drawn(NamedTuple):
    """A PNG. `as_printed`: its bytes have the hash that was put on record when they were sent."""

    png: bytes
    as_printed: bool


def drawn(job: Mapping[str, Any]) -> Drawn:
    """The picture of a row of `queries.printed`.

    Names may have changed since: of those it had, the hash on record tells which were printed.
    When none fits (this program draws it otherwise than the one that printed it), the
    newest names are shown.
    """
    profile = PROFILES[job["printed_for"]]
    newest = None
    for named in _ways(job):
        data = render(named, job["printed_for"])
        if sha256(data).hexdigest() == job["sha256"]:
            return Drawn(_png(data, profile.width, native_qr=profile.native_qr), as_printed=True)
        newest = newest or data
    assert newest, "there is always one way"
    return Drawn(_png(newest, profile.width, native_qr=profile.native_qr), as_printed=False)


def _png(data: bytes, width: int, *, native_qr: bool) -> bytes:
    return draw(data, width, native_qr=native_qr, longest=_LONGEST).png


def _ways(job: Mapping[str, Any]) -> Iterator[Named]:
    """With each name that event and type had, the newest first, and with none."""
    document = _document(job)
    names = [_name(job, each) for each in reversed(job["names"] or [])]
    types = [*reversed((job["types"] or {}).get(job["ticket_type"], []))]
    ways = product([*names, None], [*types, None])
    for number, (name, kind) in enumerate(ways):
        if number >= _TRIED:
            return
        yield Named(document, name, kind, job["sent_copy"])


def _document(job: Mapping[str, Any]) -> Document:
    if job["kind"] == "slip":
        return Slip(
            occurrence=job["occurrence"],
            text=job["text"],
            trigger=job["trigger"],
            reason=job["reason"],
        )
    return Ticket(
        occurrence=job["occurrence"],
        order=job["order_id"],
        ticket=job["ticket"],
        number=job["number"],
        of=job["tickets"],
        ticket_type=job["ticket_type"],
        price=Money(job["price_minor"], job["currency"]),
        code=job["code"],
        seat=job["seat"],
    )


def _name(job: Mapping[str, Any], named: Mapping[str, Any]) -> OccurrenceNamed:
    starts = named["starts_at"]
    return OccurrenceNamed(
        spool=job["spool"],
        occurrence=job["occurrence"],
        name=named["name"],
        starts_at=datetime.fromisoformat(starts) if starts else None,
    )
