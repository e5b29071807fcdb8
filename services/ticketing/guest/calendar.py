"""The night as a calendar file, in the venue's own time zone."""

from __future__ import annotations

from hashlib import sha256

from roadcase.calendar import Entry
from roadcase.calendar import calendar as written
from services.ticketing.guest.bought import Bought
from services.ticketing.guest.links import Named


def calendar(bought: Bought, named: Named, link: str = "") -> bytes:
    """Always the same for the same night: an entry that is there is brought up to date.

    Call it in a thread.
    """
    name = sha256("/".join(named).encode()).hexdigest()[:32]
    times = {ticket.time for ticket in bought.valid}
    only = times.pop() if len(times) == 1 else None  # all tickets are for one time
    entry = Entry(
        uid=f"{name}@roadcase",
        starts=only.starts if only else bought.starts,
        ends=only.ends if only else bought.ends,
        name=bought.name,
        stamp=bought.sold_at,
        text=f"Your tickets: {link}" if link else "",
        link=link,
    )
    return written([entry], "Tickets")
