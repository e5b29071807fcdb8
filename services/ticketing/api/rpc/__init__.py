"""Ticketing over gRPC: a servicer for each theme."""

from services.ticketing.api.rpc.box_office import TicketingRpc

SERVICERS = (TicketingRpc,)

__all__ = ["SERVICERS", "TicketingRpc"]
