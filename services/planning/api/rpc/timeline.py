"""Timelines over gRPC: `roadcase.api.v1.Timelines`."""

from __future__ import annotations

from typing import Any, Final, get_args

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import planning_timeline_pb2 as pb
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.planning.api.rpc.translate import to_moment
from services.planning.api.timeline import timeline_of
from services.planning.plans.agenda import Entry, Status

READ: Final = "planning:read"
_STATUSES: Final = ("", *get_args(Status))  # by their numbers


class TimelineRpc:
    """When what is due."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Timelines"]

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @rpc(READ)
    async def GetTimeline(  # noqa: N802
        self, request: pb.GetTimelineRequest, call: Call
    ) -> pb.Timeline:
        tenant = call.identity.tenant
        shown = await timeline_of(self._tools, call.read, tenant, request.occurrence)
        return pb.Timeline(
            occurrence=shown.occurrence,
            zone=shown.zone,
            series=shown.series,
            deadlines=[_deadline(each) for each in shown.entries],
        )


def _deadline(entry: Entry) -> pb.Deadline:
    each, status = entry.deadline, _STATUSES.index(entry.status)
    number: Any = status
    return pb.Deadline(
        at=to_moment(each.at),
        local=each.local.isoformat(timespec="minutes"),
        kind=each.kind,
        what=each.what,
        source=each.source,
        relative=each.relative or "",
        by=entry.by,
        status=number,
        why=entry.why,
    )
