"""Planning over gRPC: a servicer for each theme."""

from services.planning.api.rpc.occurrences import OccurrencesRpc

SERVICERS = (OccurrencesRpc,)

__all__ = ["SERVICERS", "OccurrencesRpc"]
