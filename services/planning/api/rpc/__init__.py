"""Planning over gRPC: a servicer for each theme."""

from services.planning.api.rpc.crew import CrewRpc
from services.planning.api.rpc.documents import DocumentsRpc
from services.planning.api.rpc.kit import KitRpc
from services.planning.api.rpc.occurrences import OccurrencesRpc
from services.planning.api.rpc.plans import PlansRpc

SERVICERS = (OccurrencesRpc, PlansRpc, DocumentsRpc, KitRpc, CrewRpc)

__all__ = ["SERVICERS", "CrewRpc", "DocumentsRpc", "KitRpc", "OccurrencesRpc", "PlansRpc"]
