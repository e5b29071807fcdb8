"""Triggers of the gates: who is let in fires them, in the commit of the scan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from roadcase.decider import Event
from roadcase.triggers import Fact, Value
from services.ticketing.commands import SetGateTriggers
from services.ticketing.domain.at_gates import Admission
from services.ticketing.domain.triggers import firing_of
from services.ticketing.events import Admitted, GateTriggerFired, GateTriggersSet


def set_triggers(
    admission: Admission, cmd: SetGateTriggers, _at: datetime
) -> Iterator[GateTriggersSet]:
    known = admission.watch.declared
    if cmd.triggers != tuple(known.values()):
        new = tuple(each.key for each in cmd.triggers if each.key not in known)
        yield GateTriggersSet(occurrence=cmd.occurrence, triggers=cmd.triggers, new=new)


def notice(admission: Admission, events: Sequence[Event], _at: datetime) -> Iterable[Event]:
    """What fires because of who was let in. Costs nothing where nothing is watched for."""
    return _noticed(admission, events) if admission.watch.declared else ()


def _noticed(admission: Admission, events: Sequence[Event]) -> Iterator[GateTriggerFired]:
    for event in events:
        if isinstance(event, Admitted):
            for firing in admission.watch.firings([_scanned(admission, event)]):
                yield GateTriggerFired(**firing_of(event.occurrence, firing))


def _scanned(admission: Admission, event: Admitted) -> Fact:
    fields: dict[str, Value] = {
        "ticket": event.ticket,
        "gate": event.gate,
        "entered": admission.entered,
        "inside": admission.occupancy,
    }
    return Fact("ticket_scanned", event.nonce, fields)


def _set(admission: Admission, event: GateTriggersSet) -> None:
    admission.watch.declare(event.triggers, {})


def _has_fired(admission: Admission, event: GateTriggerFired) -> None:
    admission.watch.has_fired(event.trigger, event.firing)


EVOLVE: Final[Mapping[type[Event], Callable[[Admission, Any], None]]] = {
    GateTriggersSet: _set,
    GateTriggerFired: _has_fired,
}
