"""What keeps doors closed: positions that nobody has, and stalls whose suppliers are not fit."""

from __future__ import annotations

from typing import Final

from roadcase.decider import Command, Heard
from roadcase.reaction import Reaction
from services.planning.commands import KeepClearance
from services.planning.domain.clearances import CREW, SUPPLIERS, in_words
from services.planning.events import MissingRole, UnfitStall


class Counted(Heard, frozen=True, kw_only=True):
    topics = ("planning.crew_counted.v1",)

    occurrence: str
    missing: tuple[MissingRole, ...] = ()


class Checked(Heard, frozen=True, kw_only=True):
    topics = ("planning.market_checked.v1",)

    occurrence: str
    unfit: tuple[UnfitStall, ...] = ()
    others: int = 0


def keep_crew(event: Counted) -> list[Command]:
    told = in_words(f"{each.count} {each.title} ({each.role})" for each in event.missing)
    return [
        KeepClearance(
            occurrence=event.occurrence,
            clearance=CREW,
            code="crew_missing",
            missing=tuple(each.role for each in event.missing),
            reason=f"Nobody yet: {told}" if event.missing else "Every position has somebody",
        )
    ]


def keep_suppliers(event: Checked) -> list[Command]:
    unfit = (f"{each.stall} {each.supplier}: {each.reasons[0]}" for each in event.unfit)
    told = in_words(unfit, event.others)
    return [
        KeepClearance(
            occurrence=event.occurrence,
            clearance=SUPPLIERS,
            code="supplier_not_fit",
            missing=tuple(each.stall for each in event.unfit),
            reason=f"Not fit: {told}" if event.unfit else "Whoever has a stall is fit for it",
        )
    ]


REACTIONS: Final = (
    Reaction("keep-crew-clearances", Counted, keep_crew, from_start=True),
    Reaction("keep-supplier-clearances", Checked, keep_suppliers, from_start=True),
)
