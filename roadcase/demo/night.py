"""The night that the demonstration sells: it begins soon, so that its tickets can be scanned."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from roadcase.api.v1 import common_pb2, ticketing_pb2
from roadcase.clock import now

TENANT = "microcinema"
ZONE = "Europe/Berlin"


def screening(
    name: str, title: str, seats: int, hours: int = 2
) -> ticketing_pb2.OpenBoxOfficeRequest:
    """A night that begins in so many hours: soon, so that its tickets can be scanned."""
    starts = (now() + timedelta(hours=hours)).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    return ticketing_pb2.OpenBoxOfficeRequest(
        occurrence=name,
        name=title,
        starts_at=starts.isoformat(timespec="minutes"),
        ends_at=(starts + timedelta(hours=2)).isoformat(timespec="minutes"),
        zone=ZONE,
        pools={"room": seats},
        ticket_types=[
            ticketing_pb2.TicketType(
                id="standard",
                name="Standard",
                price=common_pb2.Money(minor=1200, currency="EUR"),
                seller=TENANT,
                draws={"room": 1},
            )
        ],
    )
