"""The live page, as people have it before them: in a real browser, fed by a real installation."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect, sync_playwright

from roadcase.api.v1 import common_pb2, ticketing_pb2
from roadcase.client import Roadcase
from roadcase.http import Event
from roadcase.http.live import LOOK, Fresh, Lives
from services.ticketing.page import queries
from services.ticketing.page.past import Point, thinned
from tests.system.site import Site, _wait_until_ready, environment, running

SCOPES = (
    *("ticketing:plan", "ticketing:sell", "ticketing:confirm"),
    *("ticketing:read", "ticketing:refund"),
)
ARGUMENTS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
WATCH_CSP = """
    window.violations = [];
    addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective));
"""
NOTHING = "\u2013"
expect.set_options(timeout=8000)


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def installed_chromium() -> str:
    """Debian's Chromium, installed where we may. Without it: a skip, or a failure if it must be."""
    if chromium() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(command, capture_output=True, timeout=300)
    found = chromium()
    if found is None:
        why = "there is no chromium here, and it could not be installed: apt-get install chromium"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(why)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = installed_chromium()  # with a fresh profile, which playwright makes and removes
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(browser, tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("page") / "data") as found:
        yield found


Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser) -> Iterator[Opens]:
    """Opens pages. Whatever a test does: no error, nothing forbidden, no request elsewhere."""
    wrong: list[str] = []
    pages: list[Page] = []

    def open_page(address: str, *, width: int = 1280, height: int = 900, **options) -> Page:
        allowed = options.pop("allowed", "^$")
        elsewhere = options.pop("elsewhere", "blob:")
        hosts = (re.match(r"http://[^/]+/?", address)[0], "blob:", elsewhere)
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", **options
        )
        context.add_init_script(WATCH_CSP)
        page = context.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda said: (
                wrong.append(said.text)
                if said.type in ("error", "warning") and not re.search(allowed, said.text)
                else None
            ),
        )
        page.on(
            "request",
            lambda sent: None if sent.url.startswith(hosts) else wrong.append(sent.url),
        )
        page.goto(address)
        return page

    yield open_page
    for page in pages:
        wrong += page.evaluate("violations")
        page.context.close()
    assert wrong == []


def euros(minor: int) -> common_pb2.Money:
    return common_pb2.Money(minor=minor, currency="EUR")


class Office:
    """A box office that sells what a test says, as a partner does."""

    def __init__(self, site: Site, night: str, tenant: str = "acme") -> None:
        self.night = night
        self.token = site.token(*SCOPES, tenant=tenant)
        self.address = f"http://{site.http}/#token={self.token}&occurrence={night}"
        self._grpc = site.grpc

    def open(self, capacity: int = 100, name: str = "Nosferatu, with live piano") -> Office:
        types = [("standard", "Standard", 1200), ("sofa", "Front row sofa", 1850)]
        request = ticketing_pb2.OpenBoxOfficeRequest(
            occurrence=self.night,
            name=name,
            starts_at="2027-01-01T20:30",
            ends_at="2027-01-01T22:30",
            zone="Europe/Berlin",
            pools={"room": capacity},
            ticket_types=[
                ticketing_pb2.TicketType(
                    id=id_, name=named, price=euros(minor), seller="s1", draws={"room": 1}
                )
                for id_, named, minor in types
            ],
        )
        self._call(lambda client: client.open_box_office(request))
        return self

    def sell(self, order: str, standard: int = 1) -> None:
        amount = euros(1200 * standard)
        self._call(
            lambda client: client.sell(self.night, order, {"standard": standard}, "p", amount)
        )

    def hold(self, hold: str, standard: int, seconds: int = 600) -> None:
        self._call(
            lambda client: client.hold(self.night, hold, {"standard": standard}, seconds=seconds)
        )

    def refund(self, order: str) -> None:
        request = ticketing_pb2.RefundTicketsRequest(
            occurrence=self.night, order=order, reason="ill", refund_reference=f"r-{order}"
        )
        self._call(lambda client: client._call(client._ticketing.RefundTickets, request, None))

    def _call(self, ask) -> None:
        async def call() -> None:
            async with Roadcase(self._grpc, self.token) as client:
                await ask(client)

        elsewhere(call())


def elsewhere(todo: Coroutine[None, None, None]) -> None:
    """Run it in a thread of its own: the browser's loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, todo).result(30)


def shows(page: Page, **figures: str) -> None:
    for name, text in figures.items():
        expect(page.locator(f"#{name}")).to_have_text(text)


def test_a_sale_shows_within_two_seconds_without_a_reload(site, opens):
    office = Office(site, "sale").open()
    page = opens(office.address)
    shows(page, name="Nosferatu, with live piano", sold="0", capacity="100", free="100")
    expect(page.locator("#no-tickets")).to_be_visible()
    office.sell("o1", 2)
    sold = monotonic()
    shows(page, sold="2", free="98", takings="€24.00")
    assert monotonic() - sold < 2
    expect(page.locator(".ticket")).to_have_count(2)
    expect(page.locator(".ticket").first).to_contain_text("Standard")
    expect(page.locator("#status")).to_have_text("Live")
    expect(page.locator("#as-of")).to_have_text(
        re.compile(r"^as of \d\d:\d\d:\d\d, [012]\.\d s ago$")
    )
    expect(page.locator("#rate")).to_have_text("0.20")


def test_held_seats_show_and_vanish_when_they_expire(site, opens):
    office = Office(site, "held").open()
    page = opens(office.address)
    office.hold("h1", 3, seconds=3)
    shows(page, held="3", free="97", sold="0")
    shows(page, held="0", free="100", sold="0")


def test_refunds_show_once_there_are_any_and_their_tickets_say_so(site, opens):
    office = Office(site, "refunds").open()
    office.sell("o1")
    office.sell("o2", 2)
    page = opens(office.address)
    shows(page, sold="3", takings="€36.00")
    expect(page.locator("#refunds")).to_be_hidden()
    office.refund("o2")
    shows(page, sold="1", refunds="€24.00", takings="€36.00")
    expect(page.locator(".ticket", has_text="refunded")).to_have_count(2)


def test_the_slider_shows_the_night_as_it_was_and_live_returns(site, opens):
    office = Office(site, "slider").open()
    for n in range(4):
        sleep(1.1)  # points are a second apart
        office.sell(f"o{n}", n + 1)
    sleep(1.1)
    office.hold("h1", 5)
    page = opens(office.address)
    shows(page, sold="10", held="5")
    slider = page.get_by_role("slider", name="As of")
    expect(slider).to_be_enabled()
    slider.focus()
    seen = set()
    for _ in range(int(slider.get_attribute("max"))):
        page.keyboard.press("ArrowLeft")
        sold = int(page.locator("#sold").inner_text())
        if sold not in seen:
            seen.add(sold)
            as_the_operator_replays_it(site, page, "slider")
    assert seen >= {0, 1, 3, 6, 10}
    shows(page, status="As it was", sold="0", held="0", takings=NOTHING)
    expect(page.locator("#as-of")).to_have_text(re.compile(r"^as of \d\d:\d\d:\d\d$"))
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"\d\d:\d\d:\d\d"))
    expect(page.locator(".ticket")).to_have_count(0)
    office.sell("later")
    sleep(1)
    shows(page, status="As it was", sold="0")
    page.get_by_role("button", name="Back to live").click()
    shows(page, status="Live", sold="11", held="5")
    expect(slider).to_have_attribute("aria-valuetext", "live")
    slider.focus()
    page.keyboard.press("Home")
    shows(page, status="As it was", sold="0")
    page.keyboard.press("End")
    shows(page, status="Live", sold="11")


def as_the_operator_replays_it(site: Site, page: Page, night: str) -> None:
    """What the page says of a moment is what the log says at the position that it names."""
    position = re.sub(r"\D", "", page.locator("#position").inner_text())
    said = {name: int(page.locator(f"#{name}").inner_text()) for name in ("sold", "held", "free")}
    rows = site.cli("replay", "board", "--as-of", position, "--tenant", "acme")["rows"]
    row = next(each for each in rows if each["occurrence"] == night)
    assert said == {name: row[name] for name in said}


def test_replay_plays_the_night_to_its_end_and_is_live_again(site, opens):
    office = Office(site, "replayed").open()
    office.sell("o1")
    sleep(1.2)
    office.sell("o2")
    page = opens(office.address)
    shows(page, sold="2")
    page.get_by_role("button", name="Replay the night").click()
    expect(page.locator("#status")).to_have_text("As it was")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("#status")).to_have_text("Live", timeout=20_000)
    shows(page, sold="2")


@contextmanager
def running_at(data: Path, port: int) -> Iterator[Site]:
    ports = ["--http-port", str(port), "--grpc-port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "roadcase", "up", *ports],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(data),
    )
    try:
        yield Site(data, process, *_wait_until_ready(process))
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_it_says_when_the_connection_is_lost_and_recovers_after_a_restart(opens, tmp_path):
    data, port = tmp_path / "data", free_port()
    with running_at(data, port) as first:
        office = Office(first, "restarted").open()
        office.sell("o1")
        page = opens(office.address, allowed="ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|503")
        shows(page, status="Live", sold="1")
    shows(page, status="Connection lost, trying again", sold="1", rate=NOTHING)
    expect(page.locator("#said")).to_have_text("Connection lost, trying again.")
    with running_at(data, port) as second:
        expect(page.locator("#status")).to_have_text("Live", timeout=15_000)
        Office(second, "restarted").sell("o2")
        shows(page, sold="2", status="Live")


def test_it_says_so_when_news_stop_coming_though_the_connection_stands(opens, tmp_path):
    with running(tmp_path / "data") as own:
        office = Office(own, "frozen").open()
        page = opens(office.address, allowed="503|ERR_CONNECTION_REFUSED")
        shows(page, status="Live", sold="0")
        own.process.send_signal(signal.SIGSTOP)
        try:
            shows(page, status="No news")
            shows(page, status="Connection lost, trying again")
        finally:
            own.process.send_signal(signal.SIGCONT)
        shows(page, status="Live")


def test_nothing_of_another_tenant_is_shown(site, opens):
    Office(site, "secret").open(name="A private party")
    stranger = Office(site, "secret", tenant="stranger")
    page = opens(stranger.address, allowed="404")
    expect(page.locator("#choose-why")).to_have_text("There is no such night here.")
    expect(page.locator("#choose-list li")).to_have_count(0)
    assert "private" not in page.content()
    headers = {"authorization": f"Bearer {stranger.token}"}
    for path in ("live", "history"):
        url = f"http://{site.http}/ticketing/occurrences/{{}}/{path}"
        hidden = httpx.get(url.format("secret"), headers=headers)
        missing = httpx.get(url.format("missing"), headers=headers)
        assert hidden.status_code == missing.status_code == 404
        assert hidden.text == missing.text.replace("missing", "secret")


def test_whoever_has_no_token_is_asked_for_one_and_it_leaves_the_address_at_once(site, opens):
    office = Office(site, "asked").open()
    page = opens(f"http://{site.http}/#occurrence=asked", allowed="401")
    urls = []
    page.on("request", lambda sent: urls.append(sent.url))
    page.get_by_label("Token").fill("nonsense")
    page.get_by_role("button", name="Show the night").click()
    expect(page.locator("#ask-why")).to_contain_text("not a token of ours")
    page.get_by_label("Token").fill(office.token)
    page.get_by_role("button", name="Show the night").click()
    shows(page, name="Nosferatu, with live piano")
    page.goto(office.address)
    page.reload()
    shows(page, name="Nosferatu, with live piano", status="Live")
    assert page.url.endswith("/#occurrence=asked")
    assert not any(office.token in url for url in urls)


def test_whoever_runs_several_nights_chooses_one(site, opens):
    first = Office(site, "early", tenant="several").open(name="Early screening")
    Office(site, "late", tenant="several").open(name="Late screening")
    first.sell("o1")
    page = opens(first.address.partition("&")[0])
    page.get_by_role("link", name="Late screening").click()
    shows(page, name="Late screening", sold="0")
    page.get_by_role("link", name="All nights").click()
    page.get_by_role("link", name="Early screening").click()
    shows(page, name="Early screening", sold="1")
    page.go_back()
    page.go_back()
    shows(page, name="Late screening", sold="0")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_320_pixels_wide_never_scrolls_sideways(site, opens, scheme):
    office = Office(site, f"narrow-{scheme}").open(
        capacity=100_000, name="Überraschungsvorführungsabendmitklavierbegleitung 🎹" * 2
    )
    office.sell("o1", 2000)
    office.sell("o2")
    office.refund("o2")
    page = opens(office.address, width=320, height=700, color_scheme=scheme)
    shows(page, sold="2,000", takings="€24,012.00")
    expect(page.get_by_role("slider")).to_be_enabled()
    page.get_by_role("slider").press("ArrowLeft")
    expect(page.get_by_role("button", name="Back to live")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for id_ in ("slider", "play", "live"):
        assert page.locator(f"#{id_}").bounding_box()["height"] >= 40, "too small for a thumb"


def test_words_that_screens_never_say_are_not_on_it(site, opens):
    office = Office(site, "words").open()
    page = opens(office.address)
    shows(page, sold="0")
    said = page.locator("body").inner_text().lower()
    assert not {word for word in ("pool", "lease", "projection", "parked") if word in said}


def test_the_files_are_small_open_and_asked_for_again_only_when_they_changed(site):
    with httpx.Client(base_url=f"http://{site.http}") as http:
        page = http.get("/")
        assert page.headers["content-type"].startswith("text/html")
        assert "unsafe" not in page.headers["content-security-policy"]
        files = re.findall(r'(?:href|src)="(/page/[^"]+)"', page.text)
        scripts = list(Path("services/ticketing/page").glob("*.js"))
        files += [f"/page/{each.name}" for each in scripts]
        answers = [http.get(file) for file in {*files}]
        assert {each.status_code for each in answers} == {200}
        assert sum(len(each.content) for each in answers) < 60_000
        same = http.get("/", headers={"if-none-match": page.headers["etag"]})
        assert same.status_code == 304
        policy = "content-security-policy"
        assert same.headers[policy] == page.headers[policy], "browsers take over the latter"
        for hidden in ("/page/past.py", "/page/__init__.py", "/page/..%2Fservice.py"):
            assert http.get(hidden).status_code in (401, 404)
    assert all(each.read_text().count("\n") <= 250 for each in scripts)


def test_a_stream_goes_on_from_the_last_state_that_was_seen(site):
    office = Office(site, "resumed").open()
    office.sell("o1")
    url = f"http://{site.http}/ticketing/occurrences/resumed/live"
    headers = {"authorization": f"Bearer {office.token}"}
    first = next(events(url, headers))
    assert (first["event"], first["data"]["sold"]) == ("state", 1)
    resumed = {**headers, "last-event-id": first["id"]}
    assert next(events(url, resumed))["event"] == "tick"
    office.sell("o2")
    assert next(each for each in events(url, resumed) if "id" in each)["data"]["sold"] == 2


def events(url: str, headers: dict[str, str]) -> Iterator[dict]:
    with httpx.stream("GET", url, headers=headers, timeout=5) as response:
        found = {}
        for line in response.iter_lines():
            if line:
                name, _, value = line.partition(": ")
                found[name] = json.loads(value) if name == "data" else value
            else:
                if "data" in found:
                    yield found
                found = {}


class Board:
    """Stands for the read models: counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.position = 1

    async def as_of(self, _projection: str) -> tuple[int, datetime]:
        self.asked += 1
        return self.position, datetime.now(UTC)

    async def fetch(self, sql: str, *_args: object) -> list[dict]:
        self.asked += 1
        if "FROM board" not in sql:
            return []
        zeros = dict.fromkeys(("capacity", "held", "free", "tickets_sold", "tickets_void"), 0)
        texts = {"name": "n", "zone": "UTC", "starts_at": "", "types": {}}
        return [{**zeros, **texts, "sold": self.position, "takings": {}, "refunds": {}}]


class Log:
    """Stands for the log, of which only the length is asked."""

    position = 1

    async def head(self) -> int:
        return self.position


def test_a_hundred_viewers_cost_the_database_no_more_than_one():
    elsewhere(view_with_a_hundred())


async def view_with_a_hundred() -> None:
    lives, board, log = Lives("board", queries.night), Board(), Log()

    async def view(seconds: float) -> list[Event]:
        found = []
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for event in lives.watch("acme", "night", board, log, None):
                    found.append(event)  # noqa: PERF401 - what came before the end counts
        return found

    heard = await asyncio.gather(*(view(2.2) for _ in range(100)))
    looks = 2.2 / LOOK + 1
    assert board.asked <= looks + 2  # and twice for the first state
    assert all([event.name for event in each][:3] == ["state", "tick", "tick"] for each in heard)
    before = board.asked
    await asyncio.sleep(2 * LOOK)
    assert board.asked == before, "nobody looks any more"


def test_what_is_shown_is_as_fresh_as_the_last_moment_at_which_nothing_was_missing():
    fresh = Fresh()
    moments = [(datetime(2027, 1, 1, 20, 0, second, tzinfo=UTC), 0.0) for second in range(6)]
    fresh.looked(moments[0], head=5, position=5)
    assert fresh.at == moments[0][0]
    fresh.looked(moments[1], head=7, position=6)
    fresh.looked(moments[2], head=9, position=6)
    fresh.looked(moments[3], head=9, position=6)
    assert fresh.at == moments[0][0], "7 is not shown yet"
    fresh.looked(moments[4], head=9, position=8)
    assert fresh.at == moments[1][0]
    fresh.looked(moments[5], head=9, position=9)
    assert fresh.at == moments[5][0]


@given(
    seconds=st.lists(st.integers(0, 40_000), min_size=1, max_size=300, unique=True).map(sorted),
    last=st.sampled_from([0, 60, 600, 3600]),
    most=st.sampled_from([10, 60, 600]),
)
def test_a_thinned_night_is_exact_at_every_notch_of_the_slider(seconds, last, most):
    points = [
        Point(1_800_000_000 + second, n, 9, n, 0, 0, n, {}, {}) for n, second in enumerate(seconds)
    ]
    night = thinned(points, last, most)
    assert len(night["points"]) <= most + 1
    for moment in range(night["since"], night["until"] + 1, night["step"]):
        there = [each[1] for each in night["points"] if each[0] <= moment]
        assert there[-1:] == [point.position for point in points if point.at <= moment][-1:]
