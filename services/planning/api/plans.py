"""Plans over HTTP."""

from __future__ import annotations

from datetime import date as Day  # noqa: N812 - the name of a field
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from roadcase.clock import now
from roadcase.http import Caller, Dispatch, Read, needs
from roadcase.service import Tools
from services.planning.api.planner import Made, Planner, must_approve, revision_of
from services.planning.api.series import Edit, read_patch
from services.planning.manifest import LARGEST
from services.planning.plans.plan import Wish
from services.planning.plans.shapes import encoded
from services.planning.queries import must_be_declared

PLAN = "planning:plan"
APPLY = "planning:apply"
APPROVE = "planning:approve"
READ = "planning:read"


class Asked(BaseModel):
    """A manifest, as text in YAML; and what guests are asked if the time changes."""

    model_config = ConfigDict(extra="forbid")

    manifest: Annotated[str, Field(max_length=LARGEST)]
    answer_until: AwareDatetime | None = None
    default: Literal["keep", "refund"] = "keep"


class Editing(BaseModel):
    """An edit of a series, as text in YAML: a merge patch (RFC 7396).

    `date`: only of its night, or of it and all that are `following`; left out: of all. `name`: of
    the series that then goes on.
    """

    model_config = ConfigDict(extra="forbid")

    patch: Annotated[str, Field(max_length=LARGEST)]
    date: Day | None = None
    following: bool = False
    name: Annotated[str, Field(max_length=63)] = ""
    answer_until: AwareDatetime | None = None
    default: Literal["keep", "refund"] = "keep"


class Problem(BaseModel):
    """`file`: a document that is extended; empty: the manifest itself."""

    file: str
    line: int
    column: int
    path: str
    code: str
    message: str


class Answer(BaseModel):
    """The plan, to be kept and applied as it is; null if there are problems."""

    problems: list[Problem]
    plan: dict[str, Any] | None
    worst: str | None


class Applying(BaseModel):
    """A plan as it was made. `approve`: changes that need somebody's word have it."""

    model_config = ConfigDict(extra="forbid")

    plan: dict[str, Any]
    approve: bool = False
    draft: bool = False


class Applied(BaseModel):
    occurrence: str
    revision: int


class Drifted(BaseModel):
    what: str
    declared: Any
    found: Any


class Drifts(BaseModel):
    at: datetime
    items: list[Drifted]


def router(tools: Tools) -> APIRouter:
    """Make a plan, look at it, apply it."""
    found = APIRouter(prefix="/planning", tags=["planning"])
    planner = Planner(tools)

    @found.post("/plans")
    @needs(PLAN, mutates=False)
    async def make_plan(asked: Asked, read: Read, caller: Caller) -> Answer:
        wish = Wish(asked.answer_until, asked.default)
        made = await planner.make(read, caller.tenant, asked.manifest.encode(), wish)
        return _answer(made)

    @found.post("/plans/apply")
    @needs(APPLY)
    async def apply_plan(asked: Applying, dispatch: Dispatch, caller: Caller) -> Applied:
        if asked.approve:
            must_approve(caller.scopes, APPROVE)
        plan = planner.open(msgspec.json.encode(asked.plan), caller.tenant)
        outcome = await planner.apply(plan, dispatch, approved=asked.approve, draft=asked.draft)
        return Applied(occurrence=plan.occurrence, revision=revision_of(outcome, plan))

    @found.get("/occurrences/{occurrence}/drift")
    @needs(READ)
    async def show_drift(occurrence: str, read: Read, caller: Caller) -> Drifts:
        await must_be_declared(read, occurrence)
        items = await planner.drift(read, caller.tenant, occurrence)
        shown = [Drifted(**msgspec.structs.asdict(each)) for each in items]
        return Drifts(at=now(), items=shown)

    _edits(found, planner)
    return found


def _edits(to: APIRouter, planner: Planner) -> None:
    @to.post("/series/{series}/edits")
    @needs(PLAN, mutates=False)
    async def edit_series(series: str, asked: Editing, read: Read, caller: Caller) -> Answer:
        patch, problems = read_patch(asked.patch.encode())
        if problems:
            return _answer(Made(None, problems))
        edit = Edit(patch, asked.date, asked.following, asked.name)
        wish = Wish(asked.answer_until, asked.default)
        plan = await planner.edit(read, caller.tenant, series, edit, wish)
        return _answer(Made(plan, []))


def _answer(made: Made) -> Answer:
    if made.plan is None:
        problems = [Problem(**each._asdict()) for each in made.problems]
        return Answer(problems=problems, plan=None, worst=None)
    plan = msgspec.json.decode(encoded(made.plan))
    return Answer(problems=[], plan=plan, worst=made.plan.worst)
