"""What may be asked of cancelling a whole night. The key of the process is its own id."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from roadcase.decider import Command
from services.ticketing.commands.fields import Id, Name, OrderId, Price

ProcessId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]


class StopSales(Command):
    """Nothing is sold or offered any more. Who has a cart may still pay."""

    occurrence: Id


class ResumeSales(Command):
    """What was stopped goes on."""

    occurrence: Id


class StartMassCancel(Command):
    """Cancel every order of a night, with all money back or with none; the sale is stopped first.

    It goes on by itself, order by order, and says what became of each.
    """

    process: ProcessId
    occurrence: Id
    reason: Name
    money_back: bool = True


class RecordCancelled(Command):
    """What became of one order: the process's own step."""

    process: ProcessId
    order: OrderId
    outcome: Literal["refunded", "cancelled", "declined", "refused"]
    amount: Price | None = None
    why: Name | None = None


class FinishMassCancel(Command):
    """No order is left: the process's own step."""

    process: ProcessId
