"""Planning over gRPC: a servicer for each theme."""

from services.planning.api.rpc.documents import DocumentsRpc
from services.planning.api.rpc.occurrences import OccurrencesRpc
from services.planning.api.rpc.plans import PlansRpc
from services.planning.api.rpc.schedules import SchedulesRpc
from services.planning.api.rpc.series import SeriesRpc
from services.planning.api.rpc.timeline import TimelineRpc

SERVICERS = (OccurrencesRpc, PlansRpc, DocumentsRpc, SeriesRpc, TimelineRpc, SchedulesRpc)

__all__ = [
    "SERVICERS",
    "DocumentsRpc",
    "OccurrencesRpc",
    "PlansRpc",
    "SchedulesRpc",
    "SeriesRpc",
    "TimelineRpc",
]
