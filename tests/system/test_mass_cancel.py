"""A whole night is cancelled, the process is killed in the middle, and it goes on where it was."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import grpc

from roadcase.api.v1 import ticketing_mass_cancel_pb2 as pb
from roadcase.api.v1.ticketing_mass_cancel_pb2_grpc import MassCancelStub
from roadcase.api.v1.ticketing_orders_pb2_grpc import OrdersStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from tests.system.site import Site, running
from tests.system.test_placed_orders import placing
from tests.system.wire import SELLS, Caller, euros, opening, selling

NIGHT = "placed"  # as the helper that places orders calls it
ORDERS = 300


async def sold(site: Site) -> None:
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel))
        await shop.ask("OpenBoxOffice", opening(NIGHT, room=1000))
        sales = (
            shop.ask("SellTickets", selling(NIGHT, f"o{n:03}", 2400, 2)) for n in range(ORDERS)
        )
        await asyncio.gather(*sales)
        await Caller(site, OrdersStub(channel)).ask("PlaceOrder", placing("late", "standard"))


async def started(site: Site) -> int:
    """Preview and start it; how many orders were done when the process was killed."""
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        night = Caller(site, MassCancelStub(channel), *SELLS, "refund")
        look = pb.PreviewMassCancelRequest(occurrence=NIGHT)
        shown = await night.until(
            lambda found: found.orders == ORDERS and found.placed, "PreviewMassCancel", look
        )
        assert (shown.tickets, list(shown.back)) == (2 * ORDERS, [euros(2400 * ORDERS)])
        start = pb.StartMassCancelRequest(process="storm", occurrence=NIGHT, reason="storm")
        await night.ask("StartMassCancel", start)
        asking = pb.GetMassCancelRequest(process="storm")
        found = await night.until(lambda each: each.orders > 20, "GetMassCancel", asking)
        site.process.kill()
        return int(found.orders)


async def finished(site: Site) -> pb.GetMassCancelResponse:
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        night = Caller(site, MassCancelStub(channel), *SELLS, "refund")
        asking = pb.GetMassCancelRequest(process="storm")
        done = await night.until(lambda each: each.finished, "GetMassCancel", asking)
        listing = pb.ListMassCancelledRequest(process="storm", page_size=200)
        page = await night.ask("ListMassCancelled", listing)
        assert {each.outcome for each in page.orders} <= {"refunded", "declined"}
        shop = Caller(site, TicketingStub(channel))
        refused = await shop.refused("SellTickets", selling(NIGHT, "x"))
        assert "is stopped" in refused
        return done


def test_a_night_is_cancelled_order_by_order_though_it_is_killed_in_the_middle(tmp_path):
    data = tmp_path / "data"
    with suppress(Exception), running(data) as site:
        asyncio.run(sold(site))
        before = asyncio.run(started(site))
        assert before < ORDERS
    with running(data) as site:
        done = asyncio.run(finished(site))
        site.cli("log", "export", str(tmp_path / "log.jsonl"))
    assert (done.orders, done.refused, list(done.back)) == (ORDERS + 1, 0, [euros(2400 * ORDERS)])
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    topics = [json.loads(line)["topic"] for line in lines]
    assert topics.count("ticketing.ticket_refunded.v1") == 2 * ORDERS
    assert topics.count("ticketing.order_mass_cancelled.v1") == ORDERS + 1
    assert topics.count("ticketing.mass_cancel_finished.v1") == 1
