"""Taking a position in two steps: somebody is there then and nowhere else; and nobody else has it.

Who died between the two is helped by reactions, which take the second step as well.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Final, NamedTuple

from roadcase.asked import Outcome
from roadcase.decider import Command
from roadcase.doors import Reader
from services.planning import commands, queries
from services.planning.domain.crew import must_have_it
from services.planning.events import MemberEngaged, PositionRefused

Ask = Callable[[Command, str], Awaitable[Outcome]]  # under a key
FIRST: Final = "engage"
SECOND: Final = "fill"


class Wish(NamedTuple):
    """Who takes what. `by`, `reason`: who takes it on themselves that they work elsewhere then."""

    occurrence: str
    position: str
    person: str
    by: str | None = None
    reason: str | None = None


async def accept(ask: Ask, read: Reader, wish: Wish, key: str) -> None:
    """Raises CertificateMissing, MemberElsewhere, NotInvited, PositionTaken and others."""
    row = await queries.crew_position(read, wish.occurrence, wish.position)
    engage = commands.EngageMember(
        person=wish.person,
        engagement=f"eng-{sha256(key.encode()).hexdigest()[:32]}",
        occurrence=wish.occurrence,
        position=wish.position,
        title=row["event_title"],
        zone=row["zone"],
        shifts=queries.shifts_of(row),
        certificates=tuple(row["certificates"]),
        override_by=wish.by,
        override_reason=wish.reason,
    )
    for event in (await ask(engage, f"{FIRST}/{key}")).events:
        if isinstance(event, MemberEngaged):
            await _fill(ask, event, key)


async def _fill(ask: Ask, engaged: MemberEngaged, key: str) -> None:
    fields = commands.FillPosition.model_fields
    fill = commands.FillPosition(**{name: getattr(engaged, name) for name in fields})
    for event in (await ask(fill, f"{SECOND}/{key}")).events:
        if isinstance(event, PositionRefused):
            must_have_it(event.why, event.position)
