"""The life of a print job: asked for, sent once its sending is on record, and then known or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from roadcase.decider import Event
from services.devices.commands import (
    AbandonJob,
    ConfirmByHand,
    ConfirmJob,
    DoubtJob,
    RejectJob,
    ReprintJob,
    RequestSlip,
    RequestTicket,
    SendJob,
)
from services.devices.domain.refusals import NotInDoubt, NotQueued, OnItsWay, Over, StaleLease
from services.devices.domain.spool import Job, Spool
from services.devices.events import (
    Document,
    Doubt,
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

UNPROVEN: Final = 40  # copies made for a printer that never confirms; then a person decides


def request(spool: Spool, cmd: RequestTicket, at: datetime) -> Iterator[JobRequested]:
    """A role that nobody ever bound prints nothing: its tickets are shown on phones."""
    ticket = Ticket(
        occurrence=cmd.occurrence,
        order=cmd.order,
        ticket=cmd.ticket,
        number=cmd.number,
        of=cmd.of,
        ticket_type=cmd.ticket_type,
        price=cmd.price,
        code=cmd.code,
        seat=cmd.seat,
    )
    yield from _requested(spool, cmd, ticket, at)


def request_slip(spool: Spool, cmd: RequestSlip, at: datetime) -> Iterator[JobRequested]:
    """As a ticket: nothing comes out where no role was ever bound."""
    slip = Slip(occurrence=cmd.occurrence, text=cmd.text, trigger=cmd.trigger, reason=cmd.reason)
    yield from _requested(spool, cmd, slip, at)


def _requested(
    spool: Spool, cmd: RequestTicket | RequestSlip, document: Document, at: datetime
) -> Iterator[JobRequested]:
    if cmd.role in spool.roles and cmd.job not in spool.jobs:
        yield JobRequested(
            spool=cmd.spool, job=cmd.job, role=cmd.role, document=document, requested_at=at
        )


def send(spool: Spool, cmd: SendJob, _at: datetime) -> Iterator[JobSending]:
    job, printer = spool.job(cmd.job), spool.printer(cmd.device)
    if cmd.epoch != printer.epoch or printer.holder is None:
        raise StaleLease(device=cmd.device, epoch=printer.epoch)
    bound = spool.roles[job.role].device
    if job.state != "queued" or job.copy != cmd.copy_number or bound != cmd.device:
        raise NotQueued(job=cmd.job, state=job.state, copy=job.copy, device=bound)
    yield JobSending(
        spool=cmd.spool,
        job=cmd.job,
        role=job.role,
        device=cmd.device,
        epoch=cmd.epoch,
        attempt=job.attempt + 1,
        copy=job.copy,
        process_id=printer.process_id + 1,
        sha256=cmd.sha256,
        size=cmd.size,
        profile=printer.profile,
    )


def confirm(spool: Spool, cmd: ConfirmJob, _at: datetime) -> Iterator[JobConfirmed]:
    """Evidence counts whoever brings it, and takes back a copy that is not on its way yet."""
    job = spool.job(cmd.job)
    waits = job.state in ("sending", "in_doubt") or (job.state == "queued" and job.doubted)
    if waits and cmd.attempt == job.attempt:
        yield JobConfirmed(
            spool=cmd.spool,
            job=cmd.job,
            role=job.role,
            device=job.device,
            attempt=job.attempt,
            copy=job.copy,
            was=job.state,
            tier=cmd.tier,
            evidence=cmd.evidence,
        )


def reject(spool: Spool, cmd: RejectJob, _at: datetime) -> Iterator[JobRejected]:
    job = spool.job(cmd.job)
    if _sending(job, cmd.attempt):
        yield JobRejected(
            spool=cmd.spool,
            job=cmd.job,
            role=job.role,
            device=job.device,
            attempt=job.attempt,
            reason=cmd.reason,
        )


def doubt(spool: Spool, cmd: DoubtJob, _at: datetime) -> Iterator[Event]:
    if _sending(spool.job(cmd.job), cmd.attempt):
        yield from doubted(spool, cmd.spool, [cmd.job], cmd.reason, cmd.sent)


def doubted(
    spool: Spool, spool_id: str, names: list[str], reason: Doubt, sent: int | None = None
) -> Iterator[Event]:
    """In doubt; and, a ticket being worth one entry however often it is printed, its copy.

    A slip has no copy by itself: what it asks of the crew could be done twice.
    """
    made = 0
    for name in names:
        job = spool.jobs[name]
        yield JobInDoubt(
            spool=spool_id,
            job=name,
            role=job.role,
            device=job.device,
            attempt=job.attempt,
            copy=job.copy,
            reason=reason,
            sent=sent,
        )
        unproven = spool.printers[job.device].unproven + made
        ticket = isinstance(job.document, Ticket)
        may = ticket and reason != "cannot_confirm" and unproven < UNPROVEN
        if may and job.copy <= spool.roles[job.role].resend:
            made += 1
            yield _reprinted(spool_id, name, job, "policy")


def _sending(job: Job, attempt: int) -> bool:
    return job.state == "sending" and job.attempt == attempt


def _reprinted(spool_id: str, name: str, job: Job, by: str) -> JobReprinted:
    return JobReprinted(
        spool=spool_id,
        job=name,
        role=job.role,
        device=job.device,
        copy=job.copy + 1,
        by="policy" if by == "policy" else "operator",
    )


def confirm_by_hand(
    spool: Spool, cmd: ConfirmByHand, _at: datetime
) -> Iterator[JobOperatorConfirmed]:
    """Also takes back a copy that is not on its way yet."""
    job = spool.job(cmd.job)
    if job.state == "printed":
        return
    if job.state != "in_doubt" and not (job.state == "queued" and job.doubted):
        raise NotInDoubt(job=cmd.job, state=job.state)
    yield JobOperatorConfirmed(
        spool=cmd.spool, job=cmd.job, role=job.role, device=job.device, was=job.state
    )


def reprint(spool: Spool, cmd: ReprintJob, _at: datetime) -> Iterator[JobReprinted]:
    job = spool.job(cmd.job)
    if job.state == "queued" and job.doubted:
        return
    if job.state != "in_doubt":
        raise NotInDoubt(job=cmd.job, state=job.state)
    yield _reprinted(cmd.spool, cmd.job, job, "operator")


def abandon(spool: Spool, cmd: AbandonJob, _at: datetime) -> Iterator[JobAbandoned]:
    job = spool.job(cmd.job)
    if job.state == "abandoned":
        return
    if job.state == "sending":
        raise OnItsWay(job=cmd.job)
    if job.state == "printed":
        raise Over(job=cmd.job)
    yield JobAbandoned(
        spool=cmd.spool,
        job=cmd.job,
        role=job.role,
        device=job.device,
        was=job.state,
        reason=cmd.reason,
    )
