"""What ticketing does because of triggers, its own and those of planning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

from roadcase.decider import Command, Heard
from roadcase.reaction import Reaction
from roadcase.triggers import Action, Trigger, Value
from services.ticketing.commands import (
    AskApproval,
    OpenChannel,
    PauseChannel,
    ReleaseNoShows,
    SetGateTriggers,
    SetSaleTriggers,
    TellGuests,
    TellWaiting,
)
from services.ticketing.commands.notices import SUBJECT

AT_GATES: Final = frozenset({"ticket_scanned"})
IN_SALES: Final = frozenset(
    {"order_confirmed", "order_placed", "tickets_sold", "zone_filled", "sold_out"}
)


class TriggersPlanned(Heard, frozen=True, kw_only=True):
    topics = ("planning.triggers_planned.v1",)

    occurrence: str
    triggers: tuple[Trigger, ...]


class Fired(Heard, frozen=True, kw_only=True):
    topics = (
        "planning.trigger_fired.v1",
        "ticketing.gate_trigger_fired.v1",
        "ticketing.sale_trigger_fired.v1",
    )

    occurrence: str
    firing: str
    about: dict[str, Value]
    actions: tuple[Action, ...]


def watch_sales(event: TriggersPlanned) -> list[Command]:
    """Those on facts of the box office."""
    ours = tuple(each for each in event.triggers if each.on in IN_SALES)
    return [SetSaleTriggers(occurrence=event.occurrence, triggers=ours)]


def watch_gates(event: TriggersPlanned) -> list[Command]:
    """Those on facts of the gates."""
    ours = tuple(each for each in event.triggers if each.on in AT_GATES)
    return [SetGateTriggers(occurrence=event.occurrence, triggers=ours)]


def act(event: Fired) -> list[Command]:
    """What of it is ours to do."""
    ours = enumerate(each for each in event.actions if each.service == "ticketing")
    return [_DO[each.does](event, each.about, number) for number, each in ours]


def _told(event: Fired, about: Mapping[str, Any], number: int) -> TellGuests:
    return TellGuests(
        occurrence=event.occurrence,
        notice=_notice(event, number),
        kind="words",
        subject=about["subject"][:SUBJECT],  # a longer one was taken before it was refused
        text=about["text"],
        firing=event.firing,
    )


def _told_waiting(event: Fired, about: Mapping[str, Any], number: int) -> TellWaiting:
    return TellWaiting(
        occurrence=event.occurrence,
        notice=_notice(event, number),
        subject=about["subject"],
        text=about["text"],
        firing=event.firing,
    )


def _notice(event: Fired, number: int) -> str:
    """Once for each firing, whatever characters its id has."""
    whole = sha256(f"{event.firing}:{number}".encode()).hexdigest()
    return f"trigger-{whole[:40]}"


_DO: Final[Mapping[str, Callable[[Fired, Mapping[str, Any], int], Command]]] = {
    "confirmSignup": lambda event, _about, _number: AskApproval(
        occurrence=event.occurrence, order=str(event.about["order"])
    ),
    "openChannel": lambda event, about, _number: OpenChannel(
        occurrence=event.occurrence, channel=about["channel"]
    ),
    "pauseChannel": lambda event, about, _number: PauseChannel(
        occurrence=event.occurrence, channel=about["channel"]
    ),
    "releaseNoShows": lambda event, about, _number: ReleaseNoShows(
        occurrence=event.occurrence, ticket_types=tuple(about.get("tickets", ()))
    ),
    "messageGuests": _told,
    "messageWaiting": _told_waiting,
}

REACTIONS: Final = (
    Reaction("watch-sales", TriggersPlanned, watch_sales, from_start=True),
    Reaction("watch-gates", TriggersPlanned, watch_gates, from_start=True),
    Reaction("act-on-triggers", Fired, act, from_start=True),
)
