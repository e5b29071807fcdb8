"""What the gates do for a transfer: they give tickets up for it, or take them again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.ticketing.commands import GiveUpTickets, RestoreTickets
from services.ticketing.domain.at_gates import Admission
from services.ticketing.domain.gate_refusals import BeingTransferred, EnteredAlready, TurnedAway
from services.ticketing.events import TicketRestored, TicketRevoked


def give_up(admission: Admission, cmd: GiveUpTickets, _at: datetime) -> Iterator[TicketRevoked]:
    """All or none. What was used by anybody stays whose it is: also what was handed out."""
    for ticket in cmd.tickets:
        if admission.given_up.get(ticket, cmd.transfer) != cmd.transfer:
            raise BeingTransferred(ticket=ticket, transfer=admission.given_up[ticket])
        if ticket not in admission.given_up and ticket in admission.revoked:
            raise TurnedAway(ticket=ticket, why=admission.revoked[ticket])
        if ticket in admission.blocked:
            raise TurnedAway(ticket=ticket, why="blocked")
        if admission.entries.get(ticket) or f"{cmd.tickets[0]}/{ticket}" in admission.handed:
            raise EnteredAlready(ticket=ticket)
    for ticket in dict.fromkeys(cmd.tickets):
        if ticket not in admission.given_up:
            yield TicketRevoked(
                occurrence=cmd.occurrence,
                ticket=ticket,
                why="transferred",
                inside=False,
                transfer=cmd.transfer,
            )


def restore(admission: Admission, cmd: RestoreTickets, _at: datetime) -> Iterator[TicketRestored]:
    for ticket in dict.fromkeys(cmd.tickets):
        if admission.given_up.get(ticket) == cmd.transfer:
            yield TicketRestored(occurrence=cmd.occurrence, ticket=ticket, transfer=cmd.transfer)
