"""Planning over gRPC: a servicer for each theme."""

from services.planning.api.rpc.documents import DocumentsRpc
from services.planning.api.rpc.occurrences import OccurrencesRpc
from services.planning.api.rpc.plans import PlansRpc
from services.planning.api.rpc.triggers import TriggersRpc

SERVICERS = (OccurrencesRpc, PlansRpc, DocumentsRpc, TriggersRpc)

__all__ = ["SERVICERS", "DocumentsRpc", "OccurrencesRpc", "PlansRpc", "TriggersRpc"]
