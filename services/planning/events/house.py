"""The facts of how an organiser wants things done."""

from __future__ import annotations

from roadcase.decider import Event


class HousePolicySet(Event, frozen=True, kw_only=True):
    """In full. `override_people`: how many take it on themselves that a clearance is missing."""

    topic = "planning.house_policy_set.v1"

    house: str
    override_people: int
