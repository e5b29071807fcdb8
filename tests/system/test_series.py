"""One voucher over several nights, over gRPC: a race, what comes back, and what is listed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import grpc
import pytest

from roadcase.api.v1 import ticketing_orders_pb2 as orders
from roadcase.api.v1 import ticketing_pb2 as tickets
from roadcase.api.v1 import ticketing_reserves_pb2 as pb
from roadcase.api.v1.ticketing_orders_pb2_grpc import OrdersStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.api.v1.ticketing_reserves_pb2_grpc import VouchersStub
from tests.system.site import Site, running
from tests.system.wire import SELLS, Caller, euros, holding, opening, selling

LIST = pb.ListSeriesVouchersRequest()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("series") / "data") as found:
        yield found


def tour(code: str, uses: int, **more) -> pb.SetSeriesVoucherRequest:
    off = {"effect": pb.VOUCHER_EFFECT_SUBTRACT, "amount": euros(500)}
    return pb.SetSeriesVoucherRequest(voucher=pb.Voucher(code=code, uses=uses, **off, **more))


async def shown(vouchers: Caller, code: str, used: int) -> pb.UsedSeriesVoucher:
    """The voucher, once so many of its uses are used and none is under way."""

    def found(listed) -> pb.UsedSeriesVoucher | None:
        known = {each.voucher.code: each for each in listed.vouchers}
        each = known.get(code)
        return each if each and (each.used, each.reserved) == (used, 0) else None

    return found(await vouchers.until(found, "ListSeriesVouchers", LIST))


async def test_fifty_guests_race_for_the_last_use_over_two_nights(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel))
        vouchers = Caller(site, VouchersStub(channel))
        for night in ("mon", "tue"):
            await shop.ask("OpenBoxOffice", opening(night, room=100))
        await vouchers.ask("SetSeriesVoucher", tour("tour", 1, budget=euros(900)))
        await shown(vouchers, "TOUR", 0)

        async def buy(number: int) -> str:
            night = ("mon", "tue")[number % 2]
            asked = selling(night, f"o{number}", 700, subject=f"g{number}", codes=["Tour"])
            try:
                return f"sold {len((await shop.ask('SellTickets', asked)).tickets)}"
            except grpc.aio.AioRpcError as refused:
                return str(refused.details())

        answers = await asyncio.gather(*(buy(number) for number in range(50)))
        assert answers.count("sold 1") == 1
        assert sum("as often as it may be" in answer for answer in answers) == 49
        used = await shown(vouchers, "TOUR", 1)
        assert (used.spent, used.voucher.amount) == (euros(500), euros(500))


async def test_a_use_comes_back_from_any_night_and_is_there_for_another(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel), *SELLS, "refund")
        place = Caller(site, OrdersStub(channel))
        vouchers = Caller(site, VouchersStub(channel))
        for night in ("wed", "thu"):
            await shop.ask("OpenBoxOffice", opening(night))
        await vouchers.ask("SetSeriesVoucher", tour("round", 1))
        await shown(vouchers, "ROUND", 0)
        code = {"codes": ["round"]}
        held = await shop.ask("HoldTickets", holding("wed", "h1", **code), key="once")
        assert held == await shop.ask("HoldTickets", holding("wed", "h1", **code), key="once")
        assert held.total == euros(700)
        assert held.lines[0].voucher == "ROUND"
        wish = orders.PlaceOrderRequest(
            occurrence="thu",
            order="p1",
            lines=[tickets.Line(ticket_type="standard", quantity=1)],
            **code,
        )
        assert "as often as it may be" in await place.refused("PlaceOrder", wish)
        await shop.ask("ReleaseHold", tickets.ReleaseHoldRequest(occurrence="wed", hold="h1"))
        await shown(vouchers, "ROUND", 0)
        assert "not the total" in await shop.refused("SellTickets", selling("wed", "o1", **code))
        assert (await place.ask("PlaceOrder", wish)).total == euros(700)
        pay = tickets.ConfirmOrderRequest(
            occurrence="thu", order="p1", hold="p1", payment_reference="paid", amount=euros(700)
        )
        await shop.ask("ConfirmOrder", pay)
        await shown(vouchers, "ROUND", 1)
        void = tickets.CancelOrderRequest(occurrence="thu", order="p1", reason="ill")
        await shop.ask("CancelOrder", void)
        await shown(vouchers, "ROUND", 0)
        sold = await shop.ask("SellTickets", selling("wed", "o2", 700, **code))
        assert sold.tickets[0].price == euros(700)


async def test_such_a_voucher_keeps_no_tickets_aside_and_needs_a_planner(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        vouchers = Caller(site, VouchersStub(channel))
        assert "aside" in await vouchers.refused("SetSeriesVoucher", tour("x", 1, keeps=True))
        seller = Caller(site, VouchersStub(channel), "sell")
        assert "ticketing:plan" in await seller.refused("SetSeriesVoucher", tour("x", 1))
        assert "ticketing:plan" in await seller.refused("ListSeriesVouchers", LIST)
