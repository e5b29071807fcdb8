"""What guests are told: whom, once, in batches that go on where they stopped, and in what words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from roadcase.decider import Command, Event
from roadcase.outbox import Mail
from services.ticketing.commands import (
    CancelOrder,
    CatchUp,
    RefundTickets,
    SetReminder,
    TellGuests,
)
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.due import deadline
from services.ticketing.domain.notice_refusals import NothingChanged, NoticeExists
from services.ticketing.domain.refusals import NoBoxOffice
from services.ticketing.domain.telling import AT_ONCE
from services.ticketing.events import GuestsTold, NightTold, NoticeGiven
from services.ticketing.guest.notice_mail import Asked, Notice, To, notice_mail
from services.ticketing.projections.notices import KnownNights, Notices
from services.ticketing.reactions import REACTIONS
from tests.ticketing.night import (
    MS,
    NIGHT,
    NOON,
    after,
    become,
    changing,
    history,
    office,
    opening,
    selling,
    table,
)

STARTS = datetime(2026, 6, 5, 18, 30, tzinfo=UTC)  # 20:30 in Berlin
DAY = timedelta(days=1)
OPENING = opening(pools={"hall": 500})
CATCH_UP = CatchUp(occurrence=NIGHT)


def bought(order: str) -> Command:
    return selling(order, subject=None, contact=order.encode())


def telling(notice: str = "n1", kind: str = "words", **more: Any) -> TellGuests:
    said = {"subject": "Hello", "text": "Come early."} if kind == "words" else {}
    return TellGuests(occurrence=NIGHT, notice=notice, kind=kind, **{**said, **more})


def reminding(hours: int | None = 24) -> SetReminder:
    return SetReminder(occurrence=NIGHT, hours=hours)


def orders(events: Iterable[Event]) -> list[str]:
    """Who is told by these events."""
    told = [each for each in events if isinstance(each, GuestsTold)]
    return [guest.order for each in told for guest in each.guests]


def until_quiet(
    history: Iterable[Event], at: datetime, *, crash_every: int | None = None
) -> list[Event]:
    """What the timer brings about until `at`, each firing from a fold of the log alone."""
    log, became = list(history), []
    state = BOX_OFFICE.fold(log)
    while (due := deadline(state)) is not None and due <= at:
        if crash_every:
            state = BOX_OFFICE.fold(log)
        new = BOX_OFFICE.decided(state, CATCH_UP, max(due, NOON) if due > NOON else at)
        assert new, "a timer that decides nothing fires for ever"
        log += new
        became += new
    return became


def test_everybody_with_a_valid_ticket_is_told_once_in_batches_whoever_is_killed():
    some = [f"o{number}" for number in range(2 * AT_ONCE + 7)]
    void = CancelOrder(occurrence=NIGHT, order="o3", reason="asked")
    back = RefundTickets(occurrence=NIGHT, order="o4", reason="asked", refund_reference="r")
    nobody = selling("silent", subject=None)
    said = history(OPENING, *map(bought, some), nobody, void, back, telling(), bought("late"))
    became = until_quiet(said, NOON, crash_every=1)
    assert orders(became) == [order for order in some if order not in ("o3", "o4")]
    assert [len(each.guests) for each in became] == [AT_ONCE - 2, AT_ONCE, 7]
    assert deadline(BOX_OFFICE.fold([*said, *became])) is None
    rows = table(Notices(), [*said, *became])
    assert rows[NIGHT, "n1"]["told"] == len(some) - 2
    assert rows[NIGHT, "n1"]["done"]
    half = table(Notices(), [*said, *became[:1]])
    assert not half[NIGHT, "n1"]["done"]


def test_asked_twice_it_is_told_once_and_something_else_is_refused():
    spec = after(OPENING, bought("o1"), telling())
    spec.when(telling(), NOON).then_nothing()
    spec.when(telling(text="Come late."), NOON).then_refused(NoticeExists)
    spec.when(telling(kind="cancellation"), NOON).then_refused(NoticeExists)
    office.when(telling(), NOON).then_refused(NoBoxOffice)
    office.when(reminding(), NOON).then_refused(NoBoxOffice)


def test_who_has_nobody_to_tell_is_done_at_once():
    said = history(OPENING, telling())
    assert until_quiet(said, NOON) == []
    assert table(Notices(), said)[NIGHT, "n1"]["done"]


def test_a_change_says_what_was_to_who_bought_before_it():
    said = (OPENING, bought("o1"), changing(starts_at="2026-06-05T21:00"), bought("o2"))
    (given,) = become(after(*said).when(telling(kind="change"), NOON))
    assert isinstance(given, NoticeGiven)
    assert given.was is not None
    assert (given.was.starts_at.hour, given.now.starts_at.hour) == (20, 21)
    log = history(*said, telling(kind="change"))
    assert orders(until_quiet(log, NOON)) == ["o1"]
    assert table(KnownNights(), log)[NIGHT,]["known"]["starts_at"] == "2026-06-05T21:00:00"


def test_a_change_that_guests_know_is_refused_and_limits_are_none():
    after(OPENING).when(telling(kind="change"), NOON).then_refused(NothingChanged)
    renamed = changing(name="Metropolis, restored")
    spec = after(OPENING, bought("o1"), renamed, bought("o2"), changing(per_order_max=9))
    (given,) = become(spec.when(telling(kind="change"), NOON))
    assert given.guests == 1  # type: ignore[attr-defined]
    told = after(OPENING, renamed, telling(kind="change"))
    told.when(telling("n2", "change"), NOON).then_refused(NothingChanged)
    back = after(OPENING, renamed, changing(name="Metropolis"))
    back.when(telling(kind="change"), NOON).then_refused(NothingChanged)


def test_guests_are_reminded_once_and_not_a_moment_early():
    said = history(OPENING, bought("o1"), reminding(24))
    assert until_quiet(said, STARTS - DAY - MS) == []
    office.given(*said).when(CATCH_UP, STARTS - DAY - MS).then_nothing()
    became = until_quiet(said, STARTS + DAY)
    assert orders(became) == ["o1"]
    (given, _) = became
    assert (given.kind, given.given_at) == ("reminder", STARTS - DAY)
    later = history(OPENING, bought("o1"), reminding(24), (CATCH_UP, STARTS - DAY))
    again = [*later, *history(OPENING, reminding(48))[-1:]]
    assert orders(until_quiet(again, STARTS)) == ["o1"]


def test_a_reminder_moves_with_the_night_and_is_given_again_only_when_it_is_long_after():
    asked = (OPENING, bought("o1"), reminding(24))
    moved = history(*asked, changing(starts_at="2026-06-05T21:30"))
    assert until_quiet(moved, STARTS - DAY) == []
    told = list(history(*asked))
    told += until_quiet(told, STARTS - DAY)
    for starts, ends, again in (
        ("2026-06-05T21:30", "2026-06-06T01:00", []),
        ("2026-06-09T20:30", "2026-06-09T23:00", ["o1"]),
    ):
        state = BOX_OFFICE.fold(told)
        change = BOX_OFFICE.decided(state, changing(starts_at=starts, ends_at=ends), STARTS)
        assert orders(until_quiet([*told, *change], STARTS + 9 * DAY)) == again


@pytest.mark.parametrize("off", [reminding(None), telling(kind="cancellation")])
def test_a_reminder_that_was_taken_back_or_of_a_cancelled_night_is_not_given(off):
    log = history(OPENING, bought("o1"), reminding(24), off)
    kinds = [each.kind for each in until_quiet(log, STARTS) if isinstance(each, NoticeGiven)]
    assert kinds == []


def test_nobody_is_reminded_of_a_night_that_has_begun():
    log = history(OPENING, bought("o1"), reminding(24))
    state = BOX_OFFICE.fold(log)
    (given,) = BOX_OFFICE.decided(state, CATCH_UP, STARTS)
    assert given.guests == 0  # type: ignore[attr-defined]
    assert deadline(state) is None
    state = BOX_OFFICE.fold(log)
    BOX_OFFICE.decided(state, CATCH_UP, STARTS - MS)
    (told,) = BOX_OFFICE.decided(state, CATCH_UP, STARTS)
    assert told.guests == ()  # type: ignore[attr-defined]
    assert deadline(state) is None


@pytest.mark.parametrize(
    "bad",
    [
        {"subject": "Two\nlines"},
        {"subject": "x" * 151},
        {"text": "x" * 5001},
        {"text": "bell \x07"},
        {"text": "tab\tand\x1b[31m"},
        {"text": "\u202eevil"},
        {"text": "Dear {name}"},
        {"text": "{night.__class__}"},
        {"text": "{"},
        {"text": " \n "},
        {"subject": ""},
    ],
)
def test_words_are_plain_and_short_and_name_only_what_there_is(bad):
    with pytest.raises(ValidationError):
        telling(**bad)


def test_ends_of_lines_from_a_browser_are_lines():
    assert telling(text="a\r\nb").text == "a\nb"


NOW = NightTold(
    name="Kino <b>&",
    starts_at=datetime(2026, 6, 5, 21),
    ends_at=datetime(2026, 6, 6, 1),
    zone="Europe/Berlin",
)
WAS = msgspec.structs.replace(NOW, name="Kino", starts_at=datetime(2026, 6, 5, 20, 30))


def mail(kind: str = "words", subject: str = "", text: str = "", *, was: bool = False) -> Mail:
    notice = Notice(kind, subject, text, NOW, WAS if was else None)
    return notice_mail(notice, To("o1", 2, "https://x.test/order/t"))


def test_words_are_filled_once_and_escaped():
    said = mail(text="{tickets} for {night}, {order}.\nSee <you>\n\n{when}", subject="On {night}")
    assert said.subject == "On Kino <b>&"
    assert "2 for Kino <b>&, o1.\nSee <you>" in said.text
    assert "2 for Kino &lt;b&gt;&amp;, o1.<br>See &lt;you&gt;</p>" in said.html
    assert "Friday 5 June 2026, 21:00 to 6 June, 01:00 (Europe/Berlin)" in said.text
    assert "https://x.test/order/t" in said.text
    assert 'href="https://x.test/order/t"' in said.html
    sneaky = NightTold(**{**msgspec.structs.asdict(NOW), "name": "{order}"})
    assert notice_mail(Notice("words", "{night}", "", sneaky, None), To("o1", 1, "")).subject == (
        "{order}"
    )


def test_a_change_shows_what_was_and_what_is_now():
    said = mail("change", was=True)
    assert said.subject == "Changed: Kino <b>&"
    assert "Was: Kino, Friday 5 June 2026, 20:30 to" in said.text
    assert "Now: Kino <b>&, Friday 5 June 2026, 21:00 to" in said.text
    assert "Now: Kino &lt;b&gt;&amp;, Friday" in said.html


def test_each_kind_has_a_subject_of_ours_and_says_what_it_is():
    assert mail("reminder").subject == "Soon: Kino <b>&"
    assert "This night is cancelled." in mail("cancellation").text
    assert mail("cancellation", subject="Sorry").subject == "Sorry"


def test_each_guest_has_one_message_for_each_notice():
    (reaction,) = [each for each in REACTIONS if each.name == "tell-by-mail"]

    def heard(notice: str) -> list[Any]:
        told = until_quiet(history(OPENING, bought("o1"), bought("o2"), telling(notice)), NOON)[-1]
        return list(
            reaction.do(msgspec.json.decode(msgspec.json.encode(told), type=reaction.hears))
        )

    first, second = heard("n1")
    assert (first.kind, first.recipient) == ("ticketing.notice", b"o1")
    assert first.about == {"occurrence": NIGHT, "notice": "n1", "order": "o1"}
    assert heard("n1") == [first, second]
    assert len({each.message for each in (first, second, *heard("n2"))}) == 4


def test_who_was_told_that_it_is_postponed_hears_that_it_takes_place_after_all():
    notice = Notice("postponement", "", "", NOW, NOW, Asked(NOON, "keep"))
    said = notice_mail(notice, To("o1", 2, "https://x.test/order/t"))
    assert said.subject == "It takes place after all: Kino <b>&"
    assert "This night was postponed, and takes place at its first time after all." in said.text
    assert ("Was:" in said.text, "Keep your tickets, or have" in said.text) == (False, True)
