"""Who signed up and did not come: their place is free again, and who came keeps theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import grpc
import pytest

from roadcase.api.v1 import ticketing_pb2 as tickets
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from tests.system.site import Site, running
from tests.system.wire import SELLS, Caller, kind, opening, selling

NIGHT = "signed-up"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("no-shows") / "data") as found:
        yield found


async def test_a_place_is_free_again_when_its_guest_did_not_come(site):
    began = datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(minutes=30)
    night = opening(NIGHT, kind("standard", 0), kind("paid", 0), room=3)
    night.starts_at = f"{began:%Y-%m-%dT%H:%M}"
    night.ends_at = f"{began + timedelta(hours=3):%Y-%m-%dT%H:%M}"
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel), *SELLS, "scan")
        await shop.ask("OpenBoxOffice", night)
        sold = [await shop.ask("SellTickets", selling(NIGHT, f"o{n}", 0)) for n in range(2)]
        other = selling(NIGHT, "o9", 0)
        other.lines[0].ticket_type = "paid"
        await shop.ask("SellTickets", other)
        scan = tickets.CheckInRequest(
            occurrence=NIGHT, gate="door", nonce="n1", shown=sold[0].tickets[0].code
        )
        assert (await shop.ask("CheckIn", scan)).result == tickets.SCAN_RESULT_ADMITTED
        looking = tickets.GetAvailabilityRequest(occurrence=NIGHT)
        change = tickets.ChangeBoxOfficeRequest(
            occurrence=NIGHT, ticket_types=[kind("standard", 0, no_show_minutes=20)]
        )
        await shop.ask("ChangeBoxOffice", change)
        found = await shop.until(lambda each: each.pools[0].free, "GetAvailability", looking)
        assert (found.pools[0].free, found.pools[0].sold) == (1, 2)
        late = tickets.CheckInRequest(
            occurrence=NIGHT, gate="door", nonce="n2", shown=sold[1].tickets[0].code
        )
        assert (await shop.ask("CheckIn", late)).result == tickets.SCAN_RESULT_REFUSED
