"""Why kit says no."""

from __future__ import annotations

from roadcase.errors import NotFound, Refused


class KitNotFree(Refused):
    """Not everything is free then. Who has it, and from when it is free, is in the conflicts."""

    code = "planning.kit_not_free"


class KitOfEvent(Refused):
    """This booking follows from the manifest of an event: change the manifest."""

    code = "planning.kit_of_event"


class KitTimes(Refused):
    """A booking begins before it ends, and ends in the future; a repair begins before it ends."""

    code = "planning.kit_times"


class NoKit(NotFound):
    """Nobody owns an item of this key: publish a Kit manifest that lists it."""

    code = "planning.no_kit"


class NoBooking(NotFound):
    """There is no booking of kit of this name."""

    code = "planning.no_booking"


class NoRepair(NotFound):
    """There is no repair of this id that is not over."""

    code = "planning.no_repair"


class KitNotBooked(Refused):
    """So many of this item are not booked by it now: its booking has not begun, or is over."""

    code = "planning.kit_not_booked"


class KitNotHere(Refused):
    """These pieces are not here: they are out, in repair, or not owned."""

    code = "planning.kit_not_here"


class KitNotOut(Refused):
    """These pieces are not out with this booking."""

    code = "planning.kit_not_out"


class KitSerials(Refused):
    """Name each piece of an item that has serial numbers, as many as the quantity; no others."""

    code = "planning.kit_serials"
