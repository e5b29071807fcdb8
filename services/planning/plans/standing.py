"""What a plan must know of how things stand: what was declared, and what was sold since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from roadcase.money import Money
from services.planning.events import KitConflict, State


class TypeStands(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A ticket type as the box office has it. `taken`: held and sold. `left`: of its pools."""

    id: str
    name: str
    price: Money
    active: bool = True
    sold: int = 0
    taken: int = 0
    left: int = 0
    hidden: bool = False
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    per_person_max: int | None = None
    draws: dict[str, int] = msgspec.field(default_factory=dict)


class PoolStands(msgspec.Struct, frozen=True, kw_only=True):
    """Units of a pool: `taken` are held, sold, and kept aside."""

    capacity: int
    taken: int


class BoxOfficeStands(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The box office as ticketing has it now."""

    name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    pools: dict[str, PoolStands]
    types: dict[str, TypeStands]

    @property
    def sold(self) -> int:
        return sum(each.sold for each in self.types.values())


class Standing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`box_office`: None if there is none. `unfulfilled`: sold and not handed out yet, by SKU.

    `made_with`: the documents that the manifest extends, and what was written, if it does.
    `kit`: what is not free of the kit that the new manifest needs.
    """

    revision: int = 0
    state: State | Literal["new"] = "new"
    manifest: Mapping[str, Any] = msgspec.field(default_factory=dict)
    postponed: bool = False
    clearances: Mapping[str, Any] = msgspec.field(default_factory=dict)
    box_office: BoxOfficeStands | None = None
    made_with: Mapping[str, Any] = msgspec.field(default_factory=dict)
    unfulfilled: Mapping[str, int] = msgspec.field(default_factory=dict)
    suppliers: Mapping[str, Any] = msgspec.field(default_factory=dict)  # who is on the list
    kit: tuple[KitConflict, ...] = ()

    @property
    def told(self) -> bool:
        """Whether people know of it."""
        return self.state in ("announced", "on_sale", "doors", "live", "closed")

    @property
    def sold(self) -> int:
        return self.box_office.sold if self.box_office else 0

    def sold_of(self, ticket: str) -> int:
        found = self.box_office.types.get(ticket) if self.box_office else None
        return found.sold if found else 0
