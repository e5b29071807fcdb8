"""The client of who plans in time: edits of series, and when what is due.

async with Timetable("127.0.0.1:50051", token) as timetable:
made = await timetable.edit_night("films", date(2027, 3, 5), {"schedule": {"doors": "19:30"}})
await timetable.apply(made.plan)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from roadcase.api.v1 import (
    planning_plans_pb2,
    planning_schedules_pb2,
    planning_schedules_pb2_grpc,
    planning_series_pb2,
    planning_series_pb2_grpc,
    planning_timeline_pb2,
    planning_timeline_pb2_grpc,
)
from roadcase.client.organiser import Organiser

Patch = Mapping[str, Any] | bytes  # a merge patch (RFC 7396), or one that is written in YAML
Default = Literal["keep", "refund"]


class Timetable(Organiser):
    """Edits series, and tells when what is due."""

    def __init__(
        self, target: str, token: str, *, timeout: float = 10.0, patience: float = 30.0
    ) -> None:
        super().__init__(target, token, timeout=timeout, patience=patience)
        self._series: Any = planning_series_pb2_grpc.SeriesPlansStub(self._channel)  # type: ignore[no-untyped-call]
        self._schedules: Any = planning_schedules_pb2_grpc.SchedulesStub(self._channel)  # type: ignore[no-untyped-call]
        self._timelines: Any = planning_timeline_pb2_grpc.TimelinesStub(self._channel)  # type: ignore[no-untyped-call]

    async def edit_night(
        self, series: str, on: date, patch: Patch, **more: Any
    ) -> planning_plans_pb2.MakePlanResponse:
        """A plan that changes the night of one date. `more`: `answer_until`, `default`."""
        request = planning_series_pb2.EditNightRequest(
            series=series, date=str(on), patch=_written(patch), **_asked(**more)
        )
        return await self._call(self._series.EditNight, request, None)

    async def edit_following(
        self, series: str, on: date, patch: Patch, *, name: str = "", **more: Any
    ) -> planning_plans_pb2.MakePlanResponse:
        """A plan that changes one night and all that follow: they go on as the series `name`."""
        request = planning_series_pb2.EditFollowingRequest(
            series=series, date=str(on), patch=_written(patch), name=name, **_asked(**more)
        )
        return await self._call(self._series.EditFollowing, request, None)

    async def edit_all(
        self, series: str, patch: Patch, **more: Any
    ) -> planning_plans_pb2.MakePlanResponse:
        """A plan that changes every night from now on."""
        request = planning_series_pb2.EditAllRequest(
            series=series, patch=_written(patch), **_asked(**more)
        )
        return await self._call(self._series.EditAll, request, None)

    async def series(self, page_token: str = "") -> planning_series_pb2.ListSeriesResponse:
        """How far the nights of each series are made, and which cannot be."""
        request = planning_series_pb2.ListSeriesRequest(page_token=page_token)
        return await self._call(self._series.ListSeries, request, None)

    async def timeline(self, occurrence: str) -> planning_timeline_pb2.Timeline:
        """Every deadline of an event in order, and where each comes from."""
        request = planning_timeline_pb2.GetTimelineRequest(occurrence=occurrence)
        return await self._call(self._timelines.GetTimeline, request, None)

    async def schedules(
        self, owner: str = "", page_token: str = ""
    ) -> planning_schedules_pb2.ListSchedulesResponse:
        """What an event or a series, or all, declare to be done when."""
        request = planning_schedules_pb2.ListSchedulesRequest(owner=owner, page_token=page_token)
        return await self._call(self._schedules.ListSchedules, request, None)

    async def schedule_firings(
        self, schedule: str, page_token: str = ""
    ) -> planning_schedules_pb2.ListScheduleFiringsResponse:
        """Each time that something of a schedule was due, and what became of it."""
        request = planning_schedules_pb2.ListScheduleFiringsRequest(
            schedule=schedule, page_token=page_token
        )
        return await self._call(self._schedules.ListScheduleFirings, request, None)

    async def pause_schedule(self, schedule: str, reason: str, *, key: str | None = None) -> None:
        """Start nothing any more: what falls due is missed."""
        request = planning_schedules_pb2.PauseScheduleRequest(schedule=schedule, reason=reason)
        await self._call(self._schedules.PauseSchedule, request, key)

    async def resume_schedule(self, schedule: str, reason: str, *, key: str | None = None) -> None:
        """Go on with what falls due from now on."""
        request = planning_schedules_pb2.ResumeScheduleRequest(schedule=schedule, reason=reason)
        await self._call(self._schedules.ResumeSchedule, request, key)

    async def backfill(self, schedule: str, backfill: str, since: datetime, until: datetime) -> int:
        """Do what was not done in a time that is past: how many. Once by the id `backfill`."""
        request = planning_schedules_pb2.BackfillScheduleRequest(
            schedule=schedule, backfill=backfill, since=since, until=until
        )
        answer = await self._call(self._schedules.BackfillSchedule, request, None)
        found: int = answer.firings
        return found


def _written(patch: Patch) -> bytes:
    return patch if isinstance(patch, bytes) else json.dumps(patch).encode()


def _asked(answer_until: datetime | None = None, default: Default = "keep") -> dict[str, Any]:
    refund = planning_plans_pb2.RESCHEDULE_DEFAULT_REFUND
    keep = planning_plans_pb2.RESCHEDULE_DEFAULT_KEEP
    found: dict[str, Any] = {"default": refund if default == "refund" else keep}
    return found if answer_until is None else {**found, "answer_until": answer_until}
