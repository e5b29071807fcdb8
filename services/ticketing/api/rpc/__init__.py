"""Ticketing over gRPC: a servicer for each theme."""

from services.ticketing.api.rpc.box_office import TicketingRpc
from services.ticketing.api.rpc.questions import QuestionsRpc

SERVICERS = (TicketingRpc, QuestionsRpc)

__all__ = ["SERVICERS", "QuestionsRpc", "TicketingRpc"]
