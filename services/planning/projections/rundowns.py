"""The run of show of each occurrence, as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.planning.events import RundownTimed


class Rundowns:
    """One row for each; none where a manifest declares none any more."""

    name: ClassVar[str] = "rundowns"
    key: ClassVar[tuple[str, ...]] = ("occurrence",)
    schema: ClassVar[str] = """
        CREATE TABLE rundowns (
            tenant text, occurrence text, revision bigint NOT NULL, title text NOT NULL,
            zone text NOT NULL, cues jsonb NOT NULL, late_seconds bigint NOT NULL,
            curfew timestamptz, delay text NOT NULL, changed_at timestamptz NOT NULL,
            PRIMARY KEY (tenant, occurrence))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {RundownTimed: [(attrgetter("occurrence"), _timed)]}


def _timed(_row: Row | None, event: RundownTimed, stamp: Stamp) -> Row | None:
    if not event.cues:
        return None
    return {
        "occurrence": event.occurrence,
        "revision": event.revision,
        "title": event.title,
        "zone": event.zone,
        "cues": msgspec.to_builtins(event.cues),
        "late_seconds": event.late_seconds,
        "curfew": event.curfew,
        "delay": event.delay,
        "changed_at": stamp.at,
    }
