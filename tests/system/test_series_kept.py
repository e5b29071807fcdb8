"""A series is upgraded though some of its nights cannot be: those stay until they can be, too."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any

import grpc
import pytest

from roadcase.api.v1 import ticketing_pb2 as tickets
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.client.timetable import Timetable
from roadcase.ids import new_id
from tests.system.site import Site, roadcase, running
from tests.system.test_series_edits import ASKED, until_made
from tests.system.test_series_of_documents import DATES, WEEKLY
from tests.system.test_templates import YARD, film
from tests.system.wire import SELLS, Caller, euros

NIGHTS = [f"weekly-{on}" for on in DATES]
FULL = NIGHTS[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("kept") / "data") as found:
        yield found


@pytest.fixture
async def timetable(site) -> AsyncIterator[Timetable]:
    async with Timetable(site.grpc, site.token(*ASKED, "planning:publish")) as found:
        yield found


@pytest.fixture
async def box_office(site) -> AsyncIterator[Caller]:
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        yield Caller(site, TicketingStub(channel), *SELLS, "refund")


async def places(timetable: Timetable, *, at: int | None = None) -> list[int]:
    """Of each night, or of one."""
    names = NIGHTS if at is None else [NIGHTS[at]]
    found = [json.loads((await timetable.occurrence(each)).manifest) for each in names]
    return [each["spec"]["capacity"]["total"] for each in found]


async def sold_out(timetable: Timetable, box_office: Caller) -> None:
    """The second night sells all its four places."""
    await timetable.advance(FULL, "on_sale")
    request = tickets.SellTicketsRequest(
        occurrence=FULL,
        order="all-four",
        lines=[tickets.Line(ticket_type="standard", quantity=4)],
        payment_reference="pay",
        amount=euros(4800),
    )
    await box_office.until(lambda _: True, "SellTickets", request)


async def declared(timetable: Timetable) -> None:
    """Twice as a template says: four places, of which one night sold all; then two."""
    await timetable.publish(YARD)
    await timetable.publish(film(1, seats=4))
    await timetable.apply((await timetable.plan(WEEKLY)).plan)
    await until_made(timetable, "weekly")
    await timetable.publish(film(2, seats=2))


async def test_a_night_that_is_sold_out_stays_and_the_others_are_upgraded(
    site, timetable, box_office
):
    await declared(timetable)
    await sold_out(timetable, box_office)

    def upgrade(*more: str, code: int = 1) -> list[dict[str, Any]]:
        asked = ("template", "upgrade", "film-night@2", "--tenant", "acme", "--server", site.grpc)
        found: list[dict[str, Any]] = site.cli(*asked, *more, code=code)["effects"]
        return found

    (seen,) = upgrade()
    assert (seen["stays"], seen["class"]) == ("", "safe")
    stays = {each["name"]: each["stays"] for each in seen["nights"]}
    assert stays == {each: each == FULL for each in NIGHTS}
    (why,) = [each for each in seen["nights"][1]["changes"] if each["class"] == "blocked"]
    assert (why["code"], why["why"]) == ("below_sold", "4 are sold, held or kept aside already")
    assert await places(timetable) == [4, 4, 4, 4]

    (done,) = upgrade("--apply")
    assert done["applied"] == 2
    await until_made(timetable, "weekly")
    assert await places(timetable) == [2, 4, 2, 2]
    (row,) = site.cli("series", "list", "--tenant", "acme", "--server", site.grpc)["series"]
    assert (row["kept"], row["refused"]) == ({FULL: "below_sold"}, {})
    (again,) = upgrade("--apply")
    assert (again["stays"], [each["name"] for each in again["nights"]]) == ("blocked", [FULL])
    asked = ("template", "upgrade", "film-night@2", "--tenant", "acme", "--server", site.grpc)
    shown = roadcase(site.data, *asked).stdout
    assert f"    {FULL} stays as it is, blocked, 4 tickets sold\n" in shown

    edit = await timetable.edit_night("weekly", date.fromisoformat(DATES[2]), {"title": "Late"})
    assert {each.occurrence: each.stays for each in edit.nights} == {NIGHTS[2]: False, FULL: True}
    await timetable.apply(edit.plan)
    await until_made(timetable, "weekly")
    assert await places(timetable) == [2, 4, 2, 2]

    refund = tickets.RefundTicketsRequest(
        occurrence=FULL, order="all-four", reason="rain", refund_reference=new_id("refund")
    )
    await box_office.ask("RefundTickets", refund)
    (free,) = upgrade("--apply", code=0)
    assert [(each["name"], each["stays"]) for each in free["nights"]] == [(FULL, False)]
    await until_made(timetable, "weekly")
    assert await places(timetable) == [2, 2, 2, 2]
    assert upgrade(code=0) == []
