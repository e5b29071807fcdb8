"""Devices over gRPC, for operators: `roadcase.api.v1.Devices`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from roadcase.api.v1 import devices_pb2
from roadcase.errors import Invalid
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.devices import commands, queries
from services.devices.events import JobReprinted

READ: Final = "devices:read"
OPERATE: Final = "devices:operate"
_MOST: Final = 200  # rows of a page
_KINDS: Final = ("", "ticket", "slip")
_STATES: Final = ("", "queued", "sending", "printed", "in_doubt", "abandoned")
_TOKEN: Final = 64  # characters of a page token


class DevicesRpc:
    """Each mutating method is one command; `devices:operate` says that its caller may decide."""

    service: ServiceDescriptor = devices_pb2.DESCRIPTOR.services_by_name["Devices"]

    def __init__(self, _tools: Tools) -> None:
        pass

    @rpc(OPERATE, mutates=True)
    async def BindRole(  # noqa: N802
        self, request: devices_pb2.BindRoleRequest, call: Call
    ) -> devices_pb2.BindRoleResponse:
        fields: dict[str, Any] = {
            "role": request.role,
            "device": request.device,
            "address": request.address,
        }
        if request.profile:
            fields["profile"] = request.profile
        if request.HasField("resend"):
            fields["resend"] = request.resend
        await call.dispatch(commands.BindRole(**fields))
        return devices_pb2.BindRoleResponse()

    @rpc(OPERATE, mutates=True)
    async def ConfirmJob(  # noqa: N802
        self, request: devices_pb2.ConfirmJobRequest, call: Call
    ) -> devices_pb2.ConfirmJobResponse:
        await call.dispatch(commands.ConfirmByHand(job=request.job))
        return devices_pb2.ConfirmJobResponse()

    @rpc(OPERATE, mutates=True)
    async def ReprintJob(  # noqa: N802
        self, request: devices_pb2.ReprintJobRequest, call: Call
    ) -> devices_pb2.ReprintJobResponse:
        outcome = await call.dispatch(commands.ReprintJob(job=request.job))
        made = [each.copy for each in outcome.events if isinstance(each, JobReprinted)]
        return devices_pb2.ReprintJobResponse(copy=made[0] if made else 0)

    @rpc(OPERATE, mutates=True)
    async def AbandonJob(  # noqa: N802
        self, request: devices_pb2.AbandonJobRequest, call: Call
    ) -> devices_pb2.AbandonJobResponse:
        await call.dispatch(commands.AbandonJob(job=request.job, reason=request.reason))
        return devices_pb2.AbandonJobResponse()

    @rpc(READ)
    async def ListRoles(  # noqa: N802
        self, _request: devices_pb2.ListRolesRequest, call: Call
    ) -> devices_pb2.ListRolesResponse:
        rows = await queries.roles(call.read)
        return devices_pb2.ListRolesResponse(
            roles=[devices_pb2.Role(**_known(row, devices_pb2.Role)) for row in rows]
        )

    @rpc(READ)
    async def ListPrinters(  # noqa: N802
        self, _request: devices_pb2.ListPrintersRequest, call: Call
    ) -> devices_pb2.ListPrintersResponse:
        rows = await queries.printers(call.read)
        return devices_pb2.ListPrintersResponse(
            printers=[devices_pb2.Printer(**_known(row, devices_pb2.Printer)) for row in rows]
        )

    @rpc(READ)
    async def ListJobs(  # noqa: N802
        self, request: devices_pb2.ListJobsRequest, call: Call
    ) -> devices_pb2.ListJobsResponse:
        size = request.page_size or 50
        if not 1 <= size <= _MOST:
            raise Invalid(f"a page has 1 to {_MOST} jobs", field="page_size")
        if len(request.page_token) > _TOKEN:
            raise Invalid("this is not a page token of ours", field="page_token")
        rows = await queries.jobs(call.read, _STATES[request.state], request.page_token, size + 1)
        return devices_pb2.ListJobsResponse(
            jobs=[_job(row) for row in rows[:size]],
            next_page_token=rows[size - 1]["job"] if len(rows) > size else "",
        )


def _job(row: Mapping[str, Any]) -> devices_pb2.Job:
    fields = {
        **row,
        "order": row["order_id"],
        "kind": _KINDS.index(row["kind"]),
        "state": _STATES.index(row["state"]),
    }
    return devices_pb2.Job(**_known(fields, devices_pb2.Job))


def _known(row: Mapping[str, Any], kind: Any) -> dict[str, Any]:
    """The columns that a message has, as it takes them; what is null is not set."""
    names = kind.DESCRIPTOR.fields_by_name.keys() & row.keys()
    return {name: _value(row[name]) for name in names if row[name] is not None}


def _value(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    stamp = Timestamp()
    stamp.FromDatetime(value)
    return stamp
