"""Kit over gRPC: `roadcase.api.v1.Kit`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from roadcase.api.v1 import planning_kit_pb2 as pb
from roadcase.clock import now
from roadcase.errors import Invalid
from roadcase.ids import ID
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.planning import commands, queries
from services.planning.api.rpc.occurrences import page_size, page_token
from services.planning.api.rpc.translate import to_moment
from services.planning.events import KitCheckedOut, KitNeeded, KitPieces

KIT: Final = "planning:kit"
READ: Final = "planning:read"
_STATES: Final = ("", "wanted", "booked", "refused", "freed")


class KitRpc:
    """Each mutating method is one command."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Kit"]

    def __init__(self, _tools: Tools) -> None:
        """Needs nothing."""

    @rpc(KIT, mutates=True)
    async def BookKit(  # noqa: N802
        self, request: pb.BookKitRequest, call: Call
    ) -> pb.BookKitResponse:
        command = commands.BookKit(
            booking=request.booking,
            begins=moment(request, "begins"),
            ends=moment(request, "ends"),
            needs=tuple(_need(each) for each in request.needs),
        )
        await call.dispatch(command)
        return pb.BookKitResponse()

    @rpc(KIT, mutates=True)
    async def FreeKit(  # noqa: N802
        self, request: pb.FreeKitRequest, call: Call
    ) -> pb.FreeKitResponse:
        await call.dispatch(commands.FreeKit(booking=request.booking, why=request.why))
        return pb.FreeKitResponse()

    @rpc(KIT, mutates=True)
    async def SendToRepair(  # noqa: N802
        self, request: pb.SendToRepairRequest, call: Call
    ) -> pb.SendToRepairResponse:
        command = commands.SendToRepair(
            repair=request.repair,
            item=request.item,
            quantity=request.quantity,
            serials=tuple(request.serials),
            begins=moment(request, "begins"),
            ends=moment(request, "ends") if request.HasField("ends") else None,
            reason=request.reason,
        )
        await call.dispatch(command)
        return pb.SendToRepairResponse()

    @rpc(KIT, mutates=True)
    async def EndRepair(  # noqa: N802
        self, request: pb.EndRepairRequest, call: Call
    ) -> pb.EndRepairResponse:
        await call.dispatch(commands.EndRepair(repair=request.repair))
        return pb.EndRepairResponse()

    @rpc(KIT, mutates=True)
    async def CheckOutKit(  # noqa: N802
        self, request: pb.CheckOutKitRequest, call: Call
    ) -> pb.CheckOutKitResponse:
        pieces = tuple(_pieces(each) for each in request.pieces)
        await call.dispatch(commands.CheckOutKit(booking=request.booking, pieces=pieces))
        return pb.CheckOutKitResponse()

    @rpc(KIT, mutates=True)
    async def CheckOutContainer(  # noqa: N802
        self, request: pb.CheckOutContainerRequest, call: Call
    ) -> pb.CheckOutContainerResponse:
        command = commands.CheckOutContainer(booking=request.booking, container=request.container)
        outcome = await call.dispatch(command)
        answer = pb.CheckOutContainerResponse()
        for event in outcome.events:
            if isinstance(event, KitCheckedOut):
                answer.pieces.extend(_shown(each) for each in event.pieces)
                answer.missing.extend(_shown(each) for each in event.missing)
        return answer

    @rpc(KIT, mutates=True)
    async def CheckInKit(  # noqa: N802
        self, request: pb.CheckInKitRequest, call: Call
    ) -> pb.CheckInKitResponse:
        pieces = _pieces(request.pieces)
        await call.dispatch(commands.CheckInKit(booking=request.booking, pieces=pieces))
        return pb.CheckInKitResponse()

    @rpc(READ)
    async def ListKit(  # noqa: N802
        self, request: pb.ListKitRequest, call: Call
    ) -> pb.ListKitResponse:
        begins, ends = moment(request, "begins"), moment(request, "ends")
        if ends <= begins:
            raise Invalid("it ends before it begins", field="ends")
        store = await queries.kit_store(call.read, begins)
        found = queries.kit_at(store, begins, ends, now())
        return pb.ListKitResponse(items=[pb.KitItem(**each._asdict()) for each in found])

    @rpc(READ)
    async def GetKitBooking(  # noqa: N802
        self, request: pb.GetKitBookingRequest, call: Call
    ) -> pb.KitBooking:
        return _booking(await queries.kit_booking(call.read, request.booking))

    @rpc(READ)
    async def ListKitBookings(  # noqa: N802
        self, request: pb.ListKitBookingsRequest, call: Call
    ) -> pb.ListKitBookingsResponse:
        size = page_size(request.page_size)
        rows = await queries.kit_bookings(call.read, page_token(request.page_token), size + 1)
        return pb.ListKitBookingsResponse(
            bookings=[_booking(row) for row in rows[:size]],
            next_page_token=rows[size - 1]["booking"] if len(rows) > size else "",
        )


def moment(request: Any, field: str) -> datetime:
    """A moment of a request. Raises Invalid."""
    if not request.HasField(field):
        raise Invalid(f"say when: {field} is missing", field=field)
    found: datetime = getattr(request, field).ToDatetime(tzinfo=UTC)
    return found


def _need(each: pb.KitNeed) -> KitNeeded:
    if each.quantity < 1:
        raise Invalid("at least one of an item is needed", field="needs.quantity")
    return KitNeeded(item=_item(each.item), quantity=each.quantity)


def _pieces(each: pb.KitPieces) -> KitPieces:
    serials = tuple(each.serials)
    return KitPieces(item=_item(each.item), quantity=each.quantity, serials=serials)


def _item(key: str) -> str:
    if not ID.fullmatch(key):
        raise Invalid("an item is 1 to 64 of A-Z, a-z, 0-9, _ and -", field="item")
    return key


def _shown(each: KitPieces) -> pb.KitPieces:
    return pb.KitPieces(item=each.item, quantity=each.quantity, serials=each.serials)


def _booking(row: Mapping[str, Any]) -> pb.KitBooking:
    state: Any = _STATES.index(row["state"])
    return pb.KitBooking(
        booking=row["booking"],
        planned=row["planned"],
        state=state,
        begins=to_moment(row["begins"]),
        ends=to_moment(row["ends"]),
        needs=[pb.KitNeed(**each) for each in row["needs"]],
        conflicts=[_conflict(each) for each in row["conflicts"]],
        out=_out(row["pieces_out"]),
        missing=_out(row["missing"]),
        overdue=row["overdue"],
    )


def _out(pieces: Iterable[Mapping[str, Any]]) -> list[pb.KitPieces]:
    return [pb.KitPieces(**each) for each in pieces]


def _conflict(about: Mapping[str, Any]) -> pb.KitConflict:
    return pb.KitConflict(
        item=about["item"],
        wanted=about["wanted"],
        free=about["free"],
        taken=[_taken(each) for each in about["taken"]],
        free_from=_moment(about["free_from"]),
    )


def _taken(about: Mapping[str, Any]) -> pb.KitTaken:
    return pb.KitTaken(
        booking=about["booking"] or "",
        repair=about["repair"] or "",
        quantity=about["quantity"],
        begins=_moment(about["begins"]),
        ends=_moment(about["ends"]),
    )


def _moment(text: str | None) -> Timestamp | None:
    return to_moment(datetime.fromisoformat(text)) if text else None
