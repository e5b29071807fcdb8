"""Telling the crew of an event: everybody who has a position, or those of some roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.planning.commands import TellCrew
from services.planning.domain.crew_state import Crew
from services.planning.events import CrewMembersTold, ToldMember


def tell(crew: Crew, cmd: TellCrew, _at: datetime) -> Iterator[CrewMembersTold]:
    """Each person once, whatever positions they have. Asked twice, they are told once."""
    if cmd.telling in crew.told:
        return
    people = dict.fromkeys(
        position.holder.person
        for position in crew.positions.values()
        if position.holder is not None and (not cmd.roles or position.role in cmd.roles)
    )
    yield CrewMembersTold(
        occurrence=cmd.occurrence,
        telling=cmd.telling,
        text=cmd.text,
        members=tuple(ToldMember(person=each, contact=crew.contacts.get(each)) for each in people),
    )
