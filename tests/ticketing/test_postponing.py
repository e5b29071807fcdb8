"""A night is postponed: guests keep their tickets or have all their money back, or the default."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from roadcase.decider import Event
from roadcase.money import Money
from services.ticketing.commands import (
    AnswerPostponement,
    CancelOrder,
    CatchUp,
    PostponeNight,
    RefundTickets,
    SetReminder,
)
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.due import deadline
from services.ticketing.domain.notice_refusals import (
    AnswerTimes,
    NotPostponed,
    PostponedAlready,
    RefundedAlready,
)
from services.ticketing.domain.refusals import NoBoxOffice, TimesReversed, UnknownOrder
from services.ticketing.domain.telling import AT_ONCE
from services.ticketing.events import (
    BoxOfficeChanged,
    GuestsTold,
    NoticeGiven,
    PostponementAnswered,
    PostponementClosed,
    TicketRefunded,
)
from services.ticketing.projections.notices import KnownNights
from services.ticketing.projections.postponed import PostponedNights, PostponedOrders
from tests.ticketing.night import (
    MS,
    NIGHT,
    NOON,
    after,
    become,
    history,
    names,
    office,
    opening,
    selling,
    table,
    ticket_type,
)

UNTIL = NOON + timedelta(days=2)
OPENING = opening(ticket_type(), ticket_type("free", "0.00 EUR"), pools={"hall": 500})
CATCH_UP = CatchUp(occurrence=NIGHT)


def postponing(id_: str = "p1", default: str = "keep", **more: Any) -> PostponeNight:
    terms = {
        "starts_at": "2026-07-05T20:30",
        "ends_at": "2026-07-05T23:00",
        "answer_until": UNTIL,
        **more,
    }
    return PostponeNight(occurrence=NIGHT, postponement=id_, default=default, **terms)


def answering(order: str = "o1", answer: str = "refund") -> AnswerPostponement:
    return AnswerPostponement(occurrence=NIGHT, order=order, answer=answer)


def bought(order: str, quantity: int = 1):
    amount = str(Money(1200 * quantity, "EUR"))
    return selling(order, ("standard", quantity), amount=amount, contact=b"sealed")


def due(log: Iterable[Event], at: datetime) -> list[Event]:
    """What the timer brings about until `at`; each firing folds the log anew, as after a crash."""
    log = list(log)
    became: list[Event] = []
    while (moment := deadline(BOX_OFFICE.fold(log))) is not None and moment <= at:
        new = BOX_OFFICE.decided(BOX_OFFICE.fold(log), CATCH_UP, at)
        assert new
        log += new
        became += new
    return became


def back(events: Iterable[Event]) -> dict[str, int]:
    """Minor units that go back, by order."""
    found: Counter[str] = Counter()
    for each in events:
        if isinstance(each, TicketRefunded):
            found[each.order] += each.amount.minor
    return dict(found)


def test_the_night_moves_and_everybody_is_asked_once():
    said = (OPENING, bought("o1"))
    events = become(after(*said).when(postponing(), NOON))
    assert names(events) == ["BoxOfficeChanged", "NightPostponed", "NoticeGiven"]
    changed, _, given = events
    assert isinstance(changed, BoxOfficeChanged)
    assert isinstance(given, NoticeGiven)
    assert given.was is not None
    assert (given.was.starts_at.month, given.now.starts_at.month) == (6, 7)
    assert (given.answer_until, given.default) == (UNTIL, "keep")
    assert given.now.starts_at == changed.starts_at
    log = history(*said, postponing())
    told = [each for each in due(log, NOON) if isinstance(each, GuestsTold)]
    assert [guest.order for each in told for guest in each.guests] == ["o1"]
    assert table(KnownNights(), log)[NIGHT,]["known"]["starts_at"] == "2026-07-05T20:30:00"
    after(*said, postponing()).when(postponing(), NOON).then_nothing()


def test_what_makes_no_sense_is_refused():
    office.when(postponing(), NOON).then_refused(NoBoxOffice)
    spec = after(OPENING, bought("o1"))
    starts = datetime(2026, 7, 5, 18, 30, tzinfo=UTC)
    for until in (NOON, starts + MS):
        spec.when(postponing(answer_until=until), NOON).then_refused(AnswerTimes)
    assert become(spec.when(postponing(answer_until=starts), NOON))
    reversed_ = postponing(ends_at="2026-07-05T19:00")
    spec.when(reversed_, NOON).then_refused(TimesReversed)
    spec = after(OPENING, bought("o1"), postponing())
    spec.when(postponing("p2"), NOON).then_refused(PostponedAlready)
    spec.when(postponing(default="refund"), NOON).then_refused(PostponedAlready)


def test_after_the_answers_it_may_be_postponed_again():
    log = history(OPENING, bought("o1"), postponing())
    log = (*log, *due(log, UNTIL))
    spec = office.given(*log)
    spec.when(postponing(), UNTIL).then_nothing()
    again = postponing("p2", answer_until=UNTIL + timedelta(days=1))
    assert names(become(spec.when(again, UNTIL)))[-1] == "NoticeGiven"


def test_who_wants_their_money_has_all_of_it_at_once_and_their_places_are_free():
    spec = after(OPENING, bought("o1", 2), bought("o2"), postponing(default="keep"))
    events = become(spec.when(answering("o1"), NOON))
    assert names(events) == ["PostponementAnswered", "TicketRefunded", "TicketRefunded"]
    assert back(events) == {"o1": 2400}
    assert all(each.draws == {"hall": 1} for each in events if isinstance(each, TicketRefunded))


def test_an_answer_is_given_once_and_keeping_may_still_become_a_refund():
    asked = (OPENING, bought("o1"), bought("o2"), postponing())
    after(*asked, answering()).when(answering(), NOON).then_nothing()
    after(*asked, answering()).when(answering(answer="keep"), NOON).then_refused(RefundedAlready)
    kept = after(*asked, answering(answer="keep"))
    kept.when(answering(answer="keep"), NOON).then_nothing()
    assert back(become(kept.when(answering(), NOON))) == {"o1": 1200}


def test_who_is_not_asked_cannot_answer():
    asked = (OPENING, bought("o1"), postponing(), bought("late"))
    after(OPENING, bought("o1")).when(answering(), NOON).then_refused(NotPostponed)
    after(*asked).when(answering("nobody"), NOON).then_refused(UnknownOrder)
    after(*asked).when(answering("late"), NOON).then_refused(NotPostponed)
    assert become(after(*asked).when(answering(), UNTIL - MS))
    after(*asked).when(answering(), UNTIL).then_refused(NotPostponed)
    void = RefundTickets(occurrence=NIGHT, order="o1", reason="asked", refund_reference="r")
    after(*asked, void).when(answering(), NOON).then_refused(RefundedAlready)


@pytest.mark.parametrize("default", ["keep", "refund"])
def test_at_the_deadline_the_default_holds_for_who_did_not_answer(default):
    some = [f"o{number}" for number in range(2 * AT_ONCE + 3)]
    part = CancelOrder(occurrence=NIGHT, order="o2", tickets=["o2-1"], reason="asked")
    log = history(
        OPENING,
        *(bought(order, 2) for order in some),
        part,
        postponing(default=default),
        answering("o0", "keep"),
        answering("o1", "refund"),
        bought("late"),
    )
    log = (*log, *due(log, NOON))
    assert due(log, UNTIL - MS) == []
    became = due(log, UNTIL)
    answers = [each for each in became if isinstance(each, PostponementAnswered)]
    assert [each.order for each in answers] == some[2:]
    assert {(each.answer, each.by_default) for each in answers} == {(default, True)}
    wanted = dict.fromkeys(some[3:], 2400) | {"o2": 1200} if default == "refund" else {}
    assert back(became) == wanted
    assert isinstance(became[-1], PostponementClosed)
    assert names(became).count("PostponementClosed") == 1
    whole = [*log, *became]
    assert deadline(BOX_OFFICE.fold(whole)) is None
    row = table(PostponedNights(), whole)[NIGHT, "p1"]
    assert (row["answered"], row["by_default"], row["asking"]) == (2, len(some) - 2, False)
    assert len(table(PostponedOrders(), whole)) == len(some)


def test_free_tickets_are_given_up_and_nothing_goes_back():
    free = selling("o1", ("free", 1), amount="0.00 EUR")
    events = become(after(OPENING, free, postponing()).when(answering(), NOON))
    assert (names(events)[1:], back(events)) == (["TicketRefunded"], {"o1": 0})


def test_a_night_that_nobody_is_coming_to_is_closed_at_its_deadline():
    log = history(OPENING, postponing())
    assert names(due(log, UNTIL)) == ["PostponementClosed"]


def test_guests_are_reminded_of_the_new_night():
    reminder = SetReminder(occurrence=NIGHT, hours=24)
    first = datetime(2026, 6, 4, 18, 30, tzinfo=UTC)
    log = history(OPENING, bought("o1"), reminder)
    log = (*log, *due(log, first))
    assert names(log).count("GuestsTold") == 1
    state = BOX_OFFICE.fold(log)
    later = postponing(answer_until=first + timedelta(days=2))
    log = (*log, *BOX_OFFICE.decided(state, later, first + MS))
    became = due(log, datetime(2026, 7, 4, 18, 30, tzinfo=UTC))
    kinds = [each.kind for each in became if isinstance(each, NoticeGiven)]
    assert kinds == ["reminder"]
