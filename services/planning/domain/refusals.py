"""Why planning says no."""

from __future__ import annotations

from roadcase.errors import NotFound, Refused


class NoOccurrence(NotFound):
    """There is no occurrence of this name."""

    code = "planning.no_occurrence"


class NoSeries(NotFound):
    """There is no series of this name."""

    code = "planning.no_series"


class NoDocument(NotFound):
    """There is no such document, or not this version of it."""

    code = "planning.no_document"


class VersionTaken(Refused):
    """This version was published with other content, and never changes: give it another number."""

    code = "planning.version_taken"


class PlanStale(Refused):
    """Something was applied since this plan was made: make a new one and look at it."""

    code = "planning.plan_stale"


class OccurrenceEnded(Refused):
    """It was cancelled, or is over and settled: nothing about it changes any more."""

    code = "planning.occurrence_ended"


class StepTaken(Refused):
    """It is further than that already."""

    code = "planning.step_taken"


class StepNotCleared(Refused):
    """It may not take this step: clearances are missing. They are named."""

    code = "planning.step_not_cleared"


class NoTime(Refused):
    """It was postponed and has no new time yet: apply a manifest that says when it is."""

    code = "planning.no_time"


class NotUnderWay(Refused):
    """Doors are not open: what is not under way cannot be interrupted. Postpone or cancel it."""

    code = "planning.not_under_way"


class UnderWay(Refused):
    """It is under way: interrupt and abandon it instead."""

    code = "planning.under_way"


class NotInterrupted(Refused):
    """It is not interrupted."""

    code = "planning.not_interrupted"


class Interrupted(Refused):
    """It is interrupted: resume or abandon it first."""

    code = "planning.interrupted"


class NoClearance(NotFound):
    """Nothing of this name is asked of this occurrence."""

    code = "planning.no_clearance"


class LegalStop(Refused):
    """The law asks for this clearance: nobody can override it."""

    code = "planning.legal_stop"


class OverrideTimes(Refused):
    """An override holds until a moment to come, and for 7 days at most."""

    code = "planning.override_times"


class SamePerson(Refused):
    """Two people are needed, and this one has asked already."""

    code = "planning.same_person"


class AnswerTimes(Refused):
    """Guests answer before the new time, and have some time for it."""

    code = "planning.answer_times"
