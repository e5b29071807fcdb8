"""Why an edit of a series is refused."""

from __future__ import annotations

from roadcase.errors import NotFound, Refused


class UnknownDate(NotFound):
    """The rule of this series does not give this date."""

    code = "planning.unknown_date"


class DateIsPast(Refused):
    """This date is past: what took place is not edited. Choose one that is still to come."""

    code = "planning.date_is_past"


class EditRefused(Refused):
    """The series would not be right after this edit."""

    code = "planning.edit_refused"
