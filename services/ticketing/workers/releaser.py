"""Gives back the places of who signed up and did not come, once their time is over."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from roadcase.asked import Context
from roadcase.clock import Clock, now
from roadcase.doors import Dispatch, wait_all_shown
from roadcase.errors import NotFound, Refused
from roadcase.looking import Looker
from roadcase.running import Running
from roadcase.service import Worker
from roadcase.settings import Settings
from roadcase.spans import Span
from roadcase.views import Views
from services.ticketing.commands import CancelOrder
from services.ticketing.guest.timed import time_of
from services.ticketing.signing import at_venue

MANY: Final = 100  # orders at a time
NO_SHOW: Final = "no-show"
_log = logging.getLogger(__name__)


def releaser(running: Running, _settings: Settings) -> Worker:
    """The worker of this process. Several may run: what is void stays void."""
    return Releaser(running.dispatch, Views(running.url, running.service.name))


class Releaser(Looker):
    """Looks for nights under way whose ticket types say when a place is given back."""

    every = 2.0
    waits = "giving places back waits"

    def __init__(self, dispatch: Dispatch, views: Views, clock: Clock = now) -> None:
        super().__init__(dispatch, views)
        self._clock = clock

    async def _look(self) -> None:
        await self._views.as_of("attendees")  # raises Unavailable while it is being made
        nights = await self._views.fetch(
            "SELECT tenant, occurrence, starts_at, ends_at, zone, types FROM availability "
            "WHERE types @? '$.*.no_show_after ? (@ != null)' "
            "AND ends_at > $1::timestamp - interval '2 days'",
            self._clock().replace(tzinfo=None),
        )
        ended = [(night, over(night, self._clock())) for night in nights]
        if any(types for _, types in ended):
            await wait_all_shown(self._views, "attendees")  # who was let in a moment ago, too
        for night, types in ended:
            for ticket_type, since in types.items():
                await self._release(night["tenant"], night["occurrence"], ticket_type, since)

    async def _release(
        self, tenant: str, occurrence: str, ticket_type: str, since: datetime
    ) -> None:
        """Who bought later, at the door, is on the way in."""
        orders = await self._views.fetch(
            "SELECT order_id, array_agg(ticket) AS tickets FROM attendees "
            "WHERE tenant = $1 AND occurrence = $2 AND ticket_type = $3 AND state = 'sold' "
            "AND admitted_at IS NULL AND sold_at <= $4 "
            f"GROUP BY order_id ORDER BY order_id LIMIT {MANY}",
            tenant,
            occurrence,
            ticket_type,
            since,
        )
        for order in orders:
            if self._stopped.is_set():
                return
            command = CancelOrder(
                occurrence=occurrence,
                order=order["order_id"],
                tickets=tuple(order["tickets"]),
                reason=NO_SHOW,
            )
            try:
                await self._dispatch(command, Context(tenant=tenant, actor="ticketing/no-shows"))
            except (Refused, NotFound) as refusal:
                _log.warning("%s of %s is not given back: %s", order, occurrence, refusal)


def over(night: dict[str, Any], at: datetime) -> dict[str, datetime]:
    """The types whose places are given back, of who bought until when.

    It ends with their night or their slot. Who bought before it was said that places are given back
    is meant, too.
    """
    found = {}
    whole = Span(*(at_venue(night[name], night["zone"]) for name in ("starts_at", "ends_at")))
    for id_, kind in night["types"].items():
        minutes, time = kind.get("no_show_after"), time_of(night, id_) or whole
        if minutes is None:
            continue
        limit = time.starts + timedelta(minutes=minutes)
        if limit <= at < time.ends:
            found[id_] = max(limit, datetime.fromisoformat(kind["no_show_set_at"]))
    return found
