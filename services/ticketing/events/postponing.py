"""The facts of a night that is postponed: guests keep their tickets or have their money back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from roadcase.decider import Event

Answer = Literal["keep", "refund"]


class NightPostponed(Event, frozen=True, kw_only=True):
    """Guests may answer until just before `answer_until`; who does not has answered `default`."""

    topic = "ticketing.night_postponed.v1"

    occurrence: str
    postponement: str
    answer_until: datetime
    default: Answer


class PostponementAnswered(Event, frozen=True, kw_only=True):
    """What becomes of an order's tickets. `by_default`: nobody had said."""

    topic = "ticketing.postponement_answered.v1"

    occurrence: str
    postponement: str
    order: str
    answer: Answer
    by_default: bool = False


class PostponementClosed(Event, frozen=True, kw_only=True):
    """Nobody's answer is waited for any more."""

    topic = "ticketing.postponement_closed.v1"

    occurrence: str
    postponement: str
