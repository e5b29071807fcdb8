"""What may be asked of the stalls of an occurrence. The key is its name."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field

from roadcase.decider import Command
from roadcase.fields import Price
from services.planning.commands.fields import Id, Label, Name
from services.planning.commands.suppliers import Kinds
from services.planning.events import PlannedStall


class PlanMarket(Command):
    """As a manifest declares them; none: it declares none. `draft`: nobody acts on it yet."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    occurrence: Label
    revision: Annotated[int, Field(strict=True, ge=1)]
    first: date
    last: date
    stalls: tuple[PlannedStall, ...] = ()
    currency: str | None = None
    draft: bool = False


class OpenMarket(Command):
    """What was a draft is planned now."""

    occurrence: Label


class TakeStall(Command):
    """A supplier who was engaged for it has it from now on, if nobody else has.

    `first`, `last` and `documents` are what they were looked at for. `engagement`: the number of
    it, of theirs. `named`: nobody asked for it; they were offered it.
    """

    occurrence: Label
    stall: Id
    supplier: Id
    first: date
    last: date
    documents: Kinds = ()
    engagement: int = 0
    named: bool = False


class FreeStall(Command):
    """Whoever has it does not have it any more, nor do they get it again by themselves."""

    occurrence: Label
    stall: Id


class LoseStall(Command):
    """A supplier does not have it any more, if they had it. `why`: a code."""

    occurrence: Label
    stall: Id
    supplier: Id
    why: Id


class NoteStallUnfit(Command):
    """Why a supplier who is to have it does not: codes, each with the kind of document."""

    occurrence: Label
    stall: Id
    supplier: Id
    reasons: Annotated[tuple[str, ...], Field(min_length=1, max_length=200)]


class ReportTakings(Command):
    """What was taken there that night. Another report corrects the one before."""

    occurrence: Label
    stall: Id
    report: Id
    takings: Price


class WaiveStallFee(Command):
    """Nothing is owed for it; what was charged is taken back."""

    occurrence: Label
    stall: Id
    reason: Name


class CloseMarket(Command):
    """The night is over."""

    occurrence: Label


class CallOffMarket(Command):
    """The night does not take place: nobody has a stall, and nobody owes anything."""

    occurrence: Label


class TellStallholders(Command):
    """Tell every supplier who has a stall, once under this `telling`."""

    occurrence: Label
    telling: str
    subject: str
    text: str
