"""A ticket before the camera of the gate: a real browser, whose camera is a film of ours."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

import httpx
import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from roadcase.escpos import draw
from services.devices.rendering import render
from services.ticketing import codes
from tests.devices.test_print_ticket import named
from tests.system.site import running
from tests.system.test_guest_pages import READ, House, buy
from tests.system.test_page import ARGUMENTS, WATCH_CSP, installed_chromium

TABLE = (116, 104, 92)
PUBLISHED = "bc40c8a15196236b2314db0856f72ca0b49980cd5413b8c852a7349f5fee0859"  # by npm, jsqr 1.4.0


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with TemporaryDirectory() as folder, running(Path(folder) / "data", shop="demo") as site:
        yield House(site)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    installed_chromium()
    with sync_playwright() as found:
        yield found


@contextmanager
def camera(playwright: Playwright, film: Path) -> Iterator[Page]:
    """A phone whose camera sees the film, again and again. It talks to nobody but its server."""
    arguments = [*ARGUMENTS, "--use-fake-device-for-media-stream"]
    arguments += ["--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    browser = playwright.chromium.launch(executable_path=installed_chromium(), args=arguments)
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    context.add_init_script(WATCH_CSP)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    try:
        yield page
        assert wrong + page.evaluate("violations") == []
    finally:
        browser.close()


def filmed(picture: Image.Image, film: Path) -> Path:
    """Held before a camera by a trembling hand, a bit crooked and out of focus, after nothing."""
    paper = picture.convert("RGB")
    frames = [Image.new("RGB", (1280, 720), TABLE)] * 10
    for n in range(30):
        turned = paper.rotate(
            8 + 2 * math.sin(n / 5), Image.Resampling.BICUBIC, True, None, None, TABLE
        )
        frame = Image.new("RGB", (1280, 720), TABLE)
        frame.paste(turned, ((1280 - turned.width) // 2 + n % 3, (720 - turned.height) // 2))
        frames.append(frame.filter(ImageFilter.GaussianBlur(1.2)))
    with film.open("wb") as out:
        for frame in frames:
            frame.save(out, "JPEG", quality=70)
    return film


def gate(house: House, night: str) -> str:
    token = house.token("ticketing:scan")
    return f"{house.base}/gate#token={token}&occurrence={night}&gate=Main door"


def bought(house: House, night: str) -> tuple[str, str]:
    """The path of an order's page, and the code of its only ticket."""
    path = httpx.URL(str(buy(house.open(night)).headers["location"])).path
    shown = house.until_shown(path).text
    return path, re.search(r'class="code">([^<]+)<', shown)[1]


def scans(house: House, night: str) -> list[str]:
    headers = {"authorization": f"Bearer {house.token(*READ)}"}
    url = f"{house.base}/ticketing/occurrences/{night}/scans"
    return [
        f"{each['gate']} {each['result']}"
        for each in httpx.get(url, headers=headers).json()["items"]
    ]


def test_a_ticket_on_a_phone_is_read_by_the_camera_and_held_on_it_is_one_scan(
    house, playwright, tmp_path
):
    path, _ = bought(house, "camera")
    browser = playwright.chromium.launch(executable_path=installed_chromium(), args=ARGUMENTS)
    page = browser.new_page(viewport={"width": 360, "height": 640}, color_scheme="dark")
    page.goto(house.base + path)
    phone = Image.open(BytesIO(page.get_by_role("article").screenshot()))
    browser.close()
    with camera(
        playwright,
        filmed(phone.resize((520, 520 * phone.height // phone.width)), tmp_path / "film.mjpeg"),
    ) as page:
        page.goto(gate(house, "camera"))
        expect(page.locator("#where")).to_have_text("Main door")
        page.get_by_role("link", name="Scan with the camera").click()
        expect(page.locator("#answer strong")).to_have_text("Come in", timeout=20_000)
        sleep(6)
        expect(page.locator("#answer strong")).to_have_text("Come in")
        expect(page.locator("#camera")).to_be_visible()
        assert page.evaluate("document.activeElement.id") != "shown", "a keyboard would come up"
    assert scans(house, "camera") == ["Main-door admitted"]


def test_a_printed_ticket_is_read_too_and_a_second_time_it_is_told_so(house, playwright, tmp_path):
    _, code = bought(house, "paper")
    paper = draw(render(named(code=codes.parse(code)), "epson-80"), 576)
    film = filmed(Image.open(BytesIO(paper.png)), tmp_path / "film.mjpeg")
    for result in ("Come in", "Stop"):
        with camera(playwright, film) as page:
            page.goto(gate(house, "paper"))
            page.get_by_role("link", name="Scan with the camera").click()
            expect(page.locator("#answer strong")).to_have_text(result, timeout=20_000)
    assert sorted(scans(house, "paper")) == ["Main-door admitted", "Main-door refused"]


def test_the_decoder_is_the_one_that_was_published_and_is_served_like_our_own_files(house):
    answer = httpx.get(f"{house.base}/page/jsQR.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert sha256(answer.content).hexdigest() == PUBLISHED
    folder = Path("services/ticketing/page/vendor")
    assert "Apache License" in (folder / "LICENSE").read_text()
