"""How an organiser wants things done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.planning.events import HousePolicySet


class House:
    """One row, once anything was said."""

    name: ClassVar[str] = "house"
    key: ClassVar[tuple[str, ...]] = ("house",)
    schema: ClassVar[str] = """
        CREATE TABLE house (
            tenant text, house text, override_people integer NOT NULL, PRIMARY KEY (tenant, house))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {HousePolicySet: [(lambda event: event.house, _set)]}


def _set(_row: Row | None, event: HousePolicySet, _stamp: Stamp) -> Row:
    return {"house": event.house, "override_people": event.override_people}
