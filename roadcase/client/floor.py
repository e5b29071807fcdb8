"""The client of who runs the floor: suppliers and their stalls, kit, crew, the show.

async with Floor("127.0.0.1:50051", token) as floor:
await floor.vet_supplier("dumpling-bar")
await floor.clock_in("friday", "door-1", "ana")
await floor.start_show("friday")
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from roadcase.api.v1 import (
    planning_crew_pb2,
    planning_crew_pb2_grpc,
    planning_kit_pb2,
    planning_kit_pb2_grpc,
    planning_show_pb2,
    planning_show_pb2_grpc,
    planning_suppliers_pb2,
    planning_suppliers_pb2_grpc,
)
from roadcase.api.v1.common_pb2 import Money
from roadcase.client.connection import Connection


class Floor(Connection):
    """What people of an event do by hand."""

    def __init__(
        self, target: str, token: str, *, timeout: float = 10.0, patience: float = 30.0
    ) -> None:
        super().__init__(target, token, timeout=timeout, patience=patience)
        self._suppliers: Any = planning_suppliers_pb2_grpc.SuppliersStub(self._channel)  # type: ignore[no-untyped-call]
        self._kit: Any = planning_kit_pb2_grpc.KitStub(self._channel)  # type: ignore[no-untyped-call]
        self._crew: Any = planning_crew_pb2_grpc.CrewStub(self._channel)  # type: ignore[no-untyped-call]
        self._shows: Any = planning_show_pb2_grpc.ShowsStub(self._channel)  # type: ignore[no-untyped-call]

    async def suppliers(self) -> AsyncIterator[planning_suppliers_pb2.Supplier]:
        """All who are on the list."""
        request = planning_suppliers_pb2.ListSuppliersRequest(page_size=200)
        while True:
            page = await self._call(self._suppliers.ListSuppliers, request, None)
            for each in page.suppliers:
                yield each
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def add_supplier(
        self, request: planning_suppliers_pb2.AddSupplierRequest, *, key: str | None = None
    ) -> list[str]:
        """Put somebody on the list, or change what is told of them: others with the same name.

        Raises Refusal if they are on the list already under another id.
        """
        answer = await self._call(self._suppliers.AddSupplier, request, key)
        return list(answer.alike)

    async def vet_supplier(self, supplier: str, note: str = "", *, key: str | None = None) -> None:
        """They may have stalls."""
        request = planning_suppliers_pb2.VetSupplierRequest(supplier=supplier, note=note)
        await self._call(self._suppliers.VetSupplier, request, key)

    async def suspend_supplier(self, supplier: str, reason: str, *, key: str | None = None) -> None:
        """They get no stalls, and lose those ahead."""
        request = planning_suppliers_pb2.SuspendSupplierRequest(supplier=supplier, reason=reason)
        await self._call(self._suppliers.SuspendSupplier, request, key)

    async def file_supplier_document(
        self,
        supplier: str,
        document: planning_suppliers_pb2.SupplierDocument,
        *,
        key: str | None = None,
    ) -> None:
        """What they have shown; of the same id, instead of the one before."""
        request = planning_suppliers_pb2.FileSupplierDocumentRequest(
            supplier=supplier, document=document
        )
        await self._call(self._suppliers.FileSupplierDocument, request, key)

    async def withdraw_supplier_document(
        self, supplier: str, document: str, reason: str, *, key: str | None = None
    ) -> None:
        """It does not count any more: who is not fit without it loses the stalls ahead."""
        request = planning_suppliers_pb2.WithdrawSupplierDocumentRequest(
            supplier=supplier, document=document, reason=reason
        )
        await self._call(self._suppliers.WithdrawSupplierDocument, request, key)

    async def market(self, occurrence: str) -> planning_suppliers_pb2.Market:
        """The stalls of an event: who has them, why not, what is owed."""
        request = planning_suppliers_pb2.GetMarketRequest(occurrence=occurrence)
        return await self._call(self._suppliers.GetMarket, request, None)

    async def book_stall(
        self, occurrence: str, stall: str, supplier: str = "", *, key: str | None = None
    ) -> None:
        """Give it to somebody. Raises Refusal with reasons if they are not fit for it."""
        request = planning_suppliers_pb2.BookStallRequest(
            occurrence=occurrence, stall=stall, supplier=supplier
        )
        await self._call(self._suppliers.BookStall, request, key)

    async def free_stall(self, occurrence: str, stall: str, *, key: str | None = None) -> None:
        request = planning_suppliers_pb2.FreeStallRequest(occurrence=occurrence, stall=stall)
        await self._call(self._suppliers.FreeStall, request, key)

    async def report_takings(
        self, occurrence: str, stall: str, report: str, takings: Money, *, key: str | None = None
    ) -> None:
        """What was taken there; another report corrects the one before."""
        request = planning_suppliers_pb2.ReportTakingsRequest(
            occurrence=occurrence, stall=stall, report=report, takings=takings
        )
        await self._call(self._suppliers.ReportTakings, request, key)

    async def kit(self, begins: datetime, ends: datetime) -> planning_kit_pb2.ListKitResponse:
        """How many of each item are free in a time."""
        request = planning_kit_pb2.ListKitRequest(begins=begins, ends=ends)
        return await self._call(self._kit.ListKit, request, None)

    async def kit_bookings(self) -> AsyncIterator[planning_kit_pb2.KitBooking]:
        """What each has, or why it has nothing."""
        request = planning_kit_pb2.ListKitBookingsRequest(page_size=200)
        while True:
            page = await self._call(self._kit.ListKitBookings, request, None)
            for each in page.bookings:
                yield each
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def send_to_repair(
        self, request: planning_kit_pb2.SendToRepairRequest, *, key: str | None = None
    ) -> None:
        """It is not there for a while."""
        await self._call(self._kit.SendToRepair, request, key)

    async def end_repair(self, repair: str, *, key: str | None = None) -> None:
        request = planning_kit_pb2.EndRepairRequest(repair=repair)
        await self._call(self._kit.EndRepair, request, key)

    async def check_out(
        self,
        booking: str,
        pieces: Sequence[planning_kit_pb2.KitPieces],
        *,
        key: str | None = None,
    ) -> None:
        """Pieces leave with a booking: all or none."""
        request = planning_kit_pb2.CheckOutKitRequest(booking=booking, pieces=pieces)
        await self._call(self._kit.CheckOutKit, request, key)

    async def check_out_container(
        self, booking: str, container: str, *, key: str | None = None
    ) -> planning_kit_pb2.CheckOutContainerResponse:
        """A case leaves with what is in it: what that is, and what is missing."""
        request = planning_kit_pb2.CheckOutContainerRequest(booking=booking, container=container)
        return await self._call(self._kit.CheckOutContainer, request, key)

    async def check_in(
        self, booking: str, pieces: planning_kit_pb2.KitPieces, *, key: str | None = None
    ) -> None:
        """Pieces of one item come back."""
        request = planning_kit_pb2.CheckInKitRequest(booking=booking, pieces=pieces)
        await self._call(self._kit.CheckInKit, request, key)

    async def register_member(
        self, request: planning_crew_pb2.RegisterMemberRequest, *, key: str | None = None
    ) -> None:
        """Somebody who works, in full."""
        await self._call(self._crew.RegisterMember, request, key)

    async def members(self) -> AsyncIterator[planning_crew_pb2.CrewMember]:
        """All who can be asked to work."""
        request = planning_crew_pb2.ListMembersRequest(page_size=200)
        while True:
            page = await self._call(self._crew.ListMembers, request, None)
            for each in page.members:
                yield each
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def record_certificate(
        self, person: str, certificate: str, valid_until: str = "", *, key: str | None = None
    ) -> None:
        """What somebody has shown, and its last day as 2027-06-18; without one it has none."""
        request = planning_crew_pb2.RecordCertificateRequest(
            person=person, certificate=certificate, valid_until=valid_until
        )
        await self._call(self._crew.RecordCertificate, request, key)

    async def withdraw_certificate(
        self, person: str, certificate: str, *, key: str | None = None
    ) -> None:
        request = planning_crew_pb2.WithdrawCertificateRequest(
            person=person, certificate=certificate
        )
        await self._call(self._crew.WithdrawCertificate, request, key)

    async def crew(self, occurrence: str) -> planning_crew_pb2.GetCrewResponse:
        """Who has which position, and the clock."""
        request = planning_crew_pb2.GetCrewRequest(occurrence=occurrence)
        return await self._call(self._crew.GetCrew, request, None)

    async def invite(
        self, occurrence: str, position: str, person: str, *, key: str | None = None
    ) -> str:
        """Ask somebody to take a position: the link where they answer."""
        request = planning_crew_pb2.InvitePersonRequest(
            occurrence=occurrence, position=position, person=person
        )
        answer = await self._call(self._crew.InvitePerson, request, key)
        found: str = answer.link
        return found

    async def offer_swap(
        self, occurrence: str, position: str, person: str, *, key: str | None = None
    ) -> None:
        """They would give it to somebody else, and have it until then."""
        request = planning_crew_pb2.OfferSwapRequest(
            occurrence=occurrence, position=position, person=person
        )
        await self._call(self._crew.OfferSwap, request, key)

    async def withdraw_swap(
        self, occurrence: str, position: str, person: str, *, key: str | None = None
    ) -> None:
        """They keep it after all."""
        request = planning_crew_pb2.WithdrawSwapRequest(
            occurrence=occurrence, position=position, person=person
        )
        await self._call(self._crew.WithdrawSwap, request, key)

    async def call_sheet(self, occurrence: str) -> str:
        """Who comes where and when, as text."""
        request = planning_crew_pb2.GetCallSheetRequest(occurrence=occurrence)
        answer = await self._call(self._crew.GetCallSheet, request, None)
        found: str = answer.text
        return found

    async def clock_in(
        self, occurrence: str, position: str, person: str, *, key: str | None = None
    ) -> None:
        """They begin to work now."""
        request = planning_crew_pb2.ClockInRequest(
            occurrence=occurrence, position=position, person=person
        )
        await self._call(self._crew.ClockIn, request, key)

    async def clock_out(
        self, occurrence: str, position: str, person: str, *, key: str | None = None
    ) -> None:
        """They stop now."""
        request = planning_crew_pb2.ClockOutRequest(
            occurrence=occurrence, position=position, person=person
        )
        await self._call(self._crew.ClockOut, request, key)

    async def rundown(self, occurrence: str) -> planning_show_pb2.Rundown:
        """The run of show, as it is now."""
        request = planning_show_pb2.GetRundownRequest(occurrence=occurrence)
        return await self._call(self._shows.GetRundown, request, None)

    async def start_show(self, occurrence: str, *, key: str | None = None) -> None:
        """Its first cue; nothing if one was started before."""
        request = planning_show_pb2.StartShowRequest(occurrence=occurrence)
        await self._call(self._shows.StartShow, request, key)

    async def start_cue(self, occurrence: str, cue: str, *, key: str | None = None) -> None:
        """What is running is over, what is between is passed over, this one runs."""
        request = planning_show_pb2.StartCueRequest(occurrence=occurrence, cue=cue)
        await self._call(self._shows.StartCue, request, key)

    async def finish_cue(self, occurrence: str, cue: str, *, key: str | None = None) -> None:
        request = planning_show_pb2.FinishCueRequest(occurrence=occurrence, cue=cue)
        await self._call(self._shows.FinishCue, request, key)

    async def delay_show(
        self, occurrence: str, minutes: int, reason: str = "", *, key: str | None = None
    ) -> None:
        """The next cue starts no sooner than so long after it was planned; 0: as planned."""
        request = planning_show_pb2.DelayShowRequest(
            occurrence=occurrence, minutes=minutes, reason=reason
        )
        await self._call(self._shows.DelayShow, request, key)
