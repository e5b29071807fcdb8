"""Unpaid at the door: an order is paid where its guests stand, and they go in, or neither.

Two streams take part, so this is two steps that can be gone on with: asked again under the same
nonce, what is paid stays paid once, and who is in stays in once.
"""

from __future__ import annotations

from functools import partial

from roadcase.api.v1 import ticketing_admission_pb2 as pb
from roadcase.doors import Reader, wait_shown
from roadcase.rpc import Call
from services.ticketing import commands, queries
from services.ticketing.api.gate import Answer, Gates, sale_of
from services.ticketing.api.translate import money
from services.ticketing.domain.gate_refusals import HouseFull
from services.ticketing.events import TicketSold


async def pay_and_enter(
    call: Call, request: pb.PayAndEnterRequest, seed: str, gates: Gates
) -> list[Answer]:
    """The answer for each ticket of the order. Raises what `ConfirmOrder` does, and HouseFull."""
    read, occurrence = call.read, request.occurrence
    await _must_have_room(read, occurrence, request.order)
    command = commands.ConfirmOrder(
        occurrence=occurrence,
        order=request.order,
        hold=request.hold,
        payment_reference=request.payment_reference,
        amount=money(request.amount),
        code_seed=seed,
    )
    outcome = await call.dispatch(command, key=f"door/{request.nonce}/pay")
    known = [_known(each) for each in outcome.events if isinstance(each, TicketSold)]
    if not known:  # it was paid before, under another key
        await wait_shown(read, "attendees", outcome.position)
        rows = await queries.tickets_of(read, occurrence, request.order)
        tickets = [row["ticket"] for row in rows]
        known = [{"ticket": each, **await sale_of(read, occurrence, each)} for each in tickets]
    answers = []
    for number, ticket in enumerate(known):
        nonce = f"{request.nonce}-{number}" if number else request.nonce
        dispatch = partial(call.dispatch, key=f"door/{nonce}/in")
        gate = gates.of(call.identity, read, dispatch)
        entry = commands.CheckIn(
            occurrence=occurrence,
            gate=request.gate,
            nonce=nonce,
            ticket_for=occurrence,
            device=request.device or call.identity.actor,
            **ticket,
        )
        answers.append(await gate.ask(entry, f"{occurrence}/{request.order}".encode()))
    return answers


async def _must_have_room(read: Reader, occurrence: str, order: str) -> None:
    """Nobody pays to be turned away, as far as it is shown; who has paid goes on."""
    stand = await queries.gates(read, occurrence)
    inside, most = stand["occupancy"], stand["occupancy_max"]
    if most is None or inside < most or await queries.tickets_of(read, occurrence, order):
        return
    raise HouseFull(inside=inside, occupancy_max=most)


def _known(sold: TicketSold) -> dict[str, object]:
    known = {"ticket": sold.ticket, "ticket_type": sold.ticket_type, "admits": sold.admits}
    window = {"valid_from": sold.valid_from, "valid_until": sold.valid_until}
    return known | window
