"""Short ways to say what was asked of a spool, and what it recorded."""

from __future__ import annotations

from datetime import timedelta

from roadcase.money import Money
from roadcase.testing.spec import EPOCH, Spec
from services.devices import commands, events
from services.devices.domain import SPOOL

NOON = EPOCH
LATER = NOON + timedelta(seconds=7)  # every lease of NOON has lapsed
spool = Spec(SPOOL)

TICKET = {
    "occurrence": "n1",
    "order": "o1",
    "ticket": "o1-1",
    "number": 1,
    "of": 1,
    "ticket_type": "std",
    "price": Money(1200, "EUR"),
    "code": "K7RWMX4QPB",
}


def requesting(job="j1", **other):
    return commands.RequestTicket(**{**TICKET, "job": job, "role": "ticket-1", **other})


def bound(device="p1", address="127.0.0.1:9100", **other):
    fields = {"role": "ticket-1", "profile": "epson-80", "resend": 2, **other}
    return events.RoleBound(spool="main", device=device, address=address, **fields)


def binding(device="p1", address="127.0.0.1:9100", **other):
    return commands.BindRole(**{"role": "ticket-1", "device": device, "address": address, **other})


def requested(job="j1", at=NOON):
    return events.JobRequested(
        spool="main", job=job, role="ticket-1", document=events.Ticket(**TICKET), requested_at=at
    )


def leased(holder="w1", epoch=1, at=NOON, device="p1"):
    return events.PrinterLeased(
        spool="main", device=device, epoch=epoch, holder=holder, until=at + timedelta(seconds=6)
    )


def leasing(holder="w1", device="p1"):
    return commands.LeasePrinter(device=device, holder=holder)


_OF_JOB = {"spool": "main", "role": "ticket-1", "device": "p1"}


def asking_to_send(job="j1", **other):
    fields = {"device": "p1", "epoch": 1, "copy_number": 1, "sha256": "ab", "size": 300, **other}
    return commands.SendJob(job=job, **fields)


def sending(job="j1", attempt=1, copy=1, process_id=1, epoch=1, **other):
    fields = {"epoch": epoch, "attempt": attempt, "copy": copy, "process_id": process_id}
    fields |= {"sha256": "ab", "size": 300, "profile": "epson-80"}
    return events.JobSending(**{**_OF_JOB, **fields, **other}, job=job)


def confirmed(job="j1", attempt=1, copy=1, was="sending"):
    fields = {"attempt": attempt, "copy": copy, "was": was, "tier": 4, "evidence": "!!!#"}
    return events.JobConfirmed(**_OF_JOB, job=job, **fields)


def confirming(job="j1", attempt=1):
    return commands.ConfirmJob(job=job, attempt=attempt, tier=4, evidence="!!!#")


def doubting(job="j1", attempt=1, reason="no_answer", sent=300):
    return commands.DoubtJob(job=job, attempt=attempt, reason=reason, sent=sent)


def in_doubt(job="j1", attempt=1, copy=1, reason="no_answer", sent=300):
    fields = {"attempt": attempt, "copy": copy, "reason": reason, "sent": sent}
    return events.JobInDoubt(**_OF_JOB, job=job, **fields)


def reprinted(job="j1", copy=2, by="policy"):
    return events.JobReprinted(**_OF_JOB, job=job, copy=copy, by=by)


def rejected(job="j1", attempt=1):
    return events.JobRejected(**_OF_JOB, job=job, attempt=attempt, reason="gone")


def by_hand(job="j1", was="in_doubt"):
    return events.JobOperatorConfirmed(**_OF_JOB, job=job, was=was)


def abandoned(job="j1", was="in_doubt", **other):
    return events.JobAbandoned(**{**_OF_JOB, **other}, job=job, was=was, reason="rain")
