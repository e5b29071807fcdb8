"""Ticketing over gRPC: a servicer for each theme."""

from services.ticketing.api.rpc.admission import AdmissionRpc
from services.ticketing.api.rpc.box_office import TicketingRpc
from services.ticketing.api.rpc.questions import QuestionsRpc

SERVICERS = (TicketingRpc, QuestionsRpc, AdmissionRpc)

__all__ = ["SERVICERS", "AdmissionRpc", "QuestionsRpc", "TicketingRpc"]
