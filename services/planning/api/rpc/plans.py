"""Plans over gRPC: `roadcase.api.v1.Plans`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC
from typing import Any, Final
from zoneinfo import ZoneInfo

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import planning_plans_pb2 as pb
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.planning.api.planner import Made, Planner, must_approve, revision_of
from services.planning.api.published import resolved
from services.planning.api.rpc.translate import to_moment
from services.planning.manifest import Problem
from services.planning.manifest.times import local
from services.planning.plans.plan import Wish
from services.planning.plans.shapes import (
    ChangeShown,
    Drift,
    EffectShown,
    NightShown,
    Plan,
    encoded,
)
from services.planning.queries import must_be_declared

PLAN: Final = "planning:plan"
APPLY: Final = "planning:apply"
APPROVE: Final = "planning:approve"
READ: Final = "planning:read"
_CLASSES: Final = ("", "safe", "notify", "approval", "blocked", "destructive")


class PlansRpc:
    """From a manifest to an event that is planned."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Plans"]

    def __init__(self, tools: Tools) -> None:
        self._planner = Planner(tools)

    @rpc(PLAN)
    async def CheckManifest(  # noqa: N802
        self, request: pb.CheckManifestRequest, call: Call
    ) -> pb.CheckManifestResponse:
        found = await resolved(request.manifest, call.read)
        return pb.CheckManifestResponse(problems=problems_of(found.checked.problems))

    @rpc(PLAN)
    async def MakePlan(  # noqa: N802
        self, request: pb.MakePlanRequest, call: Call
    ) -> pb.MakePlanResponse:
        wish = wish_of(request)
        tenant = call.identity.tenant
        return made_of(await self._planner.make(call.read, tenant, request.manifest, wish))

    @rpc(APPLY, mutates=True)
    async def ApplyPlan(  # noqa: N802
        self, request: pb.ApplyPlanRequest, call: Call
    ) -> pb.ApplyPlanResponse:
        if request.approve:
            must_approve(call.identity.scopes, APPROVE)
        plan = self._planner.open(request.plan, call.identity.tenant)
        outcome = await self._planner.apply(
            plan, call.dispatch, approved=request.approve, draft=request.draft
        )
        return pb.ApplyPlanResponse(occurrence=plan.occurrence, revision=revision_of(outcome, plan))

    @rpc(READ)
    async def GetDrift(  # noqa: N802
        self, request: pb.GetDriftRequest, call: Call
    ) -> pb.GetDriftResponse:
        await must_be_declared(call.read, request.occurrence)
        tenant = call.identity.tenant
        found = await self._planner.drift(call.read, tenant, request.occurrence)
        return pb.GetDriftResponse(drift=[_drift(each) for each in found])


def wish_of(request: Any) -> Wish:
    """Until when guests answer about a new time, and what they are taken to want."""
    until = request.answer_until.ToDatetime(tzinfo=UTC)
    return Wish(
        answer_until=until if request.HasField("answer_until") else None,
        default="refund" if request.default == pb.RESCHEDULE_DEFAULT_REFUND else "keep",
    )


def made_of(made: Made) -> pb.MakePlanResponse:
    """A plan, or what is wrong with what it was to be made of."""
    if made.plan is None:
        return pb.MakePlanResponse(problems=problems_of(made.problems))
    plan: Plan = made.plan
    return pb.MakePlanResponse(
        plan=encoded(plan),
        occurrence=plan.occurrence,
        base_revision=plan.base_revision,
        changes=[_change(each) for each in plan.changes],
        effects=_effects(plan.effects),
        gates=[
            pb.PlanGate(
                clearance=each.clearance,
                blocks=each.blocks,
                code=each.code,
                reason=each.reason,
                legal=each.legal,
            )
            for each in plan.gates
        ],
        drift=[_drift(each) for each in plan.drift],
        not_acted_on=plan.not_acted_on,
        nights=[_night(each) for each in plan.nights],
        lost=[pb.LostChange(date=str(each.on), change=_json(each.change)) for each in plan.lost],
        follows=plan.follows.series if plan.follows else "",
        steps=_steps(plan),
        money=[pb.PlanAmount(what=each.what, amount=each.amount) for each in plan.money],
        triggers=[
            pb.PlannedTrigger(key=each.key, when=each.when, does=_effects(each.does))
            for each in plan.triggers
        ],
        **{"class": _class(plan.worst)},
    )


def _effects(effects: Iterable[EffectShown]) -> list[pb.PlanEffect]:
    return [pb.PlanEffect(service=each.service, does=each.does) for each in effects]


def _steps(plan: Plan) -> list[pb.PlannedStep]:
    zone = ZoneInfo(plan.manifest["spec"]["schedule"]["zone"])
    return [
        pb.PlannedStep(step=step, at=to_moment(at), local=f"{local(at, zone):%Y-%m-%dT%H:%M}")
        for step, at in plan.steps.items()
    ]


def _change(each: ChangeShown) -> pb.ManifestChange:
    return pb.ManifestChange(
        path=each.path,
        old=_json(each.old),
        new=_json(each.new),
        code=each.code,
        why=each.why,
        **{"class": _class(each.kind)},
    )


def _night(each: NightShown) -> pb.NightEffect:
    return pb.NightEffect(
        occurrence=each.occurrence,
        what=each.what,
        changes=[_change(change) for change in each.changes],
        sold=each.sold,
        nearest=each.nearest,
        stays=each.stays,
        **{"class": _class(each.kind)},
    )


def problems_of(problems: Iterable[Problem]) -> list[pb.ManifestProblem]:
    return [
        pb.ManifestProblem(
            file=each.file,
            line=each.line,
            column=each.column,
            path=each.path,
            code=each.code,
            message=each.message,
        )
        for each in problems
    ]


def _drift(each: Drift) -> pb.ManifestDrift:
    return pb.ManifestDrift(what=each.what, declared=_json(each.declared), found=_json(each.found))


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _class(name: str) -> Any:
    return _CLASSES.index(name)
