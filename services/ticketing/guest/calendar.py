"""The night as a calendar file (RFC 5545), in the venue's own time zone."""

from __future__ import annotations

from hashlib import sha256

from icalendar import Calendar, Event

from services.ticketing.guest.bought import Bought
from services.ticketing.guest.links import Named


def calendar(bought: Bought, named: Named, link: str = "") -> bytes:
    """Always the same for the same night: an entry that is there is brought up to date."""
    event = Event()
    name = sha256("/".join(named).encode()).hexdigest()[:32]
    event.add("uid", f"{name}@roadcase")
    event.add("dtstamp", bought.sold_at)
    times = {ticket.time for ticket in bought.valid}
    only = times.pop() if len(times) == 1 else None  # all tickets are for one time
    event.add("dtstart", only.starts if only else bought.starts)
    event.add("dtend", only.ends if only else bought.ends)
    event.add("summary", bought.name)
    if link:
        event.add("url", link)
        event.add("description", f"Your tickets: {link}")
    whole = Calendar()
    whole.add("prodid", "-//Roadcase//Tickets//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add_component(event)
    whole.add_missing_timezones()
    return bytes(whole.to_ical())
