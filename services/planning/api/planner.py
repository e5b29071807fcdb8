"""Making plans and applying them, for every door alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, NamedTuple

from roadcase.asked import Outcome
from roadcase.clock import now
from roadcase.doors import Reader
from roadcase.errors import Forbidden, Invalid, Refused
from roadcase.service import Tools
from services.planning import asking, queries
from services.planning.commands import ApplyManifest
from services.planning.events import ManifestApplied
from services.planning.manifest import Problem, check
from services.planning.plans.box_office import box_office_of
from services.planning.plans.declared import Declared, declared
from services.planning.plans.plan import Drift, Origin, Plan, Wish, make, opened, seal
from services.planning.plans.standing import Standing
from services.planning.plans.stands import drift
from services.planning.plans.venue import venue_line

Dispatch = Callable[..., Awaitable[Outcome]]


class PlanBlocked(Refused):
    """What this plan changes cannot be changed any more. What, and why, is in the plan."""

    code = "planning.plan_blocked"


class NeedsApproval(Refused):
    """This plan needs somebody's word: look at it, and apply it with approval."""

    code = "planning.needs_approval"


class NotAnEvent(Invalid):
    """Only an Event is applied by itself. Publish templates, venues, kit and vendors."""

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

    async def make(self, read: Reader, tenant: str, content: bytes, wish: Wish) -> Made:
        """What applying this file would change, as things stand now. Raises NotAnEvent."""
        checked = check(content)
        if checked.problems or checked.view is None:
            return Made(None, checked.problems)
        if checked.view.raw("kind") != "Event":
            raise NotAnEvent(kind=checked.view.raw("kind"))
        new = declared(checked.view.data)
        standing = await self.standing(read, tenant, new.name)
        plan = make(new, standing, Origin(tenant), now(), wish)
        return Made(seal(plan, self._key), [])

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

    @staticmethod
    def now() -> datetime:
        return now()

    def open(self, content: bytes, tenant: str) -> Plan:
        """A plan that was made here. Raises PlanAltered and PlanForeign."""
        return opened(content, self._key, tenant)

    async def apply(
        self, plan: Plan, dispatch: Dispatch, *, approved: bool, draft: bool = False
    ) -> Outcome:
        """Apply it as it was seen. Raises PlanBlocked, NeedsApproval, PlanStale and others."""
        worst = plan.worst
        if worst == "blocked":
            paths = [each.path for each in plan.changes if each.kind == "blocked"]
            raise PlanBlocked(paths=paths)
        if worst in ("approval", "destructive") and not approved:
            paths = [each.path for each in plan.changes if each.kind == worst]
            raise NeedsApproval(paths=paths)
        new = declared(plan.manifest)
        return await dispatch(_command(plan, new, approved=approved, draft=draft))


def _command(plan: Plan, new: Declared, *, approved: bool, draft: bool) -> ApplyManifest:
    steps: Any = plan.steps
    return ApplyManifest(
        occurrence=plan.occurrence,
        base_revision=plan.base_revision,
        digest=plan.digest,
        plan=plan.plan_digest,
        title=plan.title,
        manifest=plan.manifest,
        documents=plan.documents,
        series=plan.series,
        approved=approved,
        draft=draft,
        steps=steps,
        box_office=box_office_of(new, plan.tenant),
        venue=venue_line(new),
        answer_until=plan.answer_until,
        default=plan.default,
    )


def revision_of(outcome: Outcome, plan: Plan) -> int:
    """Which revision it is with this plan."""
    made = [each.revision for each in outcome.events if isinstance(each, ManifestApplied)]
    return made[0] if made else plan.base_revision + bool(plan.changes)


def must_approve(scopes: frozenset[str], scope: str) -> None:
    """Raises Forbidden: who approves needs a scope of their own."""
    if scope not in scopes:
        raise Forbidden(f"this needs a token with the scope {scope}", scope=scope)
