"""An occurrence in tests: declared, asked, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from roadcase.money import Money
from services.planning.commands import AdvanceOccurrence, ApplyManifest, TakeSteps
from services.planning.domain import OCCURRENCE
from services.planning.events import PlannedBoxOffice, PlannedType

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
DOORS = datetime(2027, 6, 18, 17, 30, tzinfo=UTC)
STARTS, ENDS = DOORS + timedelta(minutes=30), DOORS + timedelta(hours=2, minutes=30)
STEPS = {"doors": DOORS, "live": STARTS, "closed": ENDS}
OFFICE = PlannedBoxOffice(
    name="Nosferatu",
    starts_at=datetime(2027, 6, 18, 20),
    ends_at=datetime(2027, 6, 18, 22),
    zone="Europe/Berlin",
    pools={"places": 60},
    ticket_types=(
        PlannedType(
            id="seat", name="Seat", price=Money(1200, "EUR"), seller="acme", draws={"places": 1}
        ),
    ),
)


def applying(revision: int = 0, digest: str = "a", **other: Any) -> ApplyManifest:
    fields: dict[str, Any] = {
        "occurrence": "n",
        "base_revision": revision,
        "digest": digest * 64,
        "plan": "f" * 64,
        "title": "Nosferatu",
        "manifest": {},
        "steps": STEPS,
        "box_office": OFFICE,
        "venue": "Kino",
    }
    return ApplyManifest(**fields | other)


class Night:
    """One occurrence, asked at moments of the test's own."""

    def __init__(self, *commands: Any) -> None:
        self.state = OCCURRENCE.initial()
        self.events: list[Any] = []
        for command in commands:
            self.ask(command)

    def ask(self, command: Any, at: datetime = NOW) -> list[Any]:
        found = list(OCCURRENCE.decided(self.state, command, at))
        self.events += found
        return found

    def kinds(self, command: Any, at: datetime = NOW) -> list[str]:
        return [type(event).__name__ for event in self.ask(command, at)]

    def to(self, step: Any, at: datetime = NOW) -> None:
        self.ask(AdvanceOccurrence(occurrence="n", to=step), at)

    def until(self, moment: datetime) -> None:
        """As the kernel's timer does: fire whatever is due by then, at its time."""
        for _ in range(100):
            due = OCCURRENCE.deadline(self.state) if OCCURRENCE.deadline else None
            if due is None or due > moment:
                return
            assert self.ask(TakeSteps(occurrence="n"), due), "a timer that decides nothing"
        raise AssertionError("the timer never rests")

    @property
    def selling(self) -> bool | None:
        return self.state.declared.selling if self.state.declared else None
