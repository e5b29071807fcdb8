"""When the steps of a schedule fire: from wall times, rules and anchors to moments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from roadcase.triggers import Action
from services.planning.events.schedules import AnchorsSet, Recurring, ScheduleSet, Step
from services.planning.manifest.dates import Dates
from services.planning.manifest.times import Relative, local, moment_of, read_when, settled


class Firing(NamedTuple):
    """One time that a step is done. `never`: what is against it, whatever happens."""

    firing: str
    step: str
    action: str
    nominal: datetime
    due: datetime
    occurrence: str | None = None
    on: date | None = None
    never: Literal["excluded", "gap"] | None = None
    does: tuple[Action, ...] = ()


def once(plan: ScheduleSet, step: Step) -> Firing:
    assert step.once is not None
    return _firing(plan, step, step.key, step.once.astimezone(UTC), plan.zone)


def relative(plan: ScheduleSet, step: Step, to: AnchorsSet) -> Firing:
    """For one occurrence."""
    assert step.relative is not None
    when = read_when(step.relative)
    assert isinstance(when, Relative)
    nominal = moment_of(when, getattr(to, when.anchor), ZoneInfo(to.zone)).astimezone(UTC)
    found = _firing(plan, step, f"{step.key}:{to.occurrence}", nominal, to.zone)
    return found._replace(occurrence=to.occurrence)


def recurring(plan: ScheduleSet, step: Step, since: date) -> Iterator[Firing]:
    """Those from a date on. Their moments follow from wall times by the rules of zones of today."""
    rule = step.recurring
    assert rule is not None
    zone = ZoneInfo(plan.zone)
    for on in dates_of(rule).between(since):
        wall = datetime.combine(on, rule.at)
        moment, met = settled(wall, zone, rule.fold)
        found = _firing(plan, step, f"{step.key}:{on}", moment, plan.zone)._replace(on=on)
        if on in plan.exclude:
            yield found._replace(never="excluded")
        elif met == "gap" and rule.gap == "skip":
            yield found._replace(never="gap")
        else:
            yield found._replace(never=None)


def dates_of(rule: Recurring) -> Dates:
    return Dates(rule.rule, rule.first, last=rule.missing_day == "last")


def jitter(schedule: str, nominal: datetime, most: int) -> timedelta:
    """So much later than declared: by chance at first sight, and the same whoever asks."""
    if not most:
        return timedelta()
    digest = sha256(f"{schedule} {nominal.astimezone(UTC):%Y-%m-%dT%H:%M:%S}".encode()).digest()
    return timedelta(seconds=int.from_bytes(digest[:8], "big") % (most + 1))


def _firing(plan: ScheduleSet, step: Step, key: str, nominal: datetime, zone: str) -> Firing:
    due = nominal + jitter(plan.schedule, nominal, plan.jitter)
    excluded = local(nominal, ZoneInfo(zone)).date() in plan.exclude
    never: Literal["excluded"] | None = "excluded" if excluded else None
    return Firing(key, step.key, step.action, nominal, due, never=never, does=step.does)
