"""Why crew says no."""

from __future__ import annotations

from roadcase.errors import NotFound, Refused


class NoMember(NotFound):
    """Nobody of this id is registered: register them with their contact first."""

    code = "planning.no_member"


class NoPosition(NotFound):
    """The event has no such position: positions follow from its manifest when it is planned."""

    code = "planning.no_position"


class MemberElsewhere(Refused):
    """They work somewhere else then, or could not be there in time. The other event is named."""

    code = "planning.member_elsewhere"


class CertificateMissing(Refused):
    """They lack a certificate of this position, or it is not valid any more on the night."""

    code = "planning.certificate_missing"


class PositionTaken(Refused):
    """Somebody else has this position."""

    code = "planning.position_taken"


class NotInvited(Refused):
    """They were not asked to take this position, or declined."""

    code = "planning.not_invited"


class NotTheirs(Refused):
    """This person does not have this position."""

    code = "planning.not_theirs"


class HasPosition(Refused):
    """They have this position: who cannot come offers a swap, or asks the organiser."""

    code = "planning.has_position"


class ClockedAlready(Refused):
    """They clocked in already: clock out first."""

    code = "planning.clocked_in_already"


class NotClockedIn(Refused):
    """They are not clocked in."""

    code = "planning.not_clocked_in"


class NoEntry(NotFound):
    """There is no such entry of the clock."""

    code = "planning.no_clock_entry"


class ClockTimes(Refused):
    """Work begins before it ends, and did so already."""

    code = "planning.clock_times"
