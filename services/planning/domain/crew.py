"""The crew of an event: positions follow from its manifest, and each has one person at most."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from roadcase.decider import Decider, Event
from services.planning.commands import (
    ClockIn,
    ClockOut,
    CorrectClock,
    DeclineInvitation,
    FillPosition,
    InvitePerson,
    OfferSwap,
    PlanCrew,
    TellCrew,
    VacatePosition,
    WithdrawSwap,
)
from services.planning.domain import crew_clock, crew_missing, crew_told
from services.planning.domain.crew_refusals import (
    HasPosition,
    NotInvited,
    NotTheirs,
    PositionTaken,
)
from services.planning.domain.crew_state import EVOLVE, Crew, Holder, Needed, Position, evolve
from services.planning.events import (
    CrewPlanned,
    InvitationDeclined,
    PersonInvited,
    PlannedRole,
    PositionAccepted,
    PositionAdded,
    PositionChanged,
    PositionRefused,
    PositionRemoved,
    PositionSwapped,
    PositionVacated,
    SwapOffered,
    SwapWithdrawn,
)
from services.planning.events.crew import Unfilled


def plan(crew: Crew, cmd: PlanCrew, _at: datetime) -> Iterator[Event]:
    roles = cmd.roles if cmd.on else ()
    if not roles and crew.planned is None:
        return
    about = dict(cmd)
    del about["roles"]
    if (event := CrewPlanned(**about)) != crew.planned:
        yield event
    left = dict(crew.positions)
    for role in roles:
        needed = Needed(role.title, role.shifts, role.certificates)
        mine = [name for name, each in crew.positions.items() if each.role == role.role]
        for name in _kept(crew, mine, role.count):
            position = left.pop(name)
            if position.needed != needed:
                yield _changed(cmd.occurrence, name, position, needed)
        for name in _new(role, mine):
            yield PositionAdded(
                occurrence=cmd.occurrence, position=name, role=role.role, **needed._asdict()
            )
    for name, position in left.items():
        yield PositionRemoved(occurrence=cmd.occurrence, position=name, **_holder(position))


def _kept(crew: Crew, names: list[str], count: int) -> list[str]:
    """Those that somebody has before those that nobody has."""
    return sorted(names, key=lambda name: crew.positions[name].holder is None)[:count]


def _new(role: PlannedRole, names: list[str]) -> list[str]:
    """Names for those that are added: the lowest numbers that are free."""
    numbers = (f"{role.role}-{number}" for number in range(1, role.count + len(names) + 1))
    free = [name for name in numbers if name not in names]
    return free[: max(role.count - len(names), 0)]


def _changed(occurrence: str, name: str, position: Position, needed: Needed) -> PositionChanged:
    return PositionChanged(
        occurrence=occurrence, position=name, **needed._asdict(), **_holder(position)
    )


def _holder(position: Position) -> dict[str, Any]:
    return position.holder._asdict() if position.holder else {}


def invite(crew: Crew, cmd: InvitePerson, _at: datetime) -> Iterator[Event]:
    position = crew.position(cmd.position)
    if position.holder is not None and not position.offered:
        raise PositionTaken(position=cmd.position)
    if cmd.person not in position.invited:
        yield PersonInvited(**dict(cmd), number=crew.asked + 1)


def decline(crew: Crew, cmd: DeclineInvitation, _at: datetime) -> Iterator[Event]:
    position = crew.position(cmd.position)
    if position.holder is not None and position.holder.person == cmd.person:
        raise HasPosition(position=cmd.position)
    if cmd.person in position.invited:
        yield InvitationDeclined(**dict(cmd))


def fill(crew: Crew, cmd: FillPosition, _at: datetime) -> Iterator[Event]:
    """Never refused: who does not have it then is told to be free again."""
    position = crew.positions.get(cmd.position)
    why = _unfilled(crew, position, cmd)
    if why is not None:
        if cmd.engagement not in crew.ended:
            about = {"position": cmd.position, "person": cmd.person, "engagement": cmd.engagement}
            yield PositionRefused(occurrence=cmd.occurrence, why=why, **about)
        return
    assert position is not None
    wants = Holder(cmd.person, cmd.engagement)
    if position.holder == wants:
        return
    yield _filled(cmd, position.holder)
    if cmd.shifts != position.needed.shifts:
        position = Position(position.role, position.needed, holder=wants)
        yield _changed(cmd.occurrence, cmd.position, position, position.needed)


def _filled(cmd: FillPosition, before: Holder | None) -> Event:
    about = {"occurrence": cmd.occurrence, "position": cmd.position}
    who = {"person": cmd.person, "engagement": cmd.engagement}
    if before is None or before.person == cmd.person:
        return PositionAccepted(**about, **who)
    return PositionSwapped(
        **about, **who, before=before.person, before_engagement=before.engagement
    )


def _unfilled(crew: Crew, position: Position | None, cmd: FillPosition) -> Unfilled | None:
    """Why somebody does not have a position; None: they do."""
    if position is None or cmd.engagement in crew.ended:
        return "gone"
    if position.holder is not None and position.holder.person == cmd.person:
        return None
    if position.holder is not None and not position.offered:
        return "taken"
    return None if cmd.person in position.invited else "not_invited"


def must_have_it(why: Unfilled, position: str) -> None:
    """Raises what became of it in words of the door."""
    if why == "not_invited":
        raise NotInvited(position=position)
    raise PositionTaken(position=position)


def offer(crew: Crew, cmd: OfferSwap, _at: datetime) -> Iterator[Event]:
    if not crew.held(cmd.position, cmd.person).offered:
        yield SwapOffered(**dict(cmd))


def withdraw(crew: Crew, cmd: WithdrawSwap, _at: datetime) -> Iterator[Event]:
    if crew.held(cmd.position, cmd.person).offered:
        yield SwapWithdrawn(**dict(cmd))


def vacate(crew: Crew, cmd: VacatePosition, _at: datetime) -> Iterator[Event]:
    """With an engagement it is asked by who is free already, and never refused."""
    if cmd.engagement is not None:
        position = crew.positions.get(cmd.position)
        holder = position.holder if position else None
        if holder is None or holder.engagement != cmd.engagement:
            return
    else:
        holder = crew.position(cmd.position).holder
        if holder is None:
            raise NotTheirs(position=cmd.position)
    yield PositionVacated(
        occurrence=cmd.occurrence, position=cmd.position, why=cmd.why, **holder._asdict()
    )


CREW: Final = Decider(
    category="crew",
    key="occurrence",
    initial=Crew,
    evolve=evolve,
    events=tuple(EVOLVE),
    commands={
        PlanCrew: plan,
        InvitePerson: invite,
        DeclineInvitation: decline,
        FillPosition: fill,
        OfferSwap: offer,
        WithdrawSwap: withdraw,
        VacatePosition: vacate,
        ClockIn: crew_clock.clock_in,
        ClockOut: crew_clock.clock_out,
        CorrectClock: crew_clock.correct,
        TellCrew: crew_told.tell,
    },
    follow=crew_missing.follow,
)
