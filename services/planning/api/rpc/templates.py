"""Templates over gRPC: `roadcase.api.v1.Templates`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import planning_templates_pb2 as pb
from roadcase.doors import Reader, wait_all_shown
from roadcase.errors import Invalid
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.planning import queries
from services.planning.api.planner import Planner
from services.planning.api.publishing import KINDS
from services.planning.api.rpc.occurrences import page_token
from services.planning.api.rpc.plans import made_of
from services.planning.api.rpc.translate import to_moment
from services.planning.api.upgrading import Asked, Effect, effects, version_of
from services.planning.commands import document_id
from services.planning.manifest.inheritance import Reference

READ: Final = "planning:read"
PLAN: Final = "planning:plan"
_NAMES: Final = ("template", *KINDS.values())  # by their numbers; none: templates
_SIZE: Final = 20
_MOST: Final = 50
_SHOWN: Final = 200  # instances of one template


class TemplatesRpc:
    """What is made of documents, and what becomes of it with another version."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Templates"]

    def __init__(self, tools: Tools) -> None:
        self._planner = Planner(tools)

    @rpc(READ)
    async def ListTemplates(  # noqa: N802
        self, request: pb.ListTemplatesRequest, call: Call
    ) -> pb.ListTemplatesResponse:
        size, after = _size(request.page_size), page_token(request.page_token)
        for shown in ("documents", "instances"):
            await wait_all_shown(call.read, shown)
        kind = _NAMES[request.kind]
        if request.name:
            ids, more = [document_id(kind, request.name)], False
        else:
            rows = await queries.documents(call.read, kind, after, size + 1)
            ids, more = [row["document"] for row in rows[:size]], len(rows) > size
        versions = await queries.all_versions(call.read, ids)
        by_document = groupby(versions, key=itemgetter("document"))
        return pb.ListTemplatesResponse(
            templates=[await _template(call.read, [*each]) for _, each in by_document],
            next_page_token=ids[-1] if more else "",
        )

    @rpc(PLAN)
    async def PlanUpgrade(  # noqa: N802
        self, request: pb.PlanUpgradeRequest, call: Call
    ) -> pb.PlanUpgradeResponse:
        size, after = _size(request.page_size), page_token(request.page_token)
        if request.version < 1:
            raise Invalid("say to which version", field="version")
        to = Reference(_NAMES[request.kind], request.name, request.version)
        asked = Asked(call.identity.tenant, to)
        found = [each async for each in effects(self._planner, call.read, asked, after, size)]
        return pb.PlanUpgradeResponse(
            effects=[_effect(each) for each in found if each.made or each.refused],
            next_page_token=found[-1].token if len(found) == size else "",
        )


def _size(asked: int) -> int:
    if not 0 <= asked <= _MOST:
        raise Invalid(f"a page has 1 to {_MOST} entries", field="page_size")
    return asked or _SIZE


async def _template(read: Reader, versions: Sequence[Mapping[str, Any]]) -> pb.Template:
    newest = versions[-1]
    named = Reference(newest["kind"], newest["name"], 0)
    made = await queries.instances_of(read, str(named))
    rows = await queries.instances(read, str(named), "", _SHOWN)
    kind: Any = _NAMES.index(newest["kind"], 1)
    return pb.Template(
        kind=kind,
        name=newest["name"],
        title=newest["title"],
        versions=[
            pb.TemplateVersion(
                version=each["number"],
                digest=each["digest"],
                published_at=to_moment(each["published_at"]),
                instances=made.get(each["number"], 0),
                inputs=[_input(said) for said in each["inputs"]],
            )
            for each in versions
        ],
        instances=[
            pb.TemplateInstance(
                kind=row["kind"],
                name=row["name"],
                title=row["title"],
                version=version_of(row, named),
                revision=row["revision"],
            )
            for row in rows
        ],
    )


def _input(said: Mapping[str, Any]) -> pb.TemplateInput:
    return pb.TemplateInput(
        key=said["key"],
        type=said["type"],
        description=said.get("description", ""),
        required=said.get("required", False),
        default=json.dumps(said["default"], ensure_ascii=False) if "default" in said else "",
        allowed=[json.dumps(each, ensure_ascii=False) for each in said.get("allowed", ())],
    )


def _effect(each: Effect) -> pb.UpgradeEffect:
    instance = pb.TemplateInstance(
        kind=each.kind,
        name=each.name,
        title=each.title,
        version=each.version,
        revision=each.revision,
    )
    made = made_of(each.made) if each.made is not None else None
    return pb.UpgradeEffect(instance=instance, made=made, refused=each.refused, why=each.why)
