"""Makes the nights of series, and does what schedules say: killed, each goes on where it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, ClassVar, Final

import msgspec

from roadcase.asked import Context
from roadcase.clock import now
from roadcase.decider import Command
from roadcase.errors import KeyReused, NotFound, Refused
from roadcase.looking import Looker
from roadcase.running import Running
from roadcase.service import Worker
from roadcase.settings import Settings
from roadcase.triggers import Action
from roadcase.views import Views
from services.planning.commands import ApplyManifest, CancelOccurrence, RecordNights
from services.planning.commands.jobs import DoJob
from services.planning.commands.schedules import FinishFiring
from services.planning.domain.refusals import NoOccurrence, PlanStale
from services.planning.domain.state import RANK
from services.planning.plans.applying import command_of
from services.planning.plans.declared import Declared, declared
from services.planning.plans.series import AHEAD
from services.planning.timing.nights import night_of, series_of
from services.planning.timing.occurrences import Occurrence, occurrences

SLACK: Final = timedelta(days=7)  # so that it is not looked at every day
# Not as it says, not far enough ahead; or a night was refused, and a day has passed or it changed.
WAITS: Final = """
    SELECT tenant, series, revision, manifest, follows, answer_until, answer_default, kept
    FROM series s
    WHERE made_revision < revision OR made_until < $1 OR refused <> '{}' AND (
        made_until < $2 OR EXISTS (
            SELECT FROM occurrences o WHERE o.tenant = s.tenant AND s.refused ? o.occurrence
            AND o.changed_at > coalesce(s.seen, '-infinity')))
    ORDER BY tenant, series
"""


def series_keeper(running: Running, _settings: Settings) -> Worker:
    """The worker of this process. Several may run: each step has a key, and happens once."""
    views = Views(running.url, running.service.name)
    return SeriesKeeper(running.dispatch, views)


class SeriesKeeper(Looker):
    """Takes each series whose nights are not as it says, or not far enough ahead."""

    every: ClassVar[float] = 0.5
    waits: ClassVar[str] = "nights of series wait"

    async def _look(self) -> None:
        await self._views.as_of("series")  # raises Unavailable while it is being made
        today = now().date()
        rows = await self._views.fetch(WAITS, today + AHEAD - SLACK, today + AHEAD)
        for row in rows:
            if self._stopped.is_set():
                return
            await self._make(row, today)

    async def _make(self, row: dict[str, Any], today: date) -> None:
        """One pass over its nights; recorded when each is as it should be, or cannot be."""
        until = today + AHEAD
        others = await self._others(row)
        if row["follows"] is not None and row["follows"]["series"] not in others:
            return  # it was split a moment ago: its nights wait until what follows is declared
        nights = occurrences(series_of(row["manifest"]), today, until).occurrences
        known = await self._known(row)
        stood = {night: each["changed_at"] for night, each in known.items()}
        for manifest in others.values():
            for theirs in occurrences(series_of(manifest), today, until).occurrences:
                known.pop(theirs.id, None)
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
        seen = max((stood[night] for night in refused if night in stood), default=None)
        record = RecordNights(
            series=row["series"],
            revision=row["revision"],
            until=until,
            refused=refused,
            seen=seen,
        )
        await self._ask(row, f"until/{until}/{seen}", record)

    async def _others(self, row: dict[str, Any]) -> dict[str, Any]:
        """The manifests of the other parts of what was one series, by their names."""
        rows = await self._views.fetch(
            "SELECT series, manifest FROM series WHERE tenant = $1 AND series <> $2 AND "
            "coalesce(manifest #>> '{spec,recurrence,continues}', series) = $3",
            row["tenant"],
            row["series"],
            _root(row),
        )
        return {each["series"]: each["manifest"] for each in rows}

    async def _known(self, row: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """What is declared of the nights of its name."""
        rows = await self._views.fetch(
            "SELECT occurrence, series, revision, digest, state, changed_at FROM occurrences "
            "WHERE tenant = $1 AND occurrence LIKE $2",
            row["tenant"],
            f"{_root(row)}-____-__-__",
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
            if night.id in row["kept"]:
                continue
            if night.cancelled:
                if there is not None:
                    yield night.id, _ended(night.id, "It is cancelled")
                continue
            data = night_of(row["manifest"], night).data
            new = declared(data)
            if there is None or there["digest"] != new.digest:
                revision = there["revision"] if there else 0
                yield night.id, _applied(row, new, revision)
        for id_, there in known.items():
            mine = there["series"] == _root(row)
            if mine and _day(id_) >= today and RANK[there["state"]] < RANK["doors"]:
                yield id_, _ended(id_, "It is not in the series any more")

    async def _ask(self, row: dict[str, Any], step: str, command: Command) -> None:
        """Under a key: a night that was changed since is asked for anew."""
        base = getattr(command, "base_revision", "")
        key = f"series/{row['series']}/{row['revision']}/{step}/{base}"
        context = Context(tenant=row["tenant"], actor="planning/series", key=key)
        await self._dispatch(command, context)


def _root(row: dict[str, Any]) -> str:
    """What its nights are called, and whose they are, however it was split."""
    root: str = row["manifest"]["spec"]["recurrence"].get("continues", row["series"])
    return root


def _applied(row: dict[str, Any], new: Declared, revision: int) -> ApplyManifest:
    """Guests answer before the new time; where nobody said until when, or too late, until then."""
    begins, until = new.instant(new.starts), row["answer_until"]
    answers = min(until, begins) if until is not None and until > now() else None
    more: Any = {"answer_until": answers, "default": row["answer_default"]}
    return command_of(new, row["tenant"], revision, series=_root(row), **more)


def _ended(night: str, reason: str) -> CancelOccurrence:
    return CancelOccurrence(occurrence=night, reason=reason)


def _day(night: str) -> date:
    return date.fromisoformat(night[-len("2027-06-18") :])


_RUNS: Final = """
    SELECT f.*, s.owner FROM schedule_firings f JOIN schedules s USING (tenant, schedule)
    WHERE f.state = 'running' ORDER BY f.due, f.schedule, f.firing LIMIT 200
"""
# An event is its own; of a series it is the next night that is not over, whichever part has it.
_WHOSE: Final = """
    SELECT occurrence FROM occurrences WHERE tenant = $1 AND (occurrence = $2 OR series = coalesce(
        (SELECT manifest #>> '{spec,recurrence,continues}' FROM series
         WHERE tenant = $1 AND series = $2), $2) AND state IN (
             'planned', 'announced', 'on_sale', 'doors', 'live'))
    ORDER BY occurrence LIMIT 1
"""


def job_doer(running: Running, _settings: Settings) -> Worker:
    """The worker of this process. Several may run: each firing is done once."""
    return JobDoer(running.dispatch, Views(running.url, running.service.name))


class JobDoer(Looker):
    """Does what schedules say that it is time for, and says what became of it."""

    every: ClassVar[float] = 0.2
    waits: ClassVar[str] = "jobs of schedules wait"

    async def _look(self) -> None:
        await self._views.as_of("schedule_firings")  # raises Unavailable while it is being made
        for row in await self._views.fetch(_RUNS):
            if self._stopped.is_set():
                return
            why = await self._do(row)
            finish = FinishFiring(
                schedule=row["schedule"],
                firing=row["firing"],
                outcome="failed" if why else "done",
                why=why,
            )
            await self._dispatch(finish, _context(row, "finish"))

    async def _do(self, row: dict[str, Any]) -> str | None:
        """Why it was not done, if it was not. What was done before a crash was done."""
        whose = row["occurrence"] or await self._whose(row)
        if whose is None:
            return NoOccurrence.code
        try:
            await self._dispatch(job_of(row, whose), _context(row, "do"))
        except KeyReused:
            return None
        except (Refused, NotFound) as refusal:
            return refusal.code
        return None

    async def _whose(self, row: dict[str, Any]) -> str | None:
        found = await self._views.fetch(_WHOSE, row["tenant"], row["owner"])
        return found[0]["occurrence"] if found else None


def job_of(row: Mapping[str, Any], occurrence: str) -> DoJob:
    """What a firing asks of an occurrence."""
    schedule, step = row["schedule"], row["step"]
    return DoJob(
        occurrence=occurrence,
        firing=f"{schedule}/{row['firing']}",
        job=step,
        reason=f"{schedule} says so: {step}, due {row['nominal']:%Y-%m-%d %H:%M} UTC",
        actions=tuple(msgspec.convert(each, Action) for each in row["does"]),
    )


def _context(row: dict[str, Any], what: str) -> Context:
    key = f"schedule/{row['schedule']}/{row['firing']}/{what}"
    return Context(tenant=row["tenant"], actor="planning/schedules", key=key)
