"""What a plan says of people: positions that are to be filled, and who is told what when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.planning.events import PlannedRole
from services.planning.events.schedules import Step
from services.planning.manifest.times import local, read_when
from services.planning.plans.declared import Declared
from services.planning.plans.effects import Effect
from services.planning.plans.schedules import schedules_of
from services.planning.plans.triggers import in_words
from services.planning.plans.work import work_of

_PAST: Final = ": this is past"


def of_staffing(before: Declared | None, new: Declared) -> Iterator[Effect]:
    """The roles whose number of people, shifts or certificates are not as they were."""
    had, roles = _roles(before), _roles(new)
    for key, role in roles.items():
        if role != had.get(key):
            certificates = f", with {', '.join(role.certificates)}" if role.certificates else ""
            positions = "1 position" if role.count == 1 else f"{role.count} positions"
            yield Effect("planning", f"has {positions} to fill: {role.title}{certificates}")
    for key, role in had.items():
        if key not in roles:
            yield Effect("planning", f"has nobody as {role.title} any more")


def _roles(of: Declared | None) -> dict[str, PlannedRole]:
    work = work_of(of) if of is not None else None
    return {each.role: each for each in work.roles} if work else {}


def of_schedules(before: Declared | None, new: Declared, at: datetime) -> Iterator[Effect]:
    """What is sent, or done at its time, where that is not as it was."""
    had, jobs = _jobs(before, at), _jobs(new, at)
    for key, (service, does, when) in jobs.items():
        known = had.get(key)
        done = known is not None and known[2] == when and when.endswith(_PAST)  # never twice
        if known != (service, does, when) and not done:
            yield Effect(service, f"{does}, {when}")
    for key, (service, does, _) in had.items():
        if key not in jobs:
            yield Effect(service, f"no longer {does}")


def _jobs(of: Declared | None, at: datetime) -> dict[tuple[str, str, int], tuple[str, str, str]]:
    """By schedule, step and number: which service does what when, in words."""
    if of is None:
        return {}
    return {
        (schedule.schedule, step.key, number): (
            action.service,
            in_words(action),
            _when(step, of, at - timedelta(seconds=schedule.catch_up), at),
        )
        for schedule in schedules_of(of)
        for step in schedule.steps
        for number, action in enumerate(step.does)
    }


def _when(step: Step, of: Declared, missed: datetime, at: datetime) -> str:
    """At the venue; and what becomes of it if that is past, or before what is caught up on."""
    if (rule := step.recurring) is not None:
        return f"{rule.rule} at {rule.at:%H:%M} from {rule.first} on"
    moment = of.moment(read_when(step.relative)) if step.relative else step.once
    assert moment is not None
    relative = f"{step.relative}, " if step.relative else ""
    past = f", {'missed' if moment < missed else 'at once'}{_PAST}" if moment <= at else ""
    return f"{relative}{local(moment, of.zone):%Y-%m-%d %H:%M}{past}"
