"""The gRPC door: who gets in, how it says no, what it limits, and how batches and drains end."""
# ruff: noqa: N802  (gRPC names methods so)

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status.rpc_status import aio as rich_status

from roadcase.asked import Context, Outcome
from roadcase.auth import Signer, Verifier
from roadcase.clock import monotonic
from roadcase.decider import Command
from roadcase.dispatch import Dispatcher
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
from roadcase.rpc import ANY_TOKEN, CODES, RpcServer, rpc
from tests.conftest import SERVICE
from tests.kernel.shop import SHOP, Open, Sell, SoldOut
from tests.kernel.shop_rpc import Client, SellBatch, SellRequest, ShopRpc, until

KEY = Ed25519PrivateKey.generate()
SIGNER = Signer("k1", KEY)
SELLER = SIGNER.sign("acme", "till-1", ["shop:sell", "shop:look"])
NAME = "test.shop.v1.Shop"
ERRORS = RoadcaseError.__module__


class Desk:
    """Stands for the dispatcher: remembers what it is asked, and does what the test says."""

    def __init__(self) -> None:
        self.asked: list[tuple[Command, Context]] = []
        self.now = 0
        self.most = 0
        self.does: Callable[[Command], Awaitable[None]] | None = None

    async def __call__(self, command: Command, context: Context) -> Outcome:
        self.asked.append((command, context))
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            if self.does:
                await self.does(command)
            return Outcome(len(self.asked), (), replayed=False)
        finally:
            self.now -= 1

    def begin(self, command: Command, context: Context) -> Awaitable[Outcome]:
        return asyncio.ensure_future(self(command, context))


class Shown:
    """Stands for read models that show everything up to `position`."""

    def __init__(self) -> None:
        self.position = 0
        self.asked: list[tuple[str, int, float]] = []

    async def __call__(self, service: str, position: int, timeout: float) -> bool:  # noqa: ASYNC109
        self.asked.append((service, position, timeout))
        return position <= self.position


class Stall:
    """A running server with everything that a test may want to look at."""

    def __init__(self, servicer: ShopRpc) -> None:
        self.servicer = servicer
        self.desk = Desk()
        self.shown = Shown()
        self.why: dict[str, str] = {}
        self.verifier = Verifier({"k1": KEY.public_key()})
        self.server = RpcServer(self.verifier, ready=lambda: self.why, wait_for=self.shown, port=0)
        self.server.mount(servicer, name="shop", dispatch=self.desk)

    def client(self, token: str | None = SELLER) -> Client:
        return Client(self.server.port, token)


@asynccontextmanager
async def serving(**options: Any) -> AsyncIterator[tuple[Stall, Client]]:
    stall = Stall(ShopRpc(**options))
    await stall.server.start()
    try:
        async with stall.client() as client:
            yield stall, client
    finally:
        await stall.server.stop(0)


@pytest.fixture
async def stall() -> AsyncIterator[Stall]:
    async with serving() as (stall, _):
        yield stall


@pytest.fixture
async def client(stall: Stall) -> AsyncIterator[Client]:
    async with stall.client() as client:
        yield client


async def failure(call: Any) -> tuple[grpc.StatusCode, str, dict[str, Any]]:
    """The code, the message and the details of a call that must fail."""
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await call
    status = await rich_status.from_call(call)
    details: dict[str, Any] = {}
    for packed in status.details if status else []:
        for kind in (ErrorInfo, BadRequest, RetryInfo):
            detail = kind()
            if packed.Unpack(detail):
                details[kind.__name__] = detail
    return failed.value.code(), failed.value.details() or "", details


async def trailers(call: Any) -> dict[str, Any]:
    await call
    return dict(await call.trailing_metadata())


# --- who gets in


async def test_a_call_reaches_its_method_with_its_caller(stall: Stall, client: Client) -> None:
    traceparent = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    request = SellRequest(shop="main", order="o1", units=2)
    answer = await client.call("Sell", request, key="k-1", traceparent=traceparent, timeout=10)
    assert answer.order == "o1"
    ((command, context),) = stall.desk.asked
    assert command.order == "o1"
    assert (context.tenant, context.actor, context.key) == ("acme", "till-1", "k-1")
    assert context.traceparent == traceparent
    assert context.deadline == pytest.approx(monotonic() + 10, abs=2)


async def test_a_call_without_a_deadline_has_none(stall: Stall, client: Client) -> None:
    await client.call("Sell", key="k", traceparent="junk")
    ((_, context),) = stall.desk.asked
    assert context.deadline is None
    assert context.traceparent is None


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (None, "send a token"),
        ("nonsense", "not a token of ours"),
        ("x" * 8192, "longer than"),
        (Signer("k1", Ed25519PrivateKey.generate()).sign("acme", "a", ["shop:sell"]), "signature"),
    ],
)
async def test_without_a_valid_token_nothing_is_reached(
    stall: Stall, token: str | None, why: str
) -> None:
    async with stall.client(token) as client:
        code, message, details = await failure(client.call("Sell", key="k"))
        assert code is grpc.StatusCode.UNAUTHENTICATED
        assert why in message
        assert details["ErrorInfo"].reason == "roadcase.unauthenticated"
        code, _, _ = await failure(client.call("Sell", b"\xff\xff", key="k"))
        assert code is grpc.StatusCode.UNAUTHENTICATED  # the request is not even looked at
    assert not stall.desk.asked


async def test_a_revoked_token_is_refused_at_once(stall: Stall, client: Client) -> None:
    await client.call("Echo", key="k")
    stall.verifier.revoke(stall.verifier.verify(SELLER).token)
    code, _, _ = await failure(client.call("Echo", key="k"))
    assert code is grpc.StatusCode.UNAUTHENTICATED


async def test_a_missing_scope_is_named(stall: Stall) -> None:
    async with stall.client(SIGNER.sign("acme", "board", ["shop:look"])) as client:
        code, message, details = await failure(client.call("Sell", key="k"))
    assert code is grpc.StatusCode.PERMISSION_DENIED
    assert "shop:sell" in message
    assert dict(details["ErrorInfo"].metadata) == {"scope": "shop:sell"}
    assert not stall.desk.asked


async def test_an_open_method_needs_no_token_and_knows_nobody(stall: Stall) -> None:
    async with stall.client(None) as client:
        assert (await client.call("Operate")).said == ""


async def test_an_unknown_method_is_unimplemented(client: Client) -> None:
    code, _, _ = await failure(client.call("Nothing"))
    assert code is grpc.StatusCode.UNIMPLEMENTED


class Undeclared(ShopRpc):
    async def Echo(self, request: Any, call: Any) -> Any: ...


class Missing(ShopRpc):
    Echo = None


@pytest.mark.parametrize("servicer", [Undeclared, Missing])
async def test_a_method_that_does_not_say_who_may_call_it_keeps_the_server_from_starting(
    servicer: type[ShopRpc],
) -> None:
    server = RpcServer(Verifier({}), ready=dict, port=0)
    with pytest.raises(TypeError, match=f"{servicer.__name__}.Echo"):
        server.mount(servicer(), name="shop")


# --- keys and deadlines


@pytest.mark.parametrize("key", [None, "", "k" * 129])
async def test_a_call_that_changes_something_needs_a_key(
    stall: Stall, client: Client, key: str | None
) -> None:
    code, message, _ = await failure(client.call("Sell", key=key))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert "idempotency-key" in message
    assert not stall.desk.asked


@pytest.mark.parametrize("key", ["k", "k" * 128, "order 7 (retry)!~"])
async def test_a_key_is_1_to_128_printable_characters(
    stall: Stall, client: Client, key: str
) -> None:
    await client.call("Sell", key=key)
    assert stall.desk.asked[0][1].key == key


async def test_nothing_is_dispatched_without_a_key(stall: Stall, client: Client) -> None:
    sale = Sell(shop="main", order="o", units=1)
    stall.servicer.said = lambda call: call.dispatch(sale)
    code, message, _ = await failure(client.call("Look"))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert "idempotency-key" in message
    stream = client.sell_stream()
    await stream.write(batch("", "a"))
    await stream.done_writing()
    keyless, keyed = (await stream.read()).results
    assert keyless.error.reason == "roadcase.invalid"
    assert not keyed.error.reason
    assert [context.key for _, context in stall.desk.asked] == ["a"]


async def test_a_read_needs_no_key(client: Client) -> None:
    await client.call("Look")


async def test_a_call_whose_time_is_over_is_not_dispatched(stall: Stall, client: Client) -> None:
    door = stall.server._handlers[NAME]["Sell"].unary_unary

    class Late:
        """A call that spent all of its time on the way."""

        aborted: tuple[Any, ...] = ()

        def invocation_metadata(self) -> Any:
            return client.metadata("k")

        def time_remaining(self) -> float:
            return 0.0

        async def send_initial_metadata(self, _: Any) -> None: ...

        async def abort(self, *why: Any) -> None:
            self.aborted = why
            raise grpc.aio.AbortError

    late = Late()
    with pytest.raises(grpc.aio.AbortError):
        await door(b"", late)
    assert late.aborted[0] is grpc.StatusCode.DEADLINE_EXCEEDED
    assert not stall.desk.asked


async def test_a_deadline_of_a_millisecond_fails_cleanly_and_the_server_goes_on(
    stall: Stall, client: Client
) -> None:
    async def slowly(_: Command) -> None:
        await asyncio.sleep(0.05)

    stall.desk.does = slowly
    code, _, _ = await failure(client.call("Sell", key="k", timeout=0.001))
    assert code is grpc.StatusCode.DEADLINE_EXCEEDED
    await client.call("Sell", key="k")


# --- how it says no


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Invalid(), grpc.StatusCode.INVALID_ARGUMENT),
        (Unauthenticated(), grpc.StatusCode.UNAUTHENTICATED),
        (Forbidden(), grpc.StatusCode.PERMISSION_DENIED),
        (NotFound(), grpc.StatusCode.NOT_FOUND),
        (Refused(), grpc.StatusCode.FAILED_PRECONDITION),
        (SoldOut(shop="main"), grpc.StatusCode.FAILED_PRECONDITION),
        (KeyReused(), grpc.StatusCode.ALREADY_EXISTS),
        (Overloaded(waiting=4096), grpc.StatusCode.RESOURCE_EXHAUSTED),
        (Unavailable(), grpc.StatusCode.UNAVAILABLE),
        (LogDiverged(at=7), grpc.StatusCode.UNAVAILABLE),
        (DeadlineExceeded(), grpc.StatusCode.DEADLINE_EXCEEDED),
        (Conflict(), grpc.StatusCode.ABORTED),
        (LogCorrupt(), grpc.StatusCode.DATA_LOSS),
        (RoadcaseError("odd\r\nnews"), grpc.StatusCode.INTERNAL),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
async def test_each_error_has_its_code_slug_and_facts(
    stall: Stall, client: Client, error: RoadcaseError, code: grpc.StatusCode
) -> None:
    stall.servicer.said = raising(error)
    said, message, details = await failure(client.call("Look"))
    assert said is code
    assert message.split() == str(error).split()
    info = details["ErrorInfo"]
    assert (info.reason, info.domain) == (error.code, "roadcase")
    assert dict(info.metadata) == {name: str(fact) for name, fact in error.facts.items()}
    assert ("RetryInfo" in details) == isinstance(error, Overloaded | Unavailable)


def test_every_branch_of_the_error_tree_has_its_own_row() -> None:
    branches = {each for each in RoadcaseError.__subclasses__() if each.__module__ == ERRORS}
    assert branches <= set(CODES)


def raising(error: Exception) -> Callable[[Any], Any]:
    def said(_: Any) -> str:
        raise error

    return said


async def test_an_error_nobody_meant_is_logged_and_not_told(
    stall: Stall, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    stall.servicer.said = raising(ZeroDivisionError("secret of the house"))
    with caplog.at_level(logging.ERROR):
        code, message, details = await failure(client.call("Look"))
    assert code is grpc.StatusCode.INTERNAL
    assert "secret" not in message
    assert "ZeroDivision" not in message
    error_id = details["ErrorInfo"].metadata["error_id"]
    assert error_id.startswith("err_")
    (record,) = [each for each in caplog.records if error_id in each.getMessage()]
    assert "secret of the house" in str(record.exc_info)


async def test_fields_that_no_command_takes_are_named(stall: Stall, client: Client) -> None:
    code, _, details = await failure(client.call("Sell", SellRequest(units=-1), key="k"))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    (violation,) = details["BadRequest"].field_violations
    assert violation.field == "units"
    assert violation.description == "is at least 1"
    assert not stall.desk.asked


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (SellRequest(kind=7), "kind"),
        (SellRequest(lines=[{"kind": 1}, {"kind": 99}]), "lines[1].kind"),
        (SellRequest(by_name={"a": {"kind": 2}}), "by_name[a].kind"),
        (SellRequest(more=[0, 1, 9]), "more[2]"),
        (SellRequest(again=SellRequest(again=SellRequest(kind=-1))), "again.again.kind"),
        (SellRequest(kinds={"a": 1, "b": 3}), "kinds[b]"),
    ],
)
async def test_an_unknown_enum_value_is_refused_by_name(
    client: Client, request_: Any, field: str
) -> None:
    code, message, details = await failure(client.call("Look", request_))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert "is not a Kind" in message
    assert details["BadRequest"].field_violations[0].field == field


async def test_known_enum_values_pass(client: Client) -> None:
    await client.call(
        "Look", SellRequest(kind=1, lines=[{"kind": 1}], by_name={"a": {}}, kinds={"a": 1})
    )


async def test_bytes_that_are_no_request_are_refused(client: Client) -> None:
    code, message, _ = await failure(client.call("Look", b"\x0a\xff\xff\xff\xff\x0f"))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert "not a request" in message


async def test_a_huge_error_still_reaches_the_caller(stall: Stall, client: Client) -> None:
    stall.servicer.said = raising(Refused("no " * 5000, why="x" * 50_000))
    code, message, details = await failure(client.call("Look"))
    assert code is grpc.StatusCode.FAILED_PRECONDITION
    assert len(message) <= 500
    assert len(details["ErrorInfo"].metadata["why"]) <= 500


async def test_a_message_of_5_megabytes_is_refused_and_the_connection_lives(client: Client) -> None:
    code, message, _ = await failure(client.call("Look", SellRequest(note="x" * (5 << 20))))
    assert code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "larger than max" in message
    channel_states = client.channel.get_state()
    await client.call("Look")
    assert client.channel.get_state() == channel_states == grpc.ChannelConnectivity.READY


async def test_a_message_of_almost_a_megabyte_passes(client: Client) -> None:
    await client.call("Look", SellRequest(note="x" * ((1 << 20) - 100)))


# --- positions


async def test_trailers_tell_the_position_and_a_replay(database: str) -> None:
    async with PostgresLog(database, SERVICE) as log:
        dispatcher = Dispatcher(log, [SHOP], secret=b"s")
        running = asyncio.create_task(dispatcher.run())
        await dispatcher(Open(shop="main", capacity=3), Context(tenant="acme", actor="a"))
        server = RpcServer(Verifier({"k1": KEY.public_key()}), ready=dict, port=0)
        server.mount(ShopRpc(), name="shop", dispatch=dispatcher)
        await server.start()
        async with Client(server.port, SELLER) as client:
            request = SellRequest(shop="main", order="o1", units=3)
            first = client.call("Sell", request, key="k1")
            assert await trailers(first) == {"log-position": "shop:2"}
            again = client.call("Sell", request, key="k1")
            said = {"log-position": "shop:2", "idempotent-replayed": "true"}
            assert await trailers(again) == said
            assert await first == await again
            request.order = "o2"
            code, _, _ = await failure(client.call("Sell", request, key="k1"))
            assert code is grpc.StatusCode.ALREADY_EXISTS
            code, _, details = await failure(client.call("Sell", request, key="k2"))
            assert code is grpc.StatusCode.FAILED_PRECONDITION
            assert details["ErrorInfo"].reason == "shop.sold_out"
        await server.stop(0)
        await dispatcher.drain()
        running.cancel()


async def test_a_read_waits_for_the_position_it_asks_for(stall: Stall, client: Client) -> None:
    stall.shown.position = 7
    await client.call("Look", min_position="shop:7")
    assert stall.shown.asked == [("shop", 7, 2.0)]
    code, _, details = await failure(client.call("Look", min_position="shop:8"))
    assert code is grpc.StatusCode.UNAVAILABLE
    assert details["ErrorInfo"].reason == "roadcase.behind"
    assert details["RetryInfo"].retry_delay.seconds == 1


@pytest.mark.parametrize(
    "text", ["", "shop", "shop:", "shop:-1", "7", "shop:1e3", "shop:" + "9" * 40]
)
async def test_a_position_that_is_none_is_refused(client: Client, text: str) -> None:
    code, message, _ = await failure(client.call("Look", min_position=text))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert "min-position" in message


# --- health and reflection


async def health(stall: Stall, service: str = "") -> tuple[str, str | None]:
    async with stall.client(None) as client:
        call = health_pb2_grpc.HealthStub(client.channel).Check(
            health_pb2.HealthCheckRequest(service=service)
        )
        status = health_pb2.HealthCheckResponse.ServingStatus.Name((await call).status)
        return status, dict(await call.trailing_metadata()).get("not-ready")


async def test_health_is_open_and_says_why_it_is_not_ready(stall: Stall) -> None:
    assert await health(stall) == ("SERVING", None)
    stall.why = {"shop": "PostgreSQL is away \u2013\nsince noon"}
    why = "shop: PostgreSQL is away \\u2013 since noon"
    assert await health(stall) == ("NOT_SERVING", why)
    assert await health(stall, NAME) == ("NOT_SERVING", why)
    stall.why = {"other": "starting"}
    assert await health(stall, NAME) == ("SERVING", None)
    assert (await health(stall))[0] == "NOT_SERVING"


async def test_the_health_of_a_stranger_is_not_found(stall: Stall) -> None:
    async with stall.client(None) as client:
        stub = health_pb2_grpc.HealthStub(client.channel)
        call = stub.Check(health_pb2.HealthCheckRequest(service="no.such"))
        assert (await failure(call))[0] is grpc.StatusCode.NOT_FOUND
        listed = (await stub.List(health_pb2.HealthListRequest())).statuses
        assert {"", NAME} <= set(listed)


async def test_whoever_watches_health_hears_the_change_and_the_end(stall: Stall) -> None:
    async with stall.client(None) as client:
        watch = health_pb2_grpc.HealthStub(client.channel).Watch(
            health_pb2.HealthCheckRequest(service=NAME)
        )
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.SERVING
        stopping = asyncio.create_task(stall.server.stop(5))
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
        assert await watch.read() is grpc.aio.EOF
        await stopping


@pytest.mark.parametrize("token", [None, SIGNER.sign("acme", "anyone", [])])
async def test_reflection_needs_any_valid_token(stall: Stall, token: str | None) -> None:
    async with stall.client(token) as client:
        stub = reflection_pb2_grpc.ServerReflectionStub(client.channel)
        asked = reflection_pb2.ServerReflectionRequest(list_services="")
        call = stub.ServerReflectionInfo(iter([asked]), metadata=client.metadata())
        if token is None:
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await call.read()
            assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
        else:
            services = {each.name for each in (await call.read()).list_services_response.service}
            assert {NAME, "grpc.health.v1.Health"} <= services


# --- streams


def batch(*orders: str, units: int = 1) -> Any:
    items = [SellRequest(shop="main", order=order, units=units) for order in orders]
    return SellBatch(items=items)


async def test_each_item_of_a_batch_has_its_own_key_and_result(
    stall: Stall, client: Client
) -> None:
    async def sold_out(command: Any) -> None:
        await asyncio.sleep(0.02 if command.order == "a" else 0)
        if command.order == "c":
            raise SoldOut(shop="main")
        if command.order == "d":
            raise ZeroDivisionError("secret")

    stall.desk.does = sold_out
    stream = client.sell_stream()
    await stream.write(batch("a", "b"))
    await stream.write(batch("c", "d"))
    bad = batch("e", "f", "g")
    bad.items[0].units = -1
    bad.items[1].kind = 42
    await stream.write(bad)
    await stream.done_writing()
    results = [each for answer in [answer async for answer in stream] for each in answer.results]
    reasons = {each.order: each.error.reason for each in results}
    assert list(reasons) == list("abcdefg")  # in the order they were asked
    assert reasons | {"d": "", "e": "", "f": ""} == {
        "a": "",
        "b": "",
        "c": "shop.sold_out",
        "d": "",
        "e": "",
        "f": "",
        "g": "",
    }
    assert reasons["d"] == "roadcase.internal"
    assert reasons["e"] == reasons["f"] == "roadcase.invalid"
    errors = {each.order: each.error for each in results}
    assert dict(errors["c"].facts) == {"shop": "main"}
    assert "secret" not in errors["d"].message
    assert errors["e"].field_violations[0].field == "units"
    assert errors["f"].field_violations[0].field == "kind"
    assert await stream.code() is grpc.StatusCode.OK
    assert [context.key for _, context in stall.desk.asked] == list("abcdg")
    assert dict(await stream.trailing_metadata())["log-position"].startswith("shop:")


async def test_no_more_items_are_in_work_than_the_window_allows() -> None:
    async with serving(window=8) as (stall, client):
        go = asyncio.Event()

        async def wait(_: Command) -> None:
            await go.wait()

        stall.desk.does = wait
        stream = client.sell_stream()
        for number in range(10):
            await stream.write(batch(*(f"o{number}-{each}" for each in range(4))))
        await stream.done_writing()
        await asyncio.sleep(0.2)
        assert len(stall.desk.asked) == 8
        go.set()
        answers = [answer async for answer in stream]
        assert [len(answer.results) for answer in answers] == [4] * 10
        assert stall.desk.most == 8
        assert len(stall.desk.asked) == 40


async def test_a_large_message_waits_until_there_is_room_for_all_of_it() -> None:
    async with serving(window=8) as (stall, client):
        go = asyncio.Event()

        async def wait(command: Any) -> None:
            if command.order != "first":
                await go.wait()

        stall.desk.does = wait
        stream = client.sell_stream()
        for orders in (["first"], list("abcdef"), list("gh"), list("ijk")):
            await stream.write(batch(*orders))
        await stream.done_writing()
        await stream.read()
        await asyncio.sleep(0.1)
        assert len(stall.desk.asked) == 9  # the last three would be too many
        go.set()
        assert [len((await stream.read()).results) for _ in range(3)] == [6, 2, 3]
        assert stall.desk.most == 8


async def test_a_message_with_too_many_items_is_refused_item_by_item(
    stall: Stall, client: Client
) -> None:
    stream = client.sell_stream()
    await stream.write(batch(*map(str, range(257))))
    await stream.write(batch())
    await stream.write(batch("fine"))
    await stream.done_writing()
    too_many, empty, fine = [answer async for answer in stream]
    assert {each.error.reason for each in too_many.results} == {"roadcase.too_large"}
    assert len(too_many.results) == 257
    assert not empty.results
    assert not fine.results[0].error.reason
    assert len(stall.desk.asked) == 1


async def test_a_drain_answers_what_was_read_and_ends_the_stream(
    stall: Stall, client: Client
) -> None:
    go = asyncio.Event()

    async def wait(_: Command) -> None:
        await go.wait()

    stall.desk.does = wait
    stream = client.sell_stream()
    await stream.write(batch("a", "b"))
    await until(lambda: len(stall.desk.asked) == 2)
    stopping = asyncio.create_task(stall.server.stop(5))
    await asyncio.sleep(0.05)
    go.set()
    assert [each.order for each in (await stream.read()).results] == ["a", "b"]
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        await stream.read()
    assert ended.value.code() is grpc.StatusCode.UNAVAILABLE
    assert "stopping" in (ended.value.details() or "")
    await asyncio.wait_for(stopping, 2)


async def test_a_drain_ends_a_stream_well_when_all_was_sent(stall: Stall, client: Client) -> None:
    go = asyncio.Event()

    async def wait(_: Command) -> None:
        await go.wait()

    stall.desk.does = wait
    stream = client.sell_stream()
    await stream.write(batch("a"))
    await stream.done_writing()
    await until(lambda: stall.desk.asked)
    stopping = asyncio.create_task(stall.server.stop(5))
    await asyncio.sleep(0.05)
    go.set()
    assert len([answer async for answer in stream]) == 1
    assert await stream.code() is grpc.StatusCode.OK
    await asyncio.wait_for(stopping, 2)


async def test_a_token_revoked_in_the_middle_ends_the_stream(stall: Stall, client: Client) -> None:
    stream = client.sell_stream()
    await stream.write(batch("a"))
    await stream.read()
    stall.verifier.revoke(stall.verifier.verify(SELLER).token)
    await stream.write(batch("b"))
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        await stream.read()
    assert ended.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert len(stall.desk.asked) == 1


async def test_a_stream_in_which_nothing_happens_ends_at_once_when_its_token_is_revoked(
    stall: Stall, client: Client
) -> None:
    stream = client.sell_stream()
    await stream.write(batch("a"))
    await stream.read()
    stall.verifier.revoke(stall.verifier.verify(SELLER).token)
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        await asyncio.wait_for(stream.read(), 1)
    assert ended.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_a_caller_who_leaves_a_stream_leaves_nothing_behind(
    stall: Stall, client: Client
) -> None:
    call = client.count(units=2)
    assert (await call.read()).said == "0"
    assert stall.servicer.open_streams == 1
    call.cancel()
    await until(lambda: not stall.servicer.open_streams)


async def test_an_error_in_a_stream_comes_after_what_was_sent(stall: Stall, client: Client) -> None:
    stall.servicer.said = raising(NotFound("gone"))
    call = client.count(units=2)
    assert [(await call.read()).said for _ in range(2)] == ["0", "1"]
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        await call.read()
    assert (ended.value.code(), ended.value.details()) == (grpc.StatusCode.NOT_FOUND, "gone")


# --- the server


async def test_a_port_that_is_taken_is_a_clear_error(stall: Stall) -> None:
    second = RpcServer(Verifier({}), ready=dict, port=stall.server.port)
    with pytest.raises(Unavailable, match=str(stall.server.port)):
        await second.start()


async def test_any_token_is_a_declaration_too() -> None:
    class Anyone(ShopRpc):
        @rpc(ANY_TOKEN)
        async def Echo(self, request: Any, call: Any) -> Any:
            return await super().Echo(request, call)

    server = RpcServer(Verifier({"k1": KEY.public_key()}), ready=dict, port=0)
    server.mount(Anyone(), name="shop")
    await server.start()
    async with Client(server.port, SIGNER.sign("acme", "a", [])) as known:
        await known.call("Echo")
    async with Client(server.port, None) as unknown:
        code, _, _ = await failure(unknown.call("Echo"))
        assert code is grpc.StatusCode.UNAUTHENTICATED
    await server.stop(0)
