"""The crew is told: who has a position, each once, and only those of the roles that are meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from services.planning.commands import FillPosition, InvitePerson, PlanCrew, TellCrew
from services.planning.domain import CREW
from services.planning.events import PlannedRole, PlannedShift, ToldMember
from services.planning.reactions.triggers import Member, MembersTold, tell_by_mail

NOW = datetime(2027, 6, 18, 12, tzinfo=UTC)
SHIFTS = (PlannedShift(begins=NOW, ends=NOW + timedelta(hours=4)),)


class Staffed:
    """Two at the door, one at the bar; ana at the door and the bar, bob is only asked."""

    def __init__(self) -> None:
        self.state = CREW.initial()
        roles = tuple(
            PlannedRole(role=key, title=key.title(), count=count, shifts=SHIFTS)
            for key, count in (("door", 2), ("bar", 1), ("sound", 1))
        )
        times = {"begins": NOW, "ends": NOW + timedelta(hours=4)}
        self.ask(PlanCrew(occurrence="n", title="N", zone="UTC", roles=roles, **times))
        for position, person in (("door-1", "ana"), ("bar-1", "ana"), ("door-2", "cleo")):
            asking = {"person": person, "contact": b"of " + person.encode()}
            self.ask(InvitePerson(occurrence="n", position=position, **asking))
            filling = {"person": person, "engagement": f"{person}-{position}", "shifts": SHIFTS}
            self.ask(FillPosition(occurrence="n", position=position, **filling))
        self.ask(InvitePerson(occurrence="n", position="sound-1", person="bob", contact=b"of bob"))

    def ask(self, command: Any) -> tuple[Any, ...]:
        return CREW.decided(self.state, command, NOW)

    def told(self, telling: str, *roles: str) -> list[ToldMember]:
        (event,) = self.ask(TellCrew(occurrence="n", telling=telling, text="Go", roles=roles))
        assert event.text == "Go"
        return list(event.members)


def test_who_has_a_position_is_told_once_and_who_is_only_asked_is_not():
    crew = Staffed()
    assert crew.told("a") == [
        ToldMember(person="ana", contact=b"of ana"),
        ToldMember(person="cleo", contact=b"of cleo"),
    ]
    assert crew.ask(TellCrew(occurrence="n", telling="a", text="Go")) == ()


def test_only_the_roles_that_are_meant_are_told():
    crew = Staffed()
    assert [each.person for each in crew.told("a", "bar")] == ["ana"]
    assert crew.told("b", "sound") == []


def test_each_has_a_mail_of_their_own_however_often_it_is_heard():
    members = tuple(Member(person=each, contact=each.encode()) for each in ("ana", "cleo"))
    event = MembersTold(
        occurrence="n", telling="t:0", text="Go", members=(*members, Member(person="dan"))
    )
    mails = tell_by_mail(event)
    assert [each.recipient for each in mails] == [b"ana", b"cleo"]
    assert len({each.message for each in mails}) == 2
    assert mails == tell_by_mail(event)
