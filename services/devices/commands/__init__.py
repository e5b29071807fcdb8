"""What may be asked of devices. Callers choose ids, so a retry is harmless; times are ours."""

from services.devices.commands.binding import (
    BindRole,
    LeasePrinter,
    NameOccurrence,
    NameTicketType,
    ReleasePrinter,
    ReportPrinter,
)
from services.devices.commands.jobs import (
    AbandonJob,
    ConfirmByHand,
    ConfirmJob,
    DoubtJob,
    RejectJob,
    ReprintJob,
    RequestSlip,
    RequestTicket,
    SendJob,
)

__all__ = [
    "AbandonJob",
    "BindRole",
    "ConfirmByHand",
    "ConfirmJob",
    "DoubtJob",
    "LeasePrinter",
    "NameOccurrence",
    "NameTicketType",
    "RejectJob",
    "ReleasePrinter",
    "ReportPrinter",
    "ReprintJob",
    "RequestSlip",
    "RequestTicket",
    "SendJob",
]
