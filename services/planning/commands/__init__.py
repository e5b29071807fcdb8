"""What may be asked of planning."""

from services.planning.commands.documents import PublishDocument, document_id
from services.planning.commands.house import HOUSE, SetHousePolicy
from services.planning.commands.occurrences import (
    AbandonOccurrence,
    AdvanceOccurrence,
    ApplyManifest,
    CancelOccurrence,
    InterruptOccurrence,
    OverrideClearance,
    PauseSales,
    PostponeOccurrence,
    ReopenSales,
    ResumeOccurrence,
    SetClearance,
    TakeSteps,
)
from services.planning.commands.series import ApplySeries, RecordNights
from services.planning.commands.triggers import HearFiring

__all__ = [
    "HOUSE",
    "AbandonOccurrence",
    "AdvanceOccurrence",
    "ApplyManifest",
    "ApplySeries",
    "CancelOccurrence",
    "HearFiring",
    "InterruptOccurrence",
    "OverrideClearance",
    "PauseSales",
    "PostponeOccurrence",
    "PublishDocument",
    "RecordNights",
    "ReopenSales",
    "ResumeOccurrence",
    "SetClearance",
    "SetHousePolicy",
    "TakeSteps",
    "document_id",
]
