"""Approves orders that a trigger wants to have: it knows the secret of their codes."""

from __future__ import annotations

import logging
from typing import Final

from roadcase.asked import Context
from roadcase.doors import Dispatch
from roadcase.errors import NotFound, Refused
from roadcase.looking import Looker
from roadcase.running import Running
from roadcase.service import Worker
from roadcase.settings import Settings
from roadcase.views import Views
from services.ticketing import codes
from services.ticketing.commands import ApproveOrder

MANY: Final = 100  # orders at a time
_log = logging.getLogger(__name__)


def approver(running: Running, _settings: Settings) -> Worker:
    """The worker of this process. Several may run: what is approved stays so."""
    views = Views(running.url, running.service.name)
    return Approver(running.dispatch, views, running.secret.key("ticketing/codes"))


class Approver(Looker):
    """Looks for orders that wait for approval and were asked to have it."""

    every = 0.5
    waits = "approving orders waits"

    def __init__(self, dispatch: Dispatch, views: Views, seeds: bytes) -> None:
        super().__init__(dispatch, views)
        self._seeds = seeds

    async def _look(self) -> None:
        await self._views.as_of("placed_orders")  # raises Unavailable while it is being made
        orders = await self._views.fetch(
            "SELECT tenant, occurrence, order_id FROM placed_orders "
            f"WHERE state = 'requested' AND approval_asked ORDER BY placed_at LIMIT {MANY}"
        )
        for each in orders:
            if self._stopped.is_set():
                return
            await self._approve(each["tenant"], each["occurrence"], each["order_id"])

    async def _approve(self, tenant: str, occurrence: str, order: str) -> None:
        seed = codes.seed(self._seeds, tenant, occurrence, order)
        command = ApproveOrder(occurrence=occurrence, order=order, code_seed=seed)
        try:
            await self._dispatch(command, Context(tenant=tenant, actor="ticketing/approver"))
        except (Refused, NotFound) as refusal:
            _log.warning("%s of %s is not approved: %s", order, occurrence, refusal)
