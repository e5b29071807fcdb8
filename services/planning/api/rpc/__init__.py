"""Planning over gRPC: a servicer for each theme."""

from services.planning.api.rpc.documents import DocumentsRpc
from services.planning.api.rpc.kit import KitRpc
from services.planning.api.rpc.occurrences import OccurrencesRpc
from services.planning.api.rpc.plans import PlansRpc
from services.planning.api.rpc.triggers import TriggersRpc

SERVICERS = (OccurrencesRpc, PlansRpc, DocumentsRpc, KitRpc, TriggersRpc)

__all__ = ["SERVICERS", "DocumentsRpc", "KitRpc", "OccurrencesRpc", "PlansRpc", "TriggersRpc"]
