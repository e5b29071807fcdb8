"""Suppliers are told: who has a stall, each person once; and how many were reached is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from roadcase.projection import Stamp
from roadcase.triggers import Action
from services.planning.commands import (
    AddSupplier,
    FreeStall,
    ListSupplier,
    NoteReached,
    PlanMarket,
    TakeStall,
    TellStallholders,
    TellSupplier,
)
from services.planning.commands.jobs import DoJob
from services.planning.domain import MARKET, OCCURRENCE, SUPPLIER
from services.planning.domain.supplier_register import REGISTER
from services.planning.events import (
    AudienceReached,
    CrewMembersTold,
    PlannedStall,
    StallholdersTold,
    SuppliersCalled,
    SupplierTold,
    ToldMember,
)
from services.planning.projections import Tellings
from services.planning.reactions import told
from services.planning.reactions.supplier_register import Listed
from services.planning.reactions.supplier_register import add as add_listed
from tests.planning.declaring import Night
from tests.planning.test_jobs import applied

NOW = datetime(2027, 6, 18, 12, tzinfo=UTC)
DAYS: dict[str, Any] = {"first": date(2027, 6, 18), "last": date(2027, 6, 18)}
WORDS = {"subject": "Where to unload", "text": "East ramp"}


def taken(**stalls: str) -> Any:
    """A market whose stalls these suppliers have."""
    market = MARKET.initial()
    planned = tuple(PlannedStall(stall=each) for each in ("a", "b", "c", "d"))
    MARKET.decided(market, PlanMarket(occurrence="n", revision=1, stalls=planned, **DAYS), NOW)
    for stall, who in stalls.items():
        MARKET.decided(market, TakeStall(occurrence="n", stall=stall, supplier=who, **DAYS), NOW)
    return market


def whom(market: Any, telling: str = "s/f:0") -> list[str]:
    asked = TellStallholders(occurrence="n", telling=telling, **WORDS)
    events = MARKET.decided(market, asked, NOW)
    assert MARKET.decided(market, asked, NOW) == ()
    return [each for event in events for each in event.suppliers]


def test_who_has_a_stall_is_told_once_however_many_they_have():
    market = taken(a="bar", b="press", c="bar")
    assert whom(market) == ["bar", "press"]
    MARKET.decided(market, FreeStall(occurrence="n", stall="b"), NOW)
    assert whom(market, "s/g:0") == ["bar"]
    assert whom(MARKET.initial()) == []  # of a night without stalls


def supplier(**about: Any) -> Any:
    found = SUPPLIER.initial()
    SUPPLIER.decided(found, AddSupplier(supplier="bar", title="Bar", **about), NOW)
    return found


def asked(telling: str = "s/f:0") -> TellSupplier:
    return TellSupplier(supplier="bar", occurrence="n", telling=telling, **WORDS)


@pytest.mark.parametrize(
    ("of", "person", "contact"),
    [
        (supplier(subject="sub", contact=b"sealed"), "sub", b"sealed"),
        (supplier(), "", None),
        (SUPPLIER.initial(), "", None),
    ],
    ids=["with a contact", "without one", "not on the list"],
)
def test_a_supplier_is_told_once_and_never_refused(of, person, contact):
    (event,) = SUPPLIER.decided(of, asked(), NOW)
    assert (event.person, event.contact) == (person, contact)
    assert SUPPLIER.decided(of, asked(), NOW) == ()
    assert len(SUPPLIER.decided(of, asked("s/g:0"), NOW)) == 1


def test_a_contact_stays_when_something_else_is_told_of_them():
    known = supplier(subject="sub", contact=b"sealed")
    renamed = AddSupplier(supplier="bar", title="Dumpling bar")
    (event,) = SUPPLIER.decided(known, renamed, NOW)
    assert (event.title, event.subject, event.contact) == ("Dumpling bar", "sub", b"sealed")
    assert SUPPLIER.decided(known, renamed, NOW) == ()


def test_the_register_hands_on_a_contact_and_asks_nothing_again_for_one_that_is_known():
    register = REGISTER.initial()
    plain = ListSupplier(supplier="bar", title="Bar", subject="sub")
    assert len(REGISTER.decided(register, plain, NOW)) == 1
    (listed,) = REGISTER.decided(register, plain.model_copy(update={"contact": b"sealed"}), NOW)
    again = plain.model_copy(update={"contact": b"sealed anew"})
    assert REGISTER.decided(register, again, NOW) == ()
    (moved,) = REGISTER.decided(register, again.model_copy(update={"subject": "other"}), NOW)
    assert (moved.subject, moved.contact) == ("other", b"sealed anew")
    about = {name: getattr(listed, name) for name in Listed.__struct_fields__}
    (asked,) = add_listed(Listed(**about))
    assert (asked.subject, asked.contact) == ("sub", b"sealed")


def heard(supplier: str, person: str = "", contact: bytes | None = None) -> told.SupplierTold:
    about = {"occurrence": "n", "telling": "s/f:0", **WORDS}
    return told.SupplierTold(**about, person=person, contact=contact)


def test_a_person_who_is_two_suppliers_has_one_mail():
    one, other = (told.tell_by_mail(heard(each, "sub", b"sealed")) for each in ("bar", "press"))
    assert one[0].message == other[0].message
    assert one[0].message != told.tell_by_mail(heard("x", "else", b"sealed"))[0].message
    assert told.tell_by_mail(heard("bar")) == []


def test_each_step_asks_for_the_next():
    words = {"occurrence": "n", "telling": "s/f:0", **WORDS}
    (market,) = told.tell_stallholders(told.SuppliersCalled(**words))
    assert market == TellStallholders(**words)
    each = told.tell_suppliers(told.StallholdersTold(**words, suppliers=("bar", "press")))
    assert each == [TellSupplier(supplier=who, **words) for who in ("bar", "press")]


def test_a_job_calls_suppliers():
    night = Night(applied(""))
    action = Action(does="tellSuppliers", service="planning", about=WORDS)
    job = DoJob(occurrence="film", firing="s/f", job="j", reason="Due", actions=(action,))
    (called,) = [each for each in night.ask(job) if isinstance(each, SuppliersCalled)]
    assert (called.telling, called.subject, called.text) == ("s/f:0", *WORDS.values())


def reached(upto: int, number: int) -> NoteReached:
    about: dict[str, Any] = {"occurrence": "n", "firing": "s/f", "notice": "x"}
    return NoteReached(**about, audience="waiting", upto=upto, told=number)


def test_what_ticketing_told_is_counted_once_in_whatever_order_it_is_heard():
    night = OCCURRENCE.initial()
    counts = [OCCURRENCE.decided(night, each, NOW) for each in (reached(0, 0), reached(50, 49))]
    assert [len(each) for each in counts] == [1, 1]
    assert OCCURRENCE.decided(night, reached(50, 49), NOW) == ()
    assert OCCURRENCE.decided(night, reached(0, 0), NOW) == ()


def test_only_what_was_fired_here_is_counted():
    given = {"occurrence": "n", "notice": "x", "kind": "waiting"}
    assert told.note_nobody(told.NoticeGiven(**given, guests=0)) == []
    assert told.note_nobody(told.NoticeGiven(**given, guests=3, firing="s/f")) == []
    assert told.note_nobody(told.NoticeGiven(**given, guests=0, firing="s/f")) == [reached(0, 0)]
    some = {"occurrence": "n", "notice": "x", "upto": 2, "firing": "s/f"}
    waiting = told.WaitingTold(**some, waiting=(told.Waiter("ann"),))
    assert told.note_waiting(waiting) == [reached(2, 1)]
    (guests,) = told.note_guests(told.GuestsTold(**some, guests=(told.Guest("o1"),)))
    assert (guests.audience, guests.told) == ("holders", 1)


def shown(*events: Any) -> dict[str, Any]:
    row: Any = None
    for number, event in enumerate(events):
        for _, fold in Tellings().hears[type(event)]:
            row = fold(row, event, Stamp(number, "s", "acme", NOW, "somebody"))
    return {name: row[name] for name in ("firing", "audience", "told", "unreached")}


def test_how_many_were_told_and_who_could_not_be_is_shown():
    words = {"occurrence": "n", "telling": "s/f:0", **WORDS}
    first = StallholdersTold(**words, suppliers=("bar", "press", "tea"))
    one = SupplierTold(supplier="bar", **words, person="sub", contact=b"sealed")
    other = SupplierTold(supplier="tea", **words, person="sub", contact=b"sealed")
    silent = SupplierTold(supplier="press", **words)
    assert shown(first, one, silent, other) == {
        "firing": "s/f",
        "audience": "suppliers",
        "told": 1,
        "unreached": ["press"],
    }
    members = (ToldMember(person="ana", contact=b"sealed"), ToldMember(person="bob"))
    crew = CrewMembersTold(occurrence="n", telling="s/f:1", text="Go", members=members)
    assert shown(crew) == {
        "firing": "s/f",
        "audience": "crew",
        "told": 1,
        "unreached": ["bob"],
    }
    about: dict[str, Any] = {"occurrence": "n", "firing": "s/f", "notice": "x"}
    some = [AudienceReached(**about, audience="holders", upto=each, told=2) for each in (2, 4)]
    assert shown(*some)["told"] == 4
