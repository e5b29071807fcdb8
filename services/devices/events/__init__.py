"""The facts devices owns. Fields are only ever added; a changed meaning is a new topic."""

from services.devices.events.jobs import (
    Document,
    Doubt,
    JobAbandoned,
    JobConfirmed,
    JobInDoubt,
    JobOperatorConfirmed,
    JobRejected,
    JobReprinted,
    JobRequested,
    JobSending,
    JobState,
    Slip,
    Ticket,
)
from services.devices.events.printers import (
    OccurrenceNamed,
    Paper,
    PrinterChanged,
    PrinterLeased,
    PrinterReleased,
    RoleBound,
    TicketTypeNamed,
)

__all__ = [
    "Document",
    "Doubt",
    "JobAbandoned",
    "JobConfirmed",
    "JobInDoubt",
    "JobOperatorConfirmed",
    "JobRejected",
    "JobReprinted",
    "JobRequested",
    "JobSending",
    "JobState",
    "OccurrenceNamed",
    "Paper",
    "PrinterChanged",
    "PrinterLeased",
    "PrinterReleased",
    "RoleBound",
    "Slip",
    "Ticket",
    "TicketTypeNamed",
]
