"""Every scan at every gate, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import Admitted, Exited, ScanAnnulled, ScanRefused

TOLD: Final = ("inside", "admits", "attention", "text", "hand_out")


class Scans:
    """One row for each scan. `result`: admitted, exited or refused, and then with a `reason`.

    `told` is what a gate is shown besides with an admission.

    One that was annulled is refused, since then: its reason is `annulled`.

    `at` is when it was answered, `claimed_at` what the device's own clock said.
    """

    name: ClassVar[str] = "scans"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "nonce")
    schema: ClassVar[str] = """
        CREATE TABLE scans (
            tenant text, occurrence text, nonce text, at timestamptz NOT NULL,
            gate text NOT NULL, direction text NOT NULL, result text NOT NULL, reason text,
            detail text, ticket text, ticket_for text, since timestamptz, since_gate text,
            device text, guests bigint NOT NULL, told jsonb NOT NULL,
            claimed_at timestamptz, actor text NOT NULL,
            PRIMARY KEY (tenant, occurrence, nonce));
        CREATE INDEX scans_at ON scans (tenant, occurrence, at);
        CREATE INDEX scans_ticket ON scans (tenant, occurrence, ticket)
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            Admitted: [(_scan, _admitted)],
            Exited: [(_scan, _exited)],
            ScanRefused: [(_scan, _refused)],
            ScanAnnulled: [(_scan, _annulled)],
        }


def _scan(event: Any) -> tuple[str, str]:
    return event.occurrence, event.nonce


def _row(event: Admitted | Exited | ScanRefused, stamp: Stamp, **answer: Any) -> Row:
    return {
        "occurrence": event.occurrence,
        "nonce": event.nonce,
        "at": stamp.at,
        "gate": event.gate,
        "ticket": event.ticket,
        "claimed_at": event.claimed_at,
        "actor": stamp.actor,
        "reason": None,
        "detail": None,
        "ticket_for": None,
        "since": None,
        "since_gate": None,
        "device": None,
        "guests": 1,
        "told": {},
        **answer,
    }


def _admitted(_row_before: Row | None, event: Admitted, stamp: Stamp) -> Row:
    told = {name: msgspec.to_builtins(getattr(event, name)) for name in TOLD}
    passed = {"device": event.device, "guests": event.guests, "told": told}
    return _row(event, stamp, direction="entry", result="admitted", **passed)


def _exited(_row_before: Row | None, event: Exited, stamp: Stamp) -> Row:
    told = {"inside": event.inside}
    passed = {"device": event.device, "guests": event.guests, "told": told}
    return _row(event, stamp, direction="exit", result="exited", **passed)


def _annulled(row: Row | None, _event: ScanAnnulled, _stamp: Stamp) -> Row | None:
    return row and {**row, "result": "refused", "reason": "annulled"}


def _refused(_row_before: Row | None, event: ScanRefused, stamp: Stamp) -> Row:
    return _row(
        event,
        stamp,
        direction=event.direction,
        result="refused",
        reason=event.reason,
        detail=event.detail,
        ticket_for=event.ticket_for,
        since=event.since,
        since_gate=event.since_gate,
    )
