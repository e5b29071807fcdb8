"""What may be asked at the gates of an occurrence. The key is the occurrence."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from roadcase.decider import Command
from services.ticketing.commands.fields import Id, Instant, Name, Part, TicketId, Zone

MOST_RULES = 200
Guests = Annotated[int, Field(strict=True, ge=1, le=1000)]
Minutes = Annotated[int, Field(strict=True, ge=1, le=14 * 24 * 60)]
Direction = Literal["entry", "exit"]
Standing = Literal["unpaid", "unapproved", "incomplete", "revoked"]


class Addon(Part):
    """A ticket that comes with the one that is shown."""

    ticket: TicketId
    ticket_type: Id


class CheckIn(Command):
    """Somebody showed something at a gate. `nonce` is the scan's own id: same nonce, same scan.

    The door reads what was shown: a signed ticket, whose signature it verifies, or a short code,
    which it looks up. It tells what it read: the ticket, the occurrence that ticket is for, and
    its validity; and what is known of its sale: type, `admits`, add-ons, and a `standing` in which
    it lets nobody in. What could not be read has a `fault`, with the reader's own reason as
    `detail`, and no ticket. `guests` of a group ticket pass with one scan.
    """

    occurrence: Id
    gate: Id
    nonce: Id
    direction: Direction = "entry"
    ticket: TicketId | None = None
    ticket_for: Id | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    fault: Literal["invalid", "unknown", "ambiguous"] | None = None
    detail: Id | None = None
    claimed_at: Instant | None = None
    device: Name | None = None
    guests: Guests = 1
    ticket_type: Id | None = None
    admits: Guests = 1
    addons: tuple[Addon, ...] = ()
    standing: Standing | None = None

    @model_validator(mode="after")
    def _was_read_or_not(self) -> Self:
        if (self.ticket is None) != (self.fault is not None):
            raise ValueError("a scan has either a ticket or a fault")
        if (self.ticket is None) != (self.ticket_for is None):
            raise ValueError("ticket_for comes with a ticket")
        return self


class AnnulScan(Command):
    """That scan was a mistake of this device."""

    occurrence: Id
    nonce: Id
    device: Name


class HandOver(Command):
    """The guest of this ticket has got this item. The door tells its type and its add-ons."""

    occurrence: Id
    ticket: TicketId
    item: Id
    gate: Id
    device: Name | None = None
    ticket_type: Id | None = None
    addons: tuple[Addon, ...] = ()


class CountGuests(Command):
    """Guests without tickets went in or out. Same nonce, same count."""

    occurrence: Id
    gate: Id
    nonce: Id
    direction: Direction = "entry"
    guests: Guests = 1
    device: Name | None = None


class RevokeTicket(Command):
    """This ticket no longer lets anyone in: a reaction to what became of it."""

    occurrence: Id
    ticket: TicketId
    why: Literal["refunded", "cancelled", "transferred", "exchanged"]


class BlockTicket(Command):
    """This ticket lets nobody in until it is unblocked."""

    occurrence: Id
    ticket: TicketId
    why: Name | None = None


class UnblockTicket(Command):
    occurrence: Id
    ticket: TicketId


class HandOut(Part):
    item: Id
    name: Name


class EntryRule(Part):
    """What holds for tickets of a type; without a type, for all that have no rule of their own.

    `reentry`: who left may come back; `multiple`: may come in without having left; `exits`: gates
    scan who leaves. `is_handed_out`: tickets of this type are things, given to whoever has them.
    """

    ticket_type: Id | None = None
    reentry: bool = True
    multiple: bool = False
    once_per_day: bool = False
    max_entries: Guests | None = None
    minutes_between: Minutes | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    exits: bool = True
    attention: bool = False
    text: Name | None = None
    hand_out: Annotated[tuple[HandOut, ...], Field(max_length=20)] = ()
    is_handed_out: bool = False
    needs_answers: bool = False

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        if len({each.item for each in self.hand_out}) < len(self.hand_out):
            raise ValueError("hand_out names an item twice")
        return self


class GateTakes(Part):
    gate: Id
    ticket_types: Annotated[tuple[Id, ...], Field(max_length=MOST_RULES)] = ()


class SetAdmission(Command):
    """How the gates decide from now on, whole: what is not said is not kept."""

    occurrence: Id
    zone: Zone
    occupancy_max: Annotated[int, Field(strict=True, ge=0, le=10_000_000)] | None = None
    gates: Annotated[tuple[GateTakes, ...], Field(max_length=MOST_RULES)] = ()
    rules: Annotated[tuple[EntryRule, ...], Field(max_length=MOST_RULES)] = ()

    @model_validator(mode="after")
    def _says_each_once(self) -> Self:
        if len({each.gate for each in self.gates}) < len(self.gates):
            raise ValueError("a gate is named twice")
        if len({each.ticket_type for each in self.rules}) < len(self.rules):
            raise ValueError("a ticket type has two rules")
        return self
