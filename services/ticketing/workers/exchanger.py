"""Exchanges tickets between nights, step by step: stopped at any moment it goes on where it was."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

import msgspec

from roadcase.asked import Context, Outcome
from roadcase.decider import Command
from roadcase.doors import Dispatch
from roadcase.errors import Invalid, NotFound, Refused
from roadcase.looking import Looker
from roadcase.money import Money
from roadcase.running import Running
from roadcase.service import Worker
from roadcase.settings import Settings
from roadcase.views import Views
from services.ticketing.commands import (
    ConfirmOrder,
    ExchangeOut,
    HoldTickets,
    Line,
    RecordExchange,
    RefundTickets,
    ReleaseHold,
)
from services.ticketing.domain.process_refusals import WrongDifference
from services.ticketing.domain.terms import total_of
from services.ticketing.events import ExchangeStarted, TicketsHeld

_log = logging.getLogger(__name__)


def exchanger(running: Running, _settings: Settings) -> Worker:
    """The worker of this process. Several may run: each step has a key, and happens once."""
    views = Views(running.url, running.service.name)
    return Exchanger(running.dispatch, views)


class Exchanger(Looker):
    """Takes each exchange that is under way to its end."""

    every = 0.2
    waits = "exchanging waits"

    async def _look(self) -> None:
        await self._views.as_of("exchanges")  # raises Unavailable while it is being made
        rows = await self._views.fetch(
            "SELECT tenant, fact FROM exchanges WHERE state IN ('started', 'confirmed') "
            "ORDER BY process LIMIT 50"
        )
        for row in rows:
            fact = msgspec.convert(row["fact"], ExchangeStarted)
            await Steps(self._dispatch, row["tenant"], fact).take()


class Steps:
    """One exchange. Every step asked again is the same step: it is taken from the beginning."""

    def __init__(self, dispatch: Dispatch, tenant: str, fact: ExchangeStarted) -> None:
        self._dispatch = dispatch
        self._tenant = tenant
        self._fact = fact
        self._hold = f"x-{fact.process}"

    async def take(self) -> None:
        """To the end: done, or as if nothing had happened."""
        fact = self._fact
        try:
            total = await self._hold_new()
            await self._confirm_new(total)
        except (Refused, NotFound, Invalid) as refusal:
            await self._let_go(refusal.code)
            return
        await self._ask("confirmed", self._record("confirmed", total=total))
        back = Money(max(0, fact.worth.minor - total.minor), total.currency)
        try:
            await self._ask("out", self._out())
        except (Refused, NotFound, Invalid) as refusal:
            await self._undo(refusal.code)
            return
        await self._ask("end", self._record("done", back=back if back.minor else None))

    async def _hold_new(self) -> Money:
        fact = self._fact
        lines = tuple(Line(ticket_type=id_, quantity=n) for id_, n in fact.wanted.items())
        command = HoldTickets(
            occurrence=fact.to, hold=self._hold, lines=lines, subject=fact.subject
        )
        outcome = await self._ask("hold", command)
        held = next(each for each in outcome.events if isinstance(each, TicketsHeld))
        total = total_of(held.lines)
        more = total.minor - fact.worth.minor
        paid = fact.paid.minor if fact.paid else 0
        if total.currency != fact.worth.currency or paid != max(0, more):
            raise WrongDifference(difference=str(Money(max(0, more), total.currency)))
        return total

    async def _confirm_new(self, total: Money) -> None:
        fact = self._fact
        command = ConfirmOrder(
            occurrence=fact.to,
            order=fact.new_order,
            hold=self._hold,
            payment_reference=fact.payment_reference or f"exchange-{fact.process}",
            amount=total,
            code_seed=fact.code_seed,
            subject=fact.subject,
            contact=fact.contact,
        )
        await self._ask("confirm", command)

    def _out(self) -> ExchangeOut:
        fact = self._fact
        return ExchangeOut(
            occurrence=fact.occurrence,
            order=fact.order,
            tickets=fact.tickets,
            worth=fact.worth,
            reason="exchanged",
            refund_reference=f"exchange-{fact.process}",
        )

    async def _let_go(self, why: str) -> None:
        with suppress(Refused, NotFound):  # it was never held
            await self._ask("release", ReleaseHold(occurrence=self._fact.to, hold=self._hold))
        await self._ask("end", self._record("refused", why=why))

    async def _undo(self, why: str) -> None:
        """The new tickets are void again, and what was paid on top goes back."""
        fact = self._fact
        command = RefundTickets(
            occurrence=fact.to,
            order=fact.new_order,
            reason="the exchange was refused",
            refund_reference=f"undo-{fact.process}",
            amount=fact.paid or Money(0, fact.worth.currency),
        )
        await self._ask("undo", command)
        await self._ask("end", self._record("refused", why=why))

    def _record(self, step: Any, **more: Any) -> RecordExchange:
        return RecordExchange(process=self._fact.process, step=step, **more)

    async def _ask(self, step: str, command: Command) -> Outcome:
        key = f"exchange/{self._fact.process}/{step}"
        context = Context(tenant=self._tenant, actor="ticketing/exchange", key=key)
        return await self._dispatch(command, context)
