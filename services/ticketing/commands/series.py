"""What may be asked of a voucher that holds for several occurrences. The key is its code."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from roadcase.decider import Command
from services.ticketing.commands.fields import Id, Price, Quantity, Reservation, TicketId, Word
from services.ticketing.commands.reserves import VoucherTerms

Minor = Annotated[int, Field(strict=True, ge=0)]


class SetSeriesVoucher(VoucherTerms):
    """A code that holds for every occurrence, with one count of its uses over all of them."""


class ReserveVoucher(Command):
    """Keep uses for a purchase, before its box office is asked.

    For at most so many `tickets`, which cost at most `worth` without it. `attempt` is this one try:
    only it may release what it reserved.
    """

    voucher: Word
    reservation: Reservation
    attempt: Id
    tickets: Quantity
    worth: Price | None = None
    subject: Id | None = None


class UseReservation(Command):
    """The box office took so many of its tickets, with `spent` minor units off in all."""

    voucher: Word
    reservation: Reservation
    tickets: Quantity
    spent: Minor = 0
    subject: Id | None = None


class ReleaseReservation(Command):
    """The box office refused: an attempt gives back what it reserved and did not use."""

    voucher: Word
    reservation: Reservation
    attempt: Id


class ReturnUses(Command):
    """What was used is not any more: one `ticket`, with `spent` off it; or all, with its hold."""

    voucher: Word
    reservation: Reservation
    ticket: TicketId | None = None
    spent: Minor = 0


class LapseReservations(Command):
    """The voucher's own timer: what nobody used in time is free again."""

    voucher: Word
