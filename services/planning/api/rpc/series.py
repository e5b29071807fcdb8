"""Series and edits of them over gRPC: `roadcase.api.v1.SeriesPlans`."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import planning_plans_pb2 as plans
from roadcase.api.v1 import planning_series_pb2 as pb
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.planning import queries
from services.planning.api.planner import Made, Planner
from services.planning.api.rpc.occurrences import page_size, page_token
from services.planning.api.rpc.plans import made_of, wish_of
from services.planning.api.series import Edit, read_date, read_patch

READ: Final = "planning:read"
PLAN: Final = "planning:plan"


class SeriesRpc:
    """Each edit becomes a plan, which is applied as plans are."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["SeriesPlans"]

    def __init__(self, tools: Tools) -> None:
        self._planner = Planner(tools)

    @rpc(PLAN)
    async def EditNight(  # noqa: N802
        self, request: pb.EditNightRequest, call: Call
    ) -> plans.MakePlanResponse:
        return await self._edited(request, call, read_date(request.date))

    @rpc(PLAN)
    async def EditFollowing(  # noqa: N802
        self, request: pb.EditFollowingRequest, call: Call
    ) -> plans.MakePlanResponse:
        on = read_date(request.date)
        return await self._edited(request, call, on, following=True, name=request.name)

    @rpc(PLAN)
    async def EditAll(  # noqa: N802
        self, request: pb.EditAllRequest, call: Call
    ) -> plans.MakePlanResponse:
        return await self._edited(request, call, None)

    @rpc(READ)
    async def ListSeries(  # noqa: N802
        self, request: pb.ListSeriesRequest, call: Call
    ) -> pb.ListSeriesResponse:
        size = page_size(request.page_size)
        rows = await queries.all_series(call.read, page_token(request.page_token), size + 1)
        return pb.ListSeriesResponse(
            series=[_series(row) for row in rows[:size]],
            next_page_token=rows[size - 1]["series"] if len(rows) > size else "",
        )

    async def _edited(
        self, request: Any, call: Call, on: date | None, **how: Any
    ) -> plans.MakePlanResponse:
        patch, problems = read_patch(request.patch)
        if problems:
            return made_of(Made(None, problems))
        plan = await self._planner.edit(
            call.read,
            call.identity.tenant,
            request.series,
            Edit(patch, on, **how),
            wish_of(request),
        )
        return made_of(Made(plan, []))


def _series(row: dict[str, Any]) -> pb.SeriesState:
    return pb.SeriesState(
        series=row["series"],
        title=row["title"],
        revision=row["revision"],
        made_revision=row["made_revision"],
        made_until=str(row["made_until"] or ""),
        refused=row["refused"],
        kept=row["kept"],
    )
