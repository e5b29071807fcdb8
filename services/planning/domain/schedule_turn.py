"""One command on a schedule: what is due by then, what starts, waits, is cancelled or missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final, Literal

from roadcase.decider import Event
from services.planning.domain.firings import Firing
from services.planning.domain.schedule_refusals import UnknownSchedule
from services.planning.domain.schedule_state import Schedule, due
from services.planning.events.schedules import (
    FiringBuffered,
    FiringCancelled,
    FiringMade,
    FiringMissed,
)

AT_ONCE: Final = 500  # firings in one commit
Why = Literal["late", "paused", "overlap", "excluded", "gap", "dropped"]


class Turn:
    """What one command becomes. It sees what it has decided already, and changes no state."""

    def __init__(self, state: Schedule, at: datetime) -> None:
        if state.plan is None:
            raise UnknownSchedule
        self.state = state
        self.at = at
        self.plan = state.plan
        self.paused = state.paused
        self.events: list[Event] = []
        self.fresh: set[str] = set()  # firings that it has made or lets wait
        self.running = {step: [*firings] for step, firings in state.running.items()}
        self.waiting = {step: [*firings] for step, firings in state.waiting.items()}

    def settle(self, most: int | None = None) -> None:
        """Decide what is due, in the order of its moments."""
        found = sorted(due(self.state, self.at), key=lambda each: (each.due, each.firing))
        catch_up = timedelta(seconds=self.plan.catch_up)
        for firing in islice(found, most):
            if firing.never is not None:
                self.miss(firing, firing.never)
            elif self.paused:
                self.miss(firing, "paused")
            elif self.at - firing.due > catch_up:
                self.miss(firing, "late")
            else:
                self.admit(firing)

    def admit(self, firing: Firing) -> None:
        """It is time for it: does it start, wait, take the place of another, or is it missed?"""
        step, overlap = firing.step, self.plan.overlap
        if not self.running.get(step) or overlap == "allow":
            self.make(firing)
        elif overlap == "cancel":
            for other in self.running[step]:
                event = FiringCancelled(schedule=self._id, firing=other, by=firing.firing)
                self.events.append(event)
            self.running[step] = []
            self.make(firing)
        elif overlap == "buffer" and not self.waiting.get(step):
            self.wait(firing)
        else:
            self.miss(firing, "overlap")

    def make(self, firing: Firing, backfill: str | None = None) -> None:
        self.events.append(FiringMade(**self._facts(firing), backfill=backfill))
        self.fresh.add(firing.firing)
        self.running.setdefault(firing.step, []).append(firing.firing)

    def wait(self, firing: Firing, backfill: str | None = None) -> None:
        event = FiringBuffered(**self._facts(firing), backfill=backfill)
        self.events.append(event)
        self.fresh.add(firing.firing)
        self.waiting.setdefault(firing.step, []).append(event)

    def miss(self, firing: Firing, why: Why) -> None:
        self.events.append(FiringMissed(**self._facts(firing), why=why))

    def drop(self, waits: FiringBuffered) -> None:
        """It waited for something that is not to be any more."""
        self.waiting[waits.step].remove(waits)
        self.events.append(FiringMissed(**_same(waits), why="dropped"))

    def start_next(self, step: str) -> None:
        """What waits starts when nothing of its step runs, and the schedule is not paused."""
        waiting = self.waiting.get(step)
        if waiting and not self.running.get(step) and not self.paused:
            first = waiting.pop(0)
            self.events.append(FiringMade(**_same(first)))
            self.running.setdefault(step, []).append(first.firing)

    def knows(self, firing: str) -> bool:
        return firing in self.state.made or firing in self.fresh

    @property
    def _id(self) -> str:
        return self.plan.schedule

    def _facts(self, firing: Firing) -> dict[str, Any]:
        facts = firing._asdict()
        del facts["never"]
        return {"schedule": self._id, **facts}


def _same(waits: FiringBuffered) -> dict[str, Any]:
    return {name: getattr(waits, name) for name in FiringBuffered.__struct_fields__}
