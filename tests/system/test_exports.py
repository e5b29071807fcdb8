"""Files and reports over HTTP, as an organiser gets them."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import grpc
import httpx
import pytest

from roadcase.api.v1 import common_pb2, people_pb2
from roadcase.api.v1 import ticketing_questions_pb2 as questions_pb2
from roadcase.api.v1.people_pb2_grpc import PeopleStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.api.v1.ticketing_questions_pb2_grpc import QuestionsStub
from roadcase.client import Roadcase
from tests.system.site import Site, roadcase, running
from tests.system.test_people import ADA, EUR12, SELLS, opening, shown
from tests.system.wire import Caller, selling
from tests.system.wire import opening as opened

EUR24 = common_pb2.Money(minor=2400, currency="EUR")
EVE = people_pb2.Contact(email="eve@example.org", name='=HYPERLINK("http://x")', phone="+49 170 1")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("exports") / "data") as found:
        yield found


def get(
    site: Site, path: str, *scopes: str, tenant: str = "acme", night: str = "night"
) -> httpx.Response:
    token = site.token("ticketing:read", *scopes, tenant=tenant)
    url = f"http://{site.http}/ticketing/occurrences/{night}/{path}"
    return httpx.get(url, headers={"authorization": f"Bearer {token}"})


async def test_an_organiser_takes_the_night_home(site):
    async with Roadcase(site.grpc, site.token(*SELLS)) as client:
        await opening(client, "night")
        await client.sell("night", "o1", {"standard": 2}, "pay", EUR24, contact=EVE)
        await client.sell("night", "o2", {"standard": 1}, "pay", EUR12)
    await shown(site, "night", orders=3)
    answer = get(site, "attendees.csv?bom=true&end=true", "people:read")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["log-position"].startswith("ticketing:")
    assert 'filename="night-attendees.csv"' in answer.headers["content-disposition"]
    header, *rows, end = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert end == ["END", "3"]
    first = dict(zip(header, rows[0], strict=True))
    assert (first["contact_name"], first["contact_phone"]) == (f"'{EVE.name}", "'+49 170 1")
    assert (first["price_minor"], first["sold_at"][-6:]) == ("1200", "+00:00")
    assert [dict(zip(header, row, strict=True))["contact_name"] for row in rows[2:]] == [""]
    assert "contact" not in get(site, "attendees.csv").text
    whole = get(site, "orders.json", "people:read").json()
    assert (whole["rows"], whole["items"][0]["contact"]["name"]) == (2, EVE.name)
    lines = get(site, "orders.ndjson").text.splitlines()
    assert [set(json.loads(each)) == {"end"} for each in lines] == [False, False, True]
    by_type = get(site, "reports/sales?by=type").json()["items"]
    assert [(each["key"], each["sold"], each["valid_minor"]) for each in by_type] == [
        ("standard", 3, 3600)
    ]
    assert get(site, "reports/attendance").json()["items"] == []
    assert get(site, "reports/no-shows").json()["items"][0]["no_shows"] == 3
    for path in ("orders.csv", "reports/sales?by=hour", "reports/attendance", "reports/no-shows"):
        assert get(site, path, tenant="other").status_code == 404, path
    for path in ("keys.csv", "orders.xls", "orders.csv?bum=1", "reports/sales?by=price"):
        assert get(site, path).status_code == 400, path


async def test_a_spreadsheet_reads_reports_in_sql_until_its_login_is_revoked(site):
    async with Roadcase(site.grpc, site.token(*SELLS, tenant="sql")) as client:
        await opening(client, "night")
        await client.sell("night", "o1", {"standard": 2}, "pay", EUR24, contact=EVE)
    made = site.cli("report-user", "add", "sql")
    assert made["password"] in made["url"]
    reader = await asyncpg.connect(made["url"])
    async with asyncio.timeout(20):
        while True:
            if await reader.fetchval("SELECT sum(sold_minor)::int FROM report_sales") == 2400:
                break
            await asyncio.sleep(0.05)
    site.cli("projection", "rebuild", "all")
    assert await reader.fetchval("SELECT sum(tickets)::int FROM report_orders") == 2
    (listed,) = site.cli("report-user", "list")
    assert (listed["user"], listed["tenant"], "password" in listed) == (made["user"], "sql", False)
    assert site.cli("report-user", "revoke", made["user"])["state"] == "revoked"
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await reader.fetch("SELECT 1")
    reader.terminate()
    again = site.cli("report-user", "revoke", made["user"], code=3)
    assert again["error"] == "roadcase.report_user_unknown"
    assert site.cli("report-user", "add", "Not A Tenant", code=2)["error"] == "roadcase.invalid"


async def test_an_operator_writes_a_list_as_it_stands_and_as_it_stood(site):
    async with Roadcase(site.grpc, site.token(*SELLS, tenant="files")) as client:
        await opening(client, "night")
        await client.sell("night", "o1", {"standard": 2}, "pay", EUR24, contact=EVE)
        before = site.cli("log", "tail", "-n", "1")["position"]
        await client.sell("night", "o2", {"standard": 1}, "pay", EUR12)
    of = ("export", "night", "orders", "--tenant", "files")
    then = roadcase(site.data, *of, "--as-of", str(before))
    (row,) = csv.DictReader(io.StringIO(then.stdout))
    assert (row["order_id"], row["tickets"], "contact" in row) == ("o1", "2", False)
    assert f"1 rows of orders of night, as of position {before:,}" in then.stderr
    lines = [json.loads(each) for each in roadcase(site.data, *of, "--ndjson").stdout.splitlines()]
    assert [each["order_id"] for each in lines[:-1]] == ["o1", "o2"]
    assert lines[-1]["end"]["rows"] == 2
    for wrong, code in (("keys", 3), ("orders", 2)):
        asked = ("export", "night", wrong, "--tenant", "files", "--as-of", "yesterday")
        assert roadcase(site.data, *asked).returncode == code


BOB = people_pb2.Contact(email="bob@example.org")
ASKED = "asked"
SAID = {"drink": "red", "why": "=1+1"}


async def asking_and_selling(site: Site, night: str) -> None:
    """Eve and Ada say the same; a third guest has no contact and says nothing."""
    wine = {"choices": ["red", "rosé"], "kind": questions_pb2.QUESTION_KIND_CHOICE}
    asked = [
        questions_pb2.Question(id="drink", text="Wine?", **wine),
        questions_pb2.Question(id="why", text="Why?"),
    ]
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        shop = Caller(site, TicketingStub(channel))
        questions = Caller(site, QuestionsStub(channel))
        await shop.ask("OpenBoxOffice", opened(night))
        request = questions_pb2.SetQuestionsRequest(occurrence=night, questions=asked)
        await questions.ask("SetQuestions", request)
        there = questions_pb2.ListQuestionsRequest(occurrence=night)
        await questions.until(lambda each: len(each.questions) == len(SAID), "ListQuestions", there)
        for order, guest in (("o1", EVE), ("o2", ADA)):
            sale = selling(night, order, contact=guest)
            for question, text in SAID.items():
                sale.answers.add(question=question, text=text)
            await shop.ask("SellTickets", sale)
        await shop.ask("SellTickets", selling(night, "o3"))


async def erase(site: Site, guest: people_pb2.Contact) -> None:
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        erasing = Caller(site, PeopleStub(channel))
        erasing.token = site.token("people:erase")
        await erasing.ask("ErasePerson", people_pb2.ErasePersonRequest(email=guest.email))


async def items_of(site: Site, path: str, count: int) -> list[dict[str, Any]]:
    """The items of a list or a report for who may read people, once there are so many."""
    async with asyncio.timeout(20):
        while True:
            items = get(site, path, "people:read", night=ASKED).json()["items"]
            if len(items) == count:
                return list(items)
            await asyncio.sleep(0.05)


def cells(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


async def test_answers_are_sums_and_a_file_for_who_may_read_people_until_they_are_erased(site):
    await asking_and_selling(site, ASKED)
    assert len(await items_of(site, "answers.json", 4)) == 4
    red, unsaid = await items_of(site, "reports/answers", 2)
    assert red == {
        "question": "drink",
        "key": "red",
        "currency": "EUR",
        "valid": 2,
        "valid_minor": 2400,
    }
    assert (unsaid["key"], unsaid["valid"]) == (None, 1)
    assert get(site, "reports/answers", night=ASKED).status_code == 403
    blind = cells(get(site, "answers.csv", night=ASKED))
    assert [set(row) for row in blind] == [{"order_id", "at", "number", "question"}] * 4
    (one, *_) = get(site, "answers.json", night=ASKED).json()["items"]
    assert set(one) == {"order_id", "at", "number", "question"}
    seen = cells(get(site, "answers.csv", "people:read", night=ASKED))
    assert [row["answer"] for row in seen] == ["red", "'=1+1"] * 2
    await erase(site, EVE)
    red, unsaid = await items_of(site, "reports/answers", 2)
    assert (red["valid"], unsaid["valid"], unsaid["valid_minor"]) == (1, 2, 2400)
    gone = cells(get(site, "answers.csv", "people:read", night=ASKED))
    assert [(row["state"], row["answer"]) for row in gone] == [
        ("erased", ""),
        ("erased", ""),
        ("open", "red"),
        ("open", "'=1+1"),
    ]
    for path in ("answers.csv", "reports/answers"):
        answer = get(site, path, "people:read", tenant="other", night=ASKED)
        assert answer.status_code == 404, path


async def test_messages_are_a_file_that_says_to_whom_only_for_who_may_read_people(site):
    async with Roadcase(site.grpc, site.token(*SELLS)) as client:
        await opening(client, "told")
        for order, guest in (("o1", BOB), ("o2", ADA)):
            await client.sell("told", order, {"standard": 1}, "pay", EUR12, contact=guest)
    async with asyncio.timeout(20):
        while len(get(site, "outbox.json", night="told").json()["items"]) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    blind = cells(get(site, "outbox.csv", night="told"))
    assert {(row["state"], row["attempt"], row["kind"]) for row in blind} == {
        ("waiting", "0", "ticketing.order_confirmed")
    }
    assert not {"recipient", "contact", "contact_email"} & set(blind[0])
    assert "contact" not in get(site, "outbox.json", night="told").text
    await erase(site, BOB)
    mails = cells(get(site, "outbox.csv", "people:read", night="told"))
    assert sorted((row["contact_state"], row["contact_email"]) for row in mails) == [
        ("erased", ""),
        ("open", ADA.email),
    ]
    answer = get(site, "outbox.csv", "people:read", tenant="other", night="told")
    assert answer.status_code == 404


async def test_an_operator_writes_messages_and_answers_without_what_is_sealed(site):
    before = site.cli("log", "tail", "-n", "1")["position"]
    await asking_and_selling(site, "later")
    async with asyncio.timeout(20):
        while len(written(site, "later", "outbox")) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    first = written(site, "later", "outbox")[0]
    assert json.loads(first["about"]) == {"occurrence": "later", "order": "o1"}
    answers = written(site, "later", "answers")
    assert [(row["order_id"], row["question"]) for row in answers] == [
        (order, question) for order in ("o1", "o2") for question in SAID
    ]
    assert written(site, "later", "outbox", "--as-of", str(before)) == []
    head = str(site.cli("log", "tail", "-n", "1")["position"])
    for name in ("answers", "outbox"):
        assert written(site, "later", name, "--as-of", head) == written(site, "later", name)


def written(site: Site, of: str, name: str, *more: str) -> list[dict[str, str]]:
    done = roadcase(site.data, "export", of, name, "--tenant", "acme", *more)
    assert done.returncode == 0, done.stderr
    assert not [each for each in (ADA.email, EVE.email, SAID["why"]) if each in done.stdout]
    return list(csv.DictReader(io.StringIO(done.stdout)))
