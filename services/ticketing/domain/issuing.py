"""Issuing tickets: what is sold becomes one fact for each ticket, with a code of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, Required, TypedDict, Unpack

from services.ticketing import codes
from services.ticketing.commands import ConfirmOrder, GiveTickets, SellTickets
from services.ticketing.domain.composing import companions
from services.ticketing.domain.office import BoxOffice
from services.ticketing.domain.reserves import overlap
from services.ticketing.events import Channel, Line, TicketSold, TicketTypeSet


class How(TypedDict, total=False):
    """What is the same for all tickets of an order, as in TicketSold."""

    channel: Required[Channel]
    subject: Required[str | None]
    hold: str
    late: bool
    promo: str | None


def issue(
    office: BoxOffice,
    cmd: SellTickets | ConfirmOrder | GiveTickets,
    lines: tuple[Line, ...],
    at: datetime,
    **how: Unpack[How],
) -> list[TicketSold]:
    """The tickets of an order, numbered from 1 in the order of its lines."""
    order: dict[str, Any] = {
        "occurrence": cmd.occurrence,
        "order": cmd.order,
        "of": sum([line.quantity for line in lines]),
        "payment_reference": cmd.payment_reference,
        "contact": cmd.contact,
        "sold_at": at,
        **how,
    }
    sold: list[TicketSold] = []
    own: set[str] = set()  # codes of this order: the office does not know them yet
    hosts = companions(office, lines) if office.composed else {}
    for line in lines:
        kept = {} if how.get("hold") else dict(line.kept)
        valid = window(office.types[line.ticket_type])
        for place in range(line.quantity):
            number = len(sold) + 1
            ticket = f"{cmd.order}-{number}"
            code = codes.fresh(cmd.code_seed, ticket, office.codes, own)
            own.add(code)
            known: dict[str, Any] = {"ticket": ticket, "number": number, "code": code, **valid}
            if number in hosts:
                known["addon_to"] = f"{cmd.order}-{hosts[number]}"
            if kept:
                known["kept"] = _part(kept, line.draws)
            sold.append(_ticket(line, place, **known, **order))
    return sold


class Window(TypedDict, total=False):
    """How and when a ticket lets somebody in, as in TicketSold; empty: by itself, all night."""

    valid_from: datetime | None
    valid_until: datetime | None
    deliver: Literal["both", "phone", "print"]


ALL_NIGHT: Final = Window()


def window(offer: TicketTypeSet) -> Window:
    """Of tickets that are sold now."""
    if offer.valid_from is None and offer.deliver == "both":
        return ALL_NIGHT
    return {
        "valid_from": offer.valid_from,
        "valid_until": offer.valid_until,
        "deliver": offer.deliver,
    }


def _part(kept: dict[str, int], draws: Mapping[str, int]) -> dict[str, int]:
    """The units of one ticket that had been kept aside; they leave `kept`."""
    part = overlap(draws, kept)
    for pool, units in part.items():
        kept[pool] -= units
    return part


def _ticket(line: Line, place: int, **rest: Any) -> TicketSold:
    return TicketSold(
        ticket_type=line.ticket_type,
        price=line.price,
        seller=line.seller,
        draws=line.draws,
        fee=line.fee,
        fee_within=line.fee_within,
        tier=line.tier,
        listed=line.listed,
        voucher=line.voucher,
        admits=line.admits,
        seat=line.seats[place] if line.seats else None,
        bundle=line.bundle,
        discount=line.discount,
        reserve=line.reserve,
        policy=line.policy,
        reservation=line.reservation,
        **rest,
    )
