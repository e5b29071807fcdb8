"""The waiting list over gRPC: a seat that becomes free is offered to who waited longest."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import httpx
import pytest

from roadcase.api.v1 import people_pb2
from roadcase.api.v1 import ticketing_pb2 as tickets
from roadcase.api.v1 import ticketing_waiting_pb2 as pb
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.api.v1.ticketing_waiting_pb2_grpc import WaitingListStub
from tests.system.site import Site, running
from tests.system.wire import SELLS, Caller, euros, holding, opening, selling

NIGHT = "full"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("waiting") / "data") as found:
        yield found


def joining(entry: str, quantity: int = 1, **more) -> pb.JoinWaitingListRequest:
    contact = people_pb2.Contact(email=f"{entry}@example.org")
    return pb.JoinWaitingListRequest(
        occurrence=NIGHT,
        entry=entry,
        ticket_types=["standard"],
        quantity=quantity,
        contact=contact,
        **more,
    )


def asking(entry: str) -> pb.GetWaitingRequest:
    return pb.GetWaitingRequest(occurrence=NIGHT, entry=entry)


async def test_a_seat_that_becomes_free_goes_to_who_waited_longest_and_then_to_the_next(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel), *SELLS, "refund")
        waits = Caller(site, WaitingListStub(channel), *SELLS)
        await shop.ask("OpenBoxOffice", opening(NIGHT, room=2))
        assert "buy them" in await waits.refused("JoinWaitingList", joining("ann"))
        await shop.ask("SellTickets", selling(NIGHT, "o1", 2400, 2))
        for entry in ("ann", "bob", "cid"):
            for _ in range(2):  # asked twice, happened once
                await waits.ask("JoinWaitingList", joining(entry))
        await waits.ask("JoinWaitingList", joining("vip", priority=1))
        same = joining("ann2")
        same.contact.email = "ANN@example.org "
        assert "waits for tickets" in await waits.refused("JoinWaitingList", same)
        listing = pb.ListWaitingRequest(occurrence=NIGHT, page_size=3)
        page = await waits.until(lambda found: found.next_page_token, "ListWaiting", listing)
        assert [each.entry for each in page.entries] == ["vip", "ann", "bob"]
        rest = pb.ListWaitingRequest(occurrence=NIGHT, page_token=page.next_page_token)
        assert [each.entry for each in (await waits.ask("ListWaiting", rest)).entries] == ["cid"]

        void = tickets.CancelOrderRequest(occurrence=NIGHT, order="o1", reason="ill")
        await shop.ask("CancelOrder", void)
        offered = await waits.until(lambda found: found.offer, "GetWaiting", asking("ann"))
        assert offered.state == pb.WAITING_STATE_OFFERED
        assert "Not enough" in await shop.refused("HoldTickets", holding(NIGHT, "h1"))
        leaving = pb.LeaveWaitingListRequest(occurrence=NIGHT, entry="vip")
        await waits.ask("LeaveWaitingList", leaving)
        await waits.until(lambda found: found.offer, "GetWaiting", asking("bob"))
        bought = tickets.ConfirmOrderRequest(
            occurrence=NIGHT,
            order="o2",
            hold=offered.offer,
            payment_reference="paid",
            amount=euros(1200),
        )
        assert len((await shop.ask("ConfirmOrder", bought)).tickets) == 1
        won = pb.WAITING_STATE_BOUGHT
        await waits.until(lambda found: found.state == won, "GetWaiting", asking("ann"))
        assert (await waits.ask("GetWaiting", asking("vip"))).state == pb.WAITING_STATE_LAPSED
        assert "Nobody with this id" in await waits.refused("GetWaiting", asking("zoe"))


async def test_who_waits_is_shown_to_who_may_read_people_and_priority_is_not_for_all(site):
    url = f"http://{site.http}/ticketing/occurrences/{NIGHT}/waiting"
    token = site.token("ticketing:read", "people:read")
    answer = httpx.AsyncClient(headers={"authorization": f"Bearer {token}"})
    async with answer as client:
        (row,) = (await client.get(url)).json()["items"]
    assert (row["entry"], row["contact"]["email"]) == ("cid", "cid@example.org")
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        other = Caller(site, WaitingListStub(channel), "sell")
        wanted = joining("dan", priority=3)
        assert "ticketing:plan" in await other.refused("JoinWaitingList", wanted)
