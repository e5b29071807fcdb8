"""Crew: a position is held by one, nobody is in two places, and both streams end up agreeing."""

from __future__ import annotations

import random
from collections import deque
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadcase.errors import NotFound, Refused
from services.planning.commands import (
    ClockIn,
    ClockOut,
    CorrectClock,
    DeclineInvitation,
    EngageMember,
    FillPosition,
    InvitePerson,
    OfferSwap,
    PlanCrew,
    RecordCertificate,
    RegisterMember,
    ReleaseMember,
    VacatePosition,
    WithdrawCertificate,
    WithdrawSwap,
)
from services.planning.domain import CREW, MEMBER
from services.planning.domain.crew_refusals import (
    CertificateMissing,
    ClockedAlready,
    ClockTimes,
    HasPosition,
    MemberElsewhere,
    NoMember,
    NotClockedIn,
    NotTheirs,
    PositionTaken,
)
from services.planning.events import MemberEngaged, PlannedRole, PlannedShift
from services.planning.reactions.crew import REACTIONS

NOW = datetime(2027, 6, 18, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shift(begins: float, ends: float) -> PlannedShift:
    return PlannedShift(begins=NOW + begins * HOUR, ends=NOW + ends * HOUR)


def role(key: str = "door", count: int = 1, *shifts: PlannedShift, **other: Any) -> PlannedRole:
    times = shifts or (shift(6, 10),)
    return PlannedRole(role=key, title=key.title(), count=count, shifts=times, **other)


def planning(*roles: PlannedRole, of: str = "film", on: bool = True) -> PlanCrew:
    times = {"begins": NOW + 5 * HOUR, "ends": NOW + 11 * HOUR}
    return PlanCrew(occurrence=of, title="Film", zone="UTC", roles=roles, on=on, **times)


class Company:
    """All streams of crew of one organiser, and what they hear of each other."""

    def __init__(self, *people: str) -> None:
        self.crews: dict[str, Any] = {}
        self.members: dict[str, Any] = {}
        self.waits: dict[tuple[str, str], deque[Any]] = {}  # by reaction and stream, in order
        self.numbers = 0
        for person in people:
            contact = {"subject": f"sub-{person}", "contact": b"sealed"}
            self.ask(RegisterMember(person=person, **contact))

    def ask(self, command: Any, at: datetime = NOW) -> list[Any]:
        decider = CREW if type(command) in CREW.commands else MEMBER
        states = self.crews if decider is CREW else self.members
        name = getattr(command, decider.key)
        state = states.setdefault(name, decider.initial())
        events = list(decider.decided(state, command, at))
        for event in events:
            for each in REACTIONS:
                if event.topic in each.hears.topics:
                    self.waits.setdefault((each.name, name), deque()).append((each, event))
        return events

    def hear_all(self, name: str) -> None:
        """By one reaction, while the others are behind."""
        while self.hear(only=name):
            pass

    def hear(self, source: random.Random | None = None, only: str = "") -> bool:
        """One event by one reaction; with a source, by any of those that wait."""
        ready = [queue for (name, _), queue in self.waits.items() if queue and only in ("", name)]
        if not ready:
            return False
        reaction, event = (source.choice(ready) if source else ready[0]).popleft()
        heard = msgspec.json.decode(msgspec.json.encode(event), type=reaction.hears)
        for command in reaction.do(heard):
            self.ask(command)
        return True

    def settle(self) -> None:
        for _ in range(1000):
            if not self.hear():
                return
        raise AssertionError("they never agree")

    def engage(self, person: str, of: str = "film", position: str = "door-1", **other: Any) -> Any:
        needed = self.crews[of].positions[position].needed
        self.numbers += 1
        about = {"title": of, "zone": "UTC", "certificates": needed.certificates, **other}
        command = EngageMember(
            person=person,
            engagement=f"e{self.numbers}",
            occurrence=of,
            position=position,
            shifts=needed.shifts,
            **about,
        )
        return self.ask(command)

    def accept(self, person: str, of: str = "film", position: str = "door-1", **how: Any) -> None:
        self.engage(person, of, position, **how)
        self.settle()

    def invite(self, person: str, of: str = "film", position: str = "door-1") -> None:
        self.ask(InvitePerson(occurrence=of, position=position, person=person))

    def holder(self, of: str = "film", position: str = "door-1") -> str | None:
        found = self.crews[of].positions[position].holder
        return found.person if found else None

    def held(self) -> set[tuple[str, str, str, str]]:
        return {
            (of, name, each.holder.person, each.holder.engagement)
            for of, crew in self.crews.items()
            for name, each in crew.positions.items()
            if each.holder
        }

    def engaged(self) -> set[tuple[str, str, str, str]]:
        return {
            (each.occurrence, each.position, person, each.engagement)
            for person, member in self.members.items()
            for each in member.engagements.values()
        }


@pytest.fixture
def company() -> Company:
    found = Company("ana", "ben", "cy")
    found.ask(planning(role()))
    for person in ("ana", "ben"):
        found.invite(person)
    return found


def test_positions_follow_from_the_manifest_and_those_who_have_them_stay():
    company = Company("ana")
    company.ask(planning(role("door", 3), role("bar", 1)))
    assert [*company.crews["film"].positions] == ["door-1", "door-2", "door-3", "bar-1"]
    company.invite("ana", position="door-3")
    company.accept("ana", position="door-3")
    events = company.ask(planning(role("door", 1)))
    assert {each.position for each in events[:-1]} == {"door-1", "door-2", "bar-1"}
    assert events[-1].missing == ()
    assert company.holder(position="door-3") == "ana"
    added = company.ask(planning(role("door", 2)))
    assert [each.topic for each in added] == [
        *("planning.position_added.v1", "planning.crew_counted.v1")
    ]
    assert added[0].position == "door-1"
    assert company.ask(planning(role("door", 2))) == []


def test_the_first_who_accepts_has_it_and_the_other_is_free_again(company):
    company.accept("ana")
    company.engage("ben")
    assert ("film", "door-1", "ben", "e2") in company.engaged()
    company.settle()
    assert company.holder() == "ana"
    assert company.held() == company.engaged() == {("film", "door-1", "ana", "e1")}
    with pytest.raises(PositionTaken):
        company.invite("cy")


def test_only_who_was_asked_has_it(company):
    company.accept("cy")
    assert company.held() == company.engaged() == set()
    company.ask(DeclineInvitation(occurrence="film", position="door-1", person="ana"))
    company.accept("ana")
    assert company.held() == company.engaged() == set()
    with pytest.raises(NoMember):
        company.engage("nobody")


def test_a_swap_goes_from_one_to_the_other_and_it_is_never_empty_in_between(company):
    company.accept("ana")
    with pytest.raises(HasPosition):
        company.ask(DeclineInvitation(occurrence="film", position="door-1", person="ana"))
    with pytest.raises(NotTheirs):
        company.ask(OfferSwap(occurrence="film", position="door-1", person="ben"))
    company.ask(OfferSwap(occurrence="film", position="door-1", person="ana"))
    company.engage("ben")
    while company.hear():
        assert company.holder() in ("ana", "ben")
    assert company.held() == company.engaged() == {("film", "door-1", "ben", "e2")}


def test_a_swap_that_was_withdrawn_is_not_taken(company):
    company.accept("ana")
    company.ask(OfferSwap(occurrence="film", position="door-1", person="ana"))
    company.ask(WithdrawSwap(occurrence="film", position="door-1", person="ana"))
    company.accept("ben")
    assert company.held() == company.engaged() == {("film", "door-1", "ana", "e1")}


def test_nobody_is_in_two_places_and_the_other_event_is_named(company):
    company.ask(planning(role("bar", 1, shift(10.5, 12)), of="market"))
    company.invite("ana", "market", "bar-1")
    company.accept("ana")
    with pytest.raises(MemberElsewhere) as refused:  # half an hour is not enough to get there
        company.engage("ana", "market", "bar-1")
    assert str(refused.value) == (
        "they work at film (film), 2027-06-18 18:00 to 2027-06-18 22:00 UTC"
    )
    company.accept("ana", "market", "bar-1", override_by="boss", override_reason="Next door")
    assert company.holder("market", "bar-1") == "ana"
    (event,) = (each for each in company.members["ana"].engagements.values() if each.override_by)
    assert (event.override_by, event.override_reason) == ("boss", "Next door")


def test_within_an_event_nobody_travels():
    company = Company("ana")
    company.ask(planning(role("door", 1, shift(6, 8)), role("bar", 1, shift(8, 10))))
    for position in ("door-1", "bar-1"):
        company.invite("ana", position=position)
        company.accept("ana", position=position)
    assert len(company.held()) == 2


def test_an_override_is_only_told_where_there_is_something_to_override(company):
    company.accept("ana", override_by="boss", override_reason="To be sure")
    (event,) = company.members["ana"].engagements.values()
    assert event.override_by is None


def test_certificates_must_be_there_and_valid_on_the_night():
    company = Company("ana")
    company.ask(planning(role(certificates=("first aid",))))
    company.invite("ana")
    with pytest.raises(CertificateMissing) as refused:
        company.engage("ana")
    assert refused.value.facts["certificates"] == {"first aid": "is missing"}
    record = {"person": "ana", "certificate": "first aid"}
    company.ask(RecordCertificate(**record, valid_until=date(2027, 6, 17)))
    with pytest.raises(CertificateMissing) as refused:
        company.engage("ana", override_by="boss", override_reason="Nobody overrides this")
    assert refused.value.facts["certificates"] == {
        "first aid": "is valid until 2027-06-17, and needed until 2027-06-18"
    }
    company.ask(RecordCertificate(**record, valid_until=date(2027, 6, 18)))
    company.accept("ana")
    assert company.holder() == "ana"
    company.ask(WithdrawCertificate(**record))
    assert company.members["ana"].certificates == {}


def test_the_night_of_a_certificate_is_that_of_the_event():
    company = Company("ana")
    company.ask(planning(role("door", 1, shift(6, 11), certificates=("first aid",))))
    company.invite("ana")
    company.ask(
        RecordCertificate(person="ana", certificate="first aid", valid_until=date(2027, 6, 18))
    )
    with pytest.raises(CertificateMissing):  # 23:00 UTC is the next day there
        company.engage("ana", zone="Europe/Berlin")


def test_new_hours_keep_who_can_be_there_and_free_who_cannot(company):
    company.ask(planning(role("bar", 1, shift(20, 22)), of="market"))
    company.invite("ana", "market", "bar-1")
    company.accept("ana")
    company.accept("ana", "market", "bar-1")
    company.ask(planning(role("door", 1, shift(7, 11))))
    company.settle()
    (there,) = (e for e in company.members["ana"].engagements.values() if e.occurrence == "film")
    assert there.shifts == (shift(7, 11),)
    company.ask(planning(role("door", 1, shift(19, 21))))
    company.settle()
    assert company.holder() is None
    assert company.held() == company.engaged() == {("market", "bar-1", "ana", "e2")}


def test_a_cancelled_event_frees_everybody(company):
    company.accept("ana")
    company.ask(planning(role(), on=False))
    company.settle()
    assert company.held() == company.engaged() == set()
    assert company.ask(planning(of="other")) == []  # who never needed anybody tells nothing


def test_who_does_not_come_back_is_taken_from_it_by_the_organiser(company):
    with pytest.raises(NotTheirs):
        company.ask(VacatePosition(occurrence="film", position="door-1", why="Ill"))
    company.accept("ana")
    company.ask(VacatePosition(occurrence="film", position="door-1", why="Ill"))
    company.settle()
    assert company.held() == company.engaged() == set()


def test_the_clock_is_not_rounded_and_a_correction_says_who_and_why(company):
    company.accept("ana")
    of = {"occurrence": "film", "position": "door-1"}
    with pytest.raises(NotTheirs):
        company.ask(ClockIn(**of, person="ben"))
    begins = NOW + 6 * HOUR + timedelta(seconds=7)
    company.ask(ClockIn(**of, person="ana"), begins)
    with pytest.raises(ClockedAlready):
        company.ask(ClockIn(**of, person="ana"), begins)
    company.ask(ClockOut(**of, person="ana"), begins + 4 * HOUR)
    with pytest.raises(NotClockedIn):
        company.ask(ClockOut(**of, person="ana"), begins + 4 * HOUR)
    entry = company.crews["film"].clock[1]
    assert (entry.begins, entry.ends) == (begins, begins + 4 * HOUR)
    correct = CorrectClock(
        occurrence="film",
        entry=1,
        begins=NOW + 6 * HOUR,
        ends=begins + 4 * HOUR,
        by="boss",
        reason="The door was late",
    )
    with pytest.raises(ClockTimes):
        company.ask(correct, NOW)
    (event,) = company.ask(correct, NOW + 24 * HOUR)
    assert (event.by, event.reason, event.person) == ("boss", "The door was late", "ana")
    assert company.crews["film"].clock[1].begins == NOW + 6 * HOUR


def test_who_died_after_the_first_step_has_it_when_the_rest_runs(company):
    """And a step that is done twice is done once."""
    (event,) = company.engage("ana")
    assert isinstance(event, MemberEngaged)
    fill = filling(event)
    assert [type(each).__name__ for each in company.ask(fill)] == [
        *("PositionAccepted", "CrewCounted")
    ]
    assert company.ask(fill) == []
    company.settle()
    assert company.held() == company.engaged()


def filling(engaged: MemberEngaged) -> FillPosition:
    """As the door does, right after the first step."""
    about = {name: getattr(engaged, name) for name in FillPosition.model_fields}
    return FillPosition(**about)


def test_a_step_that_comes_late_does_not_bring_back_what_is_over(company):
    company.ask(planning(role("bar", 1, shift(20, 22)), of="market"))
    company.invite("ana", "market", "bar-1")
    company.accept("ana", "market", "bar-1")
    for _ in range(2):
        (engaged,) = company.engage("ana")
        company.ask(filling(engaged))
        if engaged.engagement == "e2":  # moved to where ana cannot be, and back
            company.ask(planning(role("door", 1, shift(19, 21))))
            company.hear_all("move-members")
            company.ask(planning(role("door", 1, shift(6, 10))))
    company.hear(only="fill-positions")  # of the first engagement
    company.hear_all("vacate-positions")
    company.settle()
    assert company.held() == company.engaged()
    assert company.holder() == "ana"


EVENTS = st.sampled_from(["film", "market"])
PEOPLE = st.sampled_from(["ana", "ben"])
STEPS = st.one_of(
    st.tuples(st.just("plan"), EVENTS, st.integers(0, 3), st.integers(0, 8)),
    st.tuples(st.sampled_from(["invite", "engage", "offer", "leave", "decline"]), EVENTS, PEOPLE),
    st.tuples(st.just("hear"), st.integers(1, 4)),
)


def step(company: Company, source: random.Random, what: str, *args: Any) -> None:
    if what == "hear":
        for _ in range(args[0]):
            company.hear(source)
        return
    of = args[0]
    if what == "plan":
        company.ask(planning(role("door", args[1], shift(args[2], args[2] + 3)), of=of))
        return
    about = {"occurrence": of, "position": "door-1", "person": args[1]}
    if what == "engage":
        if "door-1" in company.crews[of].positions:
            engaged = company.engage(args[1], of)
            if engaged and source.random() < 0.7:  # the door goes on; or it died
                company.ask(filling(engaged[0]))
        return
    kinds = {"invite": InvitePerson, "offer": OfferSwap, "decline": DeclineInvitation}
    if what in kinds:
        company.ask(kinds[what](**about))
    else:
        company.ask(VacatePosition(occurrence=of, position="door-1", why="Ill"))


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, min_size=15, max_size=50), st.integers(0, 2**16))
def test_in_whatever_order_steps_are_heard_both_streams_agree_in_the_end(steps, seed):
    """And at no moment is anybody in two places."""
    company = Company("ana", "ben")
    source = random.Random(seed)
    for of, begins in (("film", 0), ("market", 5)):
        company.ask(planning(role("door", 1, shift(begins, begins + 3)), of=of))
        for person in ("ana", "ben"):
            company.invite(person, of)
    for each in steps:
        try:
            step(company, source, *each)
        except (Refused, NotFound):
            continue
        for member in company.members.values():
            times = sorted(
                (one.begins, one.ends)
                for engaged in member.engagements.values()
                for one in engaged.shifts
            )
            assert all(one[1] + HOUR <= other[0] for one, other in pairwise(times))
    while company.hear(source):
        pass
    assert company.held() == company.engaged()
    for of, crew in company.crews.items():
        for name, position in crew.positions.items():
            if position.holder:
                there = company.members[position.holder.person].engagements
                assert there[position.holder.engagement].shifts == position.needed.shifts, (
                    of,
                    name,
                )


def test_releasing_somebody_who_is_free_changes_nothing(company):
    assert company.ask(ReleaseMember(person="ana", engagement="e9")) == []
