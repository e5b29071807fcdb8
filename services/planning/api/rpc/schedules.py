"""Schedules over gRPC: `roadcase.api.v1.Schedules`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import planning_schedules_pb2 as pb
from roadcase.errors import Invalid
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.planning import queries
from services.planning.api.rpc.occurrences import page_size, page_token
from services.planning.api.rpc.translate import to_moment
from services.planning.commands.schedules import BackfillSchedule, PauseSchedule, ResumeSchedule
from services.planning.events.schedules import ScheduleBackfilled

READ: Final = "planning:read"
RUN: Final = "planning:run"
_STATES: Final = ("", "running", "waiting", "missed", "cancelled", "done", "failed")


class SchedulesRpc:
    """What is done when, and what became of it."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Schedules"]

    def __init__(self, _tools: Tools) -> None:
        """Needs nothing."""

    @rpc(READ)
    async def ListSchedules(  # noqa: N802
        self, request: pb.ListSchedulesRequest, call: Call
    ) -> pb.ListSchedulesResponse:
        size, after = page_size(request.page_size), page_token(request.page_token)
        rows = await queries.schedules(call.read, request.owner, after, size + 1)
        return pb.ListSchedulesResponse(
            schedules=[_schedule(row) for row in rows[:size]],
            next_page_token=rows[size - 1]["schedule"] if len(rows) > size else "",
        )

    @rpc(READ)
    async def ListScheduleFirings(  # noqa: N802
        self, request: pb.ListScheduleFiringsRequest, call: Call
    ) -> pb.ListScheduleFiringsResponse:
        size, after = page_size(request.page_size), request.page_token[:200]
        rows = await queries.schedule_firings(call.read, request.schedule, after, size + 1)
        return pb.ListScheduleFiringsResponse(
            firings=[_firing(row) for row in rows[:size]],
            next_page_token=rows[size - 1]["firing"] if len(rows) > size else "",
        )

    @rpc(RUN, mutates=True)
    async def PauseSchedule(  # noqa: N802
        self, request: pb.PauseScheduleRequest, call: Call
    ) -> pb.PauseScheduleResponse:
        await call.dispatch(PauseSchedule(schedule=request.schedule, reason=request.reason))
        return pb.PauseScheduleResponse()

    @rpc(RUN, mutates=True)
    async def ResumeSchedule(  # noqa: N802
        self, request: pb.ResumeScheduleRequest, call: Call
    ) -> pb.ResumeScheduleResponse:
        await call.dispatch(ResumeSchedule(schedule=request.schedule, reason=request.reason))
        return pb.ResumeScheduleResponse()

    @rpc(RUN, mutates=True)
    async def BackfillSchedule(  # noqa: N802
        self, request: pb.BackfillScheduleRequest, call: Call
    ) -> pb.BackfillScheduleResponse:
        for name in ("since", "until"):
            if not request.HasField(name):
                raise Invalid("say of which time: since and until", field=name)
        command = BackfillSchedule(
            schedule=request.schedule,
            backfill=request.backfill,
            since=request.since.ToDatetime(tzinfo=UTC),
            until=request.until.ToDatetime(tzinfo=UTC),
        )
        outcome = await call.dispatch(command)
        found = [each.firings for each in outcome.events if isinstance(each, ScheduleBackfilled)]
        return pb.BackfillScheduleResponse(firings=sum(found))


def _schedule(row: Mapping[str, Any]) -> pb.Schedule:
    return pb.Schedule(
        schedule=row["schedule"],
        owner=row["owner"],
        zone=row["zone"],
        jobs=[_job(each) for each in row["steps"]],
        overlap=row["overlap"],
        catch_up_seconds=row["catch_up"],
        jitter_seconds=row["jitter"],
        paused=row["paused"] or "",
        made=row["made"],
        missed=row["missed"],
        failed=row["failed"],
    )


def _job(step: Mapping[str, Any]) -> pb.ScheduledJob:
    rule = step.get("recurring")
    when = f"{rule['rule']} at {rule['at'][:5]}" if rule else step.get("relative") or step["once"]
    does = [each["does"] for each in step.get("does", ())]
    return pb.ScheduledJob(job=step["key"], when=when, does=does)


def _firing(row: Mapping[str, Any]) -> pb.ScheduleFiring:
    state: Any = _STATES.index(row["state"])
    return pb.ScheduleFiring(
        firing=row["firing"],
        job=row["step"],
        occurrence=row["occurrence"] or "",
        nominal=to_moment(row["nominal"]),
        state=state,
        why=row["why"],
        told=[pb.ToldAudience(**each) for each in row["told"]],
    )
