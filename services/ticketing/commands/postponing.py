"""What may be asked of a night that is postponed. The key is the occurrence."""

from __future__ import annotations

from typing import Literal

from roadcase.decider import Command
from services.ticketing.commands.fields import Id, Instant, OrderId, Wall
from services.ticketing.commands.notices import Subject, Text


class PostponeNight(Command):
    """Move the night, once under this id, and ask guests whether they keep their tickets.

    They are told as in `TellGuests`, and may answer until `answer_until`; `default` is the answer
    of who does not. Their money comes back in full.
    """

    occurrence: Id
    postponement: Id
    starts_at: Wall
    ends_at: Wall
    answer_until: Instant
    default: Literal["keep", "refund"]
    subject: Subject = ""
    text: Text = ""


class AnswerPostponement(Command):
    """Keep the tickets of an order, or have their money back. Who kept them may still change."""

    occurrence: Id
    order: OrderId
    answer: Literal["keep", "refund"]
