"""What may be asked of orders that are not paid yet. The key is the occurrence."""

from __future__ import annotations

from typing import ClassVar

from pydantic import ConfigDict

from roadcase.decider import Command
from services.ticketing.commands.box_office import Buying
from services.ticketing.commands.fields import Id, Instant, Name, OrderId, Sealed, Seed


class PlaceOrder(Buying):
    """Order now, and pay until `pay_until`: a week from now if it is not said.

    Never past the start. What needs approval is kept until the organiser said yes or no.
    `contact` is sealed before. `ConfirmOrder` with the order as its hold is the payment.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    order: OrderId
    pay_until: Instant | None = None
    contact: Sealed | None = None


class ApproveOrder(Command):
    """They may have it. What costs nothing is theirs at once."""

    occurrence: Id
    order: OrderId
    code_seed: Seed
    pay_until: Instant | None = None


class DeclineOrder(Command):
    """They may not: of an order that waits for approval, or for its payment."""

    occurrence: Id
    order: OrderId
    reason: Name
