"""What is declared against what is: places that were sold, and what somebody changed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.planning.events import PlannedBoxOffice, PlannedType
from services.planning.plans.box_office import PLACES
from services.planning.plans.standing import BoxOfficeStands, Standing, TypeStands


def below_sold(
    new: PlannedBoxOffice | None, standing: Standing
) -> Iterator[tuple[str, int, int, str]]:
    """Pools that would have fewer places than are taken: path, capacity, new one, why."""
    stands = standing.box_office
    if new is None or stands is None:
        return
    for pool, capacity in new.pools.items():
        there = stands.pools.get(pool)
        if there is not None and capacity < there.taken and capacity < there.capacity:
            why = f"{there.taken} are sold, held or kept aside already"
            yield path_of(pool), there.capacity, capacity, why


def path_of(pool: str) -> str:
    """Where in a manifest the capacity of a pool is said."""
    if pool == PLACES:
        return "spec.capacity.total"
    kind, _, key = pool.partition("-")
    if kind == "zone":
        return f"spec.capacity.zones[{key}].places"
    return f"spec.catalogue.tickets[{key}].quantity"


def drift(declared: PlannedBoxOffice | None, standing: Standing) -> Iterator[tuple[str, Any, Any]]:
    """What was declared, and is otherwise in the box office: what, declared, found."""
    stands = standing.box_office
    if declared is None or standing.state in ("new", "draft"):
        return
    if stands is None:
        yield "box office", "open", None
        return
    yield from _about(declared, stands)
    for pool, capacity in declared.pools.items():
        there = stands.pools.get(pool)
        found = there.capacity if there else None
        if found != capacity:
            yield path_of(pool), capacity, found
    for each in declared.ticket_types:
        yield from _type(each, stands.types.get(each.id))


def _about(declared: PlannedBoxOffice, stands: BoxOfficeStands) -> Iterator[tuple[str, Any, Any]]:
    names = {"name": "spec.title", "starts_at": "start", "ends_at": "end", "zone": "zone"}
    for name, shown in names.items():
        said, found = getattr(declared, name), getattr(stands, name)
        if said != found:
            path = shown if "." in shown else f"spec.schedule.{shown}"
            yield path, _text(said), _text(found)


def _type(declared: PlannedType, found: TypeStands | None) -> Iterator[tuple[str, Any, Any]]:
    path = f"spec.catalogue.tickets[{declared.id}]"
    if found is None or not found.active:
        yield path, "sold", "not sold"
        return
    for name, shown in (
        ("name", "title"),
        ("price", "price"),
        ("per_person_max", "perPerson"),
        ("sale_from", "windows"),
        ("sale_until", "windows"),
        ("draws", "places"),
    ):
        said, there = getattr(declared, name), getattr(found, name)
        if said != there:
            yield f"{path}.{shown}", _text(said), _text(there)


def _text(value: Any) -> Any:
    return value if isinstance(value, int | dict) or value is None else str(value)
