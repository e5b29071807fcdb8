"""Triggers of a box office: what it sells fires them, in the commit of the sale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from roadcase.decider import Event
from roadcase.triggers import Fact, Firing, Value
from services.ticketing.commands import ReleaseNoShows, SetSaleTriggers
from services.ticketing.domain import channels
from services.ticketing.domain.office import BoxOffice, Commands, Evolve, must_be_open, starts_at
from services.ticketing.domain.refusals import UnknownTicketType
from services.ticketing.events import (
    OrderPlaced,
    SaleTriggerFired,
    SaleTriggersSet,
    TicketSold,
    TicketTypeSet,
)

PLACES: Final = "places"  # the pool of all places, as planning names it
_ZONE: Final = "zone-"  # and how it names that of a zone
_MINUTE: Final = timedelta(minutes=1)


def set_triggers(
    office: BoxOffice, cmd: SetSaleTriggers, _at: datetime
) -> Iterator[SaleTriggersSet]:
    known = office.watch.declared
    if cmd.triggers != tuple(known.values()):
        new = tuple(each.key for each in cmd.triggers if each.key not in known)
        yield SaleTriggersSet(occurrence=cmd.occurrence, triggers=cmd.triggers, new=new)


def notice(office: BoxOffice, events: Sequence[Event], _at: datetime) -> Iterable[Event]:
    """What fires because of what just happened. Costs nothing where nothing is watched for."""
    return _noticed(office, events) if office.watch.declared else ()


def _noticed(office: BoxOffice, events: Sequence[Event]) -> Iterator[SaleTriggerFired]:
    new = next((each.new for each in events if isinstance(each, SaleTriggersSet)), ())
    so_now = _so_now(office) if new else ()
    for firing in office.watch.firings(_facts(office, events), so_now, new):
        yield SaleTriggerFired(**firing_of(_named(events), firing))


def _named(events: Sequence[Any]) -> str:
    """The occurrence: each of our events has it."""
    return str(events[0].occurrence)


def firing_of(occurrence: str, firing: Firing) -> dict[str, Any]:
    """As it is on record."""
    return {
        "occurrence": occurrence,
        "firing": firing.id,
        "trigger": firing.trigger,
        "fact": firing.fact,
        "reason": firing.reason,
        "about": firing.fields,
        "actions": firing.actions,
    }


def _facts(office: BoxOffice, events: Sequence[Event]) -> Iterator[Fact]:
    sold: dict[str, list[TicketSold]] = {}
    for event in events:
        if isinstance(event, OrderPlaced):
            yield _placed(office, event)
        elif isinstance(event, TicketSold):
            sold.setdefault(event.order, []).append(event)
    for order, tickets in sold.items():
        yield _confirmed(order, tickets)
    if sold:
        last = next(reversed(sold))
        pools = {pool for each in sold[last] for pool in each.draws}
        yield from _filled(office, last, sorted(pools))


def _placed(office: BoxOffice, event: OrderPlaced) -> Fact:
    lines = office.held[event.order].lines if event.order in office.held else ()
    fields: dict[str, Value] = {
        "order": event.order,
        "tickets": sum(line.quantity for line in lines),
        "amount": event.total,
        "approval": event.approval,
    }
    return Fact("order_placed", event.order, fields)


def _confirmed(order: str, tickets: Sequence[TicketSold]) -> Fact:
    paid = [each.price if each.fee is None else each.price + each.fee for each in tickets]
    fields: dict[str, Value] = {
        "order": order,
        "channel": tickets[0].channel,
        "tickets": len(tickets),
        "amount": sum(paid[1:], paid[0]),
    }
    return Fact("order_confirmed", order, fields)


def _filled(office: BoxOffice, id_: str, pools: Iterable[str]) -> Iterator[Fact]:
    """How full it is, in all and in these zones."""
    yield Fact("tickets_sold", id_, _share(office, PLACES))
    for pool in pools:
        if pool.startswith(_ZONE):
            zone = pool.removeprefix(_ZONE)
            yield Fact("zone_filled", f"{id_}/{zone}", {"zone": zone, **_share(office, pool)})
    if office.watch.wants("sold_out") and _is_sold_out(office):
        yield Fact("sold_out", id_, {"sold": _share(office, PLACES).get("sold", 0)})


def _share(office: BoxOffice, pool: str) -> dict[str, Value]:
    found = office.allocation.pools.get(pool)
    if found is None:
        return {}
    percent = 100 * found.sold // found.capacity if found.capacity else 100
    return {"sold": found.sold, "percent": percent}


def _is_sold_out(office: BoxOffice) -> bool:
    """Nothing is left to sell, whatever becomes of carts."""
    offered = [each for each in office.types.values() if each.active]
    return bool(offered) and not any(_is_left(office, each) for each in offered)


def _is_left(office: BoxOffice, offer: TicketTypeSet) -> bool:
    pools = office.allocation.pools
    return all(pools[pool].room + pools[pool].held >= units for pool, units in offer.draws.items())


def _so_now(office: BoxOffice) -> Iterator[Fact]:
    for pending in office.pending.values():
        yield _placed(office, pending.placed)
    if office.orders:
        yield from _filled(office, "before", sorted(office.allocation.pools))


def release_no_shows(
    office: BoxOffice, cmd: ReleaseNoShows, at: datetime
) -> Iterator[TicketTypeSet]:
    """Minutes after the start that are over by now: who was not scanned did not come."""
    must_be_open(office, cmd.occurrence)
    minutes = max(0, (at - starts_at(office)) // _MINUTE)
    for id_ in cmd.ticket_types or tuple(office.types):
        offer = office.types.get(id_)
        if offer is None:
            raise UnknownTicketType(ticket_type=id_)
        if offer.no_show_after is None or offer.no_show_after > minutes:
            yield msgspec.structs.replace(offer, no_show_after=minutes)


def _set(office: BoxOffice, event: SaleTriggersSet) -> None:
    office.watch.declare(event.triggers, {})


def _has_fired(office: BoxOffice, event: SaleTriggerFired) -> None:
    office.watch.has_fired(event.trigger, event.firing)


EVOLVE: Final[Evolve] = {
    SaleTriggersSet: _set,
    SaleTriggerFired: _has_fired,
    **channels.EVOLVE,
}
COMMANDS: Final[Commands] = {
    SetSaleTriggers: set_triggers,
    ReleaseNoShows: release_no_shows,
    **channels.COMMANDS,
}
