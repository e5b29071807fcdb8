"""Refund policies: each as it was on some day of purchase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.domain.policies import name_of
from services.ticketing.events import RefundPolicySet


class RefundPolicies:
    """One row for each version of a policy: `policy` as tickets name it, `terms` as it was set."""

    name: ClassVar[str] = "refund_policies"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "policy")
    schema: ClassVar[str] = """
        CREATE TABLE refund_policies (
            tenant text, occurrence text, policy text, terms jsonb NOT NULL,
            PRIMARY KEY (tenant, occurrence, policy))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {RefundPolicySet: [(_policy, _set)]}


def _policy(event: RefundPolicySet) -> tuple[str, str]:
    return event.occurrence, name_of(event.policy, event.version)


def _set(_row: Row | None, event: RefundPolicySet, _stamp: Stamp) -> Row:
    occurrence, policy = _policy(event)
    terms: dict[str, Any] = msgspec.structs.asdict(event)
    return {
        "occurrence": occurrence,
        "policy": policy,
        "terms": msgspec.to_builtins(terms),
    }
