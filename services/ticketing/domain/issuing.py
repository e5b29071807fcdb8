"""Issuing tickets: what is sold becomes one fact for each ticket, with a code of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from services.ticketing import codes
from services.ticketing.commands import ConfirmOrder, GiveTickets, SellTickets
from services.ticketing.domain.composing import companions
from services.ticketing.domain.office import BoxOffice
from services.ticketing.domain.reserves import overlap
from services.ticketing.events import Channel, Line, TicketSold, TicketTypeSet


class How(msgspec.Struct, frozen=True, gc=False):
    """What is the same for all tickets of an order, as in TicketSold."""

    channel: Channel
    subject: str | None
    hold: str | None = None
    late: bool = False
    promo: str | None = None


def issue(
    office: BoxOffice,
    cmd: SellTickets | ConfirmOrder | GiveTickets,
    lines: tuple[Line, ...],
    at: datetime,
    how: How,
) -> list[TicketSold]:
    """The tickets of an order, numbered from 1 in the order of its lines."""
    of = sum([line.quantity for line in lines])
    sold: list[TicketSold] = []
    own: set[str] = set()  # codes of this order: the office does not know them yet
    hosts = companions(office, lines) if office.composed else {}
    for line in lines:
        offer = office.types[line.ticket_type]
        plain = not hosts and is_plain(line, offer)
        kept = {} if plain or (how.hold and not how.late) else dict(line.kept)
        for place in range(line.quantity):
            ticket = f"{cmd.order}-{len(sold) + 1}"
            code = codes.fresh(cmd.code_seed, ticket, office.codes, own)
            own.add(code)
            made = _ticket(
                cmd, line, at, how, ticket=ticket, number=len(sold) + 1, of=of, code=code
            )
            if not plain:
                made = _with_terms(made, line, offer, place)
                host = hosts.get(made.number)
                made = replace(
                    made,
                    addon_to=f"{cmd.order}-{host}" if host else None,
                    kept=_part(kept, line.draws) if kept else {},
                )
            sold.append(made)
    return sold


def is_plain(line: Line, offer: TicketTypeSet) -> bool:
    """Nothing is to be said of its tickets beside what they cost and take: nearly all of a drop."""
    if offer.deliver != "both" or offer.valid_from is not None:
        return False
    return line == Line(
        ticket_type=line.ticket_type,
        quantity=line.quantity,
        price=line.price,
        seller=line.seller,
        draws=line.draws,
    )


def _ticket(
    cmd: SellTickets | ConfirmOrder | GiveTickets,
    line: Line,
    at: datetime,
    how: How,
    *,
    ticket: str,
    number: int,
    of: int,
    code: str,
) -> TicketSold:
    """The hot path: a field more costs more here than the rest of the event."""
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
        channel=how.channel,
        payment_reference=cmd.payment_reference,
        sold_at=at,
        subject=how.subject,
        contact=cmd.contact,
        hold=how.hold,
        late=how.late,
        promo=how.promo,
    )


def _with_terms(sold: TicketSold, line: Line, offer: TicketTypeSet, place: int) -> TicketSold:
    return replace(
        sold,
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
        earned=line.earned,
        deliver=offer.deliver,
        valid_from=offer.valid_from,
        valid_until=offer.valid_until,
    )


def _part(kept: dict[str, int], draws: Mapping[str, int]) -> dict[str, int]:
    """The units of one ticket that had been kept aside; they leave `kept`."""
    part = overlap(draws, kept)
    for pool, units in part.items():
        kept[pool] -= units
    return part
