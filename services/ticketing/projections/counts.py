"""Counting units of pools in rows, as JSON: `{"hall": {"capacity": 300, "held": 2, "sold": 9}}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from roadcase.money import Money
from roadcase.projection import Row
from services.ticketing.events import CapacitySet, HoldEnded, Line, TicketsHeld, TicketSold

Pools = Mapping[str, Mapping[str, int]]


def resized(pools: Pools, event: CapacitySet) -> Pools:
    pool = {"held": 0, "sold": 0} | dict(pools.get(event.pool, {}))
    return {**pools, event.pool: {**pool, "capacity": event.capacity}}


def held(pools: Pools, event: TicketsHeld) -> Pools:
    for line in event.lines:
        pools = _moved(pools, line.draws, held=line.quantity)
    return pools


def ended(pools: Pools, event: HoldEnded) -> Pools:
    """Sold units count as sold at once, so that they never look free."""
    for line in event.lines:
        sold = line.quantity if event.why == "sold" else 0
        pools = _moved(pools, line.draws, held=-line.quantity, sold=sold)
    return pools


def sold(pools: Pools, event: TicketSold) -> Pools:
    """What was held until now was counted when its hold ended."""
    if event.hold is not None and not event.late:
        return pools
    return _moved(pools, event.draws, sold=1)


def given_back(pools: Pools, draws: Mapping[str, int]) -> Pools:
    return _moved(pools, draws, sold=-1)


def free(pool: Mapping[str, int]) -> int:
    """What can still be sold: nothing when the capacity was cut below what is taken."""
    return max(0, pool["capacity"] - pool["held"] - pool["sold"])


def quantity(lines: Iterable[Line]) -> int:
    return sum(line.quantity for line in lines)


def added(takings: Mapping[str, int], amount: Money) -> dict[str, int]:
    """Minor units by currency, with one more amount."""
    return {**takings, amount.currency: takings.get(amount.currency, 0) + amount.minor}


def paid(event: TicketSold) -> Money:
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
