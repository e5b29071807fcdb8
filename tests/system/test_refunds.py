"""Refunds by the terms of the day of purchase over gRPC: quoted, given, and not after entry."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest

from roadcase.api.v1 import ticketing_orders_pb2 as pb
from roadcase.api.v1 import ticketing_pb2 as tickets
from roadcase.api.v1.ticketing_orders_pb2_grpc import OrdersStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from tests.system.site import Site, running
from tests.system.wire import SELLS, Caller, euros, kind, opening, selling

NIGHT = "fair"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("refunds") / "data") as found:
        yield found


async def test_a_guest_gets_what_was_quoted_and_nothing_for_who_was_let_in(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel), *SELLS, "refund", "scan")
        orders = Caller(site, OrdersStub(channel))
        await shop.ask("OpenBoxOffice", opening(NIGHT, kind("standard", 444, policy="p")))
        step = pb.RefundStep(hours=1, permille=125)
        policy = pb.SetRefundPolicyRequest(occurrence=NIGHT, policy="p", steps=[step])
        await orders.ask("SetRefundPolicy", policy)
        sold = await shop.ask("SellTickets", selling(NIGHT, "o1", 1332, 3))
        asking = pb.QuoteRefundRequest(occurrence=NIGHT, order="o1")
        quoted = await orders.until(lambda found: found.tickets, "QuoteRefund", asking)
        assert quoted.amount == euros(1332 - 167)
        wrong = tickets.RefundTicketsRequest(
            occurrence=NIGHT,
            order="o1",
            reason="asked",
            refund_reference="b1",
            by_policy=True,
            amount=euros(1332),
        )
        assert "What comes back is not what was said" in await shop.refused("RefundTickets", wrong)
        scan = tickets.CheckInRequest(
            occurrence=NIGHT, gate="north", nonce="n1", shown=sold.tickets[0].code
        )
        assert (await shop.ask("CheckIn", scan)).result == tickets.SCAN_RESULT_ADMITTED
        two = pb.QuoteRefundRequest(occurrence=NIGHT, order="o1", tickets=["o1-2", "o1-3"])
        quoted = await orders.ask("QuoteRefund", two)
        await orders.until(lambda found: found.amount == euros(777), "QuoteRefund", two)
        right = tickets.RefundTicketsRequest(
            occurrence=NIGHT,
            order="o1",
            tickets=two.tickets,
            reason="asked",
            refund_reference="b2",
            by_policy=True,
            amount=quoted.amount,
        )
        given = await shop.ask("RefundTickets", right)
        assert sum(each.amount.minor for each in given.tickets) == 777
        one = pb.QuoteRefundRequest(occurrence=NIGHT, order="o1", tickets=["o1-1"])
        assert "nothing is given back" in await orders.refused("QuoteRefund", one)
        right.tickets[:] = ["o1-1"]
        assert "nothing is given back" in await shop.refused("RefundTickets", right)
        assert "no such order" in await orders.refused(
            "QuoteRefund", pb.QuoteRefundRequest(occurrence=NIGHT, order="o9")
        )


async def test_who_keeps_half_of_a_bundle_is_told_first_and_confirms_that(site):
    """A pair for 20.00 of 14.00 and 7.00: 13.33 and 6.67. The adult alone is 14.00: 0.67 more."""
    night = "pairs"
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel), *SELLS, "refund")
        orders = Caller(site, OrdersStub(channel))
        pair = kind("pair", 2000, bundle={"adult": 1, "kid": 1})
        pair.draws.clear()
        parts = [kind("adult", 1400, policy="p"), kind("kid", 700, policy="p")]
        await shop.ask("OpenBoxOffice", opening(night, *parts, pair))
        policy = pb.SetRefundPolicyRequest(
            occurrence=night, policy="p", steps=[pb.RefundStep(hours=1, permille=100)]
        )
        await orders.ask("SetRefundPolicy", policy)
        sale = selling(night, "o1", 2000)
        sale.lines[0].ticket_type = "pair"
        sold = await shop.ask("SellTickets", sale)
        ids = {each.ticket_type: each.ticket for each in sold.tickets}
        asking = pb.QuoteRefundRequest(occurrence=night, order="o1", tickets=[ids["kid"]])
        quoted = await orders.until(lambda found: found.tickets, "QuoteRefund", asking)
        (kid,), (adult,) = quoted.tickets, quoted.stay
        assert (kid.paid, kid.amount, quoted.amount) == (euros(667), euros(540), euros(540))
        assert [why.partition(":")[0] for why in kid.why] == [
            "A bundle is no longer whole",
            "The terms of the purchase keep a part.",
        ]
        assert (adult.ticket, adult.before, adult.price) == (ids["adult"], euros(1333), euros(1400))
        refund = tickets.RefundTicketsRequest(
            occurrence=night,
            order="o1",
            tickets=[ids["kid"]],
            reason="asked",
            refund_reference="b1",
            by_policy=True,
        )
        assert "confirm its amount" in await shop.refused("RefundTickets", refund)
        refund.amount.CopyFrom(euros(667))
        assert "confirm its amount" in await shop.refused("RefundTickets", refund)
        refund.amount.CopyFrom(quoted.amount)
        given = await shop.ask("RefundTickets", refund)
        assert [each.amount for each in given.tickets] == [euros(540)]
        rest = pb.QuoteRefundRequest(occurrence=night, order="o1")
        shown = await orders.until(lambda found: len(found.tickets) == 1, "QuoteRefund", rest)
        assert (shown.tickets[0].paid, shown.amount) == (euros(1400), euros(1260))
