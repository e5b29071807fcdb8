"""What somebody who waits has before them: where they stand, and what is offered to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from roadcase.doors import Reader
from roadcase.errors import NotFound, Refused
from roadcase.money import Money
from services.ticketing import queries
from services.ticketing.guest.links import Named
from services.ticketing.signing import at_venue


class Offered(NamedTuple):
    """`kinds`: the ticket types that were asked for, or the one that is offered, by their names."""

    name: str
    starts: datetime
    zone: str
    state: str
    quantity: int
    kinds: tuple[str, ...]
    hold: str | None
    total: Money | None
    until: datetime | None
    subject: str
    contact: bytes | None

    @property
    def tickets(self) -> str:
        """`2 tickets (Standard or Sofa)`."""
        plural = "" if self.quantity == 1 else "s"
        return f"{self.quantity} ticket{plural} ({' or '.join(self.kinds)})"

    @property
    def when(self) -> str:
        """`Friday 1 January 2027, 20:30`, at the venue."""
        return _moment(self.starts)

    @property
    def deadline(self) -> str:
        """Until when it is offered, at the venue."""
        return _moment(self.until.astimezone(ZoneInfo(self.zone))) if self.until else ""


async def find_offer(read: Reader, named: Named) -> Offered:
    """Raises NotFound: nobody waits, or waited, under this name."""
    try:
        night = await queries.availability(read, named.occurrence)
        row = await queries.offered(read, named.occurrence, named.order)
    except (Refused, NotFound):
        raise NotFound from None
    return _offered(night, row)


def _offered(night: dict[str, Any], row: dict[str, Any]) -> Offered:
    kinds = [row["ticket_type"]] if row["ticket_type"] else row["ticket_types"]
    return Offered(
        name=night["name"],
        starts=at_venue(night["starts_at"], night["zone"]),
        zone=night["zone"],
        state=row["state"],
        quantity=row["quantity"],
        kinds=tuple(night["types"][id_]["name"] for id_ in kinds),
        hold=row["offer"],
        total=Money(**row["total"]) if row["total"] else None,
        until=row["until"],
        subject=row["subject"],
        contact=row["contact"],
    )


def _moment(at: datetime) -> str:
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M}"
