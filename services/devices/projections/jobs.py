"""Every print job and its fate."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import ClassVar, Final

from roadcase.decider import Event
from roadcase.projection import Fold, Keyed, Row, Stamp
from services.devices.events import (
    JobAbandoned,
    JobConfirmed,
    JobInDoubt,
    JobOperatorConfirmed,
    JobRejected,
    JobReprinted,
    JobRequested,
    JobSending,
)
from services.devices.projections.rows import there

_job = attrgetter("spool", "job")


class Jobs:
    """One row for each job. `state`: queued, sending, printed, in_doubt or abandoned.

    `copy` is the number of its last copy, 1 being the original, and `sent_copy` that of the last
    one sent, for `profile`; `evidence` what the printer answered; `why` what was wrong last;
    `sent_at` and `ended_at` are of its last attempt. `number` of `tickets`: which of its order.
    """

    name: ClassVar[str] = "jobs"
    key: ClassVar[tuple[str, ...]] = ("spool", "job")
    schema: ClassVar[str] = """
        CREATE TABLE jobs (
            tenant text, spool text, job text, role text NOT NULL, occurrence text NOT NULL,
            order_id text NOT NULL, ticket text NOT NULL, number bigint NOT NULL,
            tickets bigint NOT NULL, ticket_type text NOT NULL, price_minor bigint NOT NULL,
            currency text NOT NULL, code text NOT NULL, seat text, state text NOT NULL, device text,
            profile text, attempt bigint NOT NULL, copy bigint NOT NULL, sent_copy bigint,
            process_id bigint, sha256 text, size bigint, sent bigint, tier bigint,
            evidence text, why text, requested_at timestamptz NOT NULL, sent_at timestamptz,
            ended_at timestamptz, PRIMARY KEY (tenant, spool, job));
        CREATE INDEX jobs_state ON jobs (tenant, spool, state) WHERE state <> 'printed';
        CREATE INDEX jobs_ticket ON jobs (tenant, occurrence, ticket);
        CREATE INDEX jobs_ended ON jobs (tenant, spool, occurrence, ended_at)
            WHERE state IN ('printed', 'in_doubt')
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            JobRequested: _requested,
            JobSending: _sending,
            JobConfirmed: _confirmed,
            JobRejected: _rejected,
            JobInDoubt: _in_doubt,
            JobReprinted: _reprinted,
            JobOperatorConfirmed: _by_hand,
            JobAbandoned: _abandoned,
        }
        return {event: [(_job, fold)] for event, fold in folds.items()}


_NEW: Final = {
    "state": "queued",
    "attempt": 0,
    "copy": 1,
    **dict.fromkeys(("device", "profile", "sent_copy", "process_id", "sha256", "size", "sent")),
    **dict.fromkeys(("tier", "evidence", "why", "sent_at", "ended_at")),
}


def _requested(_row: Row | None, event: JobRequested, _stamp: Stamp) -> Row:
    document = event.document
    return {
        **_NEW,
        "spool": event.spool,
        "job": event.job,
        "role": event.role,
        "occurrence": document.occurrence,
        "order_id": document.order,
        "ticket": document.ticket,
        "number": document.number,
        "tickets": document.of,
        "ticket_type": document.ticket_type,
        "price_minor": document.price.minor,
        "currency": document.price.currency,
        "code": document.code,
        "seat": document.seat,
        "requested_at": event.requested_at,
    }


def _sending(row: Row | None, event: JobSending, stamp: Stamp) -> Row:
    return {
        **there(row),
        "state": "sending",
        "device": event.device,
        "attempt": event.attempt,
        "profile": event.profile or None,
        "copy": event.copy,
        "sent_copy": event.copy,
        "process_id": event.process_id,
        "sha256": event.sha256,
        "size": event.size,
        "sent": None,
        "sent_at": stamp.at,
        "ended_at": None,
    }


def _confirmed(row: Row | None, event: JobConfirmed, stamp: Stamp) -> Row:
    proof = {"tier": event.tier, "evidence": event.evidence, "why": None}
    return {**there(row), **proof, "state": "printed", "ended_at": stamp.at}


def _rejected(row: Row | None, event: JobRejected, stamp: Stamp) -> Row:
    return {
        **there(row),
        "state": "queued",
        "sent": 0,
        "why": event.reason,
        "ended_at": stamp.at,
    }


def _in_doubt(row: Row | None, event: JobInDoubt, stamp: Stamp) -> Row:
    what = {"sent": event.sent, "why": event.reason}
    return {**there(row), **what, "state": "in_doubt", "ended_at": stamp.at}


def _reprinted(row: Row | None, event: JobReprinted, _stamp: Stamp) -> Row:
    return {**there(row), "state": "queued", "copy": event.copy}


def _by_hand(row: Row | None, _event: JobOperatorConfirmed, stamp: Stamp) -> Row:
    return {
        **there(row),
        "state": "printed",
        "evidence": f"seen by {stamp.actor}",
        "ended_at": stamp.at,
    }


def _abandoned(row: Row | None, event: JobAbandoned, stamp: Stamp) -> Row:
    return {**there(row), "state": "abandoned", "why": event.reason, "ended_at": stamp.at}
