"""Units of pools in rows: `{"hall": {"capacity": 300, "held": 2, "sold": 9, "kept": 0, …}}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from roadcase.decider import Event
from roadcase.money import Money
from roadcase.projection import Row
from services.ticketing.events import (
    AllotmentReleased,
    AllotmentSet,
    CapacitySet,
    HoldEnded,
    Line,
    TicketCancelled,
    TicketRefunded,
    TicketsHeld,
    TicketSold,
    TicketTransferred,
    VoucherLapsed,
    VoucherSet,
    WaitingJoined,
    WaitingKept,
    WaitingLeft,
    WaitingPassed,
)

Pools = Mapping[str, Mapping[str, int]]
NONE: Mapping[str, int] = {}
RESERVED: Final[tuple[type[Event], ...]] = (
    VoucherSet,
    VoucherLapsed,
    AllotmentSet,
    AllotmentReleased,
    WaitingJoined,
    WaitingKept,
    WaitingLeft,
    WaitingPassed,
)


def resized(pools: Pools, event: CapacitySet) -> Pools:
    pool = {"held": 0, "sold": 0, "kept": 0, "waited": 0} | dict(pools.get(event.pool, {}))
    return {**pools, event.pool: {**pool, "capacity": event.capacity}}


def held(pools: Pools, event: TicketsHeld) -> Pools:
    for line in event.lines:
        pools = kept(_moved(pools, line.draws, held=line.quantity), less=line.kept)
    return waited(kept(pools, less=event.less), less=event.waited)


def ended(pools: Pools, event: HoldEnded) -> Pools:
    """Sold units count as sold at once, so that they never look free."""
    for line in event.lines:
        sold = line.quantity if event.why == "sold" else 0
        pools = _moved(pools, line.draws, held=-line.quantity, sold=sold)
    for units in event.kept.values():
        pools = kept(pools, more=units)
    return pools


def sold(pools: Pools, event: TicketSold) -> Pools:
    """What was held until now was counted when its hold ended."""
    if event.hold is not None and not event.late:
        return pools
    pools = _moved(pools, event.draws, sold=1)
    return kept(pools, less=event.kept) if event.kept else pools


def given_back(pools: Pools, event: TicketCancelled | TicketRefunded) -> Pools:
    pools = _moved(pools, event.draws, sold=-1)
    for units in event.kept.values():
        pools = kept(pools, more=units)
    return pools


def kept(pools: Pools, *, more: Mapping[str, int] = NONE, less: Mapping[str, int] = NONE) -> Pools:
    """Units are kept aside, or not any more."""
    if not more and not less:
        return pools
    changed = dict(pools)
    for name in {*more, *less}:
        units = pools[name]["kept"] + more.get(name, 0) - less.get(name, 0)
        changed[name] = {**pools[name], "kept": units}
    return changed


def waited(
    pools: Pools, *, more: Mapping[str, int] = NONE, less: Mapping[str, int] = NONE
) -> Pools:
    """Somebody waits for units, or does not any more."""
    if not more and not less:
        return pools
    changed = dict(pools)
    for name in {*more, *less}:
        units = pools[name]["waited"] + more.get(name, 0) - less.get(name, 0)
        changed[name] = {**pools[name], "waited": units}
    return changed


def reserved(pools: Pools, event: Any) -> Pools:
    """What is kept or waited for changed."""
    match event:
        case VoucherSet():
            return kept(pools, more=event.more, less=event.less)
        case AllotmentSet():
            return kept(pools, more={event.pool: event.more}, less={event.pool: event.less})
        case AllotmentReleased():
            return kept(pools, less={event.pool: event.units})
        case WaitingJoined():
            return waited(pools, more=event.waited)
    more, less, fewer = (getattr(event, name, NONE) for name in ("more", "less", "waited"))
    return waited(kept(pools, more=more, less=less), less=fewer)


def free(pool: Mapping[str, int]) -> int:
    """What anybody can still have: nothing when the capacity was cut below what is taken."""
    taken = pool["held"] + pool["sold"] + pool["kept"] + pool["waited"]
    return max(0, pool["capacity"] - taken)


def quantity(lines: Iterable[Line]) -> int:
    return sum(line.quantity for line in lines)


def added(takings: Mapping[str, int], amount: Money) -> dict[str, int]:
    """Minor units by currency, with one more amount."""
    return {**takings, amount.currency: takings.get(amount.currency, 0) + amount.minor}


def paid(event: TicketSold | TicketTransferred) -> Money:
    """What was paid for a ticket: its price, and a fee on top."""
    return event.price if event.fee is None else event.price + event.fee


def there(row: Row | None) -> dict[str, Any]:
    """The row of something that must have happened before, to be changed."""
    assert row is not None, "nothing opened this box office, or nobody sold this"
    return dict(row)


def _moved(pools: Pools, draws: Mapping[str, int], *, held: int = 0, sold: int = 0) -> Pools:
    changed = dict(pools)
    for name, units in draws.items():
        pool = pools[name]
        changed[name] = {
            **pool,
            "held": pool["held"] + held * units,
            "sold": pool["sold"] + sold * units,
        }
    return changed
