"""Vouchers and allotments over gRPC: a race for the last use, what is kept, what is given."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import grpc
import pytest

from roadcase.api.v1 import people_pb2
from roadcase.api.v1 import ticketing_pb2 as tickets
from roadcase.api.v1 import ticketing_reserves_pb2 as pb
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.api.v1.ticketing_reserves_pb2_grpc import AllotmentsStub, VouchersStub
from tests.system.site import Site, running
from tests.system.wire import SELLS, Caller, euros, holding, opening, selling


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("reserves") / "data") as found:
        yield found


async def test_fifty_guests_race_for_the_last_use_of_a_voucher(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel))
        vouchers = Caller(site, VouchersStub(channel))
        await shop.ask("OpenBoxOffice", opening("race", room=100))
        voucher = pb.Voucher(
            code="last", effect=pb.VOUCHER_EFFECT_SUBTRACT, amount=euros(500), uses=1
        )
        request = pb.SetVoucherRequest(occurrence="race", voucher=voucher)
        await vouchers.ask("SetVoucher", request)

        async def buy(number: int) -> str:
            asked = selling("race", f"o{number}", 700, subject=f"g{number}", codes=["LAST"])
            try:
                order = await shop.ask("SellTickets", asked)
            except grpc.aio.AioRpcError as refused:
                return str(refused.details())
            return f"sold {len(order.tickets)}"

        answers = await asyncio.gather(*(buy(number) for number in range(50)))
        assert answers.count("sold 1") == 1
        assert sum("as often as it may be" in answer for answer in answers) == 49
        listed = pb.ListVouchersRequest(occurrence="race")
        found = await vouchers.until(
            lambda each: each.vouchers and each.vouchers[0].sold, "ListVouchers", listed
        )
        assert found.vouchers[0].sold == 1
        assert found.vouchers[0].voucher.code == "LAST"
        assert found.vouchers[0].voucher.amount == euros(500)


async def test_what_is_kept_is_for_who_has_the_code_and_what_is_given_costs_nothing(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel))
        house = Caller(site, AllotmentsStub(channel), *SELLS, "give")
        await shop.ask("OpenBoxOffice", opening("kept", room=4))
        allotment = pb.Allotment(
            id="press", name="Press", pool="room", kind=pb.ALLOTMENT_KIND_PRESS, codes=["critic"]
        )
        request = pb.SetAllotmentRequest(occurrence="kept", allotment=allotment, units=3)
        await house.ask("SetAllotment", request)
        shown = await shop.until(
            lambda found: found.pools[0].kept,
            "GetAvailability",
            tickets.GetAvailabilityRequest(occurrence="kept"),
        )
        assert (shown.pools[0].free, shown.pools[0].kept, shown.types[0].left) == (1, 3, 1)
        assert "Not enough" in await shop.refused("HoldTickets", holding("kept", "h1", quantity=2))
        typed = holding("kept", "h1", quantity=2, codes=["Critic"])
        looks_alike = holding("kept", "h1", quantity=2, codes=["Cr\u0456tic"])
        assert "Nobody knows this code" in await shop.refused("HoldTickets", looks_alike)
        assert (await shop.ask("HoldTickets", typed)).total == euros(2400)
        named = holding("kept", "h2", allotment="press")
        assert "ticketing:give" in await shop.refused("HoldTickets", named)
        gift = pb.GiveTicketsRequest(
            occurrence="kept",
            order="g1",
            lines=[tickets.Line(ticket_type="standard", quantity=1)],
            giver="house",
            reason="review",
            allotment="press",
            contact=people_pb2.Contact(email="critic@example.org"),
        )
        order = await house.ask("GiveTickets", gift)
        assert [each.price for each in order.tickets] == [euros(0)]
        assert "ticketing:give" in await Caller(site, AllotmentsStub(channel)).refused(
            "GiveTickets", gift
        )
        listed = pb.ListAllotmentsRequest(occurrence="kept")
        found = await house.until(lambda each: each.allotments[0].sold, "ListAllotments", listed)
        assert list(found.allotments[0].allotment.codes) == ["CRITIC"]
        release = pb.ReleaseAllotmentRequest(occurrence="kept", allotment="press")
        assert (await house.ask("ReleaseAllotment", release)).units == 0
