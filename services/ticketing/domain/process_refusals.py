"""Why a process over many orders, or over two nights, says no."""

from __future__ import annotations

from roadcase.errors import NotFound, Refused


class SalesAreStopped(Refused):
    """The sale of this occurrence is stopped."""

    code = "ticketing.sales_are_stopped"


class ChannelIsPaused(Refused):
    """Nothing is sold over this sales channel for now."""

    code = "ticketing.channel_is_paused"


class ProcessExists(Refused):
    """This process's id was already used for another one."""

    code = "ticketing.process_exists"


class UnknownProcess(NotFound):
    """There is no such process."""

    code = "ticketing.unknown_process"


class WrongDifference(Refused):
    """What was paid on top is not what the new tickets cost more."""

    code = "ticketing.wrong_difference"


class TicketVoid(Refused):
    """This ticket is void already."""

    code = "ticketing.ticket_void"


class AlreadyEntered(Refused):
    """Somebody came in with this ticket."""

    code = "ticketing.already_entered"
