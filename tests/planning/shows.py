"""A run of show in tests: asked at moments of the test's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from services.planning.commands import FinishCue, PlanShow, SkipCue, StartCue
from services.planning.domain import SHOW
from services.planning.events import PlannedCue, RundownTimed, TimedCue

OPENS = datetime(2027, 6, 18, 18, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return OPENS + timedelta(minutes=minutes)


def cue(key: str, minutes: int = 10, at: float | None = None) -> PlannedCue:
    """`at`: minutes after it opens, of a hard one."""
    hard = None if at is None else after(at)
    return PlannedCue(key=key, title=key.title(), minutes=minutes, at=hard)


class Show:
    def __init__(self, *cues: PlannedCue, revision: int = 1) -> None:
        self.state = SHOW.initial()
        self.apply(*cues, revision=revision)

    def ask(self, command: Any, minutes: float = 0) -> list[Any]:
        return list(SHOW.decided(self.state, command, after(minutes)))

    def apply(self, *cues: PlannedCue, revision: int, minutes: float = 0) -> list[Any]:
        fields = {"title": "Night", "zone": "Europe/Berlin", "begins_at": OPENS}
        command = PlanShow(occurrence="n", revision=revision, cues=cues, **fields)
        return self.ask(command, minutes)

    def start(self, key: str, minutes: float) -> list[Any]:
        return self.ask(StartCue(occurrence="n", cue=key), minutes)

    def finish(self, key: str, minutes: float) -> list[Any]:
        return self.ask(FinishCue(occurrence="n", cue=key), minutes)

    def skip(self, key: str, minutes: float = 0) -> list[Any]:
        return self.ask(SkipCue(occurrence="n", cue=key), minutes)

    @property
    def timed(self) -> RundownTimed:
        assert self.state.timed is not None
        return self.state.timed

    @property
    def cues(self) -> dict[str, TimedCue]:
        return {each.key: each for each in self.timed.cues}

    @property
    def times(self) -> dict[str, float]:
        """When each starts, in minutes after it opens."""
        return {key: _minutes(each.starts_at) for key, each in self.cues.items()}

    @property
    def states(self) -> dict[str, str]:
        return {key: each.state for key, each in self.cues.items()}


def _minutes(moment: datetime) -> float:
    return (moment - OPENS) / timedelta(minutes=1)
