"""The facts of refund policies."""

from __future__ import annotations

import msgspec

from roadcase.decider import Event
from roadcase.money import Money


class RefundStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Until so many hours before the start: `fixed` of each ticket and a share of all are kept."""

    hours: int
    fixed: Money | None = None
    permille: int = 0


class RefundPolicySet(Event, frozen=True, kw_only=True):
    """A policy as it holds for what is sold from now on; `version` says which is which.

    `steps` are in the order of their hours, longest before the start first; after the last nothing
    is given back. `fees`: the fees on top come back, too. `after_entry`: so does the money of who
    was let in.
    """

    topic = "ticketing.refund_policy_set.v1"

    occurrence: str
    policy: str
    version: int
    steps: tuple[RefundStep, ...]
    fees: bool = False
    after_entry: bool = False
