"""Stalls follow nights, suppliers and each other. What is asked for here is never refused.

All that one stream tells another is one reaction, since only what one reaction hears is in order: a
supplier who is engaged and at once released has no stall in the end. What crosses on its way is
told apart by the number of the engagement that it is about.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from roadcase.decider import Command, Heard
from roadcase.reaction import Reaction
from services.planning.commands import (
    AwaitSupplier,
    AwaitSupplierNoMore,
    CallOffMarket,
    CloseMarket,
    LoseStall,
    NoteStallUnfit,
    OpenMarket,
    ReleaseSupplier,
    RenewEngagement,
    TakeStall,
)
from services.planning.commands.fields import State
from services.planning.plans.declared import declared
from services.planning.plans.market import market_of


class Night(Heard, frozen=True, kw_only=True):
    """With a `manifest` it is declared, with a `state` it goes on, without both it is cancelled."""

    topics = (
        "planning.manifest_applied.v1",
        "planning.occurrence_advanced.v1",
        "planning.occurrence_cancelled.v1",
    )

    occurrence: str
    revision: int = 0
    manifest: dict[str, Any] | None = None
    draft: bool = False
    state: State | None = None


class Stall(Heard, frozen=True, kw_only=True):
    """Somebody's: with days it is theirs on these, without any it is not."""

    supplier: str
    occurrence: str
    stall: str
    first: date | None = None
    last: date | None = None
    documents: tuple[str, ...] = ()
    why: str = ""
    engagement: int = 0


class OfSupplier(Stall, frozen=True, kw_only=True):
    """With `reasons` they wait for it."""

    topics = (
        "planning.supplier_engaged.v1",
        "planning.supplier_released.v1",
        "planning.supplier_waits.v1",
    )

    named: bool = False
    renewed: bool = False
    reasons: tuple[str, ...] = ()


class OfMarket(Stall, frozen=True, kw_only=True):
    """With a `revision` it is about whom the manifest of that names, not about who has it."""

    topics = (
        "planning.stall_offered.v1",
        "planning.stall_offer_withdrawn.v1",
        "planning.stall_changed.v1",
        "planning.stall_freed.v1",
        "planning.stall_not_booked.v1",
    )

    revision: int | None = None


def follow_night(event: Night) -> list[Command]:
    if event.manifest is not None:
        return [market_of(declared(event.manifest), event.revision, draft=event.draft)]
    if event.state is None:
        return [CallOffMarket(occurrence=event.occurrence)]
    if event.state == "planned":
        return [OpenMarket(occurrence=event.occurrence)]
    return [CloseMarket(occurrence=event.occurrence)] if event.state == "closed" else []


def follow_supplier(event: OfSupplier) -> list[Command]:
    if event.renewed:
        return []  # the market said so itself
    if event.reasons:
        return [NoteStallUnfit(**_which(event), reasons=event.reasons)]
    if event.first is None:
        return [LoseStall(**_which(event), why=event.why)]
    number = {"engagement": event.engagement}
    return [TakeStall(**_which(event), **number, **_days(event), named=event.named)]


def follow_market(event: OfMarket) -> list[Command]:
    if event.revision is not None:
        if event.first is None:
            return [AwaitSupplierNoMore(**_which(event), why=event.why)]
        return [AwaitSupplier(**_which(event), **_days(event))]
    number = {"engagement": event.engagement}
    if event.first is None:
        return [ReleaseSupplier(**_which(event), **number, why=event.why)]
    return [RenewEngagement(**_which(event), **number, **_days(event))]


def _which(event: Stall) -> dict[str, Any]:
    return {"supplier": event.supplier, "occurrence": event.occurrence, "stall": event.stall}


def _days(event: Stall) -> dict[str, Any]:
    return {"first": event.first, "last": event.last, "documents": event.documents}


REACTIONS: Final = (
    Reaction("plan-markets", Night, follow_night, from_start=True),
    Reaction("tell-markets-of-suppliers", OfSupplier, follow_supplier, from_start=True),
    Reaction("tell-suppliers-of-markets", OfMarket, follow_market, from_start=True),
)
