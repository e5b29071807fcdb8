"""Ticketing over gRPC: a servicer for each theme."""

from services.ticketing.api.rpc.box_office import TicketingRpc
from services.ticketing.api.rpc.questions import QuestionsRpc
from services.ticketing.api.rpc.reserves import AllotmentsRpc, VouchersRpc

SERVICERS = (TicketingRpc, QuestionsRpc, VouchersRpc, AllotmentsRpc)

__all__ = ["SERVICERS", "AllotmentsRpc", "QuestionsRpc", "TicketingRpc", "VouchersRpc"]
