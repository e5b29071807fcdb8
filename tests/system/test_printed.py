"""The last printed tickets as pictures: on the page in a real browser, and at the door beneath."""

from __future__ import annotations

import base64
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from services.devices.queries import SHOWN
from tests.system.alone import settings
from tests.system.site import Site, running
from tests.system.test_page import (  # noqa: F401 - two of them are fixtures
    SCOPES,
    Office,
    browser,
    events,
    opens,
    shows,
)

PRINTS = ".print[data-picture=there]"


class Printer:
    """A virtual printer in a process of its own."""

    def __init__(self, out: Path) -> None:
        self.out = out
        command = [sys.executable, "-m", "roadcase.testing.printer", "--out", str(out)]
        command += ["--port", "0", "--control-port", "0", "--mm-per-s", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        self.address = re.search(r"listens on (\S+),", said)[1]

    def pictures(self) -> dict[str, bytes]:
        """What came out, by the code that zxing reads on it."""
        return {read(each.read_bytes()): each.read_bytes() for each in self.out.glob("*.png")}


def read(png: bytes) -> str:
    with Image.open(BytesIO(png)) as picture:
        (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    return found.text


@contextmanager
def printer(out: Path) -> Iterator[Printer]:
    made = Printer(out)
    try:
        yield made
    finally:
        made.process.terminate()
        made.process.communicate(timeout=10)


@pytest.fixture(scope="module")
def paper(tmp_path_factory) -> Iterator[Printer]:
    with printer(tmp_path_factory.mktemp("paper")) as made:
        yield made


@pytest.fixture(scope="module")
def site(paper, tmp_path_factory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("printed") / "data"
    with running(data, printers=f"acme/ticket-1={paper.address}") as found:
        yield found


class Box(Office):
    """A box office whose token may see what was printed."""

    def __init__(self, site: Site, night: str, tenant: str = "acme") -> None:
        super().__init__(site, night, tenant)
        self.token = site.token(*SCOPES, "devices:read", "devices:operate", tenant=tenant)
        self.address = f"http://{site.http}/#token={self.token}&occurrence={night}"
        self._base = f"http://{site.http}"

    def ask(self, path: str, **headers: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", **headers}
        return httpx.get(self._base + path, headers=headers)

    def printed(self, many: int) -> list[dict[str, Any]]:
        """The jobs that ended last, once there are so many."""
        for _ in range(200):
            found = self.ask(f"/devices/occurrences/{self.night}/printed").json()["printed"]
            if len(found) >= many:
                return found
            sleep(0.05)
        raise AssertionError(found)

    def codes(self) -> dict[str, str]:
        """The code of each ticket."""
        path = f"/ticketing/occurrences/{self.night}/attendees"
        return {each["ticket"]: each["code"] for each in self.ask(path).json()["items"]}


Dots = tuple[tuple[int, int], bytes]


def dots_of(page: Page, ticket: str) -> Dots:
    """The picture of a ticket as the browser has it, in its own size."""
    script = """(img) => {
        const [width, height] = [img.naturalWidth, img.naturalHeight];
        const canvas = Object.assign(document.createElement("canvas"), { width, height });
        canvas.getContext("2d").drawImage(img, 0, 0);
        return canvas.toDataURL("image/png");
    }"""
    url = page.locator(f"{PRINTS}[data-ticket='{ticket}'] img").evaluate(script)
    return dots(base64.b64decode(url.partition(",")[2]))


def dots(png: bytes) -> Dots:
    with Image.open(BytesIO(png)) as picture:
        return picture.size, picture.convert("L").tobytes()


def seen(page: Page, ticket: str) -> str:
    """What zxing reads from the screen where the picture of a ticket is."""
    return read(page.locator(f".print[data-ticket='{ticket}'] .paper").screenshot())


def test_the_page_shows_each_printed_ticket_as_it_came_out_and_its_symbol_is_that_ticket(
    site,
    paper,
    opens,  # noqa: F811
):
    box = Box(site, "pictures").open(name="Nosferatu, Łódź & <b>piano</b>")
    page = opens(box.address, device_scale_factor=2, allowed="blob:")
    shows(page, status="Live", sold="0")
    expect(page.locator("#printed")).to_be_hidden()
    box.sell("o1", 2)
    box.sell("o2")
    expect(page.locator(PRINTS)).to_have_count(3)
    tickets = [each.get_attribute("data-ticket") for each in page.locator(".print").all()]
    codes = box.codes()
    assert sorted(tickets) == sorted(codes)
    came_out = paper.pictures()
    for ticket in tickets:
        assert dots_of(page, ticket) == dots(came_out[codes[ticket]])
        assert seen(page, ticket) == codes[ticket]
    for job in box.printed(3):
        png = box.ask(f"/devices/jobs/{job['job']}/picture").content
        assert png == came_out[codes[job["ticket"]]], "to the byte"
    hours = {said[:2] for said in page.locator(".print .told, .ticket .told").all_inner_texts()}
    assert len(hours) == 1, "all times are the venue's"
    alts = {each.get_attribute("alt") for each in page.locator(".print img").all()}
    assert alts == {
        "Printed ticket: Standard, €12.00",
        "Printed ticket: Standard, €12.00, 1 of 2",
        "Printed ticket: Standard, €12.00, 2 of 2",
    }


def test_the_newest_are_shown_and_one_is_looked_at_closely(site, opens):  # noqa: F811
    box = Box(site, "many").open()
    page = opens(box.address)
    shows(page, status="Live")
    box.sell("o1", SHOWN + 3)
    expect(page.locator(PRINTS)).to_have_count(SHOWN)
    sleep(1.1)
    box.sell("o2")
    expect(page.locator(f"{PRINTS} >> nth=0")).to_have_attribute("data-ticket", "o2-1")
    expect(page.locator(PRINTS)).to_have_count(SHOWN)
    page.get_by_role("button", name="Printed ticket").first.click()
    large = page.get_by_role("dialog", name="A printed ticket")
    assert read(large.locator("img").screenshot()) == box.codes()["o2-1"]
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()


def test_the_slider_shows_what_was_printed_by_then_and_plainly_when_nothing_was(
    site,
    opens,  # noqa: F811
):
    box = Box(site, "then").open()
    sleep(1.1)
    box.sell("o1")
    box.printed(1)
    sleep(2.1)  # points are a second apart
    box.sell("o2")
    box.printed(2)
    sleep(1.1)
    box.hold("h1", 1)
    page = opens(box.address)
    expect(page.locator(PRINTS)).to_have_count(2)
    slider = page.get_by_role("slider", name="As of")
    expect(slider).to_be_enabled()
    assert visible_at_once(page) == 0, "figures of then beside pictures of now"
    slider.press("Home")
    expect(page.locator("#no-prints")).to_have_text("No ticket was printed by then.")
    expect(page.locator(".print")).to_have_count(0)
    for _ in range(int(slider.get_attribute("max"))):
        slider.press("ArrowRight")
        if page.locator("#sold").inner_text() == "2":
            break
        before = page.locator("#sold").inner_text()
    assert before == "1"
    slider.press("ArrowLeft")
    expect(page.locator(PRINTS)).to_have_count(1)
    expect(page.locator(PRINTS)).to_have_attribute("data-ticket", "o1-1")
    page.get_by_role("button", name="Back to live").click()
    expect(page.locator(PRINTS)).to_have_count(2)


def visible_at_once(page: Page) -> int:
    """How many pictures there are in the moment in which the slider is moved to the beginning."""
    return page.evaluate("""() => {
        const slider = document.getElementById("slider");
        slider.value = 0;
        slider.dispatchEvent(new Event("input"));
        return [...document.querySelectorAll(".print")].filter((each) => each.offsetParent).length;
    }""")


def test_in_doubt_says_so_without_a_picture_until_somebody_saw_the_paper(
    tmp_path,
    opens,  # noqa: F811
):
    with (
        printer(tmp_path / "paper") as paper,
        running(tmp_path / "data", printers=f"acme/ticket-1={paper.address}/clone-80") as site,
    ):
        box = Box(site, "doubt").open()
        box.sell("o1")
        page = opens(box.address, allowed="ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|503")
        expect(page.locator(".print")).to_contain_text("In doubt")
        expect(page.locator(".print img")).to_have_count(0)
        (job,) = box.printed(1)
        assert job["state"] == "in_doubt"
        assert box.ask(f"/devices/jobs/{job['job']}/picture").status_code == 404
        confirm(site, box, job["job"])
        expect(page.locator(PRINTS)).to_contain_text("confirmed by hand")
        shown = dots_of(page, "o1-1")
        assert shown in [dots(each.read_bytes()) for each in paper.out.glob("*.png")]


def confirm(site: Site, box: Box, job: str) -> None:
    """As an operator who saw the paper."""
    import grpc  # noqa: PLC0415

    from roadcase.api.v1 import devices_pb2, devices_pb2_grpc  # noqa: PLC0415

    with grpc.insecure_channel(site.grpc) as channel:
        metadata = [("authorization", f"Bearer {box.token}"), ("idempotency-key", job)]
        request = devices_pb2.ConfirmJobRequest(job=job)
        devices_pb2_grpc.DevicesStub(channel).ConfirmJob(request, metadata=metadata, timeout=10)


def test_nothing_is_asked_of_devices_with_a_token_that_may_not(site, opens):  # noqa: F811
    office = Office(site, "asks-not").open()
    office.sell("o1")
    Box(site, "asks-not").printed(1)
    asked = []
    page = opens("http://" + site.http)
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto(office.address)
    page.reload()
    shows(page, status="Live", sold="1")
    sleep(1)
    expect(page.locator("#printed")).to_be_hidden()
    assert asked
    assert not [url for url in asked if "/devices" in url]


def test_another_tenant_hears_the_same_as_of_a_job_that_is_not_there(site):
    box = Box(site, "theirs").open()
    box.sell("o1")
    (job,) = box.printed(1)
    path = f"/devices/jobs/{job['job']}/picture"
    assert box.ask(path).status_code == 200
    stranger = Box(site, "theirs", tenant="stranger")
    hidden, missing = stranger.ask(path), stranger.ask("/devices/jobs/job_missing/picture")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text == missing.text
    about = "/devices/occurrences/{}/printed"
    hidden, missing = (stranger.ask(about.format(night)) for night in ("theirs", "nowhere"))
    assert hidden.json()["printed"] == missing.json()["printed"] == []
    told = next(events(f"http://{site.http}{about.format('theirs')}/live", _token(stranger)))
    assert told["data"]["printed"] == []
    for wrong in (Office(site, "theirs").token, ""):
        headers = {"authorization": f"Bearer {wrong}"} if wrong else {}
        answer = httpx.get(f"http://{site.http}{path}", headers=headers)
        assert answer.status_code == (403 if wrong else 401)


def _token(box: Box) -> dict[str, str]:
    return {"authorization": f"Bearer {box.token}"}


def test_a_picture_is_for_one_browser_and_asked_for_again_only_to_see_whether_one_still_may(site):
    box = Box(site, "kept").open()
    box.sell("o1")
    (job,) = box.printed(1)
    path = f"/devices/jobs/{job['job']}/picture"
    first = box.ask(path)
    assert first.headers["content-type"] == "image/png"
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "authorization"
    assert first.headers["as-printed"] == "true"
    assert len(first.content) < 20_000
    again = box.ask(path, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    stranger = Box(site, "kept", tenant="stranger")
    assert stranger.ask(path, **{"if-none-match": first.headers["etag"]}).status_code == 404


@pytest.mark.timeout(180)
def test_with_a_process_for_each_service_the_page_finds_the_pictures_at_the_others_door(
    opens,  # noqa: F811
    tmp_path,
):
    http = _two_ports()
    with printer(tmp_path / "paper") as paper, split(tmp_path / "data", http, paper) as site:
        box = Box(site, "split").open()
        box._base = f"http://127.0.0.1:{http + 1}"
        box.sell("o1")
        box.printed(1)
        page = opens(
            box.address, elsewhere=box._base, allowed="ERR_CONNECTION_REFUSED|ERR_INCOMPLETE"
        )
        expect(page.locator(PRINTS)).to_have_count(1)
        box._base = f"http://{site.http}"
        assert seen(page, "o1-1") == box.codes()["o1-1"]
        reading = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
        path = f"http://127.0.0.1:{http + 1}/devices/roles"
        refused = httpx.options(path, headers=reading)
        assert "access-control-allow-origin" not in refused.headers
        strange = httpx.get(path, headers={**_token(box), "origin": "https://elsewhere.example"})
        assert "access-control-allow-origin" not in strange.headers


def _two_ports() -> int:
    """A port that is free, and the next one as well."""
    while True:
        with socket.socket() as first, socket.socket() as second, suppress(OSError):
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            second.bind(("127.0.0.1", port + 1))
            return port


@contextmanager
def split(data: Path, port: int, paper: Printer) -> Iterator[Site]:
    wanted = {"data": data, "http_port": port, "printers": f"acme/ticket-1={paper.address}"}
    command = [sys.executable, "-m", "roadcase", "up", "--split"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=settings(**wanted),
    )
    try:
        doors = {}
        for line in process.stdout:
            if found := re.match(r"ready +(\w+) +http://(\S+) +grpc (\S+)", line):
                doors[found[1]] = (found[2], found[3])
            if "Ctrl-C" in line:
                break
        yield SplitSite(data, process, *doors["ticketing"])
    finally:
        process.terminate()
        process.communicate(timeout=60)


class SplitSite(Site):
    """Its tokens are signed with the secret of its settings."""

    def cli(self, *arguments: str, code: int = 0) -> Any:
        import json  # noqa: PLC0415

        command = [sys.executable, "-m", "roadcase", *arguments, "--json"]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60, env=settings(data=self.data)
        )
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout.splitlines()[-1])
