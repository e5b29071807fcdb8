"""A purchase with a voucher over several occurrences: reserve, ask the office, tell the voucher.

Whatever breaks off in between, a reaction or the voucher's timer finishes.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, Protocol

from roadcase.asked import Outcome
from roadcase.decider import Command
from roadcase.doors import Reader
from roadcase.errors import Refused, RoadcaseError
from roadcase.ids import new_id
from roadcase.money import Money
from services.ticketing import queries
from services.ticketing.commands import (
    HoldTickets,
    PlaceOrder,
    ReleaseReservation,
    Reserved,
    ReserveVoucher,
    SellTickets,
    UseReservation,
)
from services.ticketing.domain.refusals import (
    HoldExists,
    OneVoucher,
    OrderExists,
    UnknownCode,
)
from services.ticketing.events import VoucherReserved, VoucherTaken

Buys = HoldTickets | SellTickets | PlaceOrder
TAKEN: Final = (HoldExists, OrderExists)  # by another attempt, which goes on
ANSWERED: Final = tuple(name for name in Reserved.model_fields)


class Ask(Protocol):
    """How a door dispatches for its caller: `roadcase.rpc.Call.dispatch`."""

    async def __call__(
        self, command: Command, *, key: str | None = None, request: bytes | None = None
    ) -> Outcome: ...


async def bought(
    ask: Ask, read: Reader, command: Buys, *, key: str | None = None, asked: bytes
) -> Outcome:
    """What a purchase with codes becomes. `asked`: what the caller said, the same at each try.

    Only a code that the office does not know is looked for among those of all occurrences, so
    other codes cost nothing more; and a purchase that was made before is told as it was. Raises
    what speaks against it, and OneVoucher.
    """
    try:
        return await ask(command, key=key, request=asked)
    except UnknownCode:
        found = await queries.series_vouchers(read, command.codes)
        if not found:
            raise
    if len(found) > 1:
        raise OneVoucher(vouchers=[each["voucher"] for each in found])
    (voucher,) = found
    worth = await _worth(read, command) if voucher["terms"]["budget"] else None
    reserving = ReserveVoucher(
        voucher=voucher["voucher"],
        reservation=reservation_of(command),
        attempt=new_id("try"),
        tickets=sum(line.quantity for line in command.lines),
        worth=worth,
        subject=command.subject,
    )
    return await with_reservation(ask, command, reserving, key=key, asked=asked)


async def _worth(read: Reader, command: Buys) -> Money | None:
    """What its tickets cost at most without a voucher, as far as it is shown."""
    types = (await queries.availability(read, command.occurrence))["types"]
    known = [line for line in command.lines if line.ticket_type in types]
    if not known:
        return None
    minor = sum(_highest(types[line.ticket_type]) * line.quantity for line in known)
    return Money(minor, types[known[0].ticket_type]["price"]["currency"])


def _highest(kind: dict[str, Any]) -> int:
    prices = [kind["price"], *(level["price"] for level in kind.get("levels") or ())]
    return max(int(price["minor"]) for price in prices)


def reservation_of(command: Buys) -> str:
    """An order that is placed is a hold of the same id."""
    if isinstance(command, SellTickets):
        return f"{command.occurrence}/order/{command.order}"
    hold = command.hold if isinstance(command, HoldTickets) else command.order
    return f"{command.occurrence}/hold/{hold}"


async def with_reservation(
    ask: Ask, command: Buys, reserving: ReserveVoucher, *, key: str | None, asked: bytes
) -> Outcome:
    """Reserve, buy, and tell the voucher what became of it."""
    attempt = reserving.attempt
    outcome = await ask(reserving, key=attempt)
    reserved = _first(VoucherReserved, outcome.events)
    if reserved is not None:
        proof = Reserved(**{name: getattr(reserved, name) for name in ANSWERED})
        command = command.model_copy(update={"series": proof})
    try:
        outcome = await ask(command, key=key, request=asked)
    except Refused as refusal:
        if reserved is not None and not isinstance(refusal, TAKEN):
            await _release(ask, reserving)
        raise
    taken = _first(VoucherTaken, outcome.events)
    if taken is not None and reserved is not None:
        using = UseReservation(
            voucher=taken.voucher,
            reservation=taken.reservation,
            tickets=taken.tickets,
            spent=taken.spent,
            subject=taken.subject,
        )
        with suppress(RoadcaseError):  # it is bought: a reaction tells it too
            await ask(using, key=f"{attempt}/use")
    elif reserved is not None and outcome.events:
        await _release(ask, reserving)
    return outcome


async def _release(ask: Ask, reserving: ReserveVoucher) -> None:
    """At once where that can be; else when its time is over."""
    release = ReleaseReservation(
        voucher=reserving.voucher,
        reservation=reserving.reservation,
        attempt=reserving.attempt,
    )
    with suppress(RoadcaseError):
        await ask(release, key=f"{reserving.attempt}/release")


def _first(kind: type[Any], events: Sequence[Any]) -> Any:
    return next((event for event in events if isinstance(event, kind)), None)
