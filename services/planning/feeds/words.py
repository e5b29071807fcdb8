"""What became of a happening, in words that a page, a calendar and a preview share."""

from __future__ import annotations

from typing import Final

from roadcase.spans import day_of, moment_of
from services.planning.feeds.happening import OVER, Happening

_BEFORE: Final = {"cancelled": "Cancelled", "abandoned": "Cancelled", "postponed": "Postponed"}


def title(of: Happening) -> str:
    """Its title, for lists that show nothing else of it."""
    before = _BEFORE.get(of.state)
    return f"{before}: {of.title}" if before else of.title


def said(of: Happening) -> list[str]:
    """What whoever plans to come has to know first, a sentence or two each."""
    found = []
    match of.state:
        case "cancelled":
            found.append("Cancelled. It does not take place.")
        case "abandoned":
            found.append("Cancelled. It was broken off and does not go on.")
        case "postponed":
            day = day_of(of.span.starts)
            found.append(
                f"Postponed. It does not take place on {day}, and there is no new date yet. "
                "Tickets stay valid."
            )
        case "interrupted":
            found.append("Interrupted for the moment.")
        case "closed" | "settled":
            found.append("This is over.")
    if of.state in OVER:
        return found
    if of.was is not None:
        found.append(f"At another time: it was to be on {moment_of(of.at(of.was))}.")
    if of.was_at:
        found.append(f"At another place: it was to be at {of.was_at}.")
    if of.sold_out:
        found.append("Sold out.")
    return found


def where(of: Happening) -> str:
    """The venue in one line."""
    if of.venue is None:
        return ""
    return ", ".join(part for part in (of.venue.name, *lines(of.venue.address)) if part)


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


def in_short(of: Happening, most: int = 300) -> str:
    """What happened to it, when and where it is, and how its text begins."""
    begins = " ".join(of.text.split())
    when = f"{of.span.whole} ({of.zone})."
    told = " ".join(filter(None, [*said(of), when, f"{where(of)}." if of.venue else "", begins]))
    return told if len(told) <= most else f"{told[: most - 1].rstrip()}…"
