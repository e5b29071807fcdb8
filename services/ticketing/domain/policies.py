"""Refund policies: what a guest may have back, by the terms of the day of purchase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from roadcase.money import Money, allocate
from services.ticketing.commands import SetRefundPolicy
from services.ticketing.domain.office import BoxOffice, Commands, Evolve, must_be_open
from services.ticketing.domain.refusals import NotRefundable
from services.ticketing.events import RefundPolicySet, RefundStep

HALF: Final = 500


def set_policy(office: BoxOffice, cmd: SetRefundPolicy, _at: datetime) -> Iterator[RefundPolicySet]:
    must_be_open(office, cmd.occurrence)
    version = office.versions.get(cmd.policy, 0)
    event = RefundPolicySet(
        occurrence=cmd.occurrence,
        policy=cmd.policy,
        version=version + 1,
        steps=tuple(RefundStep(**dict(step)) for step in cmd.steps),
        fees=cmd.fees,
        after_entry=cmd.after_entry,
    )
    last = office.policies.get(name_of(cmd.policy, version))
    if last is None or _terms(last) != _terms(event):
        yield event


def _terms(policy: RefundPolicySet) -> tuple[object, ...]:
    return policy.steps, policy.fees, policy.after_entry


def name_of(policy: str, version: int) -> str:
    """As a ticket names the policy of its day."""
    return f"{policy}@{version}"


def given_back(
    policy: RefundPolicySet | None,
    tickets: Sequence[tuple[Money, Money | None]],
    starts_at: datetime,
    at: datetime,
) -> list[Money]:
    """What comes back for each of these tickets: their prices and the fees on top of them.

    They are counted together and then split, so that the parts always add up to the total, rounded
    once. Raises NotRefundable: no policy, or too late.
    """
    step = _step(policy, starts_at, at)
    if policy is None or step is None:
        raise NotRefundable
    currency = tickets[0][0].currency
    costs = [
        price.minor + (fee.minor if fee is not None and policy.fees else 0)
        for price, fee in tickets
    ]
    whole = sum(costs)
    fixed = step.fixed.minor * len(tickets) if step.fixed else 0
    kept = fixed + (whole * step.permille + HALF) // 1000
    parts = allocate(max(0, whole - kept), costs) if whole else [0] * len(costs)
    return [Money(minor, currency) for minor in parts]


def _step(policy: RefundPolicySet | None, starts_at: datetime, at: datetime) -> RefundStep | None:
    """The step that holds now: the first whose time is not over."""
    steps = policy.steps if policy else ()
    for step in steps:
        if at <= starts_at - timedelta(hours=step.hours):
            return step
    return None


def _was_set(office: BoxOffice, event: RefundPolicySet) -> None:
    office.versions[event.policy] = event.version
    office.policies[name_of(event.policy, event.version)] = event


def of_type(policies: Mapping[str, int], policy: str | None) -> str | None:
    """The version that holds for what is sold now."""
    version = policies.get(policy) if policy is not None else None
    return None if policy is None or version is None else name_of(policy, version)


EVOLVE: Final[Evolve] = {RefundPolicySet: _was_set}
COMMANDS: Final[Commands] = {SetRefundPolicy: set_policy}
