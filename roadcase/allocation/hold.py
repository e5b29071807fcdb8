"""A hold keeps units for one buyer for some minutes, and ends exactly once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

import msgspec

from roadcase.allocation.ordered import Deadlines
from roadcase.allocation.pool import Impossible

End: TypeAlias = Literal["sold", "released", "expired"]

WEB: Final = timedelta(minutes=10)
DROP: Final = timedelta(minutes=5)
TILL: Final = timedelta(minutes=3)
EXTENSION: Final = timedelta(minutes=5)  # once, while a payment runs


class Hold(msgspec.Struct, frozen=True):
    """Units kept for a buyer: alive before `until`, dead from that moment on."""

    id: str
    claim: dict[str, int]
    until: datetime
    extended: bool = False

    def alive(self, at: datetime) -> bool:
        return at < self.until

    @property
    def extension(self) -> datetime | None:
        """When it would end if extended now; None once it has been: there is only one."""
        return None if self.extended else self.until + EXTENSION


@dataclass(slots=True)
class Holds:
    """The holds that have not ended, by id, and the ids of those that have.

    Ended ids are kept for as long as the stream is: a repeated request must be recognised however
    late it comes, and an id costs about a hundred bytes. A hold that is dead but whose end is not
    yet a fact is still in here: ask for it with `alive`.
    """

    living: dict[str, Hold] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    deadlines: Deadlines = field(default_factory=Deadlines)

    def __contains__(self, id_: str) -> bool:
        """Whether this id was ever used: a repeat decides nothing."""
        return id_ in self.living or id_ in self.ended

    def alive(self, id_: str, at: datetime) -> Hold | None:
        """The hold if it can still be sold or extended at `at`."""
        hold = self.living.get(id_)
        return hold if hold is not None and hold.alive(at) else None

    def dead(self, at: datetime) -> list[Hold]:
        """Holds whose time is up at `at` but whose end is not yet a fact, earliest first."""
        return [self.living[id_] for id_ in self.deadlines.due(at)]

    def start(self, hold: Hold) -> None:
        if hold.id in self:
            raise Impossible(f"hold {hold.id} starts twice")
        self.living[hold.id] = hold
        self.deadlines.set(hold.id, hold.until)

    def extend(self, id_: str, until: datetime) -> None:
        hold = self.living.get(id_)
        if hold is None or hold.extended or until <= hold.until:
            raise Impossible(f"{hold or id_} is extended to {until}")
        self.living[id_] = Hold(id_, hold.claim, until, extended=True)
        self.deadlines.set(id_, until)

    def move(self, id_: str, until: datetime) -> None:
        """Another deadline, by an operator's word: not the one extension of its buyer."""
        hold = self.living.get(id_)
        if hold is None:
            raise Impossible(f"hold {id_} is moved, but is not running")
        self.living[id_] = Hold(id_, hold.claim, until, hold.extended)
        self.deadlines.set(id_, until)

    def end(self, id_: str) -> Hold:
        hold = self.living.pop(id_, None)
        if hold is None:
            raise Impossible(f"hold {id_} ends, but is not running")
        self.deadlines.drop(id_)
        self.ended.add(id_)
        return hold
