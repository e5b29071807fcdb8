"""Issuing tickets: what is sold becomes one fact for each ticket, with a code of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Required, TypedDict, Unpack

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
    of = sum([line.quantity for line in lines])
    sold: list[TicketSold] = []
    own: set[str] = set()  # codes of this order: the office does not know them yet
    hosts = companions(office, lines) if office.composed else {}
    for line in lines:
        kept = {} if how.get("hold") else dict(line.kept)
        offer = office.types[line.ticket_type]
        for place in range(line.quantity):
            number = len(sold) + 1
            ticket = f"{cmd.order}-{number}"
            code = codes.fresh(cmd.code_seed, ticket, office.codes, own)
            own.add(code)
            made = _ticket(
                cmd,
                line,
                offer,
                ticket=ticket,
                number=number,
                of=of,
                code=code,
                sold_at=at,
                seat=line.seats[place] if line.seats else None,
                addon_to=f"{cmd.order}-{hosts[number]}" if number in hosts else None,
                kept=_part(kept, line.draws) if kept else {},
                how=how,
            )
            sold.append(made)
    return sold


def _ticket(
    cmd: SellTickets | ConfirmOrder | GiveTickets,
    line: Line,
    offer: TicketTypeSet,
    *,
    ticket: str,
    number: int,
    of: int,
    code: str,
    seat: str | None,
    addon_to: str | None,
    kept: dict[str, int],
    sold_at: datetime,
    how: How,
) -> TicketSold:
    """Each field by its name: on the hot path, merging dicts costs as much as the event itself."""
    return TicketSold(
        occurrence=cmd.occurrence,
        order=cmd.order,
        ticket=ticket,
        number=number,
        of=of,
        ticket_type=line.ticket_type,
        price=line.price,
        seller=line.seller,
        draws=line.draws,
        code=code,
        payment_reference=cmd.payment_reference,
        contact=cmd.contact,
        sold_at=sold_at,
        fee=line.fee,
        fee_within=line.fee_within,
        tier=line.tier,
        listed=line.listed,
        voucher=line.voucher,
        admits=line.admits,
        seat=seat,
        addon_to=addon_to,
        bundle=line.bundle,
        discount=line.discount,
        reserve=line.reserve,
        kept=kept,
        policy=line.policy,
        reservation=line.reservation,
        deliver=offer.deliver,
        valid_from=offer.valid_from,
        valid_until=offer.valid_until,
        **how,
    )


def _part(kept: dict[str, int], draws: Mapping[str, int]) -> dict[str, int]:
    """The units of one ticket that had been kept aside; they leave `kept`."""
    part = overlap(draws, kept)
    for pool, units in part.items():
        kept[pool] -= units
    return part
