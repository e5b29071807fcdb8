"""Crew over gRPC: `roadcase.api.v1.Crew`."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import planning_crew_pb2 as pb
from roadcase.asked import Outcome
from roadcase.decider import Command
from roadcase.doors import check_key
from roadcase.errors import Invalid
from roadcase.keyring import Contact
from roadcase.people.showing import READ as PEOPLE
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.planning import commands, queries
from services.planning.api import crew_steps
from services.planning.api.crew_sheet import call_sheet, names
from services.planning.api.rpc import crew_shown
from services.planning.api.rpc.kit import moment
from services.planning.api.rpc.occurrences import page_size, page_token
from services.planning.events import ClockedIn
from services.planning.feeds.call_sheet import as_text
from services.planning.signing import Asked, CrewLinks

CREW: Final = "planning:crew"
READ: Final = "planning:read"


class CrewRpc:
    """Each mutating method is one command, but to accept, which is two."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Crew"]

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._links = CrewLinks(tools.secret)

    @rpc(CREW, mutates=True)
    async def RegisterMember(  # noqa: N802
        self, request: pb.RegisterMemberRequest, call: Call
    ) -> pb.RegisterMemberResponse:
        of = request.contact
        contact = Contact(email=of.email, phone=of.phone, name=of.name)
        sealed = await self._tools.people.seal(call.identity.tenant, contact)
        command = commands.RegisterMember(
            person=request.person,
            subject=sealed.kid,
            contact=sealed.packed(),
            travel_minutes=request.travel_minutes if request.HasField("travel_minutes") else 60,
            shares_contact=request.shares_contact,
        )
        await call.dispatch(command, request=request.SerializeToString(deterministic=True))
        return pb.RegisterMemberResponse()

    @rpc(CREW, mutates=True)
    async def RecordCertificate(  # noqa: N802
        self, request: pb.RecordCertificateRequest, call: Call
    ) -> pb.RecordCertificateResponse:
        command = commands.RecordCertificate(
            person=request.person,
            certificate=request.certificate,
            valid_until=_day(request.valid_until),
        )
        await call.dispatch(command)
        return pb.RecordCertificateResponse()

    @rpc(CREW, mutates=True)
    async def WithdrawCertificate(  # noqa: N802
        self, request: pb.WithdrawCertificateRequest, call: Call
    ) -> pb.WithdrawCertificateResponse:
        command = commands.WithdrawCertificate(
            person=request.person, certificate=request.certificate
        )
        await call.dispatch(command)
        return pb.WithdrawCertificateResponse()

    @rpc(CREW)
    async def ListMembers(  # noqa: N802
        self, request: pb.ListMembersRequest, call: Call
    ) -> pb.ListMembersResponse:
        size = page_size(request.page_size)
        rows = await queries.crew_members(call.read, page_token(request.page_token), size + 1)
        known: Any = {}
        if PEOPLE in call.identity.scopes:
            known = await names(self._tools.people, call.identity.tenant, rows)
        return pb.ListMembersResponse(
            members=[crew_shown.member(row, known.get(row["person"])) for row in rows[:size]],
            next_page_token=rows[size - 1]["person"] if len(rows) > size else "",
        )

    @rpc(CREW, mutates=True)
    async def InvitePerson(  # noqa: N802
        self, request: pb.InvitePersonRequest, call: Call
    ) -> pb.InvitePersonResponse:
        member = await queries.crew_member(call.read, request.person)
        command = commands.InvitePerson(**_about(request), contact=member["contact"])
        await call.dispatch(command)
        path = self._links.path(Asked(call.identity.tenant, **_about(request)))
        return pb.InvitePersonResponse(link=self._tools.public_url.rstrip("/") + path)

    @rpc(CREW, mutates=True)
    async def AcceptPosition(  # noqa: N802
        self, request: pb.AcceptPositionRequest, call: Call
    ) -> pb.AcceptPositionResponse:
        async def ask(command: Command, key: str) -> Outcome:
            return await call.dispatch(command, key=key)

        reason = request.override_reason or None
        by = call.identity.actor if reason else None
        wish = crew_steps.Wish(**_about(request), by=by, reason=reason)
        await crew_steps.accept(ask, call.read, wish, check_key(call.key))
        return pb.AcceptPositionResponse()

    @rpc(CREW, mutates=True)
    async def DeclineInvitation(  # noqa: N802
        self, request: pb.DeclineInvitationRequest, call: Call
    ) -> pb.DeclineInvitationResponse:
        await call.dispatch(commands.DeclineInvitation(**_about(request)))
        return pb.DeclineInvitationResponse()

    @rpc(CREW, mutates=True)
    async def OfferSwap(  # noqa: N802
        self, request: pb.OfferSwapRequest, call: Call
    ) -> pb.OfferSwapResponse:
        await call.dispatch(commands.OfferSwap(**_about(request)))
        return pb.OfferSwapResponse()

    @rpc(CREW, mutates=True)
    async def WithdrawSwap(  # noqa: N802
        self, request: pb.WithdrawSwapRequest, call: Call
    ) -> pb.WithdrawSwapResponse:
        await call.dispatch(commands.WithdrawSwap(**_about(request)))
        return pb.WithdrawSwapResponse()

    @rpc(CREW, mutates=True)
    async def VacatePosition(  # noqa: N802
        self, request: pb.VacatePositionRequest, call: Call
    ) -> pb.VacatePositionResponse:
        command = commands.VacatePosition(
            occurrence=request.occurrence, position=request.position, why=request.why
        )
        await call.dispatch(command)
        return pb.VacatePositionResponse()

    @rpc(CREW, mutates=True)
    async def ClockIn(  # noqa: N802
        self, request: pb.ClockInRequest, call: Call
    ) -> pb.ClockInResponse:
        outcome = await call.dispatch(commands.ClockIn(**_about(request)))
        made = [each.entry for each in outcome.events if isinstance(each, ClockedIn)]
        return pb.ClockInResponse(entry=made[0])

    @rpc(CREW, mutates=True)
    async def ClockOut(  # noqa: N802
        self, request: pb.ClockOutRequest, call: Call
    ) -> pb.ClockOutResponse:
        await call.dispatch(commands.ClockOut(**_about(request)))
        return pb.ClockOutResponse()

    @rpc(CREW, mutates=True)
    async def CorrectClock(  # noqa: N802
        self, request: pb.CorrectClockRequest, call: Call
    ) -> pb.CorrectClockResponse:
        command = commands.CorrectClock(
            occurrence=request.occurrence,
            entry=request.entry,
            begins=moment(request, "begins"),
            ends=moment(request, "ends"),
            by=call.identity.actor,
            reason=request.reason,
        )
        await call.dispatch(command)
        return pb.CorrectClockResponse()

    @rpc(READ)
    async def GetCrew(  # noqa: N802
        self, request: pb.GetCrewRequest, call: Call
    ) -> pb.GetCrewResponse:
        rows = await queries.crew_positions(call.read, request.occurrence)
        clock = await queries.crew_clock(call.read, request.occurrence)
        return pb.GetCrewResponse(
            positions=[crew_shown.position(row) for row in rows],
            clock=[crew_shown.entry(row) for row in clock],
        )

    @rpc(CREW)
    async def GetCallSheet(  # noqa: N802
        self, request: pb.GetCallSheetRequest, call: Call
    ) -> pb.GetCallSheetResponse:
        call.identity.require(PEOPLE)
        tenant, people = call.identity.tenant, self._tools.people
        sheet = await call_sheet(call.read, people, tenant, request.occurrence, everybody=True)
        return pb.GetCallSheetResponse(text=as_text(sheet))


def _about(request: Any) -> dict[str, str]:
    """The position and the person that a request names."""
    return {name: getattr(request, name) for name in ("occurrence", "position", "person")}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("write the day as 2027-06-18", field="valid_until") from None
