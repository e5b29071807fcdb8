"""What stays of an order when some of it goes back, as anybody would say it: only vouchers."""

from __future__ import annotations

from roadcase.money import allocate
from tests.ticketing.naive_cart import One


def rerate(order: list[One], going: list[One]) -> bool:
    """Move what was paid to those that stay, as far as they cost more now. Says whether any did.

    Bundles of the model have no policy, so their tickets never go back; nothing has a minimum.
    """
    staying = [one for one in order if not one.void and one not in going]
    counted = [one for one in order if one.least > 1 and one not in going and not one.given_back]
    least = max(one.least for one in order)
    if not going or least == 1:
        return False
    lost = len(counted) < least
    wanted = [one.plain if lost and one.plain is not None else one.first for one in staying]
    before = [one.price for one in order]
    missing = [max(0, cost - one.price) for one, cost in zip(staying, wanted, strict=True)]
    there = sum(one.price for one in going)
    moved = min(sum(missing), there)
    for one, minor in zip(staying, allocate(moved, missing), strict=True):
        one.price += minor
    parts = allocate(there - moved, [one.price for one in going]) if there else [0] * len(going)
    for one, minor in zip(going, parts, strict=True):
        one.price = minor
    return before != [one.price for one in order]
