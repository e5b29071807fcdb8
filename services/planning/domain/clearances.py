"""Clearances: what keeps an occurrence from a step, and who takes it on themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from roadcase.decider import Event
from services.planning.commands import KeepClearance, OverrideClearance, SetClearance
from services.planning.domain.refusals import LegalStop, NoClearance, OverrideTimes, SamePerson
from services.planning.domain.state import ORDER, OVER, RANK, Occurrence, must_not_be_over
from services.planning.events import ClearanceSet, OverrideAsked, State

LONGEST: Final = timedelta(days=7)
ROOM: Final = 170  # characters of a reason, with some to spare for what is before
CREW: Final = "crew"
SUPPLIERS: Final = "suppliers"
_KEPT: Final = "planning/"  # the source of those that planning keeps itself, with their names


def missing(occurrence: Occurrence, step: State, at: datetime) -> tuple[str, ...]:
    """The clearances that keep it from a step at this moment.

    What keeps it from an earlier step that was not taken keeps it from this one; but it ends.
    """
    steps = {step}
    if RANK[step] <= RANK["live"]:
        steps |= {*ORDER[RANK[occurrence.state] + 1 : RANK[step]]}
    return tuple(
        name
        for name, each in sorted(occurrence.clearances.items())
        if steps & {*each.blocks} and not each.granted and not _overridden(occurrence, name, at)
    )


def _overridden(occurrence: Occurrence, name: str, at: datetime) -> bool:
    holds = [each for each in occurrence.overrides.get(name, ()) if at < each.until]
    return bool(holds) and len({each.by for each in holds}) >= max(each.needs for each in holds)


def in_words(parts: Iterable[str], more: int = 0) -> str:
    """As many of these as a reason has room for, and how many there are besides."""
    every = list(parts)
    told = ""
    for number, each in enumerate(every):
        longer = f"{told}, {each}" if told else each
        if len(longer) > ROOM:
            more += len(every) - number
            break
        told = longer
    if not told:
        return f"{more} of them"
    return f"{told} and {more} more" if more else told


def people_missing(events: Iterable[Event]) -> int:
    """How many more have to ask after the one whose command became these events."""
    asked = [event for event in events if isinstance(event, OverrideAsked)]
    return max((event.needs - event.number for event in asked), default=0)


def set_clearance(occurrence: Occurrence, cmd: SetClearance, _at: datetime) -> Iterator[Event]:
    must_not_be_over(occurrence, cmd.occurrence)
    event = ClearanceSet(**dict(cmd))
    if occurrence.clearances.get(cmd.clearance) != event:
        yield event


def keep(occurrence: Occurrence, cmd: KeepClearance, _at: datetime) -> Iterator[ClearanceSet]:
    """Asked by what was heard: it says nothing of who is not there, or where it is over."""
    before = occurrence.clearances.get(cmd.clearance)
    source = f"{_KEPT}{cmd.clearance}"
    theirs = before is not None and before.source != source
    if occurrence.applied is None or occurrence.state in OVER or theirs:
        return
    if before is None and not cmd.missing:
        return
    about = cmd.model_dump(exclude={"missing"})
    event = ClearanceSet(
        **about,
        granted=not cmd.missing,
        blocks=("doors",),
        source=source,
        missing=cmd.missing,
    )
    if event != before:
        yield event


def override(occurrence: Occurrence, cmd: OverrideClearance, at: datetime) -> Iterator[Event]:
    must_not_be_over(occurrence, cmd.occurrence)
    clearance = occurrence.clearances.get(cmd.clearance)
    if clearance is None:
        raise NoClearance(clearance=cmd.clearance)
    if clearance.legal:
        raise LegalStop(clearance=cmd.clearance, code=clearance.code)
    if not at < cmd.until <= at + LONGEST:
        raise OverrideTimes(until=cmd.until)
    asked = [each for each in occurrence.overrides.get(cmd.clearance, ()) if at < each.until]
    people = {each.by for each in asked} | {cmd.by}
    event = OverrideAsked(**dict(cmd), number=len(people))
    if event in asked:
        return
    if cmd.needs > 1 and any(each.by == cmd.by for each in asked):
        raise SamePerson(by=cmd.by)
    yield event


def was_set(occurrence: Occurrence, event: ClearanceSet) -> None:
    occurrence.clearances[event.clearance] = event
    occurrence.overrides.pop(event.clearance, None)  # they were of what it was before
    occurrence.blocked.clear()


def was_asked(occurrence: Occurrence, event: OverrideAsked) -> None:
    occurrence.overrides.setdefault(event.clearance, []).append(event)
    occurrence.blocked.clear()
