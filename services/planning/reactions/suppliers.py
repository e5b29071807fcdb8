"""Stalls follow manifests, suppliers and nights. What is asked for here is never refused."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Final

from msgspec import structs

from roadcase.decider import Command, Heard
from roadcase.reaction import Reaction
from services.planning.commands import (
    CallOffMarket,
    CloseMarket,
    LoseStall,
    ReleaseSupplier,
    RenewEngagement,
    TakeStall,
)
from services.planning.commands.fields import State
from services.planning.plans.declared import declared
from services.planning.plans.market import market_of


class ManifestApplied(Heard, frozen=True, kw_only=True):
    topics = ("planning.manifest_applied.v1",)

    revision: int
    manifest: dict[str, Any]


class OccurrenceAdvanced(Heard, frozen=True, kw_only=True):
    topics = ("planning.occurrence_advanced.v1",)

    occurrence: str
    state: State


class OccurrenceCancelled(Heard, frozen=True, kw_only=True):
    topics = ("planning.occurrence_cancelled.v1",)

    occurrence: str


class Engagement(Heard, frozen=True, kw_only=True):
    topics: ClassVar[tuple[str, ...]] = ()

    supplier: str
    occurrence: str
    stall: str
    first: date
    last: date
    documents: tuple[str, ...] = ()


class SupplierEngaged(Engagement, frozen=True, kw_only=True):
    topics = ("planning.supplier_engaged.v1",)


class StallChanged(Engagement, frozen=True, kw_only=True):
    topics = ("planning.stall_changed.v1",)


class SupplierReleased(Heard, frozen=True, kw_only=True):
    topics = ("planning.supplier_released.v1",)

    supplier: str
    occurrence: str
    stall: str
    why: str


class StallLost(Heard, frozen=True, kw_only=True):
    """A supplier does not have a stall any more, or did not get it."""

    topics = ("planning.stall_freed.v1", "planning.stall_not_booked.v1")

    supplier: str
    occurrence: str
    stall: str
    why: str


def plan_market(event: ManifestApplied) -> list[Command]:
    return [market_of(declared(event.manifest), event.revision)]


def end_market(event: OccurrenceAdvanced) -> list[Command]:
    return [CloseMarket(occurrence=event.occurrence)] if event.state == "closed" else []


def call_off_market(event: OccurrenceCancelled) -> list[Command]:
    return [CallOffMarket(occurrence=event.occurrence)]


def take_stall(event: SupplierEngaged) -> list[Command]:
    return [TakeStall(**structs.asdict(event))]


def renew_engagement(event: StallChanged) -> list[Command]:
    return [RenewEngagement(**structs.asdict(event))]


def lose_stall(event: SupplierReleased) -> list[Command]:
    return [LoseStall(**structs.asdict(event))]


def release_supplier(event: StallLost) -> list[Command]:
    return [ReleaseSupplier(**structs.asdict(event))]


REACTIONS: Final = (
    Reaction("plan-markets", ManifestApplied, plan_market, from_start=True),
    Reaction("end-markets", OccurrenceAdvanced, end_market, from_start=True),
    Reaction("call-off-markets", OccurrenceCancelled, call_off_market, from_start=True),
    Reaction("take-stalls", SupplierEngaged, take_stall, from_start=True),
    Reaction("renew-engagements", StallChanged, renew_engagement, from_start=True),
    Reaction("lose-stalls", SupplierReleased, lose_stall, from_start=True),
    Reaction("release-suppliers", StallLost, release_supplier, from_start=True),
)
