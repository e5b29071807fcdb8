"""Making plans and applying them, for every door alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import msgspec

from roadcase.asked import Outcome
from roadcase.clock import now
from roadcase.doors import Reader, wait_all_shown
from roadcase.errors import Forbidden, Invalid, Refused
from roadcase.service import Tools
from services.planning import asking, queries
from services.planning.api.kit_asked import not_free
from services.planning.api.published import resolved
from services.planning.api.series import Edit, SeriesPlanner
from services.planning.events import ManifestApplied, SeriesApplied
from services.planning.manifest import Problem
from services.planning.plans.applying import command_of_plan, series_command
from services.planning.plans.box_office import box_office_of
from services.planning.plans.declared import declared
from services.planning.plans.plan import Origin, Wish, make
from services.planning.plans.shapes import Drift, Plan, opened, seal
from services.planning.plans.standing import Standing
from services.planning.plans.stands import drift

Dispatch = Callable[..., Awaitable[Outcome]]


class PlanBlocked(Refused):
    """What this plan changes cannot be changed any more. What, and why, is in the plan."""

    code = "planning.plan_blocked"


class NeedsApproval(Refused):
    """This plan needs somebody's word: look at it, and apply it with approval."""

    code = "planning.needs_approval"


class NotAnEvent(Invalid):
    """Events and series are applied. Templates, venues, kit and vendors are published."""

    code = "planning.not_an_event"


class Made(NamedTuple):
    """A plan, or what is wrong with the manifest."""

    plan: Plan | None
    problems: list[Problem]


class Planner:
    """Plans of one installation: sealed with its secret, so that nobody alters one unseen."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._key = tools.secret.key("plans")

    async def make(
        self,
        read: Reader,
        tenant: str,
        content: bytes,
        wish: Wish,
        *,
        blocked_stay: bool = False,
    ) -> Made:
        """What applying this file would change, as things stand now. Raises NotAnEvent.

        `blocked_stay`: nights of a series that are blocked stay as they are, and keep no others.
        """
        checked, made_with = await resolved(content, read)
        if checked.problems or checked.view is None:
            return Made(None, checked.problems)
        kind, data = checked.view.raw("kind"), checked.view.data
        origin = Origin(tenant, *made_with)
        for shown in ("occurrences", "instances"):
            await wait_all_shown(read, shown)  # a plan is of what is, not of what was shown
        if kind == "Series":
            planner = self._of_series(read, origin, wish)._replace(blocked_stay=blocked_stay)
            plan = await planner.plan(data)
            return Made(seal(plan, self._key), [])
        if kind != "Event":
            raise NotAnEvent(kind=kind)
        new = declared(data)
        standing = await self.standing(read, tenant, new.name)
        if wanted := [each.supplier for each in new.manifest.spec.stalls if each.supplier]:
            known = await queries.suppliers_of(read, wanted)
            standing = msgspec.structs.replace(standing, suppliers=known)
        lacks = (await not_free(read, [new])).get(new.name, ())
        standing = msgspec.structs.replace(standing, kit=lacks)
        plan = make(new, standing, origin, now(), wish)
        return Made(seal(plan, self._key), [])

    async def edit(self, read: Reader, tenant: str, name: str, edit: Edit, wish: Wish) -> Plan:
        """What an edit of a series would change. Raises what `SeriesPlanner.edit` raises."""
        for shown in ("occurrences", "instances"):
            await wait_all_shown(read, shown)
        planner = self._of_series(read, Origin(tenant), wish)
        return seal(await planner.edit(name, edit), self._key)

    def _of_series(self, read: Reader, origin: Origin, wish: Wish) -> SeriesPlanner:
        return SeriesPlanner(
            read, origin, lambda name: self.standing(read, origin.tenant, name), wish
        )

    async def standing(self, read: Reader, tenant: str, name: str) -> Standing:
        """How an occurrence stands: what was declared, and what ticketing made of it."""
        row = await queries.declared(read, name)
        if row is None:
            return Standing()
        return Standing(
            revision=row["revision"],
            state=row["state"],
            manifest=row["manifest"],
            postponed=row["postponed"] is not None,
            clearances=row["clearances"],
            made_with=await queries.instance(read, "Event", name) or {},
            box_office=await asking.box_office(self._tools.others, tenant, name),
        )

    async def drift(self, read: Reader, tenant: str, name: str) -> list[Drift]:
        """What is otherwise than it was declared."""
        standing = await self.standing(read, tenant, name)
        before = declared(dict(standing.manifest))
        office = box_office_of(before, tenant)
        return [
            Drift(what=what, declared=said, found=there)
            for what, said, there in drift(office, standing)
        ]

    def open(self, content: bytes, tenant: str) -> Plan:
        """A plan that was made here. Raises PlanAltered and PlanForeign."""
        return opened(content, self._key, tenant)

    async def apply(
        self, plan: Plan, dispatch: Dispatch, *, approved: bool, draft: bool = False
    ) -> Outcome:
        """Apply it as it was seen. Raises PlanBlocked, NeedsApproval, PlanStale and others."""
        worst = plan.worst
        if worst == "blocked":
            raise PlanBlocked(paths=_paths(plan, worst))
        if worst in ("approval", "destructive") and not approved:
            raise NeedsApproval(paths=_paths(plan, worst))
        if plan.of == "Series":
            return await dispatch(series_command(plan, approved=approved))
        new = declared(plan.manifest)
        return await dispatch(command_of_plan(plan, new, approved=approved, draft=draft))


def _paths(plan: Plan, kind: str) -> list[str]:
    """What is of this class: changes by their paths, nights by their names."""
    found = [each.path for each in plan.changes if each.kind == kind]
    return found + [each.occurrence for each in plan.nights if each.kind == kind and not each.stays]


def revision_of(outcome: Outcome, plan: Plan) -> int:
    """Which revision it is with this plan."""
    made = [
        each.revision
        for each in outcome.events
        if isinstance(each, ManifestApplied | SeriesApplied)
    ]
    return made[0] if made else plan.base_revision + bool(plan.changes)


def must_approve(scopes: frozenset[str], scope: str) -> None:
    """Raises Forbidden: who approves needs a scope of their own."""
    if scope not in scopes:
        raise Forbidden(f"this needs a token with the scope {scope}", scope=scope)
