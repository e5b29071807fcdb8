"""Planning over gRPC: a servicer for each theme."""

from services.planning.api.rpc.crew import CrewRpc
from services.planning.api.rpc.documents import DocumentsRpc
from services.planning.api.rpc.kit import KitRpc
from services.planning.api.rpc.occurrences import OccurrencesRpc
from services.planning.api.rpc.plans import PlansRpc
from services.planning.api.rpc.schedules import SchedulesRpc
from services.planning.api.rpc.series import SeriesRpc
from services.planning.api.rpc.show import ShowsRpc
from services.planning.api.rpc.suppliers import SuppliersRpc
from services.planning.api.rpc.templates import TemplatesRpc
from services.planning.api.rpc.timeline import TimelineRpc
from services.planning.api.rpc.triggers import TriggersRpc

SERVICERS = (
    CrewRpc,
    DocumentsRpc,
    KitRpc,
    OccurrencesRpc,
    PlansRpc,
    SchedulesRpc,
    SeriesRpc,
    ShowsRpc,
    SuppliersRpc,
    TemplatesRpc,
    TimelineRpc,
    TriggersRpc,
)

__all__ = [
    "SERVICERS",
    "CrewRpc",
    "DocumentsRpc",
    "KitRpc",
    "OccurrencesRpc",
    "PlansRpc",
    "SchedulesRpc",
    "SeriesRpc",
    "ShowsRpc",
    "SuppliersRpc",
    "TemplatesRpc",
    "TimelineRpc",
    "TriggersRpc",
]
