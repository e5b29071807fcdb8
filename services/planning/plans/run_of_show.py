"""The run of show that a manifest declares, or that its programme makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from services.planning.commands import PlanShow
from services.planning.domain.rundown import Show, announced, rundown
from services.planning.events import CueAct, PlannedCue, ShowPlanned
from services.planning.manifest.night import Programme
from services.planning.manifest.show import Cue
from services.planning.plans.declared import Declared
from services.planning.plans.effects import Effect


def show_of(new: Declared, revision: int) -> PlanShow:
    """Without cues if it has neither programme nor run of show."""
    walls = new.hours.walls
    curfew = walls.get("curfew")
    return PlanShow(
        occurrence=new.name,
        revision=revision,
        title=new.manifest.spec.title,
        zone=new.zone.key,
        begins_at=new.instant(walls.get("doors", new.starts)),
        cues=tuple(_cues(new)),
        curfew=new.instant(curfew) if curfew else None,
    )


def effects_of(old: Declared | None, new: Declared) -> Iterator[Effect]:
    """What planning does: how long the show is, and where cues meet that should not."""
    before = _told(old) if old else None
    for words in (now := _told(new)) or ():
        if now != before:
            yield Effect("planning", words)
    if before and not now:
        yield Effect("planning", "has no run of show any more")


def _told(of: Declared) -> list[str]:
    timed = rundown(Show(planned=ShowPlanned(**dict(show_of(of, 1)))), of.instant(of.starts))
    if timed is None or not timed.cues:
        return []
    over = max(each.ends_at for each in timed.cues).astimezone(of.zone)
    found = [f"plans a run of show of {len(timed.cues)} cues, over at {over:%H:%M}"]
    for each in timed.cues:
        if each.overlap_seconds:
            minutes = -(-each.overlap_seconds // 60)
            found.append(f'cue "{each.key}" starts {minutes} min before all before it is over')
    return found


def works_at(new: Declared) -> dict[str, datetime]:
    """When each work of the programme begins as it was announced, in UTC, by its key."""
    programme = new.manifest.spec.programme
    if programme is None:
        return {}
    planned = ShowPlanned(**dict(show_of(new, 1)))
    cues = (each.key for each in planned.cues)
    found = dict(zip(cues, announced(planned), strict=True))
    return {each.key: found[each.key] for each in programme.works if each.key in found}


def _cues(new: Declared) -> Iterator[PlannedCue]:
    spec = new.manifest.spec
    if spec.run_of_show is not None:
        yield from (_declared(new, each) for each in spec.run_of_show.cues)
    elif spec.programme is not None:
        yield from _of_programme(new, spec.programme)


def _declared(new: Declared, cue: Cue) -> PlannedCue:
    return PlannedCue(
        key=cue.key,
        title=cue.title,
        minutes=cue.minutes,
        at=new.moment(cue.at),
        who=cue.who,
        acts=tuple(CueAct(to=each.to, do=each.do, target=each.target) for each in cue.acts),
    )


def _of_programme(new: Declared, programme: Programme) -> Iterator[PlannedCue]:
    """Doors and the start keep their times; what follows does so as the one before is over."""
    works = {each.key: each for each in programme.works}
    breaks = {each.after: each for each in programme.intervals}
    names = _Names(works)
    opens, starts = new.hours.walls.get("doors"), new.instant(new.starts)
    if opens is not None:
        at = new.instant(opens)
        minutes = (starts - at) // timedelta(minutes=1)
        yield PlannedCue(key=names.free("doors"), title="Doors", minutes=minutes, at=at)
    at_start: datetime | None = starts
    if programme.opening:
        welcome = names.free("welcome")
        yield PlannedCue(key=welcome, title="Welcome", minutes=programme.opening, at=at_start)
        at_start = None
    for key in programme.order or works:
        work = works[key]
        yield PlannedCue(key=names.of(key), title=work.title, minutes=work.minutes, at=at_start)
        at_start = None
        if key in breaks:
            title = breaks[key].title or "Interval"
            pause = names.free(f"after-{key}")
            yield PlannedCue(key=pause, title=title, minutes=breaks[key].minutes)
    yield PlannedCue(key=names.free("end"), title="End", minutes=0)


class _Names:
    """Keys of cues. A work keeps its own; if it is shown twice, the second time is another cue."""

    def __init__(self, works: Iterable[str]) -> None:
        self._taken = {*works}
        self._shown: set[str] = set()

    def of(self, work: str) -> str:
        if work in self._shown:
            return self.free(work)
        self._shown.add(work)
        return work

    def free(self, key: str) -> str:
        while key in self._taken:
            key = f"{key}-"
        self._taken.add(key)
        return key
