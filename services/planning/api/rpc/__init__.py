"""Planning over gRPC: a servicer for each theme."""

from services.planning.api.rpc.crew import CrewRpc
from services.planning.api.rpc.documents import DocumentsRpc
from services.planning.api.rpc.kit import KitRpc
from services.planning.api.rpc.occurrences import OccurrencesRpc
from services.planning.api.rpc.plans import PlansRpc
from services.planning.api.rpc.show import ShowsRpc
from services.planning.api.rpc.suppliers import SuppliersRpc
from services.planning.api.rpc.templates import TemplatesRpc
from services.planning.api.rpc.triggers import TriggersRpc

SERVICERS = (
    CrewRpc,
    DocumentsRpc,
    KitRpc,
    OccurrencesRpc,
    PlansRpc,
    ShowsRpc,
    SuppliersRpc,
    TemplatesRpc,
    TriggersRpc,
)

__all__ = [
    "SERVICERS",
    "CrewRpc",
    "DocumentsRpc",
    "KitRpc",
    "OccurrencesRpc",
    "PlansRpc",
    "ShowsRpc",
    "SuppliersRpc",
    "TemplatesRpc",
    "TriggersRpc",
]
