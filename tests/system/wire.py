"""Calling an installation over gRPC in tests: a token of some scopes, a key for each call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

import grpc
import pytest

from roadcase.api.v1 import common_pb2, ticketing_pb2
from roadcase.ids import new_id
from tests.system.site import Site

SELLS = ("plan", "sell", "confirm", "read")


class Caller:
    """Asks one gRPC service."""

    def __init__(self, site: Site, stub: Any, *scopes: str) -> None:
        self.token = site.token(*(f"ticketing:{scope}" for scope in scopes or SELLS))
        self.stub = stub
        began = new_id("test")
        self._keys = (f"{began}-{number}" for number in count())

    async def ask(self, method: str, request: Any, key: str = "") -> Any:
        metadata = (
            ("authorization", f"Bearer {self.token}"),
            ("idempotency-key", key or next(self._keys)),
        )
        return await getattr(self.stub, method)(request, metadata=metadata)

    async def refused(self, method: str, request: Any) -> str:
        """In which words it is refused."""
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await self.ask(method, request)
        return str(error.value.details())

    async def refused_in_time(self, words: str, method: str, request: Any) -> None:
        """Ask until it is refused in these words: read models follow."""
        async with asyncio.timeout(20):
            while True:
                try:
                    await self.ask(method, request)
                except grpc.aio.AioRpcError as error:
                    if words in str(error.details()):
                        return
                await asyncio.sleep(0.05)

    async def until(self, there: Callable[[Any], Any], method: str, request: Any) -> Any:
        """The answer, once it is as `there` says."""
        async with asyncio.timeout(20):
            while True:
                try:
                    found = await self.ask(method, request)
                except grpc.aio.AioRpcError:
                    found = None
                if found is not None and there(found):
                    return found
                await asyncio.sleep(0.05)


def euros(minor: int) -> common_pb2.Money:
    return common_pb2.Money(minor=minor, currency="EUR")


def kind(id_: str, minor: int, **terms: Any) -> ticketing_pb2.TicketType:
    return ticketing_pb2.TicketType(
        id=id_, name=id_.title(), price=euros(minor), seller="s", draws={"room": 1}, **terms
    )


def opening(
    night: str, *kinds: ticketing_pb2.TicketType, room: int = 10
) -> ticketing_pb2.OpenBoxOfficeRequest:
    return ticketing_pb2.OpenBoxOfficeRequest(
        occurrence=night,
        name=night.title(),
        starts_at="2027-01-01T20:00",
        ends_at="2027-01-01T22:00",
        zone="Europe/Berlin",
        pools={"room": room},
        ticket_types=kinds or [kind("standard", 1200)],
    )


def holding(
    night: str, hold: str, id_: str = "standard", quantity: int = 1, **more: Any
) -> ticketing_pb2.HoldTicketsRequest:
    line = ticketing_pb2.Line(ticket_type=id_, quantity=quantity)
    return ticketing_pb2.HoldTicketsRequest(occurrence=night, hold=hold, lines=[line], **more)


def selling(
    night: str, order: str, minor: int = 1200, quantity: int = 1, **more: Any
) -> ticketing_pb2.SellTicketsRequest:
    return ticketing_pb2.SellTicketsRequest(
        occurrence=night,
        order=order,
        lines=[ticketing_pb2.Line(ticket_type="standard", quantity=quantity)],
        payment_reference="paid",
        amount=euros(minor),
        **more,
    )
