"""Timed entry: a rule makes slots, each with a pool and a ticket type of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from roadcase.decider import Event
from services.ticketing import commands
from services.ticketing.commands import MakeSlots, TicketType
from services.ticketing.domain.offering import offered
from services.ticketing.domain.office import (
    BoxOffice,
    Commands,
    Evolve,
    Freed,
    freed,
    must_be_open,
)
from services.ticketing.domain.refusals import SlotsInUse
from services.ticketing.events import CapacitySet, Slot, SlotRule, SlotsMade, TicketTypeSet

SHOWN: Final = 20  # slots that a refusal names
DAY: Final = 24 * 60
MINUTE: Final = timedelta(minutes=1)


class Made(NamedTuple):
    """The slots of a rule by id, and the local times with none, and with two, of them."""

    slots: dict[str, Slot]
    missing: tuple[datetime, ...]
    twice: tuple[datetime, ...]


def made(rule: SlotRule, name: str, zone: ZoneInfo) -> Made:
    """The grid is of local times.

    Those that clocks skip have no slot, and those that come twice have one: the first. A slot ends
    after its minutes, or where the next local time of the grid is, if that comes sooner.
    """
    found: dict[str, Slot] = {}
    missing, twice = [], []
    every = rule.every * MINUTE
    for wall in _walls(rule):
        starts = _instant(wall, zone)
        if starts.astimezone(zone).replace(tzinfo=None) != wall:
            missing.append(wall)
            continue
        if starts != _instant(wall.replace(fold=1), zone):
            twice.append(wall)
        ends = min(starts + every, _instant(wall + every, zone))
        found[f"{name}-{wall:%Y%m%dT%H%M}"] = Slot(of=name, starts=starts, ends=ends)
    return Made(found, tuple(missing), tuple(twice))


def _walls(rule: SlotRule) -> Iterator[datetime]:
    first = _minute(rule.first)
    until = _after(rule.until, first)
    breaks = []
    for each in rule.breaks:
        begins = _minute(each.starts)
        begins += DAY if begins < first else 0
        breaks.append((begins, _after(each.ends, begins)))
    day = datetime.combine(rule.first_day, time())
    while day.date() <= rule.last_day:
        if day.date() not in rule.closed:
            for at in range(first, until - rule.every + 1, rule.every):
                if not any(at < end and begin < at + rule.every for begin, end in breaks):
                    yield day + at * MINUTE
        day += timedelta(days=1)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _after(at: time, minute: int) -> int:
    """The minute of a time of day, on the next day if it is not after this one."""
    found = _minute(at)
    while found <= minute:
        found += DAY
    return found


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def make(office: BoxOffice, cmd: MakeSlots, at: datetime) -> Iterator[Event]:
    """What is sold, held, kept or waited for stays as it is, or nothing changes."""
    must_be_open(office, cmd.occurrence)
    assert office.opened is not None
    name, zone = cmd.offer.id, office.opened.zone
    rule = _rule(cmd.rule)
    by_rule = made(rule, name, ZoneInfo(zone))
    fact = SlotsMade(
        occurrence=cmd.occurrence,
        slots=name,
        zone=zone,
        rule=rule,
        number=len(by_rule.slots),
        missing=by_rule.missing,
        twice=by_rule.twice,
    )
    changes = [*_retired(office, name, by_rule), *_changed(office, cmd, by_rule)]
    gone = freed(office, at)
    _check(office, name, changes, gone)
    if changes:
        yield from gone.ends
    if changes or fact != office.slots.get(name):
        yield fact
    yield from changes


def _rule(rule: commands.SlotRule) -> SlotRule:
    return msgspec.convert(rule.model_dump(), SlotRule)


def _changed(office: BoxOffice, cmd: MakeSlots, by_rule: Made) -> Iterator[Event]:
    pools = dict.fromkeys(by_rule.slots, cmd.rule.capacity)
    types = [_type(cmd, id_, slot) for id_, slot in by_rule.slots.items()]
    return offered(office, cmd.occurrence, pools, types, by_rule.slots)


def _type(cmd: MakeSlots, id_: str, slot: Slot) -> TicketType:
    """Nobody buys a slot that has begun, member or not."""
    offer = cmd.offer
    until = min(offer.sale_until or slot.starts, slot.starts)
    presales = tuple(
        each.model_copy(update={"sale_until": min(each.sale_until or slot.starts, slot.starts)})
        for each in offer.presales
    )
    draws = {id_ if pool == offer.id else pool: units for pool, units in offer.draws.items()}
    return offer.model_copy(
        update={
            "id": id_,
            "draws": draws,
            "sale_until": until,
            "presales": presales,
            "valid_from": slot.starts - cmd.rule.early * MINUTE,
            "valid_until": slot.ends + cmd.rule.grace * MINUTE,
        }
    )


def _retired(office: BoxOffice, name: str, by_rule: Made) -> Iterator[CapacitySet | TicketTypeSet]:
    for id_, kind in office.types.items():
        if kind.slot and kind.slot.of == name and kind.active and id_ not in by_rule.slots:
            yield CapacitySet(occurrence=kind.occurrence, pool=id_, capacity=0)
            yield msgspec.structs.replace(kind, active=False)


def _check(office: BoxOffice, name: str, changes: list[Event], gone: Freed) -> None:
    named = {
        each.ticket_type if isinstance(each, TicketTypeSet) else each.pool
        for each in changes
        if isinstance(each, TicketTypeSet | CapacitySet)
    }
    used = sorted(id_ for id_ in named if _in_use(office, id_, name, gone))
    if used:
        raise SlotsInUse(slots=used[:SHOWN], number=len(used))


def _in_use(office: BoxOffice, id_: str, name: str, gone: Freed) -> bool:
    """Also a type that somebody made under this id, and that is no slot of this name."""
    kind, pool = office.types.get(id_), office.allocation.pools.get(id_)
    if kind is not None and (kind.slot is None or kind.slot.of != name):
        return True
    # What is free is kept for who waits: so that counts too.
    return pool is not None and pool.capacity - pool.room > gone.units.get(id_, 0)


def _was_made(office: BoxOffice, event: SlotsMade) -> None:
    """Its pools and types are facts of their own."""
    office.slots[event.slots] = event


EVOLVE: Final[Evolve] = {SlotsMade: _was_made}
COMMANDS: Final[Commands] = {MakeSlots: make}
