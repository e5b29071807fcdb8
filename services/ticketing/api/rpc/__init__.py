"""Ticketing over gRPC: a servicer for each theme."""

from services.ticketing.api.rpc.box_office import TicketingRpc
from services.ticketing.api.rpc.questions import QuestionsRpc
from services.ticketing.api.rpc.reserves import AllotmentsRpc, VouchersRpc
from services.ticketing.api.rpc.seats import SeatsRpc

SERVICERS = (TicketingRpc, QuestionsRpc, VouchersRpc, AllotmentsRpc, SeatsRpc)

__all__ = ["SERVICERS", "AllotmentsRpc", "QuestionsRpc", "SeatsRpc", "TicketingRpc", "VouchersRpc"]
