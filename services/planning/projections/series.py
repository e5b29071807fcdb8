"""What is declared of each series, and how far its nights are made."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.planning.events import NightsMade, SeriesApplied
from services.planning.projections.rows import there


class Series:
    """One row for each. `made_revision`, `made_until`: of its nights. `refused`: what cannot be.

    `follows`: what it was split into, until that is declared itself. `seen`: how those that were
    refused stood then. `answer_until`, `answer_default`: of nights whose time changes by it.
    `kept`: those that stay as they were declared before, and why.
    """

    name: ClassVar[str] = "series"
    key: ClassVar[tuple[str, ...]] = ("series",)
    schema: ClassVar[str] = """
        CREATE TABLE series (
            tenant text, series text, title text NOT NULL, revision bigint NOT NULL,
            digest text NOT NULL, manifest jsonb NOT NULL, made_revision bigint NOT NULL,
            made_until date, refused jsonb NOT NULL, seen timestamptz, follows jsonb,
            answer_until timestamptz, answer_default text NOT NULL,
            changed_at timestamptz NOT NULL, kept jsonb NOT NULL,
            PRIMARY KEY (tenant, series))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            SeriesApplied: [(attrgetter("series"), _applied)],
            NightsMade: [(attrgetter("series"), _made)],
        }


def _applied(row: Row | None, event: SeriesApplied, stamp: Stamp) -> Row:
    before: Row = row or {"made_revision": 0, "made_until": None, "refused": {}, "seen": None}
    names = ("series", "title", "revision", "digest", "manifest", "answer_until", "kept")
    return {
        **before,
        **{name: getattr(event, name) for name in names},
        "answer_default": event.default,
        "follows": msgspec.to_builtins(event.follows),
        "changed_at": stamp.at,
    }


def _made(row: Row | None, event: NightsMade, _stamp: Stamp) -> Row:
    return {
        **there(row),
        "made_revision": event.revision,
        "made_until": event.until,
        "refused": event.refused,
        "seen": event.seen,
    }
