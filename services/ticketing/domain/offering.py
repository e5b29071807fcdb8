"""What is sold: opening a box office and changing it. Declared again as it is, nothing happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from roadcase.decider import Event
from services.ticketing.commands import ChangeBoxOffice, OpenBoxOffice, TicketType
from services.ticketing.domain.office import BoxOffice, freed, must_be_open
from services.ticketing.domain.refusals import (
    AlreadyOpen,
    MixedCurrencies,
    NotAPart,
    TimesReversed,
    UnknownPool,
    UnknownTicketType,
)
from services.ticketing.domain.seating import check_capacity, check_draws
from services.ticketing.events import (
    BoxOfficeChanged,
    BoxOfficeOpened,
    CapacitySet,
    Fee,
    Level,
    Presale,
    Slot,
    TicketTypeSet,
)

NO_SLOTS: Final[Mapping[str, Slot]] = {}
LIMITS = ("per_order_max", "per_person_max")
ABOUT = ("name", "starts_at", "ends_at", "zone", *LIMITS)


def open_(office: BoxOffice, cmd: OpenBoxOffice, _at: datetime) -> Iterator[Event]:
    about = {name: getattr(cmd, name) for name in ABOUT}
    offer = list(offered(office, cmd.occurrence, cmd.pools, cmd.ticket_types))
    if office.opened is None:
        yield BoxOfficeOpened(occurrence=cmd.occurrence, **about)
        yield from offer
    elif offer or about != {name: getattr(office.opened, name) for name in ABOUT}:
        raise AlreadyOpen(occurrence=cmd.occurrence)


def change(office: BoxOffice, cmd: ChangeBoxOffice, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    if changes := [*_changes(office, cmd)]:
        yield from freed(office, at).ends  # what they had of what is kept goes back first
        yield from changes


def _changes(office: BoxOffice, cmd: ChangeBoxOffice) -> Iterator[Event]:
    now = {name: getattr(office.opened, name) for name in ABOUT}
    named = {name: getattr(cmd, name) for name in ABOUT if getattr(cmd, name) is not None}
    about = now | named
    about |= {name: about[name] or None for name in LIMITS}
    if about["ends_at"] <= about["starts_at"]:
        raise TimesReversed(starts_at=about["starts_at"], ends_at=about["ends_at"])
    if about != now:
        yield BoxOfficeChanged(occurrence=cmd.occurrence, **about)
    yield from offered(office, cmd.occurrence, cmd.pools, cmd.ticket_types)


def offered(
    office: BoxOffice,
    occurrence: str,
    pools: Mapping[str, int],
    types: Sequence[TicketType],
    slots: Mapping[str, Slot] = NO_SLOTS,
) -> Iterator[Event]:
    """The pools and types that are not like this yet. What is a slot's stays a slot's."""
    known = office.allocation.pools
    for pool, capacity in pools.items():
        if pool not in known or known[pool].capacity != capacity:
            check_capacity(office, pool, capacity)
            yield CapacitySet(occurrence=occurrence, pool=pool, capacity=capacity)
    for each in {each.id: each for each in types}.values():  # the last word on a type counts
        for pool in each.draws:
            if pool not in known and pool not in pools:
                raise UnknownPool(pool=pool, ticket_type=each.id)
        check_draws(office.seatings, each.id, each.draws)
        for part in (*each.bundle, *each.addon_to):
            _must_be_simple(office, part, {other.id: other for other in types}, each)
        before = office.types.get(each.id)
        slot = slots.get(each.id) or (before.slot if before else None)
        event = TicketTypeSet(occurrence=occurrence, ticket_type=each.id, slot=slot, **_terms(each))
        if event != before:
            yield event


def _terms(offer: TicketType) -> dict[str, Any]:
    """The fields of the event."""
    terms: dict[str, Any] = {name: value for name, value in offer if name != "id"}
    terms["levels"] = tuple(Level(**dict(level)) for level in offer.levels)
    terms["presales"] = tuple(Presale(**dict(presale)) for presale in offer.presales)
    terms["fee"] = Fee(**dict(offer.fee)) if offer.fee else None
    return terms


def _must_be_simple(
    office: BoxOffice, part: str, named: Mapping[str, TicketType], of: TicketType
) -> None:
    """Bundles are made of tickets, and add-ons come with tickets: not with bundles or add-ons."""
    known = named.get(part) or office.types.get(part)
    if known is None:
        raise UnknownTicketType(ticket_type=part, part_of=of.id)
    if known.bundle or known.addon_to or part == of.id:
        raise NotAPart(ticket_type=part, part_of=of.id)
    if known.price.currency != of.price.currency:
        raise MixedCurrencies(currencies=sorted({known.price.currency, of.price.currency}))
