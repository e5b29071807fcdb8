"""The facts of the stalls of an occurrence: who has them, what they took, what they owe."""

from __future__ import annotations

from datetime import date

import msgspec

from roadcase.decider import Event
from roadcase.money import Money


class StallFee(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Fixed, and a share of the takings in basis points: not below the floor, nor above the cap."""

    fixed: Money | None = None
    share: int | None = None
    floor: Money | None = None
    cap: Money | None = None


class PlannedStall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place. `supplier`: whose it is to be, if anybody's; `documents`: what they must show."""

    stall: str
    supplier: str | None = None
    documents: tuple[str, ...] = ()
    fee: StallFee | None = None


class UnfitStall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A stall that nobody has: `supplier` is to have it, or lost it. `reasons`: why, codes."""

    stall: str
    supplier: str
    reasons: tuple[str, ...]


class MarketPlanned(Event, frozen=True, kw_only=True):
    """Its stalls from now on, in full. `first` and `last`: the days from load-in to load-out.

    `draft`: nobody acts on it yet, so that suppliers are not waited for.
    """

    topic = "planning.market_planned.v1"

    occurrence: str
    revision: int
    first: date
    last: date
    stalls: tuple[PlannedStall, ...]
    currency: str | None = None
    draft: bool = False


class MarketOpened(Event, frozen=True, kw_only=True):
    """It is no draft any more."""

    topic = "planning.market_opened.v1"

    occurrence: str


class StallOffered(Event, frozen=True, kw_only=True):
    """A manifest names the supplier who is to have it: they get it as soon as they are fit for it.

    Again whenever the days or the documents are others. `revision`: of that manifest.
    """

    topic = "planning.stall_offered.v1"

    occurrence: str
    stall: str
    supplier: str
    revision: int
    first: date
    last: date
    documents: tuple[str, ...] = ()


class StallOfferWithdrawn(Event, frozen=True, kw_only=True):
    """They are not waited for any more. `why`: a code."""

    topic = "planning.stall_offer_withdrawn.v1"

    occurrence: str
    stall: str
    supplier: str
    revision: int
    why: str


class StallUnfit(Event, frozen=True, kw_only=True):
    """A supplier who is to have it is not fit for it. `reasons`: codes, each with what it is of."""

    topic = "planning.stall_unfit.v1"

    occurrence: str
    stall: str
    supplier: str
    reasons: tuple[str, ...]


class MarketChecked(Event, frozen=True, kw_only=True):
    """Which stalls nobody has since a supplier is not fit, whenever that changes.

    `unfit`: the first 20 by their keys; `others`: how many there are besides.
    """

    topic = "planning.market_checked.v1"

    occurrence: str
    unfit: tuple[UnfitStall, ...] = ()
    others: int = 0


class StallBooked(Event, frozen=True, kw_only=True):
    """A supplier has it, for the fee as it is now, whatever a manifest says later.

    `engagement`: which of theirs it is, here and in what follows.
    """

    topic = "planning.stall_booked.v1"

    occurrence: str
    stall: str
    supplier: str
    fee: StallFee | None = None
    engagement: int = 0


class StallNotBooked(Event, frozen=True, kw_only=True):
    """A supplier was to have it and does not. `why`: a code."""

    topic = "planning.stall_not_booked.v1"

    occurrence: str
    stall: str
    supplier: str
    why: str
    engagement: int = 0


class StallChanged(Event, frozen=True, kw_only=True):
    """It is booked, and on other days than before, or for other documents."""

    topic = "planning.stall_changed.v1"

    occurrence: str
    stall: str
    supplier: str
    first: date
    last: date
    documents: tuple[str, ...] = ()
    engagement: int = 0


class StallFreed(Event, frozen=True, kw_only=True):
    """A supplier does not have it any more. `why`: a code."""

    topic = "planning.stall_freed.v1"

    occurrence: str
    stall: str
    supplier: str
    why: str
    engagement: int = 0


class StallTakingsReported(Event, frozen=True, kw_only=True):
    """What a supplier took there that night; the last report counts."""

    topic = "planning.stall_takings_reported.v1"

    occurrence: str
    stall: str
    supplier: str
    report: str
    takings: Money


class MarketClosed(Event, frozen=True, kw_only=True):
    """The night is over: fees are charged as soon as they can be worked out."""

    topic = "planning.market_closed.v1"

    occurrence: str


class MarketCalledOff(Event, frozen=True, kw_only=True):
    """The night does not take place: nobody has a stall, and nobody is waited for."""

    topic = "planning.market_called_off.v1"

    occurrence: str


class StallFeeCharged(Event, frozen=True, kw_only=True):
    """What a supplier owes for a stall and a night: one of these stands at most.

    `share`: the part of it that is a share of the takings.
    """

    topic = "planning.stall_fee_charged.v1"

    occurrence: str
    stall: str
    supplier: str
    charge: str
    amount: Money
    fixed: Money
    share: Money
    takings: Money | None = None


class StallFeeReversed(Event, frozen=True, kw_only=True):
    """A charge is taken back, whole. `amount`: that of the charge, with its sign turned."""

    topic = "planning.stall_fee_reversed.v1"

    occurrence: str
    stall: str
    supplier: str
    charge: str
    amount: Money
    reason: str


class StallFeeWaived(Event, frozen=True, kw_only=True):
    """Nothing is owed for it, whatever is reported later."""

    topic = "planning.stall_fee_waived.v1"

    occurrence: str
    stall: str
    supplier: str
    reason: str


class StallholdersTold(Event, frozen=True, kw_only=True):
    """What suppliers are told, and whom of them: those who have a stall then, each once."""

    topic = "planning.stallholders_told.v1"

    occurrence: str
    telling: str
    subject: str
    text: str
    suppliers: tuple[str, ...] = ()
