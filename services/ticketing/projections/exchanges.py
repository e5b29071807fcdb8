"""Exchanges between nights, and how far each is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import (
    ExchangeConfirmed,
    ExchangeDone,
    ExchangeRefused,
    ExchangeStarted,
)


class Exchanges:
    """One row for each. `state`: started, confirmed, done, refused, and then `why`."""

    name: ClassVar[str] = "exchanges"
    key: ClassVar[tuple[str, ...]] = ("process",)
    schema: ClassVar[str] = """
        CREATE TABLE exchanges (
            tenant text, process text, fact jsonb NOT NULL, state text NOT NULL,
            total jsonb, back jsonb, why text, PRIMARY KEY (tenant, process));
        CREATE INDEX exchanges_state ON exchanges (state)
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            ExchangeStarted: [(_process, _started)],
            ExchangeConfirmed: [(_process, _confirmed)],
            ExchangeDone: [(_process, _done)],
            ExchangeRefused: [(_process, _refused)],
        }


def _process(event: Any) -> str:
    return str(event.process)


def _started(_row: Row | None, event: ExchangeStarted, _stamp: Stamp) -> Row:
    fact: Any = msgspec.to_builtins(msgspec.structs.asdict(event))
    return {
        "process": event.process,
        "fact": fact,
        "state": "started",
        "total": None,
        "back": None,
        "why": None,
    }


def _confirmed(row: Row | None, event: ExchangeConfirmed, _stamp: Stamp) -> Row | None:
    return row and {**row, "state": "confirmed", "total": msgspec.to_builtins(event.total)}


def _done(row: Row | None, event: ExchangeDone, _stamp: Stamp) -> Row | None:
    back: Any = msgspec.to_builtins(event.back)
    return row and {**row, "state": "done", "back": back}


def _refused(row: Row | None, event: ExchangeRefused, _stamp: Stamp) -> Row | None:
    return row and {**row, "state": "refused", "why": event.why}
