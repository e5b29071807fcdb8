"""The HTTP door: who gets in, problems, limits, headers, events, and a stop that loses nobody."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from roadcase.asked import Context, Outcome
from roadcase.auth import Signer, Verifier
from roadcase.decider import Command
from roadcase.dispatch import Dispatcher as Kernel
from roadcase.errors import (
    Conflict,
    DeadlineExceeded,
    Forbidden,
    Invalid,
    KeyReused,
    LogCorrupt,
    LogDiverged,
    NotFound,
    Overloaded,
    Refused,
    RoadcaseError,
    Unauthenticated,
    Unavailable,
)
from roadcase.event_store.postgres import PostgresLog
from roadcase.http import (
    ANY_TOKEN,
    OPEN,
    STATUSES,
    Caller,
    Dispatch,
    Event,
    Events,
    HttpServer,
    Read,
    Reads,
    needs,
)
from roadcase.http.origins import doors, origins
from tests.conftest import SERVICE
from tests.kernel.shop import SHOP, Open, Sell, SoldOut
from tests.kernel.shop_rpc import until

KEY = Ed25519PrivateKey.generate()
SIGNER = Signer("k1", KEY)
SELLER = SIGNER.sign("acme", "till-1", ["shop:sell", "shop:look"])
ERRORS = RoadcaseError.__module__


class Order(BaseModel):
    units: int = Field(ge=1)
    note: str = ""


class Shelf:
    """Stands for read models: says whose they are."""

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant

    async def fetch(self, sql: str, *args: object) -> list[dict[str, object]]:
        return [{"tenant": self.tenant, "sql": sql, "args": list(args)}]


class Stall:
    """A running server with everything that a test may want to look at."""

    def __init__(self, **options: Any) -> None:
        self.asked: list[tuple[Command, Context]] = []
        self.why: dict[str, str] = {}
        self.shown = 0
        self.fails: Exception | None = None
        self.open_streams = 0
        self.events: asyncio.Queue[Event | Exception] = asyncio.Queue()
        self.heartbeat = 0.2  # seconds
        self.verifier = Verifier({"k1": KEY.public_key()})
        self.server = HttpServer(
            self.verifier, ready=lambda: self.why, wait_for=self.wait_for, port=0, **options
        )

    async def dispatch(self, command: Command, context: Context) -> Outcome:
        self.asked.append((command, context))
        return Outcome(len(self.asked), ())

    async def wait_for(self, service: str, position: int, timeout: float) -> bool:  # noqa: ASYNC109
        return service == "shop" and position <= self.shown

    async def tell(self, last_id: str | None) -> AsyncIterator[Event]:
        self.open_streams += 1
        try:
            yield Event(f"after {last_id}", id="1")
            while True:
                event = await self.events.get()
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            self.open_streams -= 1

    def client(self, token: str | None = SELLER, host: str = "127.0.0.1") -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {token}"} if token is not None else {}
        return httpx.AsyncClient(base_url=f"http://{host}:{self.server.port}", headers=headers)


def shop(stall: Stall) -> APIRouter:  # noqa: C901  (a list of routes)
    """The routes of the tests' shop."""
    router = APIRouter(prefix="/shops")

    @router.post("/{shop}/orders/{order}", status_code=201)
    @needs("shop:sell")
    async def sell(shop: str, order: str, body: Order, dispatch: Dispatch) -> dict[str, int]:
        outcome = await dispatch(Sell(shop=shop, order=order, units=body.units, note=body.note))
        return {"position": outcome.position}

    @router.post("/{shop}/commands")
    @needs("shop:sell")
    async def command(shop: str, dispatch: Dispatch) -> None:
        await dispatch(Sell(shop=shop, order="o", units=0))

    @router.get("/{shop}/orders")
    @needs("shop:look")
    async def look(shop: str, read: Read, limit: int = 5) -> list[dict[str, object]]:
        return await read.fetch("SELECT 1", shop, limit)

    @router.post("/{shop}/search")
    @needs("shop:look", mutates=False)
    async def search(shop: str, caller: Caller) -> str:
        return caller.actor

    @router.get("/sneaky")
    @needs("shop:look")
    async def sneaky(dispatch: Dispatch) -> None:
        await dispatch(Sell(shop="main", order="o", units=1))

    @router.get("/fail")
    @needs(ANY_TOKEN)
    async def fail() -> None:
        assert stall.fails
        raise stall.fails

    @router.get("/page", response_class=HTMLResponse)
    @needs(OPEN)
    async def page(reads: Reads) -> str:
        (row,) = await reads("rival").fetch("SELECT 2")
        return f"<p>{row['tenant']}</p>"

    @router.get("/me")
    @needs(OPEN)
    async def me(caller: Caller) -> str:
        return caller.actor

    @router.put("/raw")
    @needs("shop:sell")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @router.get("/events")
    @needs("shop:look")
    async def events(events: Events) -> Any:
        return events(stall.tell(events.last_id), heartbeat=stall.heartbeat)

    return router


@asynccontextmanager
async def serving(**options: Any) -> AsyncIterator[Stall]:
    stall = Stall(**options)
    stall.server.mount(shop(stall), name="shop", dispatch=stall.dispatch, reads=Shelf)
    await stall.server.start()
    try:
        yield stall
    finally:
        await stall.server.stop(0)


@pytest.fixture
async def stall() -> AsyncIterator[Stall]:
    async with serving() as stall:
        yield stall


@pytest.fixture
async def client(stall: Stall) -> AsyncIterator[httpx.AsyncClient]:
    async with stall.client() as client:
        yield client


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, which must be this one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["status"] == status
    assert document["code"] == code
    assert document["type"] == f"urn:roadcase:problem:{code}"
    assert document["title"]
    return document


KEYED = {"idempotency-key": "k-1"}


# --- who gets in


async def test_a_route_dispatches_as_its_caller_under_its_key(
    stall: Stall, client: httpx.AsyncClient
) -> None:
    traceparent = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    headers = KEYED | {"traceparent": traceparent}
    answer = await client.post("/shops/main/orders/o1", json={"units": 2}, headers=headers)
    assert (answer.status_code, answer.json()) == (201, {"position": 1})
    assert answer.headers["log-position"] == "shop:1"
    ((command, context),) = stall.asked
    assert command == Sell(shop="main", order="o1", units=2)
    assert (context.tenant, context.actor, context.key) == ("acme", "till-1", "k-1")
    assert context.traceparent == traceparent


@pytest.mark.parametrize("token", [None, "nonsense", "x" * 8192])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/shops/main/orders/o1"),
        ("GET", "/shops/main/orders"),
        ("GET", "/nowhere"),
        ("DELETE", "/shops/main/orders"),
        ("GET", "/openapi.json"),
        ("GET", "/docs"),
    ],
)
async def test_without_a_valid_token_nothing_is_reached_nor_told(
    stall: Stall, token: str | None, method: str, path: str
) -> None:
    async with stall.client(token) as client:
        answer = await client.request(method, path, content=b"{bad json", headers=KEYED)
    problem(answer, 401, "roadcase.unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert not stall.asked


async def test_a_missing_scope_is_named(stall: Stall) -> None:
    async with stall.client(SIGNER.sign("acme", "board", ["shop:look"])) as client:
        answer = await client.post("/shops/main/orders/o1", json={"units": 1}, headers=KEYED)
        assert (await client.get("/shops/main/orders")).status_code == 200
    assert problem(answer, 403, "roadcase.forbidden")["facts"] == {"scope": "shop:sell"}
    assert not stall.asked


async def test_an_open_route_is_open_even_with_a_bad_token(stall: Stall) -> None:
    for token in (None, "nonsense"):
        async with stall.client(token) as client:
            assert (await client.get("/shops/page")).text == "<p>rival</p>"
            problem(await client.get("/shops/me"), 401, "roadcase.unauthenticated")
    async with stall.client() as client:
        assert (await client.get("/shops/me")).json() == "till-1"


async def test_reads_are_the_callers_own(client: httpx.AsyncClient) -> None:
    (row,) = (await client.get("/shops/main/orders?limit=7")).json()
    assert row == {"tenant": "acme", "sql": "SELECT 1", "args": ["main", 7]}


@pytest.mark.parametrize("key", [None, "", "k" * 129, "caf\u00e9".encode("latin-1")])
async def test_a_route_that_changes_something_needs_a_key(
    stall: Stall, client: httpx.AsyncClient, key: str | bytes | None
) -> None:
    headers = {} if key is None else {"idempotency-key": key}
    answer = await client.post("/shops/main/orders/o1", json={"units": 1}, headers=headers)
    assert "idempotency-key" in problem(answer, 400, "roadcase.invalid")["detail"]
    assert not stall.asked


async def test_nothing_is_dispatched_without_a_key(stall: Stall, client: httpx.AsyncClient) -> None:
    problem(await client.get("/shops/sneaky", headers=KEYED), 400, "roadcase.invalid")
    assert not stall.asked


async def test_a_route_that_the_door_did_not_open_stays_closed(stall: Stall) -> None:
    ways = stall.server._house.ways
    (page,) = [way for way in ways if "page" in way.path.pattern]
    ways.insert(0, page._replace(path=re.compile("/shops/main/orders")))
    async with stall.client(None) as client:
        problem(await client.get("/shops/main/orders"), 403, "roadcase.forbidden")


async def test_a_route_may_say_that_it_changes_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.post("/shops/main/search")).json() == "till-1"


def undeclared() -> APIRouter:
    router = APIRouter()

    @router.get("/x")
    async def forgotten() -> None: ...

    return router


def twice() -> APIRouter:
    router = APIRouter()

    @router.get("/healthz")
    @needs(OPEN)
    async def again() -> None: ...

    return router


def nested() -> APIRouter:
    router = APIRouter()
    router.include_router(undeclared())
    return router


@pytest.mark.parametrize(
    ("router", "why"),
    [(undeclared, "forgotten does not say"), (twice, "there twice"), (nested, "is not a route")],
)
def test_a_route_that_does_not_say_who_may_ask_it_keeps_the_server_from_starting(
    router: Callable[[], APIRouter], why: str
) -> None:
    with pytest.raises(TypeError, match=why):
        HttpServer(Verifier({}), ready=dict).mount(router(), name="shop")


# --- problems


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid(), 400),
        (Unauthenticated(), 401),
        (Forbidden(), 403),
        (NotFound(), 404),
        (Refused(), 409),
        (SoldOut(shop="main", left=0), 409),
        (KeyReused(), 422),
        (Overloaded(waiting=4096), 429),
        (Unavailable(), 503),
        (LogDiverged(at=7), 503),
        (DeadlineExceeded(), 504),
        (Conflict(), 409),
        (LogCorrupt(), 500),
        (RoadcaseError("odd", when=b"\xff"), 500),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
async def test_each_error_has_its_status_slug_and_facts(
    stall: Stall, client: httpx.AsyncClient, error: RoadcaseError, status: int
) -> None:
    stall.fails = error
    answer = await client.get("/shops/fail")
    document = problem(answer, status, error.code)
    assert document["detail"] == str(error)
    assert set(document["facts"]) == set(error.facts)
    assert ("retry-after" in answer.headers) == (status in (429, 503))


def test_every_branch_of_the_error_tree_has_its_own_row() -> None:
    branches = {each for each in RoadcaseError.__subclasses__() if each.__module__ == ERRORS}
    assert branches <= set(STATUSES)


async def test_an_error_nobody_meant_is_logged_and_not_told(
    stall: Stall, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    stall.fails = ZeroDivisionError("secret of the house")
    with caplog.at_level(logging.ERROR):
        answer = await client.get("/shops/fail")
    document = problem(answer, 500, "roadcase.internal")
    assert "secret" not in answer.text
    assert "ZeroDivision" not in answer.text
    assert any(document["facts"]["error_id"] in each.getMessage() for each in caplog.records)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"units": 0}, ["units"]),
        ({"units": 1.5, "note": 7}, ["units", "note"]),
        ({"units": 2**63}, []),
        ({}, ["units"]),
        ([], ["body"]),
        (None, ["body"]),
    ],
)
async def test_fields_that_are_wrong_are_named(
    stall: Stall, client: httpx.AsyncClient, body: Any, fields: list[str]
) -> None:
    answer = await client.post("/shops/main/orders/o1", json=body, headers=KEYED)
    if not fields:
        assert answer.status_code == 201
        return
    document = problem(answer, 400, "roadcase.invalid")
    assert [each["field"] for each in document["errors"]] == fields
    assert not stall.asked


async def test_a_command_that_takes_no_such_field_names_it_too(client: httpx.AsyncClient) -> None:
    answer = await client.post("/shops/main/commands", headers=KEYED)
    assert problem(answer, 400, "roadcase.invalid")["errors"][0]["field"] == "units"


async def test_a_query_that_is_wrong_and_json_that_is_none_are_invalid(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/shops/main/orders?limit=many")
    assert problem(answer, 400, "roadcase.invalid")["errors"][0]["field"] == "limit"
    headers = KEYED | {"content-type": "application/json"}
    answer = await client.post("/shops/main/orders/o", content=b"{bad", headers=headers)
    assert problem(answer, 400, "roadcase.invalid")["errors"]


async def test_what_is_nowhere_is_a_problem_too(client: httpx.AsyncClient) -> None:
    problem(await client.get("/nowhere"), 404, "roadcase.not_found")
    answer = await client.delete("/shops/main/orders")
    problem(answer, 405, "roadcase.method_not_allowed")
    assert answer.headers["allow"] == "GET"


# --- limits and headers


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 65536):
        yield bytes(65536)


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_of_more_than_a_megabyte_is_refused(
    client: httpx.AsyncClient, announced: bool
) -> None:
    limit = 1 << 20
    size = 5 << 20
    content = bytes(size) if announced else chunks(size)
    answer = await client.put("/shops/raw", content=content, headers=KEYED)
    assert problem(answer, 413, "roadcase.too_large")["facts"] == {"limit": limit}
    if announced:  # then even where nobody would read it
        answer = await client.post("/shops/main/search", content=content)
        problem(answer, 413, "roadcase.too_large")
    content = bytes(limit) if announced else chunks(limit)
    answer = await client.put("/shops/raw", content=content, headers=KEYED)
    assert answer.json() == limit


async def test_answers_and_pages_carry_the_headers_that_keep_them_safe(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/shops/page")
    answer = await client.get("/shops/main/orders")
    refused = await client.get("/nowhere")
    for each in (page, answer, refused):
        assert each.headers["x-content-type-options"] == "nosniff"
        assert each.headers["referrer-policy"] == "no-referrer"
        assert each.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in each.headers["content-security-policy"]
        assert "server" not in each.headers
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_read_waits_for_the_position_it_asks_for(
    stall: Stall, client: httpx.AsyncClient
) -> None:
    stall.shown = 7
    answer = await client.get("/shops/main/orders", headers={"min-position": "shop:7"})
    assert answer.status_code == 200
    answer = await client.get("/shops/main/orders", headers={"min-position": "shop:8"})
    problem(answer, 503, "roadcase.behind")
    answer = await client.get("/shops/main/orders", headers={"min-position": "soon"})
    problem(answer, 400, "roadcase.invalid")


async def test_a_retry_hears_the_same_answer_from_the_log(database: str) -> None:
    async with PostgresLog(database, SERVICE) as log, serving() as stall:
        kernel = Kernel(log, [SHOP], secret=b"s")
        running = asyncio.create_task(kernel.run())
        await kernel(Open(shop="main", capacity=3), Context(tenant="acme", actor="a"))
        stall.dispatch = kernel  # type: ignore[method-assign]
        server = HttpServer(stall.verifier, ready=dict, port=0)
        server.mount(shop(stall), name="shop", dispatch=kernel)
        await server.start()
        url = f"http://127.0.0.1:{server.port}/shops/main/orders"
        async with stall.client() as client:
            first = await client.post(f"{url}/o1", json={"units": 3}, headers=KEYED)
            again = await client.post(f"{url}/o1", json={"units": 3}, headers=KEYED)
            other = await client.post(f"{url}/o2", json={"units": 3}, headers=KEYED)
            second = {"idempotency-key": "k-2"}
            sold_out = await client.post(f"{url}/o2", json={"units": 3}, headers=second)
        assert first.json() == again.json()
        assert first.headers["log-position"] == again.headers["log-position"] == "shop:2"
        assert "idempotent-replayed" not in first.headers
        assert again.headers["idempotent-replayed"] == "true"
        problem(other, 422, "roadcase.key_reused")
        problem(sold_out, 409, "shop.sold_out")
        await server.stop(0)
        await kernel.drain()
        running.cancel()


# --- operations


async def test_health_is_open_and_readiness_says_why_not(stall: Stall) -> None:
    async with stall.client(None) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.get("/readyz")).json() == {"status": "ready"}
        stall.why = {"shop": "PostgreSQL is away"}
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["why"] == stall.why
        assert (await client.get("/healthz")).status_code == 200


async def test_a_browser_that_asks_for_an_icon_is_told_that_there_is_none(stall: Stall) -> None:
    async with stall.client(None) as client:
        assert (await client.get("/favicon.ico")).status_code == 204


async def test_metrics_are_for_this_machine_or_a_token() -> None:
    async with serving(metrics=lambda: "sales_total 7\n") as stall:
        async with stall.client(None) as client:
            answer = await client.get("/metrics")
            assert answer.text == "sales_total 7\n"
            assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
            for header in (
                {"x-forwarded-for": "10.0.0.1"},
                {"forwarded": "for=10.0.0.1"},
                {"host": "evil.example"},
            ):
                answer = await client.get("/metrics", headers=header)
                problem(answer, 401, "roadcase.unauthenticated")
        proxied = {"x-forwarded-for": "10.0.0.1"}
        async with stall.client(SIGNER.sign("acme", "prom", ["ops:metrics"])) as client:
            assert (await client.get("/metrics", headers=proxied)).status_code == 200
        async with stall.client() as client:
            answer = await client.get("/metrics", headers=proxied)
            assert problem(answer, 403, "roadcase.forbidden")["facts"] == {"scope": "ops:metrics"}


async def test_openapi_tells_scopes_keys_and_problems(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    sell = document["paths"]["/shops/{shop}/orders/{order}"]["post"]
    assert "shop:sell" in sell["description"]
    assert "Idempotency-Key" in [each["name"] for each in sell["parameters"]]
    assert "422" not in sell["responses"]
    assert "application/problem+json" in sell["responses"]["default"]["content"]
    assert sell["security"] == [{"token": []}]
    assert document["paths"]["/shops/page"]["get"]["security"] == []
    look = document["paths"]["/shops/{shop}/orders"]["get"]
    assert "Idempotency-Key" not in [each["name"] for each in look["parameters"]]


# --- server-sent events


class Browser:
    """Reads a stream of events line by line."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def event(self) -> dict[str, str]:
        """The next event or comment, as fields."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(5):
            while line := await anext(self._lines):
                name, _, value = line.partition(": ")
                fields[name] = f"{fields[name]}\n{value}" if name in fields else value
        return fields

    async def end(self) -> None:
        async with asyncio.timeout(5):
            async for _ in self._lines:
                pass


@asynccontextmanager
async def listening(stall: Stall, **headers: str) -> AsyncIterator[Browser]:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        stall.client() as client,
        client.stream("GET", "/shops/events", headers=headers) as answer,
    ):
        yield Browser(answer)


async def test_events_are_sent_with_their_ids_and_go_on_after_the_last(stall: Stall) -> None:
    async with listening(stall) as browser:
        assert browser.answer.headers["content-type"].startswith("text/event-stream")
        assert await browser.event() == {"retry": "2000"}
        assert await browser.event() == {"id": "1", "data": "after None"}
        stall.events.put_nowait(Event("two\nlines", id="2", name="board"))
        assert await browser.event() == {"id": "2", "event": "board", "data": "two\nlines"}
    async with listening(stall, last_event_id="2") as browser:
        await browser.event()
        assert (await browser.event())["data"] == "after 2"


async def test_a_silent_stream_is_kept_alive_with_comments(stall: Stall) -> None:
    async with listening(stall) as browser:
        await browser.event()
        await browser.event()
        assert await browser.event() == {"": "still here"}
        assert await browser.event() == {"": "still here"}


async def test_a_browser_that_leaves_leaves_nothing_behind(stall: Stall) -> None:
    async with listening(stall) as browser:
        await browser.event()
        await browser.event()
        assert stall.open_streams == 1
    await until(lambda: not stall.open_streams)


async def test_events_end_when_the_server_stops(stall: Stall) -> None:
    async with listening(stall) as browser:
        await browser.event()
        await browser.event()
        async with asyncio.timeout(4):
            stopping = asyncio.create_task(stall.server.stop(10))
            await browser.end()
            await stopping


async def test_events_end_at_once_when_the_token_is_revoked(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roadcase.http.events._LOOK", 30.0)
    stall.heartbeat = 30.0
    async with listening(stall) as browser:
        await browser.event()
        await browser.event()
        await asyncio.sleep(0.2)  # until it waits
        stall.verifier.revoke(stall.verifier.verify(SELLER).token)
        async with asyncio.timeout(3):
            await browser.end()


async def test_events_end_when_they_cannot_go_on(
    stall: Stall, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(stall) as browser:
        await browser.event()
        await browser.event()
        stall.events.put_nowait(ZeroDivisionError("a bug"))
        await browser.end()
    assert "a bug" in caplog.text


@pytest.mark.parametrize("field", ["id", "name"])
@pytest.mark.parametrize("text", ["1\ndata: forged", "1\r", "1\0"])
def test_nothing_can_be_smuggled_into_an_event(field: str, text: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        Event("x", **{field: text}).encode()


def test_every_kind_of_line_end_in_data_stays_data() -> None:
    assert Event("a\r\nb\rc\n\nd").encode() == b"data: a\ndata: b\ndata: c\ndata: \ndata: d\n\n"


# --- the server


async def test_a_request_under_way_is_answered_when_the_server_stops(stall: Stall) -> None:
    go = asyncio.Event()

    async def slowly(command: Command, context: Context) -> Outcome:
        stall.asked.append((command, context))
        await go.wait()
        return Outcome(9, ())

    server = HttpServer(stall.verifier, ready=dict, port=0)
    server.mount(shop(stall), name="shop", dispatch=slowly)
    await server.start()
    async with stall.client() as client:
        url = f"http://127.0.0.1:{server.port}/shops/main/orders/o1"
        asking = asyncio.create_task(client.post(url, json={"units": 1}, headers=KEYED))
        await until(lambda: stall.asked)
        stopping = asyncio.create_task(server.stop(5))
        await asyncio.sleep(0.05)
        go.set()
        assert (await asking).json() == {"position": 9}
        await asyncio.wait_for(stopping, 3)
        with pytest.raises(httpx.ConnectError):
            await client.post(url, json={"units": 1}, headers=KEYED)


async def test_a_port_that_is_taken_is_a_clear_error(stall: Stall) -> None:
    second = HttpServer(Verifier({}), ready=dict, port=stall.server.port)
    with pytest.raises(Unavailable, match=str(stall.server.port)):
        await second.start()


async def test_requests_are_not_logged_one_by_one(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        await client.get("/healthz")
    assert not [each for each in caplog.records if each.name.startswith("uvicorn")]


async def test_problems_are_plain_json(stall: Stall, client: httpx.AsyncClient) -> None:
    stall.fails = Refused("no", left=0, ratio=0.5, ok=True, none=None, odd={1})
    facts = json.loads((await client.get("/shops/fail")).text)["facts"]
    assert facts["left"] == 0
    assert facts["none"] is None


# --- pages of other origins

OURS, THEIRS = "http://127.0.0.1:8080", "https://evil.example"
ASKING = {"access-control-request-method": "GET"}


async def test_a_page_of_ours_may_read_from_elsewhere_and_no_other_may() -> None:
    async with (
        serving(origins=origins(f"{OURS}, http://localhost:8080/")) as stall,
        stall.client() as client,
        stall.client(None) as nobody,
    ):
        first = await nobody.options("/shops/main/orders", headers={"origin": OURS, **ASKING})
        assert first.status_code == 204
        assert first.headers["access-control-allow-origin"] == OURS
        assert first.headers["access-control-allow-methods"] == "GET, HEAD"
        assert "authorization" in first.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in first.headers
        answer = await client.get("/shops/main/orders", headers={"origin": OURS})
        assert answer.headers["access-control-allow-origin"] == OURS
        assert "origin" in answer.headers["vary"]
        refused = await nobody.get("/shops/main/orders", headers={"origin": OURS})
        problem(refused, 401, "roadcase.unauthenticated")
        assert refused.headers["access-control-allow-origin"] == OURS, "it may know why"
        for origin in (THEIRS, "null", OURS + "0", ""):
            asked = await client.options("/shops/main/orders", headers={"origin": origin, **ASKING})
            told = await client.get("/shops/main/orders", headers={"origin": origin})
            for each in (asked, told):
                assert not [name for name in each.headers if name.startswith("access-control")]


async def test_without_being_told_of_any_no_page_from_elsewhere_may_read(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/shops/main/orders", headers={"origin": OURS})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("text", ["*", "null", "http://a b", "x.example", "https://x/path", "'a'"])
def test_an_origin_is_an_address_and_nothing_else(text: str) -> None:
    with pytest.raises(Invalid):
        origins(text)
    with pytest.raises(Invalid):
        doors(f"devices={text}")


def test_doors_are_named_with_their_addresses() -> None:
    assert doors("") == {}
    assert doors("devices=http://127.0.0.1:8081, media=https://m.example/") == {
        "devices": "http://127.0.0.1:8081",
        "media": "https://m.example",
    }
    with pytest.raises(Invalid):
        doors("http://127.0.0.1:8081")
