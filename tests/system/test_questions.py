"""Questions over gRPC: asked, answered, sealed, read by who may, and gone with their guest."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import grpc
import pytest

from roadcase.api.v1 import common_pb2, people_pb2, ticketing_pb2
from roadcase.api.v1 import ticketing_questions_pb2 as pb
from roadcase.api.v1.people_pb2_grpc import PeopleStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.api.v1.ticketing_questions_pb2_grpc import QuestionsStub
from tests.system.site import Site, running

NIGHT = "asked"
ADA = people_pb2.Contact(email="ada@example.org")
EUR12 = common_pb2.Money(minor=1200, currency="EUR")
SCOPES = ("plan", "sell", "confirm", "read")
SAID = "peanuts, badly"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("questions") / "data") as found:
        yield found


def metadata(site: Site, key: str, *more: str):
    token = site.token(*(f"ticketing:{scope}" for scope in SCOPES), *more)
    return (("authorization", f"Bearer {token}"), ("idempotency-key", key))


async def opened(channel: grpc.aio.Channel, site: Site) -> None:
    kind = ticketing_pb2.TicketType(
        id="standard", name="Standard", price=EUR12, seller="s1", draws={"room": 1}
    )
    await TicketingStub(channel).OpenBoxOffice(
        ticketing_pb2.OpenBoxOfficeRequest(
            occurrence=NIGHT,
            name="Supper",
            starts_at="2027-01-01T20:00",
            ends_at="2027-01-01T22:00",
            zone="Europe/Berlin",
            pools={"room": 10},
            ticket_types=[kind],
        ),
        metadata=metadata(site, "open"),
    )
    asked = [
        pb.Question(id="allergies", text="Allergies?", required=True),
        pb.Question(
            id="drink",
            text="Wine?",
            kind=pb.QUESTION_KIND_CHOICE,
            choices=["red", "white"],
            per_ticket=True,
        ),
    ]
    questions = QuestionsStub(channel)
    request = pb.SetQuestionsRequest(occurrence=NIGHT, questions=asked)
    await questions.SetQuestions(request, metadata=metadata(site, "ask"))
    async with asyncio.timeout(20):
        while len((await listed(questions, site)).questions) < len(asked):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    shown = (await listed(questions, site)).questions
    assert [(each.id, list(each.choices)) for each in shown] == [
        ("allergies", []),
        ("drink", ["red", "white"]),
    ]


async def listed(questions: QuestionsStub, site: Site) -> pb.ListQuestionsResponse:
    request = pb.ListQuestionsRequest(occurrence=NIGHT)
    return await questions.ListQuestions(request, metadata=metadata(site, "-"))


def buying(*answers: pb.Answer) -> ticketing_pb2.SellTicketsRequest:
    return ticketing_pb2.SellTicketsRequest(
        occurrence=NIGHT,
        order="o1",
        lines=[ticketing_pb2.Line(ticket_type="standard", quantity=1)],
        payment_reference="paid",
        amount=EUR12,
        contact=ADA,
        answers=answers,
    )


async def refused(call) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call
    return error.value.details()


async def test_answers_are_asked_for_sealed_read_by_who_may_and_gone_with_their_guest(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        await opened(channel, site)
        shop, questions = TicketingStub(channel), QuestionsStub(channel)
        said = pb.Answer(question="allergies", text=SAID)
        green = pb.Answer(question="drink", ticket=1, text="green")
        red = pb.Answer(question="drink", ticket=1, text="red")
        with_key = metadata(site, "buy")
        assert "must be answered" in await refused(shop.SellTickets(buying(), metadata=with_key))
        assert "red, white" in await refused(
            shop.SellTickets(buying(said, green), metadata=with_key)
        )
        for _ in range(2):  # asked twice under one key, though sealed anew
            sold = await shop.SellTickets(buying(said, red), metadata=with_key)
            assert len(sold.tickets) == 1
        request = pb.GetAnswersRequest(occurrence=NIGHT, order="o1")
        assert "people:read" in await refused(
            questions.GetAnswers(request, metadata=metadata(site, "-"))
        )
        may = metadata(site, "-", "people:read")
        async with asyncio.timeout(20):
            while not (found := await questions.GetAnswers(request, metadata=may)).answers:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert list(found.answers) == [said, red]
        await PeopleStub(channel).ErasePerson(
            people_pb2.ErasePersonRequest(email=ADA.email),
            metadata=metadata(site, "erase", "people:erase"),
        )
        gone = await questions.GetAnswers(request, metadata=may)
        assert (gone.erased, list(gone.answers)) == (True, [])
