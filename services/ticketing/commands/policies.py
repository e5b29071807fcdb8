"""What may be asked of refund policies. The key is the occurrence."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from roadcase.decider import Command
from services.ticketing.commands.fields import Id, Part, Price

PolicyId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


class RefundStep(Part):
    """Until so many hours before the start, all is given back but this.

    `fixed` of each ticket, and `permille` thousandths of what they cost together.
    """

    hours: Annotated[int, Field(strict=True, ge=0, le=24 * 400)]
    fixed: Price | None = None
    permille: Annotated[int, Field(strict=True, ge=0, le=1000)] = 0


class SetRefundPolicy(Command):
    """What a guest gets back for what is sold under this policy from now on.

    What was sold before keeps the terms of its own day.
    """

    occurrence: Id
    policy: PolicyId
    steps: tuple[RefundStep, ...] = Field(max_length=20)
    fees: bool = False
    after_entry: bool = False

    @model_validator(mode="after")
    def _steps_down(self) -> Self:
        hours = [step.hours for step in self.steps]
        if hours != sorted(set(hours), reverse=True):
            raise ValueError("steps are in the order of their hours, the longest before first")
        return self
