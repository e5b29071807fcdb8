"""The rules of devices: one decider, whose boundary is a spool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from roadcase.decider import Decider, Event
from services.devices import commands, events
from services.devices.domain import binding, printing, spool
from services.devices.domain.spool import Spool

EVOLVE: Final[Mapping[type[Event], Callable[[Spool, Any], None]]] = {
    events.RoleBound: spool.bound,
    events.OccurrenceNamed: spool.occurrence_named,
    events.TicketTypeNamed: spool.type_named,
    events.PrinterLeased: spool.leased,
    events.PrinterReleased: spool.released,
    events.PrinterChanged: spool.changed,
    events.JobRequested: spool.requested,
    events.JobSending: spool.sending,
    events.JobConfirmed: spool.confirmed,
    events.JobRejected: spool.rejected,
    events.JobInDoubt: spool.in_doubt,
    events.JobReprinted: spool.reprinted,
    events.JobOperatorConfirmed: spool.by_hand,
    events.JobAbandoned: spool.abandoned,
}


def evolve(state: Spool, event: Event) -> None:
    EVOLVE[type(event)](state, event)


SPOOL: Final = Decider(
    category="spool",
    key="spool",
    initial=Spool,
    evolve=evolve,
    events=tuple(EVOLVE),
    commands={
        commands.BindRole: binding.bind,
        commands.NameOccurrence: binding.name_occurrence,
        commands.NameTicketType: binding.name_type,
        commands.RequestTicket: printing.request,
        commands.RequestSlip: printing.request_slip,
        commands.LeasePrinter: binding.lease,
        commands.ReleasePrinter: binding.release,
        commands.ReportPrinter: binding.report,
        commands.SendJob: printing.send,
        commands.ConfirmJob: printing.confirm,
        commands.RejectJob: printing.reject,
        commands.DoubtJob: printing.doubt,
        commands.ConfirmByHand: printing.confirm_by_hand,
        commands.ReprintJob: printing.reprint,
        commands.AbandonJob: printing.abandon,
    },
)
DECIDERS = (SPOOL,)

__all__ = ["DECIDERS", "SPOOL", "Spool"]
