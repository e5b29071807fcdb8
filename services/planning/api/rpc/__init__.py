"""Planning over gRPC: a servicer for each theme."""

from services.planning.api.rpc.occurrences import OccurrencesRpc
from services.planning.api.rpc.plans import PlansRpc

SERVICERS = (OccurrencesRpc, PlansRpc)

__all__ = ["SERVICERS", "OccurrencesRpc", "PlansRpc"]
