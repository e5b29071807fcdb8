"""Why the gates say no to whoever works at them. A scan is not refused so: it has a reason."""

from __future__ import annotations

from roadcase.errors import NotFound, Refused


class NonceReused(Refused):
    """This nonce was already used for another scan."""

    code = "ticketing.nonce_reused"


class UnknownScan(NotFound):
    """No scan with this nonce let anyone in or out."""

    code = "ticketing.unknown_scan"


class AnnulledAlready(Refused):
    """This scan was annulled already."""

    code = "ticketing.annulled_already"


class AnnulledTooLate(Refused):
    """A scan can be annulled for 15 minutes."""

    code = "ticketing.annulled_too_late"


class OtherDevice(Refused):
    """Only the device that scanned can annul it."""

    code = "ticketing.other_device"


class ScannedSince(Refused):
    """This ticket was scanned again since: annul its last scan."""

    code = "ticketing.scanned_since"


class NothingToHandOut(NotFound):
    """This ticket has no such thing to get."""

    code = "ticketing.nothing_to_hand_out"


class HandedOutAlready(Refused):
    """This was handed out already."""

    code = "ticketing.handed_out_already"


class HouseFull(Refused):
    """The house is full: as many are in as may be."""

    code = "ticketing.house_full"


class NobodyToCountOut(Refused):
    """Fewer guests than that were counted in."""

    code = "ticketing.nobody_to_count_out"


class EnteredAlready(Refused):
    """Somebody was let in with this ticket: it stays theirs."""

    code = "ticketing.entered_already"


class BeingTransferred(Refused):
    """The gates have given this ticket up for another transfer."""

    code = "ticketing.being_transferred"


class TurnedAway(Refused):
    """The gates turn this ticket away: it is void or blocked."""

    code = "ticketing.turned_away"
