"""A guest asks for an invoice on the page of their order; who makes it reads what it is to say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import grpc
import httpx
import pytest
from playwright.sync_api import Browser

from roadcase.api.v1 import ticketing_invoices_pb2 as pb
from roadcase.api.v1.ticketing_invoices_pb2_grpc import InvoicesStub
from tests.system.test_guest_pages import House, run
from tests.system.test_mail import EMAIL, house_at, inbox, settings, wait_for  # noqa: F401
from tests.system.test_order_changes import NIGHT, opened
from tests.system.test_page import browser  # noqa: F401 - a fixture
from tests.system.wire import SELLS, Caller

PLACE = "Peanut Lane 77"


@pytest.fixture
def house(tmp_path, settings) -> Iterator[House]:  # noqa: F811
    with house_at(tmp_path / "data", **settings) as found:
        yield found


def asks(house: House, method: str, request: Any, *more: str) -> Any:
    """The answer, or in which words it is refused."""
    found: list[Any] = []

    async def work() -> None:
        async with grpc.aio.insecure_channel(house.site.grpc) as channel:
            desk = Caller(house.site, InvoicesStub(channel))
            scopes = [f"ticketing:{scope}" for scope in SELLS]
            desk.token = house.site.token(*scopes, *more)
            try:
                found.append(await desk.ask(method, request))
            except grpc.aio.AioRpcError as error:
                found.append(str(error.details()))

    run(work())
    return found[0]


def wanted(house: House, **more: Any) -> list[pb.InvoiceRequest]:
    request = pb.ListInvoiceRequestsRequest(occurrence=NIGHT, **more)
    return list(asks(house, "ListInvoiceRequests", request, "people:read").requests)


def form(place: str) -> dict[str, str]:
    text = httpx.get(f"{place}/invoice").text
    hidden = dict(re.findall(r'type="hidden" name="(\S+)" value="([^"]*)"', text))
    return {**hidden, "name": "Ada <b> GmbH", "street": PLACE, "place": "1010 Wien"}


def test_a_guest_asks_changes_it_until_it_is_made_and_is_gone_when_erased(
    house,
    inbox,  # noqa: F811
    browser: Browser,  # noqa: F811
    tmp_path,
):
    place = opened(house)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(place)
    page.get_by_role("link", name="Ask for an invoice").click()
    assert "It will be sent by mail" in page.content()
    page.get_by_label("Name or company").fill("Ada <b> GmbH")
    page.get_by_label("first line").fill(PLACE)
    page.get_by_label("second line").fill("1010 Wien")
    page.get_by_label("VAT id").fill("atu12345678")
    page.screenshot(path=tmp_path / "invoice.png", full_page=True)
    page.get_by_role("button", name="Ask for the invoice").click()
    assert "You asked for an invoice. It will be sent by mail" in page.content()
    assert PLACE not in page.content()
    context.close()
    assert "You asked for an invoice" in httpx.get(place).text
    (first,) = wanted(house)
    assert (first.name, first.address, first.vat_id, first.number) == (
        "Ada <b> GmbH", f"{PLACE}\n1010 Wien", "ATU12345678", "",
    )  # fmt: skip

    assert "people:read" in asks(
        house, "ListInvoiceRequests", pb.ListInvoiceRequestsRequest(occurrence=NIGHT)
    )
    same = {**form(place), "vat_id": "ATU12345678"}
    assert httpx.post(f"{place}/invoice", data=same).status_code == 303
    assert [each.requested_at for each in wanted(house)] == [first.requested_at]
    assert httpx.post(f"{place}/invoice", data=form(place) | {"vat_id": ""}).status_code == 303
    (second,) = wanted(house)
    assert (second.vat_id, second.requested_at != first.requested_at) == ("", True)
    for wrong in ({"name": " "}, {"street": "", "place": ""}, {"vat_id": "<b>"}):
        answer = httpx.post(f"{place}/invoice", data=form(place) | wrong)
        assert (answer.status_code, 'role="alert"' in answer.text) == (409, True)

    record = pb.RecordInvoiceRequest(occurrence=NIGHT, order=first.order, number="R-1")
    assert not isinstance(asks(house, "RecordInvoice", record), str)
    wait_for(lambda: not wanted(house, open=True), "an invoice that is made")
    assert [each.number for each in wanted(house)] == ["R-1"]
    late = httpx.post(f"{place}/invoice", data=form(place) | {"name": "Else"})
    assert (late.status_code, "its details change no more" in late.text) == (409, True)
    assert "The invoice R-1 is made" in httpx.get(f"{place}/invoice").text
    files = [each for each in house.site.data.rglob("*") if each.is_file()]
    assert not [each for each in files if PLACE.encode() in each.read_bytes()]
    house.site.cli("people", "erase", "acme", EMAIL)
    wait_for(lambda: wanted(house)[0].unreadable, "a guest who is gone")
    assert (wanted(house)[0].name, wanted(house)[0].address) == ("", "")
    assert httpx.get(f"{place}/invoice").status_code == 404
