"""Seats over the wire: a plan is set, seats are sold, and every paper and door says which."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import httpx
import pytest

from roadcase.api.v1 import ticketing_pb2 as pb
from roadcase.api.v1 import ticketing_seats_pb2 as seats_pb
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.api.v1.ticketing_seats_pb2_grpc import SeatsStub
from tests.system.site import Site, running
from tests.system.wire import SELLS, Caller, euros, opening

NIGHT = "theatre"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("seats") / "data") as found:
        yield found


def plan() -> seats_pb.SetSeatingPlanRequest:
    seats = [seats_pb.Seat(name=str(n), kind=2 if n == 5 else 1, gap=n == 4) for n in range(1, 6)]
    request = seats_pb.SetSeatingPlanRequest(
        occurrence=NIGHT,
        pool="room",
        areas=[seats_pb.SeatArea(name="Stalls", rows=[seats_pb.SeatRow(name="A", seats=seats)])],
        blocked=["Stalls A-4"],
    )
    request.kept_until.FromJsonString("2099-01-01T00:00:00Z")
    return request


def line(*seats: str, **more: int) -> pb.Line:
    quantity = len(seats) or more.pop("quantity", 1)
    return pb.Line(ticket_type="standard", quantity=quantity, seats=seats, **more)


async def test_seats_are_planned_sold_shown_and_said_at_the_gate(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        sells = Caller(site, TicketingStub(channel), *SELLS, "scan")
        plans = Caller(site, SeatsStub(channel))
        await sells.ask("OpenBoxOffice", opening(NIGHT))
        await plans.ask("SetSeatingPlan", plan())
        hold = pb.HoldTicketsRequest(occurrence=NIGHT, hold="h1", lines=[line(quantity=2)])
        held = await sells.ask("HoldTickets", hold)
        assert list(held.lines[0].seats) == ["Stalls A-2", "Stalls A-3"]
        taken = pb.HoldTicketsRequest(
            occurrence=NIGHT, hold="h2", lines=[line("Stalls A-1", "Stalls A-2")]
        )
        assert "taken" in await sells.refused("HoldTickets", taken)
        sale = pb.SellTicketsRequest(
            occurrence=NIGHT,
            order="o1",
            lines=[line(accessible=1)],
            payment_reference="paid",
            amount=euros(1200),
        )
        (sold,) = (await sells.ask("SellTickets", sale)).tickets
        assert sold.seat == "Stalls A-5"
        ask = seats_pb.GetSeatingPlanRequest(occurrence=NIGHT, pool="room")
        shown = await plans.until(
            lambda found: found.areas[0].rows[0].seats[4].state == seats_pb.SEAT_STATE_SOLD,
            "GetSeatingPlan",
            ask,
        )
        states = [seat.state for seat in shown.areas[0].rows[0].seats]
        assert states == [1, 2, 2, 4, 3]
        assert shown.kept_until == plan().kept_until
        headers = {"Authorization": f"Bearer {sells.token}"}
        async with httpx.AsyncClient(base_url=f"http://{site.http}", headers=headers) as http:
            found = (await http.get(f"/ticketing/occurrences/{NIGHT}/seats")).json()["item"]
        (row,) = found["room"]["areas"][0]["rows"]
        assert [seat["state"] for seat in row["seats"]] == [
            "free",
            "held",
            "held",
            "blocked",
            "sold",
        ]
        scan = pb.CheckInRequest(occurrence=NIGHT, gate="g", nonce="n1", shown=sold.code)
        answer = await sells.ask("CheckIn", scan)
        assert (answer.seat, answer.message) == ("Stalls A-5", "Welcome. Seat Stalls A-5.")
