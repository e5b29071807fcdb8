"""Why the box office says no to seats, and to plans of them."""

from __future__ import annotations

from roadcase.errors import NotFound, Refused


class UnknownSeat(NotFound):
    """There is no such seat, or it is not for sale."""

    code = "ticketing.unknown_seat"


class SeatsTaken(Refused):
    """These seats are taken."""

    code = "ticketing.seats_taken"


class SeatsKept(Refused):
    """These places are kept for who needs them: say how many need an accessible one."""

    code = "ticketing.seats_kept"


class SeatsApart(Refused):
    """There are not so many seats beside each other: take fewer, or take them apart."""

    code = "ticketing.seats_apart"


class NoSeats(Refused):
    """Tickets of this type have no seats to choose."""

    code = "ticketing.no_seats"


class NotOneSeat(Refused):
    """A ticket takes one seat: one unit of one pool that has seats."""

    code = "ticketing.not_one_seat"


class BeyondSeats(Refused):
    """The pool has fewer seats than that."""

    code = "ticketing.beyond_seats"


class PoolInUse(Refused):
    """Tickets of this pool are sold or held already, and have no seats."""

    code = "ticketing.pool_in_use"
