"""The client of partners: selling, holding, looking, watching."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import grpc

from roadcase.api.v1 import (
    common_pb2,
    event_log_pb2,
    event_log_pb2_grpc,
    people_pb2,
    people_pb2_grpc,
    ticketing_pb2,
    ticketing_pb2_grpc,
)
from roadcase.client.connection import AGAIN, Connection, refusal_of
from roadcase.ids import uuid7

_CHANNELS = {"web": 1, "drop": 2, "till": 3}


class Roadcase(Connection):
    """For partners: sell, hold, confirm, look."""

    def __init__(
        self, target: str, token: str, *, timeout: float = 5.0, patience: float = 30.0
    ) -> None:
        super().__init__(target, token, timeout=timeout, patience=patience)
        self._ticketing: Any = ticketing_pb2_grpc.TicketingStub(self._channel)  # type: ignore[no-untyped-call]
        self._people: Any = people_pb2_grpc.PeopleStub(self._channel)  # type: ignore[no-untyped-call]
        self._event_log: Any = event_log_pb2_grpc.EventLogStub(self._channel)  # type: ignore[no-untyped-call]

    async def open_box_office(
        self, request: ticketing_pb2.OpenBoxOfficeRequest, *, key: str | None = None
    ) -> None:
        await self._call(self._ticketing.OpenBoxOffice, request, key)

    async def hold(
        self,
        occurrence: str,
        hold: str,
        lines: Mapping[str, int],
        *,
        subject: str = "",
        contact: people_pb2.Contact | None = None,
        channel: str = "web",
        seconds: int = 0,
        key: str | None = None,
    ) -> ticketing_pb2.HoldTicketsResponse:
        """Hold tickets, all lines or none; `lines` are quantities by ticket type."""
        request = ticketing_pb2.HoldTicketsRequest(
            occurrence=occurrence,
            hold=hold,
            lines=_lines(lines),
            subject=subject,
            contact=contact,
            channel=_CHANNELS[channel],  # type: ignore[arg-type]
            seconds=seconds,
        )
        return await self._call(self._ticketing.HoldTickets, request, key)

    async def release(self, occurrence: str, hold: str, *, key: str | None = None) -> None:
        request = ticketing_pb2.ReleaseHoldRequest(occurrence=occurrence, hold=hold)
        await self._call(self._ticketing.ReleaseHold, request, key)

    async def confirm(
        self,
        occurrence: str,
        order: str,
        hold: str,
        payment_reference: str,
        amount: common_pb2.Money,
        *,
        contact: people_pb2.Contact | None = None,
        key: str | None = None,
    ) -> ticketing_pb2.Order:
        """Turn a hold that was paid into an order."""
        request = ticketing_pb2.ConfirmOrderRequest(
            occurrence=occurrence,
            order=order,
            hold=hold,
            payment_reference=payment_reference,
            amount=amount,
            contact=contact,
        )
        return await self._call(self._ticketing.ConfirmOrder, request, key)

    async def sell(
        self,
        occurrence: str,
        order: str,
        lines: Mapping[str, int],
        payment_reference: str,
        amount: common_pb2.Money,
        *,
        subject: str = "",
        contact: people_pb2.Contact | None = None,
        key: str | None = None,
    ) -> ticketing_pb2.Order:
        """Hold and confirm in one step. `contact` is sealed on arrival."""
        request = ticketing_pb2.SellTicketsRequest(
            occurrence=occurrence,
            order=order,
            lines=_lines(lines),
            payment_reference=payment_reference,
            amount=amount,
            subject=subject,
            contact=contact,
        )
        return await self._call(self._ticketing.SellTickets, request, key)

    async def links(self, occurrence: str, order: str = "") -> ticketing_pb2.Links:
        """Links to give to guests: the shop, and the page of an order."""
        request = ticketing_pb2.GetLinksRequest(occurrence=occurrence, order=order)
        return await self._call(self._ticketing.GetLinks, request, None)

    async def check_in(
        self,
        occurrence: str,
        gate: str,
        shown: str,
        *,
        leaves: bool = False,
        nonce: str | None = None,
        key: str | None = None,
    ) -> ticketing_pb2.CheckInResponse:
        """Ask whether somebody may come in, or goes; `shown` as it was read or typed."""
        request = ticketing_pb2.CheckInRequest(
            occurrence=occurrence,
            gate=gate,
            shown=shown,
            nonce=nonce or uuid7(),
            direction=ticketing_pb2.DIRECTION_EXIT if leaves else ticketing_pb2.DIRECTION_ENTRY,
        )
        return await self._call(self._ticketing.CheckIn, request, key)

    async def erase_person(
        self, request: people_pb2.ErasePersonRequest, *, key: str | None = None
    ) -> people_pb2.ErasePersonResponse:
        """Forget a person for good. It cannot be undone."""
        return await self._call(self._people.ErasePerson, request, key)

    async def availability(self, occurrence: str) -> ticketing_pb2.Availability:
        request = ticketing_pb2.GetAvailabilityRequest(occurrence=occurrence)
        return await self._call(self._ticketing.GetAvailability, request, None)

    async def watch(
        self, service: str, cursor: str = "", *, topics: Sequence[str] = ()
    ) -> AsyncIterator[event_log_pb2.LogEntry]:
        """Facts of your tenant, from the beginning or after a cursor; it goes on for ever.

        Keep the `cursor` of the last entry you took: with it and the same topics you go on where
        you were, after a crash of yours or of the server's. Nothing is told twice or left out.
        """
        while True:
            request = event_log_pb2.WatchRequest(service=service, cursor=cursor, topics=topics)
            try:
                async for entry in self._event_log.Watch(request, metadata=(self._token,)):
                    yield entry
                    cursor = entry.cursor
            except grpc.aio.AioRpcError as error:
                if error.code() not in AGAIN:
                    raise refusal_of(error) from error
            self.repeated += 1
            await asyncio.sleep(0.1)


def _lines(lines: Mapping[str, int]) -> list[ticketing_pb2.Line]:
    return [
        ticketing_pb2.Line(ticket_type=kind, quantity=quantity) for kind, quantity in lines.items()
    ]
