"""Triggers of an occurrence: its own facts and its timer fire them; it does what is its part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from roadcase.decider import Event
from roadcase.triggers import Action, Fact, Firing, Value
from services.planning.commands import ApplyManifest, HearFiring, NoteCue
from services.planning.domain.state import OVER, Occurrence, must_be_there
from services.planning.events import (
    CrewTold,
    CueCalled,
    FiringHeard,
    OccurrenceAdvanced,
    OccurrenceCancelled,
    OccurrenceInterrupted,
    OccurrencePostponed,
    OccurrenceResumed,
    SuppliersCalled,
    TriggerFired,
    TriggerPassed,
    TriggersPlanned,
)

HERE: Final = "planning"


def planned_triggers(
    occurrence: Occurrence, cmd: ApplyManifest, at: datetime
) -> Iterator[TriggersPlanned]:
    """If they are not as they were."""
    watch = occurrence.watch
    if cmd.triggers != tuple(watch.declared.values()):
        yield TriggersPlanned(
            occurrence=cmd.occurrence,
            triggers=cmd.triggers,
            since={each.key: watch.since.get(each.key, at) for each in cmd.triggers},
            new=tuple(each.key for each in cmd.triggers if each.key not in watch.declared),
        )


def notice(occurrence: Occurrence, events: Sequence[Event], _at: datetime) -> Iterable[Event]:
    """What fires because of what just happened, in the same commit."""
    return _noticed(occurrence, events) if occurrence.watch.declared else ()


def _noticed(occurrence: Occurrence, events: Sequence[Event]) -> Iterator[Event]:
    new: tuple[str, ...] = ()
    facts: list[Fact] = []
    for event in events:
        if isinstance(event, TriggersPlanned):
            new = event.new
        elif (read := _FACTS.get(type(event))) is not None:
            facts.append(read(occurrence, event))
    so_now = _so_now(occurrence) if new else ()
    assert occurrence.applied is not None
    for firing in occurrence.watch.firings(facts, so_now, new):
        yield from fired(occurrence.applied.occurrence, firing)


def _so_now(occurrence: Occurrence) -> Iterator[Fact]:
    yield Fact("step_taken", occurrence.state, {"step": occurrence.state})
    if occurrence.interrupted:
        why = occurrence.interruptions[-1]
        yield Fact("interrupted", str(len(occurrence.interruptions)), {"why": why})
    if occurrence.postponed:
        yield Fact("postponed", occurrence.postponed, {})


def _advanced(_occurrence: Occurrence, event: OccurrenceAdvanced) -> Fact:
    return Fact("step_taken", event.state, {"step": event.state, "why": event.why})


def _interrupted(occurrence: Occurrence, event: OccurrenceInterrupted) -> Fact:
    return Fact("interrupted", str(len(occurrence.interruptions)), {"why": event.why})


def _resumed(occurrence: Occurrence, _event: OccurrenceResumed) -> Fact:
    return Fact("resumed", str(len(occurrence.interruptions)), {})


def _postponed(_occurrence: Occurrence, event: OccurrencePostponed) -> Fact:
    return Fact("postponed", event.postponement, {})


def _cancelled(_occurrence: Occurrence, event: OccurrenceCancelled) -> Fact:
    return Fact("cancelled", "once", {"step": event.was})


_FACTS: Final[Mapping[type[Event], Callable[[Occurrence, Any], Fact]]] = {
    OccurrenceAdvanced: _advanced,
    OccurrenceInterrupted: _interrupted,
    OccurrenceResumed: _resumed,
    OccurrencePostponed: _postponed,
    OccurrenceCancelled: _cancelled,
}


def deadline(occurrence: Occurrence) -> datetime | None:
    """When the time of a trigger comes next; none while nobody knows when the night is."""
    return None if _waits(occurrence) else occurrence.watch.next_due()


def _waits(occurrence: Occurrence) -> bool:
    return occurrence.postponed is not None or occurrence.state in {"draft", *OVER}


def fire_due(occurrence: Occurrence, name: str, at: datetime, step: str) -> Iterator[Event]:
    """Those whose time has come. `step`: how far the night has come by then."""
    if occurrence.applied is None or _waits(occurrence):
        return
    fields: dict[str, Value] = {"step": step}
    for due in occurrence.watch.due(at, fields):
        yield TriggerPassed(
            occurrence=name,
            trigger=due.trigger,
            moment=due.moment,
            fired=due.firing is not None,
        )
        if due.firing is not None:
            yield from fired(name, due.firing)


def fired(name: str, firing: Firing) -> Iterator[Event]:
    yield TriggerFired(
        occurrence=name,
        firing=firing.id,
        trigger=firing.trigger,
        fact=firing.fact,
        reason=firing.reason,
        about=firing.fields,
        actions=firing.actions,
    )
    yield from _done(name, firing.id, firing.reason, firing.actions)


def note_cue(occurrence: Occurrence, cmd: NoteCue, _at: datetime) -> Iterator[Event]:
    """What the start of a cue fires: it is on record in another stream, and nothing else here."""
    must_be_there(occurrence, cmd.occurrence)
    started = Fact("cue_started", cmd.cue, {"cue": cmd.cue})
    for firing in occurrence.watch.firings([started]):
        yield from fired(cmd.occurrence, firing)


def hear(occurrence: Occurrence, cmd: HearFiring, _at: datetime) -> Iterator[Event]:
    must_be_there(occurrence, cmd.occurrence)
    yield FiringHeard(**dict(cmd))
    yield from _done(cmd.occurrence, f"{cmd.service}:{cmd.firing}", cmd.reason, cmd.actions)


def _done(name: str, firing: str, reason: str, actions: Iterable[Action]) -> Iterator[Event]:
    """What planning does itself: the crew, suppliers and the run of show hear of it."""
    for number, action in enumerate(actions):
        id_ = f"{firing}:{number}"
        if action.does == "tellCrew":
            roles = tuple(action.about.get("roles", ()))
            text = action.about["text"]
            yield CrewTold(occurrence=name, telling=id_, text=text, roles=roles, reason=reason)
        elif action.does == "cue":
            yield CueCalled(occurrence=name, cue=action.about["cue"], call=id_, reason=reason)
        elif action.does == "tellSuppliers":
            words = {each: action.about[each] for each in ("subject", "text")}
            yield SuppliersCalled(occurrence=name, telling=id_, **words, reason=reason)


def _were_planned(occurrence: Occurrence, event: TriggersPlanned) -> None:
    occurrence.watch.declare(event.triggers, event.since)


def _has_fired(occurrence: Occurrence, event: TriggerFired | FiringHeard) -> None:
    occurrence.watch.has_fired(event.trigger, event.firing)


def _has_passed(occurrence: Occurrence, event: TriggerPassed) -> None:
    occurrence.watch.has_passed(event.trigger, event.moment)


def _nothing(_occurrence: Occurrence, _event: Event) -> None:
    """Others hear of it."""


EVOLVE: Final[Mapping[type[Event], Callable[[Occurrence, Any], None]]] = {
    TriggersPlanned: _were_planned,
    TriggerFired: _has_fired,
    TriggerPassed: _has_passed,
    FiringHeard: _has_fired,
    CrewTold: _nothing,
    CueCalled: _nothing,
    SuppliersCalled: _nothing,
}
