"""Somebody who works: decided in their own stream, so that nobody is in two places at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from roadcase.decider import Decider, Event
from services.planning.commands import (
    EngageMember,
    MoveMember,
    RecordCertificate,
    RegisterMember,
    ReleaseMember,
    WithdrawCertificate,
)
from services.planning.domain.crew_refusals import CertificateMissing, MemberElsewhere, NoMember
from services.planning.events import (
    CertificateRecorded,
    CertificateWithdrawn,
    MemberEngaged,
    MemberMoved,
    MemberRegistered,
    MemberReleased,
    PlannedShift,
)


@dataclass(slots=True)
class Member:
    """`certificates`: until when each is valid. `engagements`: by their ids."""

    registered: MemberRegistered | None = None
    certificates: dict[str, date | None] = field(default_factory=dict)
    engagements: dict[str, MemberEngaged] = field(default_factory=dict)


def register(member: Member, cmd: RegisterMember, _at: datetime) -> Iterator[Event]:
    event = MemberRegistered(**dict(cmd))
    if event != member.registered:
        yield event


def record(member: Member, cmd: RecordCertificate, _at: datetime) -> Iterator[Event]:
    _must_be_there(member, cmd.person)
    there = cmd.certificate in member.certificates
    if not there or member.certificates[cmd.certificate] != cmd.valid_until:
        yield CertificateRecorded(**dict(cmd))


def withdraw(member: Member, cmd: WithdrawCertificate, _at: datetime) -> Iterator[Event]:
    _must_be_there(member, cmd.person)
    if cmd.certificate in member.certificates:
        yield CertificateWithdrawn(**dict(cmd))


def engage(member: Member, cmd: EngageMember, _at: datetime) -> Iterator[Event]:
    """Who is engaged for this position already, is."""
    _must_be_there(member, cmd.person)
    if _at_position(member, cmd.occurrence, cmd.position):
        return
    lacks = lacking(member.certificates, cmd.certificates, cmd.shifts, cmd.zone)
    if lacks:
        words = ", ".join(f"{name} {why}" for name, why in lacks.items())
        raise CertificateMissing(f"for this position: {words}", certificates=lacks)
    other = elsewhere(member, cmd.occurrence, cmd.shifts, member.engagements.values())
    if other is not None and cmd.override_by is None:
        raise MemberElsewhere(_where(other), occurrence=other.occurrence, title=other.title)
    about = dict(cmd)
    del about["zone"], about["certificates"]
    if other is None:
        about |= {"override_by": None, "override_reason": None}
    yield MemberEngaged(**about)


def move(member: Member, cmd: MoveMember, _at: datetime) -> Iterator[Event]:
    """Never refused: who cannot be there then is free, and the event is told."""
    there = member.engagements.get(cmd.engagement)
    if there is None or there.shifts == cmd.shifts:
        return
    others = [each for each in member.engagements.values() if _counts(there, each)]
    other = elsewhere(member, there.occurrence, cmd.shifts, others)
    if other is None:
        yield MemberMoved(**dict(cmd))
    else:
        yield _released(there, "elsewhere")


def release(member: Member, cmd: ReleaseMember, _at: datetime) -> Iterator[Event]:
    there = member.engagements.get(cmd.engagement)
    if there is not None:
        yield _released(there)


def lacking(
    has: Mapping[str, date | None],
    needed: Sequence[str],
    shifts: Sequence[PlannedShift],
    zone: str,
) -> dict[str, str]:
    """What is not valid until the last of these shifts is over, and why."""
    until = max(each.ends for each in shifts).astimezone(ZoneInfo(zone)).date()
    found = {}
    for each in needed:
        if each not in has:
            found[each] = "is missing"
        elif (valid := has[each]) is not None and valid < until:
            found[each] = f"is valid until {valid}, and needed until {until}"
    return found


def elsewhere(
    member: Member,
    occurrence: str,
    shifts: Sequence[PlannedShift],
    among: Iterable[MemberEngaged],
) -> MemberEngaged | None:
    """Where they are at one of these times. Between two events they need time to travel."""
    assert member.registered is not None
    travel = timedelta(minutes=member.registered.travel_minutes)
    for other in among:
        apart = timedelta() if other.occurrence == occurrence else travel
        if _meet(shifts, other.shifts, apart):
            return other
    return None


def _meet(shifts: Sequence[PlannedShift], others: Sequence[PlannedShift], apart: timedelta) -> bool:
    return any(
        one.begins < other.ends + apart and other.begins < one.ends + apart
        for one in shifts
        for other in others
    )


def _counts(there: MemberEngaged, other: MemberEngaged) -> bool:
    """Whether the two may not meet: nobody took it on themselves that they do."""
    return other is not there and there.override_by is None and other.override_by is None


def _where(other: MemberEngaged) -> str:
    begins, ends = other.shifts[0].begins, other.shifts[-1].ends
    return (
        f"they work at {other.title} ({other.occurrence}), {begins:%Y-%m-%d %H:%M} to "
        f"{ends:%Y-%m-%d %H:%M} UTC"
    )


def _must_be_there(member: Member, person: str) -> None:
    if member.registered is None:
        raise NoMember(person=person)


def _at_position(member: Member, occurrence: str, position: str) -> bool:
    return any(
        (each.occurrence, each.position) == (occurrence, position)
        for each in member.engagements.values()
    )


def _released(there: MemberEngaged, why: Any = "asked") -> MemberReleased:
    return MemberReleased(
        person=there.person,
        engagement=there.engagement,
        occurrence=there.occurrence,
        position=there.position,
        why=why,
    )


def _registered(member: Member, event: MemberRegistered) -> None:
    member.registered = event


def _recorded(member: Member, event: CertificateRecorded) -> None:
    member.certificates[event.certificate] = event.valid_until


def _withdrawn(member: Member, event: CertificateWithdrawn) -> None:
    del member.certificates[event.certificate]


def _engaged(member: Member, event: MemberEngaged) -> None:
    member.engagements[event.engagement] = event


def _moved(member: Member, event: MemberMoved) -> None:
    there = member.engagements[event.engagement]
    member.engagements[event.engagement] = _with_shifts(there, event.shifts)


def _with_shifts(there: MemberEngaged, shifts: tuple[PlannedShift, ...]) -> MemberEngaged:
    about = {name: getattr(there, name) for name in there.__struct_fields__}
    return MemberEngaged(**{**about, "shifts": shifts})


def _was_released(member: Member, event: MemberReleased) -> None:
    del member.engagements[event.engagement]


_EVOLVE: Final[Mapping[type[Event], Callable[[Member, Any], None]]] = {
    MemberRegistered: _registered,
    CertificateRecorded: _recorded,
    CertificateWithdrawn: _withdrawn,
    MemberEngaged: _engaged,
    MemberMoved: _moved,
    MemberReleased: _was_released,
}


def _evolve(member: Member, event: Event) -> None:
    _EVOLVE[type(event)](member, event)


MEMBER: Final = Decider(
    category="crew-member",
    key="person",
    initial=Member,
    evolve=_evolve,
    events=tuple(_EVOLVE),
    commands={
        RegisterMember: register,
        RecordCertificate: record,
        WithdrawCertificate: withdraw,
        EngageMember: engage,
        MoveMember: move,
        ReleaseMember: release,
    },
)
