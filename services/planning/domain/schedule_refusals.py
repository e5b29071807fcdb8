"""Why a schedule says no."""

from __future__ import annotations

from roadcase.errors import NotFound, Refused


class UnknownSchedule(NotFound):
    """There is no such schedule."""

    code = "planning.unknown_schedule"


class UnknownFiring(NotFound):
    """This schedule never made such a firing."""

    code = "planning.unknown_firing"


class ScheduleIsPaused(Refused):
    """This schedule is paused: resume it first."""

    code = "planning.schedule_is_paused"


class BackfillExists(Refused):
    """This backfill's id was already used for another time."""

    code = "planning.backfill_exists"


class BackfillNotPast(Refused):
    """A backfill is of a time that is past, and begins before it ends."""

    code = "planning.backfill_not_past"


class TooMuchToBackfill(Refused):
    """There is too much in that time for one backfill: ask for a shorter one."""

    code = "planning.too_much_to_backfill"


class TooManyOccurrences(Refused):
    """A schedule follows at most 1000 occurrences: drop those that are over."""

    code = "planning.too_many_occurrences"


class WrongAnchors(Refused):
    """Doors are not after start, and the end is after it."""

    code = "planning.wrong_anchors"
