"""From a manifest that is right to the command that applies it."""

from __future__ import annotations

from typing import Any

import msgspec

from services.planning.commands import ApplyManifest, ApplySeries
from services.planning.plans.box_office import box_office_of
from services.planning.plans.declared import Declared
from services.planning.plans.plan import steps_of
from services.planning.plans.schedules import anchors_of, schedules_of
from services.planning.plans.shapes import Plan
from services.planning.plans.triggers import triggers_of
from services.planning.plans.venue import venue_line
from services.planning.plans.work import work_of


def command_of(
    new: Declared, tenant: str, base_revision: int, *, series: str | None = None, **more: Any
) -> ApplyManifest:
    """For a revision; `plan` is the digest of the manifest where there is no plan of its own."""
    steps: Any = dict(steps_of(new))
    about = {"plan": new.digest, "steps": steps, "series": series, **more}
    about["triggers"] = triggers_of(new)
    if schedules := schedules_of(new):
        about |= {"schedules": schedules, "anchors": anchors_of(new)}
    return ApplyManifest(
        occurrence=new.name,
        base_revision=base_revision,
        digest=new.digest,
        title=new.manifest.spec.title,
        manifest=new.data,
        box_office=box_office_of(new, tenant),
        venue=venue_line(new),
        work=work_of(new),
        **about,
    )


def command_of_plan(plan: Plan, new: Declared, *, approved: bool, draft: bool) -> ApplyManifest:
    """As it was seen."""
    return command_of(
        new,
        plan.tenant,
        plan.base_revision,
        series=plan.series,
        plan=plan.plan_digest,
        documents=plan.documents,
        source=plan.source,
        declares=plan.declares,
        approved=approved,
        draft=draft,
        steps=plan.steps,
        answer_until=plan.answer_until,
        default=plan.default,
        takes_place=plan.takes_place,
    )


def series_command(plan: Plan, *, approved: bool) -> ApplySeries:
    """As it was seen. Its nights follow."""
    kept, follows = plan.kept, plan.follows
    if follows is not None:
        first = str(follows.manifest["spec"]["recurrence"]["first"])
        theirs = {night: why for night, why in kept.items() if night[-len(first) :] >= first}
        follows = msgspec.structs.replace(follows, kept=theirs)
        kept = {night: why for night, why in kept.items() if night not in theirs}
    return ApplySeries(
        series=plan.occurrence,
        base_revision=plan.base_revision,
        digest=plan.digest,
        plan=plan.plan_digest,
        title=plan.title,
        manifest=plan.manifest,
        approved=approved,
        follows=follows,
        kept=kept,
        schedules=plan.schedules,
        answer_until=plan.answer_until,
        default=plan.default,
        documents=plan.documents,
        source=plan.source,
        declares=plan.declares,
    )
