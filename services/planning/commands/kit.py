"""What may be asked of kit. An organiser has one store, so that nothing is booked twice."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field

from roadcase.decider import Command
from services.planning.commands.fields import Id, Instant, Label, Name
from services.planning.events import KitNeeded, KitOwned, KitPieces

KIT: Final = "kit"  # an organiser has one
Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class _OfKit(Command):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: Literal["kit"] = KIT


class DeclareKit(_OfKit):
    """What a document says is owned, in full."""

    document: Id
    version: Annotated[int, Field(ge=1)]
    items: tuple[KitOwned, ...]


class PlanKit(_OfKit):
    """What an event needs, by its manifest, in full; nothing if it is not taking place."""

    booking: Label
    begins: Instant
    ends: Instant
    needs: tuple[KitNeeded, ...]


class BookKit(_OfKit):
    """For what is no event: a rehearsal, a loan. All of it or nothing. Set whole each time."""

    booking: Id
    begins: Instant
    ends: Instant
    needs: Annotated[tuple[KitNeeded, ...], Field(min_length=1, max_length=500)]


class FreeKit(_OfKit):
    """What is no event needs nothing any more."""

    booking: Id
    why: Name


class SendToRepair(_OfKit):
    """So many, from when until when; without an end until somebody says that it is repaired."""

    repair: Id
    item: Id
    quantity: Quantity
    begins: Instant
    ends: Instant | None = None
    serials: tuple[Name, ...] = ()
    reason: Annotated[str, Field(max_length=200)] = ""


class EndRepair(_OfKit):
    repair: Id


class CheckOutKit(_OfKit):
    """Pieces leave with a booking."""

    booking: Id
    pieces: Annotated[tuple[KitPieces, ...], Field(min_length=1, max_length=500)]


class CheckOutContainer(_OfKit):
    """A case leaves with what is in it; what should be in it and is not, is listed."""

    booking: Id
    container: Id


class CheckInKit(_OfKit):
    """Pieces of one item come back."""

    booking: Id
    pieces: KitPieces


class LookForLate(_OfKit):
    """Its own timer: whose time is over, and what of it is not back."""
