"""What somebody is asked to do, as it stands now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roadcase.doors import Reader
from services.planning.feeds.crew_page import Invitation, Stands
from services.planning.queries.crew import crew_position, shifts_of
from services.planning.signing import Asked


async def invited(read: Reader, asked: Asked) -> Invitation:
    """What somebody is asked, as it stands now. Raises NoPosition."""
    row = await crew_position(read, asked.occurrence, asked.position)
    return Invitation(
        title=row["event_title"],
        place=row["place"] or "",
        zone=row["zone"],
        role=row["title"],
        shifts=shifts_of(row),
        stands=_stands(row, asked.person),
    )


def _stands(row: Mapping[str, Any], person: str) -> Stands:
    if row["person"] == person:
        return "offered" if row["offered"] else "has"
    if person in row["declined"]:
        return "declined"
    if person in row["invited"] and row["person"] is None:
        return "asked"
    return "swap" if person in row["invited"] and row["offered"] else "taken"
