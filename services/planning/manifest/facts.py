"""The facts that triggers wait for: who finds each out, its fields, and what it is in words."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from services.planning.manifest.steps import IN_ORDER

Kind = Literal["number", "text", "amount", "yes or no"]


class FactField(NamedTuple):
    """`choices`: what it can be; empty: anything. `entries`: of which list it is a key."""

    kind: Kind
    choices: tuple[str, ...] = ()
    entries: str | None = None


class FactKind(NamedTuple):
    """`lasting`: it is still so later, and a trigger that is declared later can catch up."""

    service: str
    says: str
    fields: dict[str, FactField]
    lasting: bool = False


_NUMBER: Final = FactField("number")
_TEXT: Final = FactField("text")
_STEP: Final = FactField("text", ("planned", *(each.name for each in IN_ORDER)))
_CHANNEL: Final = FactField("text", ("web", "drop", "till", "offer", "order", "import", "given"))
_WHY: Final = FactField("text", ("weather", "power", "safety", "artist", "other"))
_SOLD: Final = {"sold": _NUMBER, "percent": _NUMBER}

FACTS: Final[dict[str, FactKind]] = {
    "order_confirmed": FactKind(
        "ticketing",
        "an order is sold",
        {
            "order": _TEXT,
            "channel": _CHANNEL,
            "tickets": _NUMBER,
            "amount": FactField("amount"),
        },
    ),
    "order_placed": FactKind(
        "ticketing",
        "somebody signed up, and the order waits for approval or payment",
        {
            "order": _TEXT,
            "tickets": _NUMBER,
            "amount": FactField("amount"),
            "approval": FactField("yes or no"),
        },
        lasting=True,
    ),
    "tickets_sold": FactKind(
        "ticketing", "tickets were sold: how many places then, of all", _SOLD, lasting=True
    ),
    "zone_filled": FactKind(
        "ticketing",
        "tickets of a zone were sold: how many of its places then",
        {"zone": FactField("text", entries="capacity.zones"), **_SOLD},
        lasting=True,
    ),
    "sold_out": FactKind("ticketing", "the last ticket is sold", {"sold": _NUMBER}, lasting=True),
    "ticket_scanned": FactKind(
        "ticketing",
        "a ticket was let in: how many people ever were, and are inside",
        {"ticket": _TEXT, "gate": _TEXT, "entered": _NUMBER, "inside": _NUMBER},
    ),
    "step_taken": FactKind(
        "planning",
        "the event goes on",
        {"step": _STEP, "why": FactField("text", ("asked", "scheduled"))},
        lasting=True,
    ),
    "cue_started": FactKind(
        "planning",
        "a cue of the run of show starts",
        {"cue": FactField("text", entries="runOfShow.cues")},
    ),
    "interrupted": FactKind("planning", "the event stops for a while", {"why": _WHY}, lasting=True),
    "resumed": FactKind("planning", "the event goes on after it was interrupted", {}),
    "postponed": FactKind("planning", "the event has no time any more", {}, lasting=True),
    "cancelled": FactKind("planning", "the event does not take place", {"step": _STEP}),
}
AT_A_TIME: Final = {"step": _STEP}  # what is known of the event when a moment comes
