"""Which supplier is asked for a stall, and what they have to show for it."""

from __future__ import annotations

from roadcase.doors import Reader
from roadcase.errors import Invalid
from services.planning import queries
from services.planning.commands import EngageSupplier
from services.planning.domain.supplier_refusals import NoStall, StallTaken


async def engagement(read: Reader, occurrence: str, stall: str, supplier: str) -> EngageSupplier:
    """Without a supplier: whose it is to be. Raises NoStall, StallTaken and Invalid."""
    market = await queries.market(read, occurrence)
    found = market["stalls"].get(stall)
    if found is None:
        raise NoStall(occurrence=occurrence, stall=stall)
    planned, booked = found["supplier"], found["booked"]
    wanted = supplier or planned
    if wanted is None:
        raise Invalid("name a supplier: the manifest has none for this stall", field="supplier")
    holder = booked["supplier"] if booked else planned
    if holder not in (None, wanted):
        raise StallTaken(occurrence=occurrence, stall=stall, supplier=holder)
    return EngageSupplier(
        supplier=wanted,
        occurrence=occurrence,
        stall=stall,
        first=market["first_day"],
        last=market["last_day"],
        documents=tuple(found["documents"]),
    )
