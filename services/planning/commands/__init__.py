"""What may be asked of planning."""

from services.planning.commands.documents import PublishDocument, document_id
from services.planning.commands.house import HOUSE, SetHousePolicy
from services.planning.commands.kit import (
    KIT,
    BookKit,
    CheckInKit,
    CheckOutContainer,
    CheckOutKit,
    DeclareKit,
    EndRepair,
    FreeKit,
    LookForLate,
    PlanKit,
    SendToRepair,
)
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
    "KIT",
    "AbandonOccurrence",
    "AdvanceOccurrence",
    "ApplyManifest",
    "ApplySeries",
    "BookKit",
    "CancelOccurrence",
    "CheckInKit",
    "CheckOutContainer",
    "CheckOutKit",
    "DeclareKit",
    "EndRepair",
    "FreeKit",
    "HearFiring",
    "InterruptOccurrence",
    "LookForLate",
    "OverrideClearance",
    "PauseSales",
    "PlanKit",
    "PostponeOccurrence",
    "PublishDocument",
    "RecordNights",
    "ReopenSales",
    "ResumeOccurrence",
    "SendToRepair",
    "SetClearance",
    "SetHousePolicy",
    "TakeSteps",
    "document_id",
]
