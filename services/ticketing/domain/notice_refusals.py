"""Why guests are not told something, or not asked."""

from __future__ import annotations

from roadcase.errors import Refused


class NoticeExists(Refused):
    """Guests were told something else under this id."""

    code = "ticketing.notice_exists"


class NothingChanged(Refused):
    """Guests know this night as it is."""

    code = "ticketing.nothing_changed"


class AnswerTimes(Refused):
    """Guests answer before the night begins, and have some time for it."""

    code = "ticketing.answer_times"


class PostponedAlready(Refused):
    """Guests are asked about another postponement of this night, or were."""

    code = "ticketing.postponed_already"


class NotPostponed(Refused):
    """Nobody waits for an answer of this order."""

    code = "ticketing.not_postponed"


class RefundedAlready(Refused):
    """The money of this order is on its way back."""

    code = "ticketing.refunded_already"
