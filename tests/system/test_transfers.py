"""A ticket goes to somebody else over gRPC, and the gates know at every moment whose it is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import grpc
import pytest

from roadcase.api.v1 import people_pb2, ticketing_pb2
from roadcase.api.v1 import ticketing_orders_pb2 as pb
from roadcase.api.v1.ticketing_orders_pb2_grpc import OrdersStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from tests.system.site import Site, running
from tests.system.wire import SELLS, Caller, kind, opening, selling

ANA = people_pb2.Contact(email="ana@example.org", name="Ana")
BOB = people_pb2.Contact(email="bob@example.org", name="Bob")
EVE = people_pb2.Contact(email="eve@example.org", name="Eve")
ADMITTED = ticketing_pb2.SCAN_RESULT_ADMITTED


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("transfers") / "data") as found:
        yield found


class Desk:
    """A box office and its gate."""

    def __init__(self, site: Site, channel: grpc.aio.Channel, night: str) -> None:
        self.shop = Caller(site, TicketingStub(channel), *SELLS, "scan")
        self.orders = Caller(site, OrdersStub(channel))
        self.night = night
        self._scans = 0

    async def sell(self, order: str, quantity: int, **terms: int) -> list[ticketing_pb2.Ticket]:
        if order == "o1":
            await self.shop.ask(
                "OpenBoxOffice", opening(self.night, kind("standard", 1200, **terms))
            )
        asking = selling(self.night, order, 1200 * quantity, quantity, contact=ANA)
        sold = await self.shop.ask("SellTickets", asking)
        return list(sold.tickets)

    def moving(self, transfer: str, ticket: str = "o1-1", to: people_pb2.Contact = BOB):
        order = ticket.rpartition("-")[0]
        return pb.TransferTicketRequest(
            occurrence=self.night, order=order, ticket=ticket, transfer=transfer, contact=to
        )

    async def move(self, *asked: str, **more: people_pb2.Contact) -> pb.TransferTicketResponse:
        asking = self.moving(*asked, **more)
        return await self.orders.until(lambda _: True, "TransferTicket", asking)

    async def scan(self, code: str) -> ticketing_pb2.CheckInResponse:
        self._scans += 1
        asking = ticketing_pb2.CheckInRequest(
            occurrence=self.night, gate="north", nonce=f"n{self._scans}", shown=code
        )
        return await self.shop.ask("CheckIn", asking)


async def test_the_old_code_lets_nobody_in_and_the_new_one_does_once(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        desk = Desk(site, channel, "plain")
        old, _ = await desk.sell("o1", 2)
        moved = await desk.move("t1")
        again = await desk.orders.until(
            lambda found: found.tickets, "TransferTicket", desk.moving("t1")
        )
        assert [each.ticket for each in moved.tickets] == ["t1-1"]
        assert again.tickets == moved.tickets
        refused = await desk.scan(old.code)
        assert (refused.result != ADMITTED, refused.reason) == (True, "revoked")
        (new,) = moved.tickets
        assert new.code != old.code
        assert (await desk.scan(new.code)).result == ADMITTED
        after = await desk.orders.refused("TransferTicket", desk.moving("t2", "t1-1", EVE))
        assert "let in" in after
        taken = await desk.orders.refused("TransferTicket", desk.moving("t1", to=EVE))
        assert "order" in taken


async def until_refused(caller: Caller, method: str, request: object, words: str) -> None:
    for _ in range(200):
        if words in await caller.refused(method, request):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(words)


async def test_what_is_refused_leaves_the_old_code_as_it_was(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        desk = Desk(site, channel, "limited")
        (old,) = await desk.sell("o1", 1, per_person_max=1)
        first = await desk.move("t1")
        assert len(first.tickets) == 1
        asking = selling(desk.night, "o3", contact=ANA)
        (mine,) = (await desk.shop.ask("SellTickets", asking)).tickets
        shown = pb.QuoteRefundRequest(occurrence=desk.night, order="o3")
        await until_refused(desk.orders, "QuoteRefund", shown, "nothing is given back")
        said = await desk.orders.refused("TransferTicket", desk.moving("t3", "o3-1"))
        assert "person" in said
        assert (await desk.scan(mine.code)).result == ADMITTED
        assert (await desk.scan(old.code)).result != ADMITTED


async def test_a_scan_in_the_same_moment_and_a_transfer_never_both_win(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        desk = Desk(site, channel, "race")
        tickets = await desk.sell("o1", 10)
        await desk.orders.until(
            lambda _: True,
            "RenameTicket",
            pb.RenameTicketRequest(occurrence="race", order="o1", ticket="o1-10", contact=EVE),
        )
        await desk.move("t10", "o1-10")

        async def race(number: int) -> bool:
            moving = desk.moving(f"t{number}", f"o1-{number}")

            async def move() -> bool:
                try:
                    return bool((await desk.orders.ask("TransferTicket", moving)).tickets)
                except grpc.aio.AioRpcError:
                    return False

            moved, scanned = await asyncio.gather(move(), desk.scan(tickets[number - 1].code))
            return moved != (scanned.result == ADMITTED)

        assert all(await asyncio.gather(*(race(number) for number in range(1, 10))))


async def test_a_mail_again_at_most_three_times_an_hour_and_to_somebody(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        desk = Desk(site, channel, "mails")
        await desk.sell("o1", 1)
        for number in (1, 2, 3):
            wish = pb.ResendOrderRequest(occurrence="mails", order="o1", resend=f"r{number}")
            await desk.orders.until(lambda _: True, "ResendOrder", wish)
        wish.resend = "r4"
        assert "three times" in await desk.orders.refused("ResendOrder", wish)
        wish.resend = "r3"
        await desk.orders.ask("ResendOrder", wish)
