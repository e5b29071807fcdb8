"""The rules that slots were made by. The slots themselves are ticket types of `availability`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import SlotsMade


class Slots:
    """One row for the slots of each name: their `rule` now, and the local times it leaves out."""

    name: ClassVar[str] = "slots"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "slots")
    schema: ClassVar[str] = """
        CREATE TABLE slots (
            tenant text, occurrence text, slots text, zone text NOT NULL, rule jsonb NOT NULL,
            number bigint NOT NULL, missing jsonb NOT NULL, twice jsonb NOT NULL,
            PRIMARY KEY (tenant, occurrence, slots))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {SlotsMade: [(_slots, _made)]}


def _slots(event: SlotsMade) -> tuple[str, str]:
    return event.occurrence, event.slots


def _made(_row: Row | None, event: SlotsMade, _stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "slots": event.slots,
        "zone": event.zone,
        "rule": msgspec.to_builtins(event.rule),
        "number": event.number,
        "missing": msgspec.to_builtins(event.missing),
        "twice": msgspec.to_builtins(event.twice),
    }
