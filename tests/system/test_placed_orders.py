"""Orders that wait for approval or payment, over gRPC."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest

from roadcase.api.v1 import people_pb2
from roadcase.api.v1 import ticketing_orders_pb2 as pb
from roadcase.api.v1 import ticketing_pb2 as tickets
from roadcase.api.v1.ticketing_orders_pb2_grpc import OrdersStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from tests.system.site import Site, running
from tests.system.wire import Caller, euros, holding, kind, opening

NIGHT = "placed"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("placed") / "data") as found:
        yield found


def placing(order: str, id_: str, quantity: int = 1) -> pb.PlaceOrderRequest:
    return pb.PlaceOrderRequest(
        occurrence=NIGHT,
        order=order,
        lines=[tickets.Line(ticket_type=id_, quantity=quantity)],
        contact=people_pb2.Contact(email=f"{order}@example.org"),
    )


async def test_an_order_is_approved_paid_or_declined_and_keeps_its_seats_meanwhile(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel))
        orders = Caller(site, OrdersStub(channel))
        types = kind("standard", 1200), kind("member", 500, approval=True)
        await shop.ask("OpenBoxOffice", opening(NIGHT, *types, room=3))
        placed = await orders.ask("PlaceOrder", placing("p1", "standard"))
        assert (placed.total, placed.approval) == (euros(1200), False)
        asked = await orders.ask("PlaceOrder", placing("p2", "member"))
        assert asked.approval
        await orders.ask("PlaceOrder", placing("p3", "member"))
        assert "says who may" in await shop.refused("HoldTickets", holding(NIGHT, "h1", "member"))
        assert "Not enough" in await shop.refused("HoldTickets", holding(NIGHT, "h1"))

        def paying(order: str, minor: int) -> tickets.ConfirmOrderRequest:
            return tickets.ConfirmOrderRequest(
                occurrence=NIGHT,
                order=order,
                hold=order,
                payment_reference="paid",
                amount=euros(minor),
            )

        assert len((await shop.ask("ConfirmOrder", paying("p1", 1200))).tickets) == 1
        assert "waits for this" in await shop.refused("ConfirmOrder", paying("p2", 500))
        await orders.ask("ApproveOrder", pb.ApproveOrderRequest(occurrence=NIGHT, order="p2"))
        assert len((await shop.ask("ConfirmOrder", paying("p2", 500))).tickets) == 1
        no = pb.DeclineOrderRequest(occurrence=NIGHT, order="p3", reason="full of friends")
        await orders.ask("DeclineOrder", no)
        assert (await shop.ask("HoldTickets", holding(NIGHT, "h1"))).total == euros(1200)

        listing = pb.ListPlacedOrdersRequest(occurrence=NIGHT, state=pb.PLACED_STATE_DECLINED)
        found = await orders.until(lambda each: each.orders, "ListPlacedOrders", listing)
        assert [(each.order, each.reason) for each in found.orders] == [("p3", "full of friends")]
        listing = pb.ListPlacedOrdersRequest(occurrence=NIGHT, page_size=2)
        page = await orders.ask("ListPlacedOrders", listing)
        assert [each.order for each in page.orders] == ["p1", "p2"]
        assert page.next_page_token == "p2"
