"""Questions to guests over gRPC: `roadcase.api.v1.Questions`."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import ticketing_questions_pb2 as pb
from roadcase.errors import Invalid
from roadcase.keyring import Contact, Erased
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import commands, queries
from services.ticketing.api import answers
from services.ticketing.api.translate import to_moment
from services.ticketing.commands.questions import Kind

KINDS: Final[dict[int, Kind]] = {0: "text", 1: "text", 2: "choice", 3: "date", 4: "consent"}
NUMBERS: Final = {name: number for number, name in KINDS.items()}


class QuestionsRpc:
    """What is asked, and what was answered."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Questions"]

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @rpc("ticketing:plan", mutates=True)
    async def SetQuestions(  # noqa: N802
        self, request: pb.SetQuestionsRequest, call: Call
    ) -> pb.SetQuestionsResponse:
        command = commands.SetQuestions(
            occurrence=request.occurrence,
            questions=tuple(_question(each) for each in request.questions),
        )
        await call.dispatch(command)
        return pb.SetQuestionsResponse()

    @rpc("ticketing:read")
    async def ListQuestions(  # noqa: N802
        self, request: pb.ListQuestionsRequest, call: Call
    ) -> pb.ListQuestionsResponse:
        rows = await queries.questions(call.read, request.occurrence)
        return pb.ListQuestionsResponse(questions=[_shown(row) for row in rows])

    @rpc("ticketing:sell", mutates=True)
    async def AnswerQuestions(  # noqa: N802
        self, request: pb.AnswerQuestionsRequest, call: Call
    ) -> pb.AnswerQuestionsResponse:
        command = commands.AnswerQuestions(
            occurrence=request.occurrence,
            order=request.order,
            answered=await answered(self._tools, call, request),
        )
        asked = request.SerializeToString(deterministic=True)
        await call.dispatch(command, request=asked)
        return pb.AnswerQuestionsResponse()

    @rpc("ticketing:read")
    async def GetAnswers(  # noqa: N802
        self, request: pb.GetAnswersRequest, call: Call
    ) -> pb.GetAnswersResponse:
        call.identity.require("people:read")
        row = await queries.answers_of(call.read, request.occurrence, request.order)
        if row is None:
            return pb.GetAnswersResponse()
        tenant, people = call.identity.tenant, self._tools.people
        found = await answers.opened(people, tenant, row["answers"])
        if isinstance(found, Erased):
            return pb.GetAnswersResponse(answered_at=to_moment(row["at"]), erased=True)
        said = [pb.Answer(**each._asdict()) for each in found]
        return pb.GetAnswersResponse(answers=said, answered_at=to_moment(row["at"]))


async def answered(tools: Tools, call: Call, request: Any) -> commands.Answered:
    """The answers of a request that has `occurrence`, `answers` and `contact`. Raises Invalid."""
    if not request.HasField("contact"):
        raise Invalid("answers come with a contact: they are sealed for them", field="contact")
    said = [answers.Answer(each.question, each.ticket, each.text) for each in request.answers]
    texts = await answers.checked(call.read, request.occurrence, said)
    of = request.contact
    who = Contact(email=of.email, phone=of.phone, name=of.name)
    return await answers.sealed(tools.people, call.identity.tenant, who, texts)


def _question(asked: pb.Question) -> commands.Question:
    return commands.Question(
        id=asked.id,
        text=asked.text,
        kind=KINDS[asked.kind],
        choices=tuple(asked.choices),
        per="ticket" if asked.per_ticket else "order",
        ticket_types=tuple(asked.ticket_types),
        required=asked.required,
        active=not asked.retired,
    )


def _shown(row: dict[str, Any]) -> pb.Question:
    return pb.Question(
        id=row["question"],
        text=row["text"],
        kind=pb.QuestionKind.Name(NUMBERS[row["kind"]]),
        choices=row["choices"],
        per_ticket=row["per"] == "ticket",
        ticket_types=row["ticket_types"],
        required=row["required"],
        retired=not row["active"],
    )
