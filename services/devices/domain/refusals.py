"""Why devices says no."""

from __future__ import annotations

from roadcase.errors import Refused


class UnknownPrinter(Refused):
    """No role was ever bound to this device."""

    code = "devices.unknown_printer"


class AddressTaken(Refused):
    """Another device that is in use has this address: two writers would mix their tickets."""

    code = "devices.address_taken"


class LeasedElsewhere(Refused):
    """Somebody else may send to this printer right now."""

    code = "devices.leased_elsewhere"


class StaleLease(Refused):
    """This printer was leased anew since: whoever asks must not send to it any more."""

    code = "devices.stale_lease"


class UnknownJob(Refused):
    """There is no such job."""

    code = "devices.unknown_job"


class NotQueued(Refused):
    """This job does not wait for this printer in this form."""

    code = "devices.not_queued"


class NotInDoubt(Refused):
    """Only a job that is in doubt needs such a decision."""

    code = "devices.not_in_doubt"


class OnItsWay(Refused):
    """This job is being sent: decide when its fate is known."""

    code = "devices.on_its_way"


class Over(Refused):
    """This job is printed, or was abandoned."""

    code = "devices.over"
