"""The run of show over gRPC: `roadcase.api.v1.Shows`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from datetime import datetime
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import planning_show_pb2 as pb
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.planning import commands, queries
from services.planning.api.rpc.translate import to_moment

SHOW: Final = "planning:show"
LOOK: Final = 0.25  # seconds between looks
_STATES: Final = ("", "waiting", "running", "finished", "skipped")


class ShowsRpc:
    """Each mutating method is one command."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Shows"]

    def __init__(self, _tools: Tools) -> None:
        """Needs nothing."""

    @rpc(SHOW, mutates=True)
    async def StartShow(  # noqa: N802
        self, request: pb.StartShowRequest, call: Call
    ) -> pb.StartShowResponse:
        await call.dispatch(commands.StartShow(occurrence=request.occurrence))
        return pb.StartShowResponse()

    @rpc(SHOW, mutates=True)
    async def StartCue(  # noqa: N802
        self, request: pb.StartCueRequest, call: Call
    ) -> pb.StartCueResponse:
        await call.dispatch(commands.StartCue(occurrence=request.occurrence, cue=request.cue))
        return pb.StartCueResponse()

    @rpc(SHOW, mutates=True)
    async def FinishCue(  # noqa: N802
        self, request: pb.FinishCueRequest, call: Call
    ) -> pb.FinishCueResponse:
        await call.dispatch(commands.FinishCue(occurrence=request.occurrence, cue=request.cue))
        return pb.FinishCueResponse()

    @rpc(SHOW, mutates=True)
    async def SkipCue(  # noqa: N802
        self, request: pb.SkipCueRequest, call: Call
    ) -> pb.SkipCueResponse:
        await call.dispatch(commands.SkipCue(occurrence=request.occurrence, cue=request.cue))
        return pb.SkipCueResponse()

    @rpc(SHOW, mutates=True)
    async def DelayShow(  # noqa: N802
        self, request: pb.DelayShowRequest, call: Call
    ) -> pb.DelayShowResponse:
        command = commands.DelayShow(
            occurrence=request.occurrence, minutes=request.minutes, reason=request.reason
        )
        await call.dispatch(command)
        return pb.DelayShowResponse()

    @rpc(SHOW)
    async def GetRundown(  # noqa: N802
        self, request: pb.GetRundownRequest, call: Call
    ) -> pb.Rundown:
        return _rundown(await queries.rundown(call.read, request.occurrence))

    @rpc(SHOW)
    async def WatchRundown(  # noqa: N802
        self, request: pb.WatchRundownRequest, call: Call
    ) -> AsyncGenerator[pb.Rundown]:
        told: pb.Rundown | None = None
        while not call.stopping.is_set():
            call.check()
            found = _rundown(await queries.rundown(call.read, request.occurrence))
            if found != told:
                yield found
                told = found
            await asyncio.sleep(LOOK)


def _rundown(row: Mapping[str, Any]) -> pb.Rundown:
    return pb.Rundown(
        occurrence=row["occurrence"],
        revision=row["revision"],
        title=row["title"],
        zone=row["zone"],
        cues=[_cue(each) for each in row["cues"]],
        late_seconds=row["late_seconds"],
        curfew=to_moment(row["curfew"]) if row["curfew"] else None,
        delay=row["delay"],
    )


def _cue(cue: Mapping[str, Any]) -> pb.Cue:
    state: Any = _STATES.index(cue["state"])
    times = {
        name: to_moment(datetime.fromisoformat(cue[name]))
        for name in ("planned_at", "starts_at", "ends_at")
    }
    return pb.Cue(
        key=cue["key"],
        title=cue["title"],
        hard=cue["start"] == "hard",
        state=state,
        minutes=cue["minutes"],
        gap_seconds=cue.get("gap_seconds", 0),
        overlap_seconds=cue.get("overlap_seconds", 0),
        who=cue.get("who", ()),
        acts=[
            pb.CueAct(to=each["to"], do=each["do"], target=each.get("target", ""))
            for each in cue.get("acts", ())
        ],
        **times,
    )
