"""Which occurrences and series are made with which documents, and what was written of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.planning.events import ManifestApplied, SeriesApplied


class Instances:
    """One row for each manifest that extends others; none once it extends nothing any more."""

    name: ClassVar[str] = "instances"
    key: ClassVar[tuple[str, ...]] = ("kind", "name")
    schema: ClassVar[str] = """
        CREATE TABLE instances (
            tenant text, kind text, name text, title text NOT NULL, revision bigint NOT NULL,
            documents jsonb NOT NULL, source text NOT NULL, declares text NOT NULL,
            PRIMARY KEY (tenant, kind, name))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            ManifestApplied: [(lambda event: ("Event", event.occurrence), _event)],
            SeriesApplied: [(lambda event: ("Series", event.series), _series)],
        }


def _event(_row: Row | None, event: ManifestApplied, _stamp: Stamp) -> Row | None:
    return _made("Event", event.occurrence, event)


def _series(_row: Row | None, event: SeriesApplied, _stamp: Stamp) -> Row | None:
    return _made("Series", event.series, event)


def _made(kind: str, name: str, event: ManifestApplied | SeriesApplied) -> Row | None:
    if not event.source:
        return None
    return {
        "kind": kind,
        "name": name,
        "title": event.title,
        "revision": event.revision,
        "documents": msgspec.to_builtins(event.documents),
        "source": event.source,
        "declares": event.declares,
    }
