"""How a ticket goes to somebody else: the steps of a transfer, in an order that is always safe.

1. The gates give the ticket up, unless somebody used it.
2. The box office makes it the new guest's.

Whoever died between asks again under the same transfer. If the second step is refused, the box
office ends the transfer, and only then the gates take the ticket again. The same is done for a
transfer that somebody began, never finished, and does not come back for.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import NamedTuple, Protocol

from roadcase.asked import Outcome
from roadcase.decider import Command
from roadcase.doors import Reader
from roadcase.errors import NotFound, Refused
from services.ticketing import commands, queries
from services.ticketing.domain.gate_refusals import BeingTransferred
from services.ticketing.domain.refusals import UnknownOrder, UnknownTicket
from services.ticketing.domain.transfer_refusals import NobodyToTell, NotValid, TransferMade

GOES = ("sold", "transferred")  # also what went already, since this may be asked again


class Ask(Protocol):
    """Dispatches under a key of its own, or the caller's."""

    async def __call__(
        self, command: Command, /, *, key: str | None = None, request: bytes | None = None
    ) -> Outcome: ...


class _Steps(NamedTuple):
    ask: Ask
    occurrence: str
    tickets: tuple[str, ...]

    async def give_up(self, transfer: str) -> None:
        about = {"occurrence": self.occurrence, "transfer": transfer}
        await self._step(commands.GiveUpTickets(**about, tickets=self.tickets))

    async def end(self, transfer: str) -> None:
        """Raises TransferMade."""
        about = {"occurrence": self.occurrence, "transfer": transfer}
        await self._step(commands.EndTransfer(**about))
        await self._step(commands.RestoreTickets(**about, tickets=self.tickets))

    async def _step(self, command: Command) -> None:
        named = f"{type(command).__name__}/{command.model_dump_json()}"
        await self.ask(command, key=f"transfer/{sha256(named.encode()).hexdigest()[:40]}")


async def transfer(
    ask: Ask, read: Reader, command: commands.TransferTicket, request: bytes
) -> Outcome:
    """Raises what `TransferTicket` and `GiveUpTickets` are refused with."""
    return await step_by_step(ask, await _going(read, command), command, request)


async def step_by_step(
    ask: Ask, tickets: tuple[str, ...], command: commands.TransferTicket, request: bytes
) -> Outcome:
    """`tickets` are the ticket and its add-ons."""
    steps = _Steps(ask, command.occurrence, tickets)
    try:
        await steps.give_up(command.transfer)
    except BeingTransferred as other:
        try:
            await steps.end(str(other.facts["transfer"]))
        except TransferMade:
            raise NotValid(ticket=command.ticket, state="transferred") from None
        await steps.give_up(command.transfer)
    try:
        return await ask(command, request=request)
    except (Refused, NotFound):
        with suppress(TransferMade):
            await steps.end(command.transfer)
        raise


async def _going(read: Reader, command: commands.TransferTicket) -> tuple[str, ...]:
    """The ticket, then its add-ons. Raises UnknownOrder, UnknownTicket, NotValid."""
    rows = await queries.tickets_of(read, command.occurrence, command.order)
    if not rows:
        raise UnknownOrder(order=command.order)
    own = next((row for row in rows if row["ticket"] == command.ticket), None)
    if own is None:
        raise UnknownTicket(order=command.order, ticket=command.ticket)
    if own["state"] not in GOES:
        raise NotValid(ticket=command.ticket, state=own["state"])
    with_it = [row for row in rows if row["addon_to"] == command.ticket and row["state"] in GOES]
    return tuple(row["ticket"] for row in (own, *with_it))


async def reached(read: Reader, occurrence: str, order: str) -> bytes:
    """Where mails about an order go, sealed. Raises UnknownOrder, NobodyToTell."""
    rows = await queries.contact_of(read, occurrence, order)
    if not rows:
        raise UnknownOrder(order=order)
    if rows[0]["contact"] is None:
        raise NobodyToTell(order=order)
    return bytes(rows[0]["contact"])
