"""An exchange to another night over gRPC: quoted, done, refused where there is no room."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest

from roadcase.api.v1 import ticketing_exchange_pb2 as pb
from roadcase.api.v1 import ticketing_pb2 as tickets
from roadcase.api.v1.ticketing_exchange_pb2_grpc import ExchangesStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from tests.system.site import Site, running
from tests.system.wire import SELLS, Caller, euros, kind, opening, selling

LINE = tickets.Line(ticket_type="standard", quantity=1)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("exchange") / "data") as found:
        yield found


def asking(process: str, ticket: str, to: str, **more) -> pb.ExchangeTicketsRequest:
    return pb.ExchangeTicketsRequest(
        process=process,
        occurrence="friday",
        order="o1",
        tickets=[ticket],
        to=to,
        new_order=f"n-{process}",
        lines=[LINE],
        **more,
    )


async def test_a_ticket_becomes_one_of_another_night_or_nothing_has_happened(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel), *SELLS, "refund", "scan")
        exchanges = Caller(site, ExchangesStub(channel), *SELLS, "refund")
        await shop.ask("OpenBoxOffice", opening("friday"))
        await shop.ask("OpenBoxOffice", opening("saturday", kind("standard", 1500)))
        await shop.ask("OpenBoxOffice", opening("sunday", room=0))
        sold = await shop.ask("SellTickets", selling("friday", "o1", 3600, 3))
        quote = pb.QuoteExchangeRequest(
            occurrence="friday", order="o1", tickets=["o1-1"], to="saturday", lines=[LINE]
        )
        quoted = await exchanges.until(lambda found: found.total.minor, "QuoteExchange", quote)
        assert (quoted.worth, quoted.more) == (euros(1200), euros(300))
        more = asking("up", "o1-1", "saturday", paid=euros(300), payment_reference="card")
        for _ in range(2):  # asked twice, happened once
            done = await exchanges.ask("ExchangeTickets", more)
            assert done.state == pb.EXCHANGE_STATE_DONE
        no_room = await exchanges.ask("ExchangeTickets", asking("full", "o1-2", "sunday"))
        assert (no_room.state, no_room.why) == (pb.EXCHANGE_STATE_REFUSED, "ticketing.sold_out")
        again = asking("again", "o1-1", "saturday")
        assert "void already" in await exchanges.refused("ExchangeTickets", again)
        old = tickets.CheckInRequest(
            occurrence="friday", gate="door", nonce="n1", shown=sold.tickets[0].code
        )
        assert (await shop.ask("CheckIn", old)).result == tickets.SCAN_RESULT_REFUSED
        came = tickets.CheckInRequest(
            occurrence="friday", gate="door", nonce="n2", shown=sold.tickets[2].code
        )
        assert (await shop.ask("CheckIn", came)).result == tickets.SCAN_RESULT_ADMITTED
        quote.tickets[:] = ["o1-3"]
        await exchanges.refused_in_time("Somebody came in", "QuoteExchange", quote)
