"""Who waits is told: each person once, in batches, and nobody who waits no longer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from roadcase.decider import Command, Event
from roadcase.triggers import Action
from services.ticketing.commands import (
    CancelOrder,
    JoinWaitingList,
    LeaveWaitingList,
    TellWaiting,
)
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.telling import AT_ONCE
from services.ticketing.events import NightTold, NoticeGiven, WaitingTold
from services.ticketing.guest.notice_mail import Notice
from services.ticketing.guest.waiting_mail import waiting_mail
from services.ticketing.projections.notices import Notices
from services.ticketing.reactions.own import Waiter, tell_waiting_by_mail
from services.ticketing.reactions.own import WaitingTold as Heard
from services.ticketing.reactions.triggers import Fired, act
from tests.ticketing.night import NIGHT, NOON, history, opening, selling, table, ticket_type
from tests.ticketing.test_telling import STARTS, until_quiet

TYPES = [ticket_type(), ticket_type("sofa")]


def joining(
    entry: str, who: str = "", kind: str = "standard", contact: bytes | None = b"sealed"
) -> JoinWaitingList:
    return JoinWaitingList(
        occurrence=NIGHT,
        entry=entry,
        ticket_types=(kind,),
        quantity=1,
        subject=who or entry,
        contact=contact,
    )


def telling(notice: str = "n1") -> TellWaiting:
    said = {"subject": "Places", "text": "Try the door."}
    return TellWaiting(occurrence=NIGHT, notice=notice, firing="f/1", **said)


def sold_out(*commands: Command) -> tuple[Event, ...]:
    return history(opening(*TYPES, pools={"hall": 1}), selling("o1"), *commands)


def entries(events: Iterable[Event]) -> list[str]:
    told = [each for each in events if isinstance(each, WaitingTold)]
    return [waiter.entry for each in told for waiter in each.waiting]


def test_everybody_who_waits_is_told_once_in_batches_whoever_is_killed():
    many = [joining(f"w{number}") for number in range(AT_ONCE + 7)]
    log = sold_out(*many, joining("silent", contact=None), telling(), telling())
    (given,) = [each for each in log if isinstance(each, NoticeGiven)]
    assert (given.kind, given.guests, given.firing) == ("waiting", AT_ONCE + 7, "f/1")
    became = until_quiet(log, NOON, crash_every=1)
    assert entries(became) == [each.entry for each in many]
    assert [each.firing for each in became] == ["f/1", "f/1"]
    row = table(Notices(), (*log, *became))[NIGHT, "n1"]
    assert (row["guests"], row["told"], row["done"]) == (AT_ONCE + 7, AT_ONCE + 7, True)
    assert BOX_OFFICE.decided(BOX_OFFICE.fold((*log, *became)), telling(), NOON) == ()


def test_who_waits_for_two_things_is_told_once_and_by_the_one_they_wait_for_still():
    both = (joining("a1", "ann"), joining("a2", "ann", "sofa"), joining("bob"))
    leaving = LeaveWaitingList(occurrence=NIGHT, entry="a1")
    assert entries(until_quiet(sold_out(*both, telling()), NOON)) == ["a1", "bob"]
    assert entries(until_quiet(sold_out(*both, telling(), leaving), NOON)) == ["a2", "bob"]


def test_who_has_left_or_has_an_offer_is_not_told():
    leaving = LeaveWaitingList(occurrence=NIGHT, entry="bob")
    freeing = CancelOrder(occurrence=NIGHT, order="o1", reason="asked")
    waits = (joining("ann"), joining("bob"), joining("cid"))
    log = sold_out(*waits, telling(), leaving, freeing)
    assert entries(until_quiet(log, NOON)) == ["cid"]


def test_a_night_that_never_sold_refuses_nothing():
    assert BOX_OFFICE.decided(BOX_OFFICE.initial(), telling(), NOON) == ()


def test_a_firing_tells_who_waits_and_each_has_a_mail_of_their_own():
    about = {"subject": "Places", "text": "{order}"}
    action = Action(does="messageWaiting", service="ticketing", about=about)
    fired = Fired(occurrence=NIGHT, firing="f/1", about={}, actions=(action,))
    (asked,) = act(fired)
    assert isinstance(asked, TellWaiting)
    assert (asked.text, asked.firing, asked) == ("{order}", "f/1", act(fired)[0])
    some = (Waiter("ann", b"ann"), Waiter("bob", b"bob"))
    event = Heard(occurrence=NIGHT, notice=asked.notice, waiting=some)
    mails = tell_waiting_by_mail(event)
    assert [each.recipient for each in mails] == [b"ann", b"bob"]
    assert len({each.message for each in mails}) == 2
    assert mails == tell_waiting_by_mail(event)


def test_the_mail_says_which_night_in_our_words_and_theirs():
    now = NightTold(
        name="A <night>",
        starts_at=STARTS.replace(tzinfo=None),
        ends_at=STARTS.replace(tzinfo=None) + timedelta(hours=2),
        zone="Europe/Berlin",
    )
    mail = waiting_mail(Notice("waiting", "On {night}", "{when}? {order}", now, None), "/offer/x")
    assert mail.subject == "On A <night>"
    assert "Friday 5 June 2026, 18:30 to 20:30 (Europe/Berlin)? {order}" in mail.text
    assert "/offer/x" in mail.text
    assert "A &lt;night&gt;" in mail.html
    assert "A <night>" not in mail.html
