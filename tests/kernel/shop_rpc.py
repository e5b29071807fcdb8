"""A gRPC door to the shop, with its client, for the kernel's tests."""
# ruff: noqa: N802  (gRPC names methods so)

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.message_factory import GetMessageClass
from grpc_tools import protoc

from roadcase.rpc import OPEN, Batch, Call, rpc
from tests.kernel.shop import Sell

HERE = Path(__file__).parent
PROTO = HERE.parent.parent / "proto"
GOOGLE = files("grpc_tools") / "_proto"


def compiled() -> FileDescriptor:
    with tempfile.NamedTemporaryFile() as file:
        paths = [f"-I{HERE}", f"-I{PROTO}", f"-I{GOOGLE}", f"--descriptor_set_out={file.name}"]
        assert protoc.main(["protoc", *paths, str(HERE / "shop.proto")]) == 0
        described = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(described.file[0].SerializeToString())
    return pool.FindFileByName("shop.proto")


FILE = compiled()
SERVICE = FILE.services_by_name["Shop"]
SellRequest, SellResponse, SellBatch, SellResult, SellResults = (
    GetMessageClass(FILE.message_types_by_name[name])
    for name in ("SellRequest", "SellResponse", "SellBatch", "SellResult", "SellResults")
)


class ShopRpc:
    """Calls `said` with the call, for tests that look at it or fail in it."""

    service = SERVICE

    def __init__(self, said: Callable[[Call], Any] | None = None, window: int = 1024) -> None:
        self.said = said
        self.window = window
        self.open_streams = 0

    @rpc("shop:sell", mutates=True)
    async def Echo(self, request: Any, call: Call) -> Any:
        return SellResponse(order=request.order)

    @rpc("shop:sell", mutates=True)
    async def Sell(self, request: Any, call: Call) -> Any:
        await call.dispatch(sale(request))
        return SellResponse(order=request.order)

    @rpc("shop:look")
    async def Look(self, request: Any, call: Call) -> Any:
        said = self.said(call) if self.said else ""
        return SellResponse(said=await said if asyncio.iscoroutine(said) else said)

    @rpc(OPEN)
    async def Operate(self, request: Any, call: Call) -> Any:
        return SellResponse(said=call.identity.tenant)

    @rpc("shop:look")
    async def Count(self, request: Any, call: Call) -> AsyncIterator[Any]:
        self.open_streams += 1
        try:
            for number in range(request.units):
                yield SellResponse(said=str(number))
            if self.said:
                self.said(call)
            await call.stopping.wait()
        finally:
            self.open_streams -= 1

    @rpc("shop:sell", mutates=True)
    async def SellStream(self, requests: AsyncIterator[Any], call: Call) -> AsyncIterator[Any]:
        batch = Batch(
            items=lambda request: request.items,
            begin=lambda item: asyncio.ensure_future(call.dispatch(sale(item), key=item.order)),
            fill=lambda _result, _item, _outcome: None,
            whose=_named,
            answer=SellResults,
            window=self.window,
        )
        async for answer in batch.run(requests, call):
            yield answer


def _named(result: Any, item: Any) -> None:
    result.order = item.order


def sale(request: Any) -> Sell:
    return Sell(shop=request.shop, order=request.order, units=request.units, note=request.note)


class Client:
    """Stubs of the shop over one channel, with a token."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self.channel = grpc.aio.insecure_channel(
            f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)]
        )
        self.token = token

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.channel.close()

    def metadata(self, key: str | None = None, **more: str) -> tuple[tuple[str, str], ...]:
        pairs = {name.replace("_", "-"): value for name, value in more.items()}
        if self.token is not None:
            pairs["authorization"] = f"Bearer {self.token}"
        if key is not None:
            pairs["idempotency-key"] = key
        return tuple(pairs.items())

    def call(
        self, method: str, request: Any = None, key: str | None = None, **more: Any
    ) -> grpc.aio.UnaryUnaryCall:
        timeout = more.pop("timeout", None)
        stub = self.channel.unary_unary(
            f"/test.shop.v1.Shop/{method}",
            lambda sent: sent if isinstance(sent, bytes) else sent.SerializeToString(),
            SellResponse.FromString,
        )
        request = SellRequest(shop="main", order="o", units=1) if request is None else request
        return stub(request, metadata=self.metadata(key, **more), timeout=timeout)

    def count(self, units: int = 1) -> grpc.aio.UnaryStreamCall:
        stub = self.channel.unary_stream(
            "/test.shop.v1.Shop/Count", SellRequest.SerializeToString, SellResponse.FromString
        )
        return stub(SellRequest(units=units), metadata=self.metadata())

    def sell_stream(self) -> grpc.aio.StreamStreamCall:
        stub = self.channel.stream_stream(
            "/test.shop.v1.Shop/SellStream", SellBatch.SerializeToString, SellResults.FromString
        )
        return stub(metadata=self.metadata())


async def until(condition: Callable[[], object]) -> None:
    """Wait until it is true, 5 seconds at most."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  (what it looks at knows nothing of us)
            await asyncio.sleep(0.005)
