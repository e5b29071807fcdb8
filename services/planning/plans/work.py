"""The kit and people that a manifest comes to: how many, from when until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.planning.events import KitNeeded, PlannedRole, PlannedShift, PlannedWork
from services.planning.manifest.night import Role
from services.planning.plans.declared import Declared
from services.planning.plans.venue import venue_line


def work_of(new: Declared) -> PlannedWork | None:
    """None if it needs neither. Moments are in UTC."""
    spec = new.manifest.spec
    if not spec.kit and not spec.staffing:
        return None
    begins, ends = hours_of_work(new)
    return PlannedWork(
        title=spec.title,
        zone=new.zone.key,
        begins=begins,
        ends=ends,
        place=venue_line(new),
        kit=tuple(kit_of(new)),
        roles=tuple(_role(new, each, begins, ends) for each in spec.staffing),
    )


def hours_of_work(new: Declared) -> tuple[datetime, datetime]:
    """From load-in to load-out; without them, from doors, or the start, until it is over."""
    walls = new.hours.walls
    begins = walls.get("loadIn", walls.get("doors", new.starts))
    return new.instant(begins), new.instant(walls.get("loadOut", new.ends))


def kit_of(new: Declared) -> Iterator[KitNeeded]:
    """How many of each item: lines of the same item add up."""
    found: dict[str, int] = {}
    for each in new.manifest.spec.kit:
        key = each.item or each.key
        found[key] = found.get(key, 0) + each.quantity
    for key, quantity in found.items():
        yield KitNeeded(item=key, quantity=quantity)


def _role(new: Declared, role: Role, begins: datetime, ends: datetime) -> PlannedRole:
    return PlannedRole(
        role=role.key,
        title=role.role,
        count=role.count,
        certificates=tuple(role.certificates),
        shifts=tuple(_shifts(new, role)) or (PlannedShift(begins=begins, ends=ends),),
    )


def _shifts(new: Declared, role: Role) -> Iterator[PlannedShift]:
    for each in role.shifts:
        begins, ends = new.moment(each.starts), new.moment(each.ends)
        assert begins is not None
        assert ends is not None
        yield PlannedShift(begins=begins, ends=ends)
