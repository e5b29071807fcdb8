"""A connection: one channel, one token, and every call repeated safely until it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]

from roadcase.ids import uuid7

R = TypeVar("R")
AGAIN = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.CANCELLED,  # by the server, whose clock said first that the time was over
    grpc.StatusCode.INTERNAL,
)


class Refusal(Exception):
    """The server said no. `reason` is a stable slug such as `ticketing.sold_out`."""

    def __init__(self, reason: str, message: str, facts: Mapping[str, str]) -> None:
        super().__init__(message)
        self.reason = reason
        self.facts = dict(facts)


class Connection:
    """To Roadcase over gRPC. `timeout` is seconds for one try of a call."""

    def __init__(
        self, target: str, token: str, *, timeout: float = 5.0, patience: float = 30.0
    ) -> None:
        self.repeated = 0
        self._channel = grpc.aio.insecure_channel(
            target, options=[("grpc.use_local_subchannel_pool", 1)]
        )
        self._token = ("authorization", f"Bearer {token}")
        self._timeout = timeout
        self._patience = patience

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._channel.close(None)

    async def _call(self, method: Callable[..., Awaitable[R]], request: Any, key: str | None) -> R:
        """Call until there is an answer, or patience is over."""
        metadata = (self._token, ("idempotency-key", key or uuid7()))
        until = monotonic() + self._patience
        pause = 0.02
        while True:
            try:
                return await method(request, metadata=metadata, timeout=self._timeout)
            except grpc.aio.AioRpcError as error:
                if error.code() not in AGAIN or monotonic() > until:
                    raise refusal_of(error) from error
            self.repeated += 1
            await asyncio.sleep(pause)
            pause = min(1.0, pause * 2)


def refusal_of(error: grpc.aio.AioRpcError) -> Exception:
    """The refusal in an error's details; the error itself when it has none."""
    metadata: Any = error.trailing_metadata() or ()
    for name, value in metadata:
        if name == "grpc-status-details-bin" and isinstance(value, bytes):
            for detail in status_pb2.Status.FromString(value).details:
                if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                    info = error_details_pb2.ErrorInfo.FromString(detail.value)
                    return Refusal(info.reason, error.details() or info.reason, info.metadata)
    return error
