"""Which roles of an event have nobody yet: told in full, whenever that changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from services.planning.domain.crew_state import Crew
from services.planning.events import CrewCounted, MissingRole


def follow(crew: Crew, _at: datetime) -> Iterator[CrewCounted]:
    """Who would give a position to somebody else has it until then."""
    if crew.planned is None:
        return
    missing = tuple(_missing(crew))
    if missing != crew.missing:
        yield CrewCounted(occurrence=crew.planned.occurrence, missing=missing)


def _missing(crew: Crew) -> Iterator[MissingRole]:
    """By the keys of roles."""
    empty = [each for each in crew.positions.values() if each.holder is None]
    titles = {each.role: each.needed.title for each in empty}
    for role, count in sorted(Counter(each.role for each in empty).items()):
        yield MissingRole(role=role, title=titles[role], count=count)
