"""A purchase with a voucher over several nights breaks off anywhere: no use is lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from roadcase.asked import Outcome
from roadcase.codec import Codec
from roadcase.decider import Command
from roadcase.dispatch import Dispatcher
from roadcase.errors import Refused, Unavailable
from roadcase.timers import Timers
from services.ticketing.api.series import reservation_of, with_reservation
from services.ticketing.commands import (
    HoldTickets,
    OpenBoxOffice,
    ReserveVoucher,
    SellTickets,
    SetSeriesVoucher,
)
from services.ticketing.domain import BOX_OFFICE, DECIDERS, VOUCHER
from services.ticketing.domain.refusals import VoucherBusy, VoucherUsedUp
from services.ticketing.domain.series import ACCEPT, RESERVED
from services.ticketing.events import TicketSold
from services.ticketing.reactions import REACTIONS
from tests.kernel.selling import by, dispatching, ended, until
from tests.ticketing.night import NOON, holding, opening, selling

NIGHTS = ("night-1", "night-2")
CODEC = Codec([event for decider in DECIDERS for event in decider.events])


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


class Site:
    """A ticketing process on its log, its reactions and its timers, at a clock of the test."""

    def __init__(self, dispatch: Dispatcher, clock: Clock) -> None:
        self.dispatch = dispatch
        self.clock = clock

    async def ask(
        self, command: Command, *, key: str | None = None, request: bytes | None = None
    ) -> Outcome:
        return await self.dispatch(command, by(key, request=request))

    async def facts(self, stream: str) -> list[Any]:
        records = await self.dispatch.log.read_stream(f"t/{stream}")
        return [CODEC.decode(each.topic, each.payload) for each in records]

    async def voucher(self) -> Any:
        return VOUCHER.fold(await self.facts("voucher/TOUR"))

    async def sold(self) -> int:
        """Tickets that were sold with the voucher, or are held with it."""
        found = 0
        for night in NIGHTS:
            facts = await self.facts(f"box-office/{night}")
            held = BOX_OFFICE.fold(facts).held.values()
            found += sum(line.quantity for each in held for line in each.lines if line.reservation)
            found += sum(isinstance(each, TicketSold) and bool(each.reservation) for each in facts)
        return found

    async def hear(self) -> None:
        """Every reaction hears all there is, as if for the first time."""
        position = 0
        while records := await self.dispatch.log.read(position, 500):
            position = records[-1].position
            for record in records:
                for each in (each for each in REACTIONS if record.topic in each.hears.topics):
                    heard = msgspec.json.decode(record.payload, type=each.hears)
                    for number, command in enumerate(each.do(heard)):
                        await self.ask(command, key=f"{each.name}/{record.position}/{number}")

    async def wait(self, time: timedelta) -> None:
        """Time passes, and every timer that is due fires."""
        self.clock.at += time
        timers = asyncio.create_task(Timers(self.dispatch, DECIDERS, clock=self.clock).run())
        async with asyncio.timeout(10):
            while await self.dispatch.log.due(self.clock.at, 10):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await ended(timers)


@pytest.fixture
async def site(database: str) -> AsyncIterator[Site]:
    clock = Clock()
    async with dispatching(database, *DECIDERS, clock=clock) as dispatch:
        found = Site(dispatch, clock)
        for night in NIGHTS:
            asked = opening(pools={"hall": 100}).model_dump() | {"occurrence": night}
            await found.ask(OpenBoxOffice(**asked))
        terms = {"effect": "subtract", "amount": "5.00 EUR", "budget": "5.00 EUR"}
        await found.ask(SetSeriesVoucher(voucher="tour", uses=1, **terms))
        yield found


Buys = HoldTickets | SellTickets
HOLDS: Buys = holding("h1", codes=["tour"])
SELLS: Buys = selling("o1", amount="7.00 EUR", codes=["tour"])


async def buy(ask: Any, command: Buys, attempt: str) -> Outcome:
    reserving = ReserveVoucher(
        voucher="TOUR",
        reservation=reservation_of(command),
        attempt=attempt,
        tickets=1,
        subject=command.subject,
    )
    key = f"key-{reservation_of(command)}"
    return await with_reservation(ask, command, reserving, key=key, asked=b"wish")


class Breaking:
    """Ends the purchase at one of its steps: before it is asked, while it is, or once it is done.

    `lost`: the process lives, and what was asked is answered with Unavailable.
    """

    def __init__(self, site: Site, step: int, when: str) -> None:
        self._site = site
        self._left = step
        self._when = when

    async def __call__(self, command: Command, **how: Any) -> Outcome:
        self._left -= 1
        if self._left:
            return await self._site.ask(command, **how)
        if self._when == "before":
            raise asyncio.CancelledError
        if self._when == "lost":
            await self._site.ask(command, **how)
            raise Unavailable("the answer was lost")
        asked = asyncio.ensure_future(self._site.ask(command, **how))
        if self._when == "after":
            await asked
            raise asyncio.CancelledError
        await asyncio.sleep(0)  # it is in the inbox, or on its way into the log
        asked.cancel()
        return await asked


@pytest.mark.parametrize("command", [HOLDS, SELLS], ids=["hold", "sale"])
@pytest.mark.parametrize("when", ["before", "while", "after", "lost"])
@pytest.mark.parametrize("step", [1, 2, 3])
async def test_a_purchase_that_breaks_off_uses_what_it_bought_and_no_more(
    site, step, when, command
):
    with suppress(asyncio.CancelledError, Unavailable):
        await buy(Breaking(site, step, when), command, "first")
    await site.hear()
    bought = await site.sold()
    assert bought <= (await site.voucher()).used <= 1
    if isinstance(command, SellTickets):
        await site.wait(RESERVED)
        await site.hear()
        bought = await site.sold()  # what was on its way has come by now
        state = await site.voucher()
        assert (state.used, state.spent, state.due.earliest) == (bought, 500 * bought, None)
    else:  # the hold ends before the reservation could
        await site.wait(RESERVED)
        await site.hear()
        assert ((await site.voucher()).used, await site.sold()) == (0, 0)


@pytest.mark.parametrize("when", ["before", "while", "after", "lost"])
@pytest.mark.parametrize("step", [1, 2, 3])
async def test_who_asks_again_gets_it_once_and_nobody_else_does(site, step, when):
    with suppress(asyncio.CancelledError, Unavailable):
        await buy(Breaking(site, step, when), SELLS, "first")
    other = selling("o2", amount="7.00 EUR", codes=["tour"]).model_copy(
        update={"occurrence": "night-2"}
    )
    try:
        await buy(site.ask, SELLS, "second")
    except VoucherBusy:
        with pytest.raises(VoucherUsedUp):
            await buy(site.ask, other, "other")
        await site.wait(ACCEPT)
        await buy(site.ask, SELLS, "third")
    with pytest.raises(VoucherUsedUp):
        await buy(site.ask, other, "other")
    await site.hear()
    assert (await site.sold(), (await site.voucher()).used) == (1, 1)


async def test_what_an_office_refuses_is_there_for_the_next_at_once(site):
    wrong = selling("o1", amount="1.00 EUR", codes=["tour"])
    with pytest.raises(Refused):
        await buy(site.ask, wrong, "first")
    assert (await site.voucher()).used == 0
    assert (await buy(site.ask, SELLS.model_copy(update={"order": "o2"}), "second")).events


async def test_fifty_tasks_race_for_the_last_use_over_two_nights(site):
    async def one(number: int) -> str:
        sale = selling(f"o{number}", amount="7.00 EUR", codes=["tour"], subject=f"g{number}")
        night = NIGHTS[number % 2]
        try:
            await buy(site.ask, sale.model_copy(update={"occurrence": night}), f"try-{number}")
        except VoucherUsedUp:
            return "used up"
        return "sold"

    answers = await asyncio.gather(*(one(number) for number in range(50)))
    assert sorted(set(answers)) == ["sold", "used up"]
    assert (answers.count("sold"), await site.sold()) == (1, 1)
    await site.hear()
    await site.wait(RESERVED)
    state = await site.voucher()
    assert (state.used, state.spent) == (1, 500)
    await until(lambda: state.due.earliest is None)
