"""Messages to guests over gRPC: `roadcase.api.v1.GuestMessages`."""

from __future__ import annotations

from typing import Any, Final, cast

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import ticketing_messages_pb2 as pb
from roadcase.errors import Invalid
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import commands
from services.ticketing.api.previews import Draft, preview
from services.ticketing.api.translate import moment
from services.ticketing.events import NoticeGiven
from services.ticketing.guest.links import Named

KINDS: Final = {
    pb.NOTICE_KIND_WORDS: "words",
    pb.NOTICE_KIND_CHANGE: "change",
    pb.NOTICE_KIND_CANCELLATION: "cancellation",
    pb.NOTICE_KIND_REMINDER: "reminder",
    pb.NOTICE_KIND_POSTPONEMENT: "postponement",
}


ANSWERS: Final = {pb.POSTPONED_ANSWER_KEEP: "keep", pb.POSTPONED_ANSWER_REFUND: "refund"}


class GuestMessagesRpc:
    """What guests are told."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["GuestMessages"]

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @rpc("ticketing:plan", mutates=True)
    async def SetReminder(  # noqa: N802
        self, request: pb.SetReminderRequest, call: Call
    ) -> pb.SetReminderResponse:
        command = commands.SetReminder(
            occurrence=request.occurrence,
            hours=request.hours or None,
            subject=request.subject,
            text=request.text,
        )
        await call.dispatch(command)
        return pb.SetReminderResponse()

    @rpc("ticketing:plan", mutates=True)
    async def TellGuests(  # noqa: N802
        self, request: pb.TellGuestsRequest, call: Call
    ) -> pb.TellGuestsResponse:
        command = commands.TellGuests(
            occurrence=request.occurrence,
            notice=request.notice,
            kind=_kind(request.kind),
            subject=request.subject,
            text=request.text,
        )
        outcome = await call.dispatch(command)
        given = (each for each in outcome.events if isinstance(each, NoticeGiven))
        return pb.TellGuestsResponse(guests=sum(each.guests for each in given))

    @rpc("ticketing:plan", mutates=True)
    async def PostponeNight(  # noqa: N802
        self, request: pb.PostponeNightRequest, call: Call
    ) -> pb.PostponeNightResponse:
        call.identity.require("ticketing:refund")
        command = commands.PostponeNight(
            occurrence=request.occurrence,
            postponement=request.postponement,
            starts_at=request.starts_at,
            ends_at=request.ends_at,
            answer_until=moment(request, "answer_until"),
            default=_answer(request.default),
            subject=request.subject,
            text=request.text,
        )
        await call.dispatch(command)
        return pb.PostponeNightResponse()

    @rpc("ticketing:refund", mutates=True)
    async def AnswerPostponement(  # noqa: N802
        self, request: pb.AnswerPostponementRequest, call: Call
    ) -> pb.AnswerPostponementResponse:
        command = commands.AnswerPostponement(
            occurrence=request.occurrence,
            order=request.order,
            answer=_answer(request.answer),
        )
        await call.dispatch(command)
        return pb.AnswerPostponementResponse()

    @rpc("ticketing:plan")
    async def PreviewMessage(  # noqa: N802
        self, request: pb.PreviewMessageRequest, call: Call
    ) -> pb.PreviewMessageResponse:
        draft = Draft(
            kind=_kind(request.kind),
            subject=request.subject,
            text=request.text,
            order=request.order or None,
            starts_at=request.starts_at or None,
            ends_at=request.ends_at or None,
            answer_until=moment(request, "answer_until"),
            default=ANSWERS.get(cast("Any", request.default)),
        )
        named = Named(call.identity.tenant, request.occurrence)
        mail = await preview(self._tools, call.read, named, draft)
        return pb.PreviewMessageResponse(subject=mail.subject, text=mail.text, html=mail.html)


def _kind(kind: int) -> Any:
    """As commands call it, who refuse what is none of theirs."""
    found = KINDS.get(cast("Any", kind))
    if found is None:
        raise Invalid("say what kind of message it is", field="kind")
    return found


def _answer(answer: int) -> Any:
    found = ANSWERS.get(cast("Any", answer))
    if found is None:
        raise Invalid("say keep or refund", field="answer")
    return found
