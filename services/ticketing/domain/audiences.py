"""Who may buy what, and when: everybody, members, who has a code; and what is hidden from whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from services.ticketing.domain.refusals import (
    NotForSale,
    NotOnSaleYet,
    SaleEnded,
    UnknownTicketType,
)
from services.ticketing.events import Presale, TicketTypeSet


def check_sale(
    offer: TicketTypeSet, at: datetime, codes: Collection[str] = (), *, member: bool = False
) -> None:
    """Whether this buyer may have it now.

    Raises UnknownTicketType for what is hidden from them: it is as if it were not there.
    """
    if offer.unlocked_by and not any(code in offer.unlocked_by for code in codes):
        raise UnknownTicketType(ticket_type=offer.ticket_type)
    if not offer.active:
        raise NotForSale(ticket_type=offer.ticket_type)
    early = offer.sale_from is not None and at < offer.sale_from
    late = offer.sale_until is not None and at >= offer.sale_until
    if not early and not late:
        return
    if any(_is_open(each, at) and _is_for(each, codes, member=member) for each in offer.presales):
        return
    if early:
        raise NotOnSaleYet(ticket_type=offer.ticket_type, sale_from=offer.sale_from)
    raise SaleEnded(ticket_type=offer.ticket_type, sale_until=offer.sale_until)


def _is_open(presale: Presale, at: datetime) -> bool:
    begun = presale.sale_from is None or at >= presale.sale_from
    return begun and (presale.sale_until is None or at < presale.sale_until)


def _is_for(presale: Presale, codes: Collection[str], *, member: bool) -> bool:
    return (presale.members and member) or any(code in presale.codes for code in codes)
