"""Sales in batches, on a real site: each item has its own answer, in its place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import grpc
import pytest

from roadcase.api.v1 import people_pb2
from roadcase.api.v1 import ticketing_pb2 as pb
from roadcase.api.v1 import ticketing_reserves_pb2 as reserves
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.api.v1.ticketing_reserves_pb2_grpc import VouchersStub
from tests.system.site import Site, running
from tests.system.wire import Caller, euros, opening, selling


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("stream") / "data") as found:
        yield found


def sold(order: str, key: str = "", minor: int = 1200, **more: Any) -> pb.SellStreamItem:
    sale = selling("batch", order, minor, **more)
    return pb.SellStreamItem(idempotency_key=key or f"k-{order}", sale=sale)


async def answers(shop: Caller, *messages: list[pb.SellStreamItem]) -> list[Any]:
    """The results of these messages, flat."""

    async def asked() -> AsyncIterator[pb.SellStreamRequest]:
        for items in messages:
            yield pb.SellStreamRequest(items=items)

    call = shop.stub.SellStream(asked(), metadata=(("authorization", f"Bearer {shop.token}"),))
    return [result async for response in call for result in response.results]


async def test_each_item_has_its_own_answer_in_its_place(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel))
        await shop.ask("OpenBoxOffice", opening("batch", room=7))
        voucher = reserves.Voucher(
            code="less", effect=reserves.VOUCHER_EFFECT_SUBTRACT, amount=euros(500), uses=1
        )
        request = reserves.SetVoucherRequest(occurrence="batch", voucher=voucher)
        await Caller(site, VouchersStub(channel)).ask("SetVoucher", request)
        guest = people_pb2.Contact(email="ada@example.org")
        unknown = sold("e")
        unknown.sale.lines[0].ticket_type = "box"
        strange = sold("s")
        strange.sale.channel = 99
        none = sold("i")
        none.sale.lines[0].quantity = 0
        first = [
            sold("a"),
            sold("a"),  # the same again, while it is on its way
            sold("b", minor=1100),
            unknown,
            strange,
            sold("c", contact=guest),
            sold("d", minor=700, codes=["LESS"]),
            sold("f", minor=700, codes=["LESS"]),
            sold("g", key="\N{SNOWMAN}"),
            sold("h", minor=-1),
            none,
        ]
        second = [sold(f"more{number}") for number in range(6)]
        found = [*await answers(shop, first), *await answers(shop, second[:3], second[3:])]
        assert [each.idempotency_key for each in found] == [
            each.idempotency_key for each in first + second
        ]
        reasons = [each.error.reason for each in found]
        wrong = "roadcase.invalid"
        assert reasons[:11] == [
            "", "", "ticketing.wrong_amount", "ticketing.unknown_ticket_type", wrong,
            "", "", "ticketing.voucher_used_up", wrong, wrong, wrong,
        ]  # fmt: skip
        assert sorted(reasons[11:]) == [""] * 4 + ["ticketing.sold_out"] * 2
        where = [each.error.field_violations[0].field for each in found[9:11]]
        assert where == ["amount", "lines[0].quantity"]
        assert found[0].order == found[1].order
        assert (found[0].replayed, found[1].replayed) == (False, True)
        assert [ticket.price for ticket in found[6].order.tickets] == [euros(700)]
        assert {each.order.order for each in found if each.HasField("order")} >= {"a", "c", "d"}
        assert "channel" in found[4].error.field_violations[0].field

        again = await answers(shop, [sold("a"), sold("a", key="other"), sold("b")])
        assert [each.replayed for each in again] == [True, False, False]
        assert [each.error.reason for each in again] == ["", "", "ticketing.sold_out"]
        assert again[0].order == found[0].order
        assert [each.code for each in again[1].order.tickets] == [
            each.code for each in found[0].order.tickets
        ]


async def test_too_many_items_in_a_message_are_refused_each(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel))
        found = await answers(shop, [sold(f"x{number}") for number in range(257)])
    assert {each.error.reason for each in found} == {"roadcase.too_large"}
    assert len(found) == 257
