"""Ticketing over gRPC: a servicer for each theme."""

from services.ticketing.api.rpc.admission import AdmissionRpc
from services.ticketing.api.rpc.box_office import TicketingRpc
from services.ticketing.api.rpc.box_offices import BoxOfficesRpc
from services.ticketing.api.rpc.exchanges import ExchangesRpc
from services.ticketing.api.rpc.invoices import InvoicesRpc
from services.ticketing.api.rpc.mass_cancel import MassCancelRpc
from services.ticketing.api.rpc.messages import GuestMessagesRpc
from services.ticketing.api.rpc.orders import OrdersRpc
from services.ticketing.api.rpc.questions import QuestionsRpc
from services.ticketing.api.rpc.reserves import AllotmentsRpc, VouchersRpc
from services.ticketing.api.rpc.seats import SeatsRpc
from services.ticketing.api.rpc.slots import SlotsRpc
from services.ticketing.api.rpc.waiting import WaitingListRpc

SERVICERS = (
    TicketingRpc,
    BoxOfficesRpc,
    QuestionsRpc,
    VouchersRpc,
    AllotmentsRpc,
    WaitingListRpc,
    MassCancelRpc,
    ExchangesRpc,
    OrdersRpc,
    SeatsRpc,
    SlotsRpc,
    AdmissionRpc,
    GuestMessagesRpc,
    InvoicesRpc,
)

__all__ = [
    "SERVICERS",
    "AdmissionRpc",
    "AllotmentsRpc",
    "BoxOfficesRpc",
    "ExchangesRpc",
    "GuestMessagesRpc",
    "InvoicesRpc",
    "MassCancelRpc",
    "OrdersRpc",
    "QuestionsRpc",
    "SeatsRpc",
    "SlotsRpc",
    "TicketingRpc",
    "VouchersRpc",
    "WaitingListRpc",
]
