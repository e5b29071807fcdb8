"""Why the box office says no when a ticket is to go to somebody else."""

from __future__ import annotations

from roadcase.errors import Refused


class NotValid(Refused):
    """This ticket is void: it was cancelled, refunded or transferred."""

    code = "ticketing.not_valid"


class AddonStays(Refused):
    """An add-on goes with the ticket that it came with."""

    code = "ticketing.addon_stays"


class TransferGone(Refused):
    """This transfer has ended: begin another one."""

    code = "ticketing.transfer_gone"


class TransferMade(Refused):
    """This transfer was made: there is nothing to end."""

    code = "ticketing.transfer_made"


class ResentTooOften(Refused):
    """This mail was sent three times within the last hour."""

    code = "ticketing.resent_too_often"


class NobodyToTell(Refused):
    """Nobody said where a mail about this order may go."""

    code = "ticketing.nobody_to_tell"
