"""What is remembered of the crew of an event: positions, who has them, and the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from roadcase.decider import Event
from services.planning.domain.crew_refusals import NoPosition, NotTheirs
from services.planning.events import (
    ClockCorrected,
    ClockedIn,
    ClockedOut,
    CrewCounted,
    CrewMembersTold,
    CrewPlanned,
    InvitationDeclined,
    MissingRole,
    PersonInvited,
    PlannedShift,
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


class Holder(NamedTuple):
    person: str
    engagement: str


class Needed(NamedTuple):
    """What a position is, as its crew is told."""

    title: str
    shifts: tuple[PlannedShift, ...]
    certificates: tuple[str, ...]


@dataclass(slots=True)
class Position:
    """`offered`: its holder would give it to somebody else."""

    role: str
    needed: Needed
    invited: set[str] = field(default_factory=set)
    holder: Holder | None = None
    offered: bool = False


class Entry(NamedTuple):
    """Of the clock. `ends`: None: still at work."""

    position: str
    person: str
    begins: datetime
    ends: datetime | None = None


@dataclass(slots=True)
class Crew:
    """`ended`: engagements by which nobody has a position any more. `asked`: so many times."""

    planned: CrewPlanned | None = None
    positions: dict[str, Position] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    clock: dict[int, Entry] = field(default_factory=dict)
    asked: int = 0
    contacts: dict[str, bytes] = field(default_factory=dict)  # sealed, of who was asked
    told: set[str] = field(default_factory=set)  # tellings
    missing: tuple[MissingRole, ...] = ()  # as was told

    def position(self, name: str) -> Position:
        """Raises NoPosition."""
        if name not in self.positions:
            raise NoPosition(position=name)
        return self.positions[name]

    def held(self, name: str, person: str) -> Position:
        """One that this person has. Raises NoPosition and NotTheirs."""
        found = self.position(name)
        if found.holder is None or found.holder.person != person:
            raise NotTheirs(position=name, person=person)
        return found

    def at_work(self, person: str) -> int | None:
        """Their entry of the clock that did not end."""
        for number, entry in self.clock.items():
            if entry.person == person and entry.ends is None:
                return number
        return None


def _planned(crew: Crew, event: CrewPlanned) -> None:
    crew.planned = event


def _added(crew: Crew, event: PositionAdded) -> None:
    needed = Needed(event.title, event.shifts, event.certificates)
    crew.positions[event.position] = Position(event.role, needed)


def _changed(crew: Crew, event: PositionChanged) -> None:
    crew.positions[event.position].needed = Needed(event.title, event.shifts, event.certificates)


def _removed(crew: Crew, event: PositionRemoved) -> None:
    del crew.positions[event.position]
    if event.engagement is not None:
        crew.ended.add(event.engagement)


def _invited(crew: Crew, event: PersonInvited) -> None:
    crew.asked = event.number
    crew.positions[event.position].invited.add(event.person)
    if event.contact is not None:
        crew.contacts[event.person] = event.contact


def _declined(crew: Crew, event: InvitationDeclined) -> None:
    crew.positions[event.position].invited.discard(event.person)


def _accepted(crew: Crew, event: PositionAccepted) -> None:
    position = crew.positions[event.position]
    if position.holder is not None:
        crew.ended.add(position.holder.engagement)
    position.holder = Holder(event.person, event.engagement)


def _refused(crew: Crew, event: PositionRefused) -> None:
    crew.ended.add(event.engagement)


def _offered(crew: Crew, event: SwapOffered) -> None:
    crew.positions[event.position].offered = True


def _withdrawn(crew: Crew, event: SwapWithdrawn) -> None:
    crew.positions[event.position].offered = False


def _swapped(crew: Crew, event: PositionSwapped) -> None:
    position = crew.positions[event.position]
    position.holder, position.offered = Holder(event.person, event.engagement), False
    position.invited.discard(event.before)
    crew.ended.add(event.before_engagement)


def _vacated(crew: Crew, event: PositionVacated) -> None:
    position = crew.positions[event.position]
    position.holder, position.offered = None, False
    position.invited.discard(event.person)
    crew.ended.add(event.engagement)


def _in(crew: Crew, event: ClockedIn) -> None:
    crew.clock[event.entry] = Entry(event.position, event.person, event.at)


def _out(crew: Crew, event: ClockedOut) -> None:
    crew.clock[event.entry] = crew.clock[event.entry]._replace(ends=event.at)


def _corrected(crew: Crew, event: ClockCorrected) -> None:
    entry = crew.clock[event.entry]
    crew.clock[event.entry] = entry._replace(begins=event.begins, ends=event.ends)


def _counted(crew: Crew, event: CrewCounted) -> None:
    crew.missing = event.missing


def _told(crew: Crew, event: CrewMembersTold) -> None:
    crew.told.add(event.telling)


EVOLVE: Final[Mapping[type[Event], Callable[[Crew, Any], None]]] = {
    CrewPlanned: _planned,
    PositionAdded: _added,
    PositionChanged: _changed,
    PositionRemoved: _removed,
    PersonInvited: _invited,
    InvitationDeclined: _declined,
    PositionAccepted: _accepted,
    PositionRefused: _refused,
    SwapOffered: _offered,
    SwapWithdrawn: _withdrawn,
    PositionSwapped: _swapped,
    PositionVacated: _vacated,
    ClockedIn: _in,
    ClockedOut: _out,
    ClockCorrected: _corrected,
    CrewMembersTold: _told,
    CrewCounted: _counted,
}


def evolve(crew: Crew, event: Event) -> None:
    EVOLVE[type(event)](crew, event)
