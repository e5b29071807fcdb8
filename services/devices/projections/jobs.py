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
    Slip,
    Ticket,
)
from services.devices.projections.rows import there

_job = attrgetter("spool", "job")


class Jobs:
    """One row for each job. `state`: queued, sending, printed, in_doubt or abandoned.

    `kind`: ticket, with all about it, or slip, with its `text` and the `trigger` that fired.
    `copy` is the number of its last copy, 1 being the original, and `sent_copy` that of the last
    one sent, for `profile`; `evidence` what the printer answered; `why` what was wrong last;
    `sent_at` and `ended_at` are of its last attempt. `number` of `tickets`: which of its order.
    """

    name: ClassVar[str] = "jobs"
    key: ClassVar[tuple[str, ...]] = ("spool", "job")
    schema: ClassVar[str] = """
        CREATE TABLE jobs (
            tenant text, spool text, job text, role text NOT NULL, kind text NOT NULL,
            occurrence text NOT NULL, order_id text, ticket text, number bigint, tickets bigint,
            ticket_type text, price_minor bigint, currency text, code text, seat text, text text,
            trigger text, reason text, state text NOT NULL, device text,
            profile text, attempt bigint NOT NULL, copy bigint NOT NULL, sent_copy bigint,
            process_id bigint, sha256 text, size bigint, sent bigint, tier bigint,
            evidence text, why text, requested_at timestamptz NOT NULL, sent_at timestamptz,
            ended_at timestamptz, PRIMARY KEY (tenant, spool, job));
        CREATE INDEX jobs_state ON jobs (tenant, spool, state) WHERE state <> 'printed';
        CREATE INDEX jobs_ticket ON jobs (tenant, occurrence, ticket) WHERE ticket IS NOT NULL;
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


_TICKET: Final = ("order_id", "ticket", "number", "tickets", "ticket_type", "price_minor")
_NONE: Final = dict.fromkeys(
    (*_TICKET, "currency", "code", "seat", "text", "trigger", "reason"), None
)


def _requested(_row: Row | None, event: JobRequested, _stamp: Stamp) -> Row:
    document = event.document
    return {
        **_NEW,
        **_NONE,
        **(_of_slip(document) if isinstance(document, Slip) else _of_ticket(document)),
        "spool": event.spool,
        "job": event.job,
        "role": event.role,
        "occurrence": document.occurrence,
        "requested_at": event.requested_at,
    }


def _of_ticket(ticket: Ticket) -> Row:
    return {
        "kind": "ticket",
        "order_id": ticket.order,
        "ticket": ticket.ticket,
        "number": ticket.number,
        "tickets": ticket.of,
        "ticket_type": ticket.ticket_type,
        "price_minor": ticket.price.minor,
        "currency": ticket.price.currency,
        "code": ticket.code,
        "seat": ticket.seat,
    }


def _of_slip(slip: Slip) -> Row:
    return {"kind": "slip", "text": slip.text, "trigger": slip.trigger, "reason": slip.reason}


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
