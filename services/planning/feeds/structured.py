"""A happening as schema.org has it (JSON-LD), for search engines and assistants.

https://schema.org/Event, and what https://developers.google.com/search/docs/appearance/structured-data/event
asks for beyond it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from roadcase.markup import Html
from services.planning.feeds.happening import (
    OFF,
    Happening,
    Named,
    Offer,
    Venue,
    Work,
    address,
)

_SCHEMA: Final = "https://schema.org"
_AVAILABLE: Final = {"in_stock": "InStock", "pre_order": "PreOrder", "sold_out": "SoldOut"}
_UNSAFE: Final = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def structured(of: Happening) -> dict[str, Any]:
    """An Event, or a ScreeningEvent. Whatever is not known is not there."""
    span = of.span
    found = {
        "@context": _SCHEMA,
        "@type": "ScreeningEvent" if of.screening else "Event",
        "name": of.title,
        "description": of.text.strip(),
        "inLanguage": of.language,
        "url": address(of.link),
        "image": address(of.picture.link) if of.picture else "",
        "eventStatus": f"{_SCHEMA}/{_status(of)}",
        "eventAttendanceMode": f"{_SCHEMA}/OfflineEventAttendanceMode",
        "startDate": span.starts.isoformat(),
        "endDate": span.ends.isoformat(),
        "doorTime": of.at(of.doors).isoformat() if of.doors else "",
        "previousStartDate": _previous(of),
        "location": _place(of.venue) if of.venue else None,
        "organizer": _named("Organization", of.organiser) if of.organiser else None,
        "superEvent": _named("EventSeries", of.series) if of.series else None,
        "offers": _offers(of),
        "maximumAttendeeCapacity": of.capacity,
        **_works(of),
    }
    return _without_nothing(found)


def as_script(of: Happening) -> Html:
    """The same inside a page: nothing that it says ends the element that it is in."""
    text = json.dumps(structured(of), ensure_ascii=False, indent=1)
    return Html(f'<script type="application/ld+json">{text.translate(_UNSAFE)}</script>')


def _status(of: Happening) -> str:
    if of.state in OFF:
        return "EventCancelled"
    if of.state == "postponed":
        return "EventPostponed"
    return "EventRescheduled" if of.was is not None else "EventScheduled"


def _previous(of: Happening) -> str:
    """Only beside EventRescheduled: else nobody asks when it was to be before."""
    if of.was is None or _status(of) != "EventRescheduled":
        return ""
    return of.at(of.was).isoformat()


def _place(venue: Venue) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "Place", "name": venue.name}
    if venue.address:
        found["address"] = ", ".join(venue.address.splitlines())
    if venue.position is not None:
        north, east = venue.position
        found["geo"] = {"@type": "GeoCoordinates", "latitude": north, "longitude": east}
    return found


def _named(kind: str, named: Named) -> dict[str, Any]:
    return _without_nothing({"@type": kind, "name": named.name, "url": address(named.link)})


def _offers(of: Happening) -> list[dict[str, Any]]:
    return [_offer(each, of) for each in of.offered if each.available != "ended"]


def _offer(offer: Offer, of: Happening) -> dict[str, Any]:
    amount, _, currency = str(offer.price).partition(" ")
    found = {
        "@type": "Offer",
        "name": offer.name,
        "price": amount,
        "priceCurrency": currency,
        "availability": f"{_SCHEMA}/{_AVAILABLE[offer.available]}",
        "validFrom": _local(offer.since, of.zone) if offer.since else "",
        "url": address(offer.link) or address(of.link),
    }
    return _without_nothing(found)


def _local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).isoformat()


def _works(of: Happening) -> dict[str, Any]:
    if not of.screening:
        return {"workPerformed": [_work(each, "CreativeWork") for each in of.works]}
    formats = dict.fromkeys(each.format for each in of.works if each.format)
    return {
        "workPresented": [_work(each, "Movie") for each in of.works],
        "videoFormat": ", ".join(formats),
    }


def _work(work: Work, kind: str) -> dict[str, Any]:
    found = {
        "@type": kind,
        "name": work.title,
        "dateCreated": f"{work.year:04}" if work.year else "",
        "contentRating": work.age,
    }
    length = {"duration": f"PT{work.minutes}M"} if kind == "Movie" else {}
    return _without_nothing(found | length)


def _without_nothing(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value not in ("", None, [])}
