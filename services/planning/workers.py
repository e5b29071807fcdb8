"""Makes the nights of series, twelve months ahead: killed at any moment it goes on where it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from roadcase.asked import Context
from roadcase.clock import now
from roadcase.decider import Command
from roadcase.errors import NotFound, Refused
from roadcase.looking import Looker
from roadcase.running import Running
from roadcase.service import Worker
from roadcase.settings import Settings
from roadcase.views import Views
from services.planning.commands import CancelOccurrence, RecordNights
from services.planning.domain.refusals import PlanStale
from services.planning.domain.state import RANK
from services.planning.plans.applying import command_of
from services.planning.plans.declared import declared
from services.planning.plans.series import AHEAD
from services.planning.timing.nights import night_of, series_of
from services.planning.timing.occurrences import Occurrence, occurrences

SLACK: Final = timedelta(days=7)  # so that it is not looked at every day


def series_keeper(running: Running, _settings: Settings) -> Worker:
    """The worker of this process. Several may run: each step has a key, and happens once."""
    views = Views(running.url, running.service.name, running.projector)
    return SeriesKeeper(running.dispatch, views)


class SeriesKeeper(Looker):
    """Takes each series whose nights are not as it says, or not far enough ahead."""

    every: ClassVar[float] = 0.5
    waits: ClassVar[str] = "nights of series wait"

    async def _look(self) -> None:
        await self._views.as_of("series")  # raises Unavailable while it is being made
        today = now().date()
        rows = await self._views.fetch(
            "SELECT tenant, series, revision, manifest FROM series WHERE made_revision < revision "
            "OR made_until < $1 ORDER BY tenant, series",
            today + AHEAD - SLACK,
        )
        for row in rows:
            if self._stopped.is_set():
                return
            await self._make(row, today)

    async def _make(self, row: dict[str, Any], today: date) -> None:
        """One pass over its nights; recorded when each is as it should be, or cannot be."""
        until = today + AHEAD
        nights = occurrences(series_of(row["manifest"]), today, until).occurrences
        known = await self._known(row)
        refused: dict[str, str] = {}
        for night, command in self._steps(row, nights, known, today):
            if self._stopped.is_set():
                return
            try:
                await self._ask(row, night, command)
            except PlanStale:
                return  # the read model is behind: look again
            except (Refused, NotFound) as refusal:
                refused[night] = refusal.code
        record = RecordNights(
            series=row["series"], revision=row["revision"], until=until, refused=refused
        )
        await self._ask(row, f"until/{until}", record)

    async def _known(self, row: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """What is declared of its nights, and of those that another series of its name gives."""
        root = row["manifest"]["spec"]["recurrence"].get("continues", row["series"])
        rows = await self._views.fetch(
            "SELECT occurrence, series, revision, digest, state FROM occurrences "
            "WHERE tenant = $1 AND (series = $2 OR occurrence LIKE $3)",
            row["tenant"],
            row["series"],
            f"{root}-____-__-__",
        )
        return {each["occurrence"]: each for each in rows}

    def _steps(
        self,
        row: dict[str, Any],
        nights: tuple[Occurrence, ...],
        known: dict[str, dict[str, Any]],
        today: date,
    ) -> Iterator[tuple[str, Command]]:
        for night in nights:
            there = known.pop(night.id, None)
            if night.cancelled:
                if there is not None:
                    yield night.id, _ended(night.id, "It is cancelled")
                continue
            data = night_of(row["manifest"], night).data
            new = declared(data)
            if there is None or there["digest"] != new.digest:
                revision = there["revision"] if there else 0
                yield night.id, command_of(new, row["tenant"], revision, series=row["series"])
        for id_, there in known.items():
            mine = there["series"] == row["series"]
            if mine and _day(id_) >= today and RANK[there["state"]] < RANK["doors"]:
                yield id_, _ended(id_, "It is not in the series any more")

    async def _ask(self, row: dict[str, Any], step: str, command: Command) -> None:
        key = f"series/{row['series']}/{row['revision']}/{step}"
        context = Context(tenant=row["tenant"], actor="planning/series", key=key)
        await self._dispatch(command, context)


def _ended(night: str, reason: str) -> CancelOccurrence:
    return CancelOccurrence(occurrence=night, reason=reason)


def _day(night: str) -> date:
    return date.fromisoformat(night[-len("2027-06-18") :])
