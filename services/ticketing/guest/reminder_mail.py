"""The mail that reminds of an order that is not paid: what it costs, and until when it is kept."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from roadcase.errors import NotFound
from roadcase.money import Money
from roadcase.outbox import Mail, Waiting
from roadcase.views import Views
from services.ticketing import queries
from services.ticketing.guest.markup import fill
from services.ticketing.signing import at_venue

REMINDED: Final = "ticketing.order_reminded"
_TEXT: Final = """{name}
{when} ({zone})

Your order {order} is not paid yet: {total}.
Its tickets are kept for you until {until}. After that others can have them.
"""
_HTML: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{name}</title></head>
<body>
<h1 dir="auto">{name}</h1>
<p>{when} ({zone})</p>
<p>Your order {order} is not paid yet: <strong>{total}</strong>.</p>
<p>Its tickets are kept for you until {until}. After that others can have them.</p>
</body>
</html>
"""
_MOMENT: Final = "%A %d %B %Y, %H:%M"


class ReminderMail:
    """Writes the mail when it is sent, from the read models as they are then."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def write(self, waiting: Waiting) -> Mail | None:
        """None when it is paid or over meanwhile. Raises NotFound before it can be read."""
        occurrence, order = waiting.about["occurrence"], waiting.about["order"]
        read = self._views.of(waiting.tenant)
        night = await queries.availability(read, occurrence)
        placed = await queries.placed_order(read, occurrence, order)
        if placed is None:
            raise NotFound
        if placed["state"] != "unpaid":
            return None
        zone = ZoneInfo(night["zone"])
        said = {
            "name": night["name"],
            "when": f"{at_venue(night['starts_at'], night['zone']):{_MOMENT}}",
            "zone": night["zone"],
            "order": order,
            "total": Money(placed["total_minor"], placed["currency"]),
            "until": f"{placed['until'].astimezone(zone):{_MOMENT}}",
        }
        subject = f"Not paid yet: {night['name']}"
        return Mail(subject=subject, text=_TEXT.format(**said), html=fill(_HTML, **said))
