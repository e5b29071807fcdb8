"""What guests are told of their night, from the organiser's words to a real mail server."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

import grpc
import httpx

from roadcase.api.v1 import people_pb2, ticketing_pb2
from roadcase.api.v1 import ticketing_messages_pb2 as pb
from roadcase.api.v1.ticketing_messages_pb2_grpc import GuestMessagesStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.clock import now
from tests.system.site import Site
from tests.system.test_guest_pages import House, run
from tests.system.test_mail import (  # noqa: F401
    EMAIL,
    Inbox,
    house_at,
    inbox,
    settings,
    states,
    wait_for,
)
from tests.system.wire import Caller, opening, selling

NIGHT = "told"
ZONE = "Europe/Berlin"
Work = Callable[[Caller, Caller], Awaitable[None]]


def asking(site: Site, work: Work) -> None:
    """`work` with the box office and with messages to guests."""

    async def asked() -> None:
        async with grpc.aio.insecure_channel(site.grpc) as channel:
            shop = Caller(site, TicketingStub(channel))
            await work(shop, Caller(site, GuestMessagesStub(channel)))

    run(asked())


def open_and_sell(house: House, *orders: str, starts: timedelta = timedelta(days=30)) -> None:
    """Every order's confirmation is sent, so that what comes then is a notice."""
    begins = datetime.now(ZoneInfo(ZONE)).replace(microsecond=0, tzinfo=None) + starts

    async def work(shop: Caller, _: Caller) -> None:
        request = opening(NIGHT, room=100)
        request.starts_at = begins.isoformat()
        request.ends_at = (begins + timedelta(hours=2)).isoformat()
        await shop.ask("OpenBoxOffice", request)
        for order in orders:
            contact = people_pb2.Contact(email=EMAIL)
            await shop.ask("SellTickets", selling(NIGHT, order, contact=contact))

    asking(house.site, work)
    all_settled(house, len(orders))


def all_settled(house: House, count: int) -> None:
    wait_for(lambda: states(house) == ["sent"] * count, f"{count} mails", 40)


def notices(inbox: Inbox) -> list[Any]:  # noqa: F811
    return [mail for mail in inbox.mails if "Your tickets" not in mail["subject"]]


def plain(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def tell(house: House, notice: str, kind: int, **words: str) -> int:
    found: list[int] = []

    async def work(_: Caller, guests: Caller) -> None:
        request = pb.TellGuestsRequest(occurrence=NIGHT, notice=notice, kind=kind, **words)
        found.append((await guests.ask("TellGuests", request)).guests)

    asking(house.site, work)
    return found[0]


def test_a_change_is_previewed_told_once_and_not_again_on_a_replay(tmp_path, inbox, settings):  # noqa: F811
    with house_at(tmp_path / "data", **settings) as house:
        open_and_sell(house, "o1", "o2")
        shown: list[Any] = []

        async def work(shop: Caller, guests: Caller) -> None:
            draft = pb.PreviewMessageRequest(
                occurrence=NIGHT, kind=pb.NOTICE_KIND_CHANGE, text="Sorry, {order} <3", order="o1"
            )
            assert "know this night" in await guests.refused("PreviewMessage", draft)
            change = ticketing_pb2.ChangeBoxOfficeRequest(occurrence=NIGHT, name="Moved & told")
            await shop.ask("ChangeBoxOffice", change)
            there = await guests.until(lambda each: "Moved" in each.text, "PreviewMessage", draft)
            shown.append(there)
            draft.text = "Dear {name}"
            assert "braces" in await guests.refused("PreviewMessage", draft)
            draft.kind = pb.NOTICE_KIND_UNSPECIFIED
            assert "what kind" in await guests.refused("PreviewMessage", draft)

        asking(house.site, work)
        assert notices(inbox) == []
        assert tell(house, "n1", pb.NOTICE_KIND_CHANGE, text="Sorry, {order} <3") == 2
        all_settled(house, 4)
        assert tell(house, "n1", pb.NOTICE_KIND_CHANGE, text="Sorry, {order} <3") == 0
        for table in ("outbox", "notices", "orders"):
            house.site.cli("projection", "rebuild", table)
        sleep(1.5)
        link = house.order(NIGHT, "o1")
    first = next(mail for mail in notices(inbox) if "o1 <3" in plain(mail))
    assert len(notices(inbox)) == 2
    assert (first["to"], first["subject"]) == (EMAIL, "Changed: Moved & told")
    assert plain(first).rstrip() == shown[0].text.rstrip()
    assert "Was: Told," in shown[0].text
    assert "Now: Moved & told," in shown[0].text
    assert "Sorry, o1 &lt;3" in shown[0].html
    assert f"https://cinema.test{link}" in shown[0].text
    html = first.get_body(("html",)).get_content().replace("\r\n", "\n")
    assert html.rstrip() == shown[0].html.rstrip()


def test_killed_in_the_middle_it_goes_on_and_nobody_hears_twice(tmp_path, inbox, settings):  # noqa: F811
    data = tmp_path / "data"
    some = [f"o{number}" for number in range(12)]
    killed = threading.Event()
    with house_at(data, **settings) as house:
        open_and_sell(house, *some)
        pid = house.site.process.pid

        def kill(where: str) -> None:
            if where == "rcpt" and len(notices(inbox)) == 4:
                os.kill(pid, signal.SIGKILL)
                killed.set()

        inbox.at = kill
        tell(house, "n1", pb.NOTICE_KIND_WORDS, subject="Rain", text="Order {order}: a coat.")
        assert killed.wait(20)
    inbox.at = lambda _: None
    with house_at(data, **settings) as house:
        all_settled(house, 24)
    told = Counter(plain(mail).split("Order ")[1].split(":")[0] for mail in notices(inbox))
    assert told == dict.fromkeys(some, 1)


def test_a_reminder_is_sent_once_and_who_was_forgotten_gets_none(tmp_path, inbox, settings):  # noqa: F811
    with house_at(tmp_path / "data", **settings) as house:
        open_and_sell(house, "o1", starts=timedelta(hours=30))

        async def work(_: Caller, guests: Caller) -> None:
            request = pb.SetReminderRequest(occurrence=NIGHT, hours=48, text="Doors at seven.")
            await guests.ask("SetReminder", request)

        asking(house.site, work)
        all_settled(house, 2)
        house.site.cli("people", "erase", "acme", EMAIL)
        assert tell(house, "n1", pb.NOTICE_KIND_WORDS, subject="Rain", text="A coat.") == 1
        wait_for(lambda: "dropped" in states(house), "a mail that is dropped")
        sleep(1)
    (mail,) = notices(inbox)
    assert mail["subject"] == "Soon: Told"
    assert "Doors at seven." in plain(mail)


def test_a_cancellation_reaches_who_had_their_money_back_meanwhile(tmp_path, inbox, settings):  # noqa: F811
    with house_at(tmp_path / "data", **settings) as house:
        open_and_sell(house, "o1")
        begun = now()
        inbox.refuses = "451 later"
        assert tell(house, "n1", pb.NOTICE_KIND_CANCELLATION, text="The band is ill.") == 1
        assert tell(house, "n2", pb.NOTICE_KIND_WORDS, subject="Rain", text="A coat.") == 1

        async def give_back(shop: Caller, _: Caller) -> None:
            request = ticketing_pb2.RefundTicketsRequest(
                occurrence=NIGHT, order="o1", reason="ill", refund_reference="r1"
            )
            await Caller(house.site, shop.stub, "refund").ask("RefundTickets", request)

        asking(house.site, give_back)
        inbox.refuses = None
        wait_for(lambda: sorted(states(house)) == ["dropped", "sent", "sent"], "two mails", 40)
        headers = {"authorization": f"Bearer {house.token('ticketing:read', 'ticketing:plan')}"}
        base = f"{house.base}/ticketing/occurrences/{NIGHT}/messages"
        item, _ = httpx.get(base, headers=headers).json()["items"]
        draft = {"kind": "words", "subject": "On {night}", "text": "{tickets}: see you"}
        shown = httpx.post(f"{base}/preview", json=draft, headers=headers).json()
        bad = httpx.post(f"{base}/preview", json={**draft, "text": "\x07"}, headers=headers)
        reads = {"authorization": f"Bearer {house.token('ticketing:read')}"}
        assert httpx.post(f"{base}/preview", json=draft, headers=reads).status_code == 403
    assert (item["notice"], item["told"], item["done"]) == ("n1", 1, True)
    assert datetime.fromisoformat(item["given_at"]) >= begun
    assert shown["subject"] == "On Told"
    assert "2: see you" in shown["text"]
    assert bad.status_code == 400
    (mail,) = notices(inbox)
    assert mail["subject"] == "Cancelled: Told"
    assert "The band is ill." in plain(mail)


def test_a_postponed_night_is_answered_on_the_page_of_the_order_or_by_default(
    tmp_path,
    inbox,  # noqa: F811
    settings,  # noqa: F811
):
    starts = datetime.now(ZoneInfo(ZONE)).replace(microsecond=0, tzinfo=None) + timedelta(days=60)
    ends = starts + timedelta(hours=2)
    with house_at(tmp_path / "data", **settings) as house:
        open_and_sell(house, "o1", "o2")
        asked = {
            "starts_at": starts.isoformat(),
            "ends_at": ends.isoformat(),
            "answer_until": now() + timedelta(days=9),
            "default": pb.POSTPONED_ANSWER_REFUND,
            "text": "We are sorry, {order}.",
        }
        shown: list[Any] = []

        async def postpone(shop: Caller, guests: Caller) -> None:
            draft = pb.PreviewMessageRequest(
                occurrence=NIGHT, kind=pb.NOTICE_KIND_POSTPONEMENT, order="o1", **asked
            )
            shown.append(await guests.ask("PreviewMessage", draft))
            draft.ClearField("answer_until")
            assert "until when" in await guests.refused("PreviewMessage", draft)
            request = pb.PostponeNightRequest(occurrence=NIGHT, postponement="p1", **asked)
            assert "refund" in await guests.refused("PostponeNight", request)
            organiser = Caller(house.site, guests.stub, "plan", "refund")
            await organiser.ask("PostponeNight", request)
            await shop.ask("OpenBoxOffice", opening("short"))
            await shop.ask("SellTickets", selling("short", "o3"))
            soon = {**asked, "answer_until": now() + timedelta(seconds=2)}
            await organiser.ask(
                "PostponeNight",
                pb.PostponeNightRequest(occurrence="short", postponement="p1", **soon),
            )

        asking(house.site, postpone)
        wait_for(lambda: len(notices(inbox)) == 2, "two mails", 40)
        page = house.base + house.order(NIGHT, "o1")
        wait_for(lambda: "was postponed" in httpx.get(page).text, "the question")
        assert httpx.post(f"{page}/postponed", data={"answer": "maybe"}).status_code == 404
        answer = httpx.post(f"{page}/postponed", data={"answer": "keep"}, follow_redirects=True)
        assert "You keep your tickets" in answer.text
        other = house.base + house.order(NIGHT, "o2")
        answer = httpx.post(f"{other}/postponed", data={"answer": "refund"}, follow_redirects=True)
        assert "lets nobody in any more" in answer.text
        assert 'id="postponed"' not in answer.text
        assert 'class="code"' in httpx.get(page).text
        third = house.base + house.order("short", "o3")
        wait_for(lambda: "lets nobody in" in httpx.get(third).text, "the default", 40)
        headers = {"authorization": f"Bearer {house.token('ticketing:read')}"}
        base = f"{house.base}/ticketing/occurrences/{NIGHT}/messages"
        (item,) = httpx.get(f"{base}/postponements", headers=headers).json()["items"]
    assert (item["answered"], item["by_default"], item["asking"]) == (2, 0, True)
    first = next(mail for mail in notices(inbox) if "sorry, o1" in plain(mail))
    assert first["subject"] == "Postponed: Told"
    assert plain(first).rstrip() == shown[0].text.rstrip()
    assert "your money comes back" in plain(first)
