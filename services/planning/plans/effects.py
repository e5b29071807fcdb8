"""What each service will do because of a plan, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from services.planning.events import PlannedBoxOffice, PlannedType


class Effect(NamedTuple):
    """What a service does."""

    service: str
    does: str


def of_box_office(old: PlannedBoxOffice | None, new: PlannedBoxOffice | None) -> Iterator[Effect]:
    """What ticketing does."""
    for words in _box_office(old, new):
        yield Effect("ticketing", words)


def _box_office(old: PlannedBoxOffice | None, new: PlannedBoxOffice | None) -> Iterator[str]:
    if new is None:
        if old is not None:
            yield "sells nothing more; what was sold stays valid"
        return
    if old is None:
        yield f"opens a box office for {new.name}, {new.starts_at:%Y-%m-%d %H:%M} {new.zone}"
    else:
        yield from _about(old, new)
    yield from _pools(old, new)
    yield from _types(old, new)
    yield from _allotments(old, new)


def _about(old: PlannedBoxOffice, new: PlannedBoxOffice) -> Iterator[str]:
    if old.name != new.name:
        yield f"calls the night {new.name}"
    if (old.starts_at, old.zone) != (new.starts_at, new.zone):
        yield f"moves the night to {new.starts_at:%Y-%m-%d %H:%M} {new.zone}"
    elif old.ends_at != new.ends_at:
        yield f"ends the night at {new.ends_at:%Y-%m-%d %H:%M}"
    if old.per_order_max != new.per_order_max:
        yield f"sells at most {new.per_order_max or 'any number of'} tickets in an order"


def _pools(old: PlannedBoxOffice | None, new: PlannedBoxOffice) -> Iterator[str]:
    before = old.pools if old else {}
    for pool, capacity in new.pools.items():
        if pool not in before:
            yield f"makes the pool {pool} of {capacity}"
        elif before[pool] != capacity:
            yield f"sets the pool {pool} from {before[pool]} to {capacity}"


def _types(old: PlannedBoxOffice | None, new: PlannedBoxOffice) -> Iterator[str]:
    before = {each.id: each for each in old.ticket_types} if old else {}
    after = {each.id: each for each in new.ticket_types}
    for id_, each in after.items():
        if id_ not in before:
            yield f"sells {each.name} for {each.price}{_window(each)}"
        elif before[id_] != each:
            yield f"sells {each.name} from now on {_difference(before[id_], each)}"
    for id_, each in before.items():
        if id_ not in after:
            yield f"sells no more {each.name}"


def _difference(old: PlannedType, new: PlannedType) -> str:
    if old.price != new.price:
        return f"for {new.price} instead of {old.price}"
    if (old.sale_from, old.sale_until) != (new.sale_from, new.sale_until):
        return _window(new).strip(", ") or "at any time"
    return "on other terms"


def _window(each: PlannedType) -> str:
    words = ""
    if each.sale_from:
        words += f", from {each.sale_from:%Y-%m-%d %H:%M} UTC"
    if each.sale_until:
        words += f", until {each.sale_until:%Y-%m-%d %H:%M} UTC"
    return words


def _allotments(old: PlannedBoxOffice | None, new: PlannedBoxOffice) -> Iterator[str]:
    before = {each.id: each for each in old.allotments} if old else {}
    after = {each.id: each for each in new.allotments}
    for id_, each in after.items():
        if before.get(id_) != each:
            until = f" until {each.release_at:%Y-%m-%d %H:%M} UTC" if each.release_at else ""
            yield f"keeps {each.units} of {each.pool} for {each.name}{until}"
    for id_, each in before.items():
        if id_ not in after:
            yield f"keeps nothing for {each.name} any more"
