"""What triggers did, over gRPC: `roadcase.api.v1.Triggers`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import planning_triggers_pb2 as pb
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.planning import queries
from services.planning.api.rpc.occurrences import page_size, page_token
from services.planning.api.rpc.translate import to_moment

READ: Final = "planning:read"


class TriggersRpc:
    """What fired, and why."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Triggers"]

    def __init__(self, _tools: Tools) -> None:
        """Needs nothing."""

    @rpc(READ)
    async def ListFirings(  # noqa: N802
        self, request: pb.ListFiringsRequest, call: Call
    ) -> pb.ListFiringsResponse:
        await queries.must_be_declared(call.read, request.occurrence)
        size, before = page_size(request.page_size), page_token(request.page_token)
        rows = await queries.firings(call.read, request.occurrence, before, size + 1)
        return pb.ListFiringsResponse(
            firings=[_firing(row) for row in rows[:size]],
            next_page_token=rows[size - 1]["number"] if len(rows) > size else "",
        )


def _firing(row: Mapping[str, Any]) -> pb.Firing:
    return pb.Firing(
        service=row["service"],
        firing=row["firing"],
        trigger=row["trigger"],
        fact=row["fact"],
        reason=row["reason"],
        fired_at=to_moment(row["fired_at"]),
        condition_failed=row["failed"],
        actions=[
            pb.FiredAction(
                does=each["does"],
                service=each["service"],
                about=json.dumps(each.get("about", {}), ensure_ascii=False),
            )
            for each in row["actions"]
        ],
    )
