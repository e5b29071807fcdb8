"""What a manifest declares to be done when: its schedules, and its notifications as one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from hashlib import sha256
from typing import Any, Final

from roadcase.triggers import Action
from services.planning.events.schedules import Anchors, PlannedSchedule, Recurring, Step
from services.planning.manifest import schedules as written
from services.planning.manifest.people import SENT_TO, Notice
from services.planning.manifest.rules.schedules import NOTICES
from services.planning.manifest.times import At, Relative
from services.planning.manifest.triggers import DONE_BY
from services.planning.plans.declared import Declared
from services.planning.plans.triggers import action_of
from services.planning.timing.nights import series_of

_DAY: Final = 24 * 3600
_LONGEST: Final = 64  # characters of an id
_SENT: Final = {
    "holders": {"does": "messageGuests", "service": "ticketing"},
    "waiting": {"does": "messageWaiting", "service": "ticketing"},
    "suppliers": {"does": "tellSuppliers", "service": "planning"},
}


def schedules_of(new: Declared) -> tuple[PlannedSchedule, ...]:
    """Of an event, or of one night of a series."""
    return tuple(_of_event(new))


def anchors_of(new: Declared) -> Anchors:
    return Anchors(
        zone=new.zone.key,
        doors=new.instant(new.hours.walls.get("doors", new.starts)),
        start=new.instant(new.starts),
        end=new.instant(new.ends),
    )


def recurring_of(data: Mapping[str, Any]) -> tuple[PlannedSchedule, ...]:
    """Of a series: what is done again and again, whatever nights there are."""
    series = series_of(data)
    owner, zone = series.metadata.name, series.spec.schedule.zone
    found = (
        _planned(owner, zone, each, tuple(_recurring(job) for job in each.jobs if job.every))
        for each in series.spec.schedules
    )
    return tuple(each for each in found if each.steps)


def schedule_id(owner: str, key: str) -> str:
    """A long one is cut, and told from others that begin alike."""
    whole = f"{owner}_{key}"
    if len(whole) <= _LONGEST:
        return whole
    return f"{whole[: _LONGEST - 17]}_{sha256(whole.encode()).hexdigest()[:16]}"


def _of_event(new: Declared) -> Iterator[PlannedSchedule]:
    spec = new.manifest.spec
    data = new.data["spec"]
    for number, each in enumerate(spec.schedules):
        times = [job.get("at") for job in data["schedules"][number]["jobs"]]
        steps = tuple(_step(new, job, at) for job, at in zip(each.jobs, times, strict=True))
        yield _planned(new.name, new.zone.key, each, steps)
    sent = [
        _notice(new, each, data[NOTICES][number]["send"])
        for number, each in enumerate(spec.notifications)
        if each.to in SENT_TO
    ]
    if sent:
        zone, id_ = new.zone.key, schedule_id(new.name, NOTICES)
        yield PlannedSchedule(schedule=id_, zone=zone, steps=tuple(sent), catch_up=_DAY)


def _planned(owner: str, zone: str, of: written.Schedule, steps: Sequence[Step]) -> PlannedSchedule:
    return PlannedSchedule(
        schedule=schedule_id(owner, of.key),
        zone=zone,
        steps=tuple(steps),
        overlap=of.overlap,
        catch_up=_DAY if of.catch_up is None else of.catch_up,
        jitter=of.jitter or 0,
        exclude=of.exclude,
        pause_on_failure=of.pause_on_failure,
    )


def _step(new: Declared, job: written.Job, at: str | None) -> Step:
    if job.every is not None:
        return _recurring(job)
    return _at(new, job.key, job.at, at, tuple(action_of(each) for each in job.do))


def _recurring(job: written.Job) -> Step:
    every = job.every
    assert every is not None
    does = tuple(action_of(each) for each in job.do)
    rule = Recurring(
        first=every.first,
        at=time(every.at.hour, every.at.minute),
        rule=every.rule,
        missing_day=every.missing_day,
        gap=every.gap,
        fold=every.fold,
    )
    return Step(key=job.key, action=does[0].does, recurring=rule, does=does)


def _at(
    new: Declared, key: str, when: At | Relative | None, text: str | None, does: tuple[Action, ...]
) -> Step:
    """What is relative stays so, and follows the event; what has a day is once."""
    if isinstance(when, Relative):
        return Step(key=key, action=does[0].does, relative=text, does=does)
    return Step(key=key, action=does[0].does, once=new.moment(when), does=does)


def _notice(new: Declared, of: Notice, text: str) -> Step:
    if (sent := _SENT.get(of.to)) is not None:
        does = Action(**sent, about={"subject": of.subject, "text": of.text})
    else:
        words = f"{of.subject}: {of.text}"
        roles = {"roles": list(of.roles)} if of.roles else {}
        does = Action(does="tellCrew", service="planning", about={"text": words, **roles})
    return _at(new, of.key, of.send, text, (does,))


def not_told(spec: Mapping[str, Any]) -> Iterator[str]:
    """Notifications that nobody sends yet, and jobs that nobody does, by their paths."""
    for each in spec.get(NOTICES, ()):
        if each["to"] not in SENT_TO:
            yield f"{NOTICES}[{each['key']}]"
    for schedule in spec.get("schedules", ()):
        for job in schedule["jobs"]:
            found = (does for action in job["do"] for does in action)
            for does in found:
                if DONE_BY.get(does) is None:
                    yield f"schedules[{schedule['key']}].{job['key']}.{does}"
