"""Cancels whole nights, order by order: killed at any moment it goes on where it was."""

from __future__ import annotations

import logging
from typing import Any, Final

from roadcase.asked import Context, Outcome
from roadcase.decider import Command
from roadcase.errors import NotFound, Refused
from roadcase.looking import Looker
from roadcase.money import Money
from roadcase.running import Running
from roadcase.service import Worker
from roadcase.settings import Settings
from roadcase.views import Views
from services.ticketing.commands import (
    CancelOrder,
    DeclineOrder,
    FinishMassCancel,
    RecordCancelled,
    RefundTickets,
    StopSales,
)
from services.ticketing.events import TicketCancelled, TicketRefunded

MANY: Final = 100  # orders at a time
_log = logging.getLogger(__name__)


def canceller(running: Running, _settings: Settings) -> Worker:
    """The worker of this process. Several may run: each step has a key, and happens once."""
    views = Views(running.url, running.service.name)
    return Canceller(running.dispatch, views)


class Canceller(Looker):
    """Takes each process that is under way, and asks for its orders one after the other."""

    every = 0.5
    waits = "cancelling waits"

    async def _look(self) -> None:
        await self._views.as_of("mass_cancels")  # raises Unavailable while it is being made
        rows = await self._views.fetch(
            "SELECT tenant, process, occurrence, reason, money_back, last_order "
            "FROM mass_cancels WHERE state = 'running' ORDER BY process"
        )
        for process in rows:
            await self._go_on(process)

    async def _go_on(self, process: dict[str, Any]) -> None:
        """One pass over the orders that are left; the night is done when a pass finds none."""
        occurrence = process["occurrence"]
        await self._ask(process, "stop", StopSales(occurrence=occurrence))
        after, found = process["last_order"] or "", False
        position = 0
        while not self._stopped.is_set() and (orders := await self._orders(process, after)):
            for order in orders:
                if self._stopped.is_set():
                    return
                position = await self._cancel(process, order)
                after, found = order["order_id"], True
        if self._stopped.is_set() or found or process["last_order"]:
            await self._again(process, position)
            return
        await self._ask(process, "end", FinishMassCancel(process=process["process"]))

    async def _again(self, process: dict[str, Any], position: int) -> None:
        """Look from the beginning once what was done is shown: somebody may have bought since."""
        if position and (await self._views.as_of("orders"))[0] < position:
            return
        if self._stopped.is_set() or await self._orders(process, ""):
            return
        await self._ask(process, "end", FinishMassCancel(process=process["process"]))

    async def _orders(self, process: dict[str, Any], after: str) -> list[dict[str, Any]]:
        """Orders that still have something, and have no outcome yet."""
        return await self._views.fetch(
            "SELECT order_id, placed FROM ("
            "SELECT order_id, false AS placed FROM orders "
            "WHERE tenant = $1 AND occurrence = $2 AND valid > 0 "
            "UNION ALL SELECT order_id, true FROM placed_orders "
            "WHERE tenant = $1 AND occurrence = $2 AND state IN ('requested', 'unpaid')) AS each "
            "WHERE order_id > $4 AND NOT EXISTS (SELECT FROM mass_cancelled_orders AS done "
            "WHERE done.tenant = $1 AND done.process = $3 AND done.order_id = each.order_id) "
            f"ORDER BY order_id LIMIT {MANY}",
            process["tenant"],
            process["occurrence"],
            process["process"],
            after,
        )

    async def _cancel(self, process: dict[str, Any], order: dict[str, Any]) -> int:
        """One order, and what became of it: two steps, each under a key of its own."""
        name = order["order_id"]
        try:
            outcome = await self._ask(process, f"order/{name}", _cancelling(process, order))
            result, why = ("declined" if order["placed"] else "cancelled"), None
            amount = _back(outcome)
        except (Refused, NotFound) as refusal:
            result, why, amount = "refused", refusal.code, None
        record = RecordCancelled(
            process=process["process"],
            order=name,
            outcome="refunded" if amount else result,
            amount=amount,
            why=why,
        )
        return (await self._ask(process, f"done/{name}", record)).position

    async def _ask(self, process: dict[str, Any], step: str, command: Command) -> Outcome:
        key = f"mass/{process['process']}/{step}"
        context = Context(tenant=process["tenant"], actor="ticketing/mass-cancel", key=key)
        return await self._dispatch(command, context)


def _cancelling(process: dict[str, Any], order: dict[str, Any]) -> Command:
    occurrence, name, reason = process["occurrence"], order["order_id"], process["reason"]
    if order["placed"]:
        return DeclineOrder(occurrence=occurrence, order=name, reason=reason)
    if not process["money_back"]:
        return CancelOrder(occurrence=occurrence, order=name, reason=reason)
    return RefundTickets(
        occurrence=occurrence,
        order=name,
        reason=reason,
        refund_reference=f"mass-{process['process']}",
    )


def _back(outcome: Outcome) -> Money | None:
    """What went back; None if nothing did."""
    given = [each.amount for each in outcome.events if isinstance(each, TicketRefunded)]
    void = [each for each in outcome.events if isinstance(each, TicketCancelled)]
    if void or not given:
        return None
    return sum(given[1:], given[0])
