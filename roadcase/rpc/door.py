"""What every call passes before and after its method: one door per method, made at the start.

A door is one coroutine around the method, not a chain of gRPC interceptors: those see neither the
request nor the answer, and each costs a coroutine per call. In this order, the cheapest refusal
first: token, scope, deadline, idempotency key, request, and for reads the position they wait for;
then the method; then its answer and trailers, or the error and its details.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from roadcase import telemetry
from roadcase.auth import Identity, Verifier, bearer
from roadcase.clock import monotonic
from roadcase.doors import (
    ANY_TOKEN,
    ANYONE,
    OPEN,
    WaitFor,
    check_key,
    check_traceparent,
    wait_until,
)
from roadcase.errors import DeadlineExceeded, Invalid
from roadcase.rpc.call import Call, Declared, Mounted
from roadcase.rpc.enums import check_enums, has_enums
from roadcase.rpc.errors import status_of

if TYPE_CHECKING:
    from roadcase.tracing import Tracing

Context = grpc.aio.ServicerContext[Any, Any]


class House(NamedTuple):
    """What all doors of a server share."""

    verifier: Verifier
    wait_for: WaitFor | None
    stopping: asyncio.Event
    tracing: Tracing | None = None


class Door:
    """Stands before one method of one servicer."""

    def __init__(
        self,
        house: House,
        mounted: Mounted,
        descriptor: MethodDescriptor,
        method: Callable[..., Any],
        declared: Declared,
    ) -> None:
        self._house = house
        self._mounted = mounted
        traced = _traced_stream if descriptor.server_streaming else _traced
        name, tracing = descriptor.full_name, house.tracing
        self._method = traced(method, tracing, name) if tracing else method
        self._name = name
        self._scope, self._mutates = declared
        self._needs_key = self._mutates and not descriptor.client_streaming
        self._parse: Callable[[bytes], Message] = GetMessageClass(descriptor.input_type).FromString
        self._has_enums = has_enums(descriptor.input_type)
        self._asked = descriptor.client_streaming
        self._answers = descriptor.server_streaming

    def handler(self) -> grpc.RpcMethodHandler[Any, Any]:
        """This door as gRPC wants it. Messages pass as bytes: parsing them is the door's work."""
        match self._asked, self._answers:
            case False, False:
                return grpc.unary_unary_rpc_method_handler(self._unary)
            case False, True:
                return grpc.unary_stream_rpc_method_handler(self._stream)
            case True, False:
                return grpc.stream_unary_rpc_method_handler(self._unary)
            case _:
                return grpc.stream_stream_rpc_method_handler(self._stream)

    async def _unary(self, raw: Any, context: Context) -> bytes:
        reached = False
        try:
            call = self._open(context)
            request = self._requests(raw) if self._asked else self._request(raw)
            if call.min_position is not None:
                await wait_until(call.min_position, self._house.wait_for)
            reached = True
            answer: Message = await self._method(request, call)
            if trailing := call.trailing():
                context.set_trailing_metadata(trailing)
            return answer.SerializeToString()
        except Exception as error:
            if self._house.tracing and not reached:
                _tell(self._house.tracing, self._name, context, error)
            await _refuse(context, error)
            raise

    async def _stream(self, raw: Any, context: Context) -> None:
        reached = False
        try:
            call = self._open(context)
            request = self._requests(raw) if self._asked else self._request(raw)
            if call.min_position is not None:
                await wait_until(call.min_position, self._house.wait_for)
            reached = True
            async with (
                as_long_as_valid(self._house.verifier, call.identity),
                aclosing(self._method(request, call)) as answers,
            ):
                async for answer in answers:
                    await context.write(answer.SerializeToString())
            if trailing := call.trailing():
                context.set_trailing_metadata(trailing)
        except Exception as error:
            if self._house.tracing and not reached:
                _tell(self._house.tracing, self._name, context, error)
            await _refuse(context, error)
            raise

    def _open(self, context: Context) -> Call:
        """Who calls, what they may, until when, and under which key."""
        metadata: dict[str, Any] = dict(context.invocation_metadata() or ())
        remaining = context.time_remaining()
        house, identity, key = self._house, ANYONE, None
        if self._scope != OPEN:
            identity = house.verifier.verify(bearer(metadata.get("authorization")))
            if self._scope != ANY_TOKEN:
                identity.require(self._scope)
        if remaining is not None and remaining <= 0:
            raise DeadlineExceeded
        if self._needs_key:
            key = check_key(metadata.get("idempotency-key"))
        return Call(
            identity,
            self._mounted,
            house.verifier,
            house.stopping,
            key=key,
            deadline=None if remaining is None else monotonic() + remaining,
            traceparent=check_traceparent(metadata.get("traceparent")),
            min_position=None if self._mutates else metadata.get("min-position"),
            send_headers=context.send_initial_metadata,
        )

    def _request(self, raw: bytes) -> Message:
        try:
            request = self._parse(raw)
        except DecodeError as error:
            raise Invalid("these bytes are not a request of this method") from error
        if self._has_enums:
            check_enums(request)
        return request

    async def _requests(self, raws: AsyncIterator[bytes]) -> AsyncIterator[Message]:
        """Requests of a stream. Their enums are checked item by item, where one may fail alone."""
        async for raw in raws:
            try:
                yield self._parse(raw)
            except DecodeError as error:
                raise Invalid("these bytes are not a request of this method") from error


@asynccontextmanager
async def as_long_as_valid(verifier: Verifier, identity: Identity) -> AsyncIterator[None]:
    """Raise Unauthenticated out of the block, whatever it waits for, once its token is revoked."""
    if identity is ANYONE:
        yield
        return
    limit = asyncio.timeout(None)
    try:
        async with limit:
            with verifier.held(identity, lambda: limit.reschedule(0)):
                yield
    except TimeoutError:
        if limit.expired():
            verifier.check(identity)
        raise


def _traced(method: Callable[..., Any], tracing: Tracing, name: str) -> Callable[..., Any]:
    """The method with a span around it: decided once, so that without tracing nothing is asked."""

    async def traced(request: Any, call: Call) -> Any:
        attributes = {telemetry.METHOD: name, telemetry.TENANT: call.identity.tenant}
        with tracing.span(telemetry.RPC, call.traceparent, attributes) as span:
            call.traceparent = span.traceparent
            return await method(request, call)

    return traced


def _traced_stream(method: Callable[..., Any], tracing: Tracing, name: str) -> Callable[..., Any]:
    async def traced(request: Any, call: Call) -> AsyncIterator[Any]:
        attributes = {telemetry.METHOD: name, telemetry.TENANT: call.identity.tenant}
        with tracing.span(telemetry.RPC, call.traceparent, attributes) as span:
            call.traceparent = span.traceparent
            async with aclosing(method(request, call)) as answers:
                async for answer in answers:
                    yield answer

    return traced


def _tell(tracing: Tracing, name: str, context: Context, error: Exception) -> None:
    """A span of a call that was refused before its method: nobody knows for certain whose it is."""
    metadata: dict[str, Any] = dict(context.invocation_metadata() or ())
    parent = check_traceparent(metadata.get("traceparent"))
    with suppress(Exception), tracing.span(telemetry.RPC, parent, {telemetry.METHOD: name}):
        raise error


async def _refuse(context: Context, error: Exception) -> None:
    """End the call with what a caller may know of this error."""
    if isinstance(error, grpc.aio.AbortError | grpc.aio.UsageError | asyncio.InvalidStateError):
        raise error  # the call has ended already: its caller is gone
    code, message, details = status_of(error)
    await context.abort(code, message, (details,))
