"""The gRPC server: servicers behind doors, health, reflection, limits, and a graceful stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection, reflection_pb2

from roadcase.auth import Verifier
from roadcase.doors import ANY_TOKEN, MAX_BODY, OPEN, Begins, Readers, Ready, WaitFor
from roadcase.errors import NotFound, Unavailable
from roadcase.rpc.call import Call, Declared, Mounted, Servicer, rpc
from roadcase.rpc.door import Door, House

if TYPE_CHECKING:
    from roadcase.tracing import Tracing

_OPTIONS = {
    "grpc.max_receive_message_length": MAX_BODY,
    "grpc.max_concurrent_streams": 1000,  # of one connection; more wait at the caller
    "grpc.max_metadata_size": 16 * 1024,  # so that a huge token meets our own refusal
    "grpc.absolute_max_metadata_size": 32 * 1024,
    "grpc.so_reuseport": 0,  # a second server on the port must fail, not take half of the calls
    "grpc.keepalive_time_ms": 30_000,  # find callers that went away without a word
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.http2.min_ping_interval_without_data_ms": 10_000,
    "grpc.keepalive_permit_without_calls": 1,
}


class RpcServer:
    """Serves mounted servicers. Mount, `start()`, and `stop()` before the dispatchers drain."""

    def __init__(
        self,
        verifier: Verifier,
        *,
        ready: Ready,
        wait_for: WaitFor | None = None,
        host: str = "127.0.0.1",
        port: int = 50051,
        tracing: Tracing | None = None,
    ) -> None:
        self.host = host
        self.port = port  # 0: any that is free, known after `start()`
        self._stopping = asyncio.Event()
        self._house = House(verifier, wait_for, self._stopping, tracing)
        self._ready = ready
        self._handlers: dict[str, dict[str, grpc.RpcMethodHandler[Any, Any]]] = {}
        self._names: dict[str, str] = {}  # of a gRPC service: of ours
        self.scopes: set[str] = set()  # that its methods ask for
        self._server: grpc.aio.Server | None = None

    def mount(
        self,
        servicer: Servicer,
        *,
        name: str,
        dispatch: Begins | None = None,
        reads: Readers | None = None,
    ) -> None:
        """Put a servicer of the service `name` behind doors.

        Raises TypeError for a method that is missing, or does not say who may call it.
        """
        service = servicer.service
        mounted = Mounted(name, dispatch, reads)
        methods = {each: _method(servicer, each.name) for each in service.methods}
        self._handlers[service.full_name] = {
            each.name: Door(self._house, mounted, each, *found).handler()
            for each, found in methods.items()
        }
        asked = {declared.scope for _, declared in methods.values()}
        self.scopes |= asked - {OPEN, ANY_TOKEN}
        self._names[service.full_name] = name

    async def start(self) -> None:
        """Listen. Raises Unavailable when the port is taken."""
        self.mount(Health(self._why_not_ready, self._names), name="health")
        self.mount(Reflection([*self._names, reflection.SERVICE_NAME]), name="reflection")
        server = grpc.aio.server(options=list(_OPTIONS.items()))
        for service, handlers in self._handlers.items():
            generic = grpc.method_handlers_generic_handler(service, handlers)
            server.add_generic_rpc_handlers((generic,))
            # The same by exact name: found without asking one handler after the other.
            server.add_registered_method_handlers(service, handlers)  # type: ignore[attr-defined]
        try:
            self.port = server.add_insecure_port(f"{self.host}:{self.port}")
        except RuntimeError as error:
            raise Unavailable(f"gRPC cannot listen on {self.host}:{self.port}") from error
        await server.start()
        self._server = server

    async def stop(self, grace: float = 5.0) -> None:
        """Take no more calls, let streams end, and wait `grace` seconds for those under way."""
        self._stopping.set()
        if self._server is not None:
            await self._server.stop(grace)
            self._server = None

    def _why_not_ready(self) -> dict[str, str]:
        if self._stopping.is_set():
            return dict.fromkeys(self._names.values(), "stopping")
        return dict(self._ready())


def _method(servicer: Servicer, name: str) -> tuple[Callable[..., Any], Declared]:
    where = f"{type(servicer).__name__}.{name}"
    method: Callable[..., Any] | None = getattr(servicer, name, None)
    if method is None:
        raise TypeError(f"{where} is missing")
    declared = getattr(method, "rpc", None)
    if not isinstance(declared, Declared):
        raise TypeError(f"{where} does not say who may call it: put it under @rpc(scope)")
    return method, declared


class Health:
    """grpc.health.v1: open to everyone, per service or for all, from what readiness says."""

    service: ServiceDescriptor = health_pb2.DESCRIPTOR.services_by_name["Health"]

    def __init__(self, why_not_ready: Callable[[], dict[str, str]], names: dict[str, str]) -> None:
        self._why_not_ready = why_not_ready
        self._names = names

    @rpc(OPEN)
    async def Check(  # noqa: N802
        self, request: health_pb2.HealthCheckRequest, call: Call
    ) -> health_pb2.HealthCheckResponse:
        """Why a service does not serve is in the trailer `not-ready`."""
        if request.service and request.service not in self._names:
            raise NotFound
        status, why = self._status(request.service)
        if why:
            call.trailers.append(("not-ready", why))
        return health_pb2.HealthCheckResponse(status=status)

    @rpc(OPEN)
    async def List(  # noqa: N802
        self, _request: health_pb2.HealthListRequest, _call: Call
    ) -> health_pb2.HealthListResponse:
        statuses = {
            name: health_pb2.HealthCheckResponse(status=self._status(name)[0])
            for name in ["", *self._names]
        }
        return health_pb2.HealthListResponse(statuses=statuses)

    @rpc(OPEN)
    async def Watch(  # noqa: N802
        self, request: health_pb2.HealthCheckRequest, call: Call
    ) -> AsyncIterator[health_pb2.HealthCheckResponse]:
        said = None
        while True:
            status, _ = self._status(request.service)
            if status != said:
                yield health_pb2.HealthCheckResponse(status=status)
                said = status
            if call.stopping.is_set():
                return
            try:
                await asyncio.wait_for(call.stopping.wait(), 0.5)
            except TimeoutError:
                continue

    def _status(self, service: str) -> tuple[Any, str]:
        why = self._why_not_ready()
        if service:
            if service not in self._names:
                return health_pb2.HealthCheckResponse.SERVICE_UNKNOWN, ""
            name = self._names[service]
            why = {name: why[name]} if name in why else {}
        if not why:
            return health_pb2.HealthCheckResponse.SERVING, ""
        text = "; ".join(f"{name}: {reason}" for name, reason in why.items())
        plain = " ".join(text.encode("ascii", "backslashreplace").decode().split())
        return health_pb2.HealthCheckResponse.NOT_SERVING, plain


class Reflection:
    """grpc.reflection.v1alpha, for callers with a token: what can be called, and with what."""

    service: ServiceDescriptor = reflection_pb2.DESCRIPTOR.services_by_name["ServerReflection"]

    def __init__(self, names: list[str]) -> None:
        self._theirs = reflection.aio.ReflectionServicer(names)  # type: ignore[attr-defined]

    @rpc(ANY_TOKEN)
    async def ServerReflectionInfo(  # noqa: N802
        self, requests: AsyncIterator[Any], _call: Call
    ) -> AsyncIterator[Any]:
        async for answer in self._theirs.ServerReflectionInfo(requests, None):
            yield answer
