"""What ticketing does when it hears its own box office: the gates learn what is void."""

from __future__ import annotations

from typing import Final

from roadcase.decider import Command, Heard
from roadcase.reaction import Reaction
from services.ticketing.commands import RevokeTicket


class TicketRefunded(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.ticket_refunded.v1",)

    occurrence: str
    ticket: str


class TicketCancelled(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.ticket_cancelled.v1",)

    occurrence: str
    ticket: str


def revoke_refunded(event: TicketRefunded) -> list[Command]:
    return [RevokeTicket(occurrence=event.occurrence, ticket=event.ticket, why="refunded")]


def revoke_cancelled(event: TicketCancelled) -> list[Command]:
    return [RevokeTicket(occurrence=event.occurrence, ticket=event.ticket, why="cancelled")]


REACTIONS: Final = (
    Reaction("revoke-refunded", TicketRefunded, revoke_refunded, from_start=True),
    Reaction("revoke-cancelled", TicketCancelled, revoke_cancelled, from_start=True),
)
