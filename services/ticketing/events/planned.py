"""The fact that a box office is as planning wants it."""

from __future__ import annotations

from roadcase.decider import Event


class PlanFollowed(Event, frozen=True, kw_only=True):
    """What planning named last, and asked: of these it says what becomes of them.

    `declared`: a digest of what the box office is to be like. While it is the same, what somebody
    changed here stays, whether sales are stopped or go on.
    """

    topic = "ticketing.plan_followed.v1"

    occurrence: str
    ticket_types: tuple[str, ...]
    allotments: tuple[str, ...] = ()
    selling: bool = False
    reschedule: str | None = None
    declared: str = ""
