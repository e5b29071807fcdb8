"""What a spool remembers: roles and their queues, printers and their leases, jobs and their fate.

One spool is one consistency boundary, so that a role can be bound to another printer, two roles
can share one, and a lease fences all of them. There is one writer for each log anyway, so smaller
boundaries would not be quicker.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.devices.domain.refusals import UnknownJob, UnknownPrinter
from services.devices.events import (
    Document,
    JobAbandoned,
    JobConfirmed,
    JobInDoubt,
    JobOperatorConfirmed,
    JobRejected,
    JobReprinted,
    JobRequested,
    JobSending,
    JobState,
    OccurrenceNamed,
    PrinterChanged,
    PrinterLeased,
    PrinterReleased,
    RoleBound,
    TicketTypeNamed,
)


@dataclass(slots=True)
class Job:
    """`document` is forgotten once the job is over. `doubted`: its last attempt was in doubt."""

    role: str
    document: Document | None
    requested_at: datetime
    state: JobState = "queued"
    attempt: int = 0
    copy: int = 1
    device: str = ""
    process_id: int = 0
    doubted: bool = False


@dataclass(slots=True)
class Role:
    device: str
    resend: int
    queue: OrderedDict[str, None] = field(default_factory=OrderedDict)


@dataclass(slots=True)
class Printer:
    """`unproven`: copies made by themselves since it last confirmed anything.

    `torn`: a part of a job that is in doubt may hang out of it, for the next one to stick to.
    """

    address: str
    profile: str
    condition: PrinterChanged | None = None
    epoch: int = 0
    holder: str | None = None
    until: datetime | None = None
    process_id: int = 0
    in_flight: dict[str, None] = field(default_factory=dict)
    unproven: int = 0
    torn: bool = False


@dataclass(slots=True)
class Spool:
    roles: dict[str, Role] = field(default_factory=dict)
    printers: dict[str, Printer] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    occurrences: dict[str, OccurrenceNamed] = field(default_factory=dict)
    types: dict[tuple[str, str], str] = field(default_factory=dict)

    def job(self, name: str) -> Job:
        """Raises UnknownJob."""
        if name not in self.jobs:
            raise UnknownJob(job=name)
        return self.jobs[name]

    def printer(self, device: str) -> Printer:
        """Raises UnknownPrinter."""
        if device not in self.printers:
            raise UnknownPrinter(device=device)
        return self.printers[device]

    def roles_of(self, device: str) -> list[Role]:
        return [role for role in self.roles.values() if role.device == device]


def bound(spool: Spool, event: RoleBound) -> None:
    printer = spool.printers.setdefault(event.device, Printer(event.address, event.profile))
    printer.address, printer.profile = event.address, event.profile
    role = spool.roles.setdefault(event.role, Role(event.device, event.resend))
    role.device, role.resend = event.device, event.resend


def occurrence_named(spool: Spool, event: OccurrenceNamed) -> None:
    spool.occurrences[event.occurrence] = event


def type_named(spool: Spool, event: TicketTypeNamed) -> None:
    spool.types[event.occurrence, event.ticket_type] = event.name


def leased(spool: Spool, event: PrinterLeased) -> None:
    printer = spool.printers[event.device]
    printer.epoch, printer.holder, printer.until = event.epoch, event.holder, event.until


def released(spool: Spool, event: PrinterReleased) -> None:
    printer = spool.printers[event.device]
    printer.holder = printer.until = None


def changed(spool: Spool, event: PrinterChanged) -> None:
    spool.printers[event.device].condition = event


def requested(spool: Spool, event: JobRequested) -> None:
    spool.jobs[event.job] = Job(event.role, event.document, event.requested_at)
    spool.roles[event.role].queue[event.job] = None


def sending(spool: Spool, event: JobSending) -> None:
    job, printer = spool.jobs[event.job], spool.printers[event.device]
    del spool.roles[event.role].queue[event.job]
    printer.in_flight[event.job] = None
    printer.process_id = event.process_id
    job.state, job.device, job.doubted = "sending", event.device, False
    job.attempt, job.process_id = event.attempt, event.process_id


def confirmed(spool: Spool, event: JobConfirmed) -> None:
    printer = spool.printers[event.device]
    printer.unproven, printer.torn = 0, False
    _over(spool, event.job, "printed")


def by_hand(spool: Spool, event: JobOperatorConfirmed) -> None:
    _over(spool, event.job, "printed")


def abandoned(spool: Spool, event: JobAbandoned) -> None:
    _over(spool, event.job, "abandoned")


def rejected(spool: Spool, event: JobRejected) -> None:
    _landed(spool, event)
    _queue_first(spool, event.job)


def in_doubt(spool: Spool, event: JobInDoubt) -> None:
    job = _landed(spool, event)
    job.state, job.doubted = "in_doubt", True
    if event.reason != "cannot_confirm":
        spool.printers[event.device].torn = True


def reprinted(spool: Spool, event: JobReprinted) -> None:
    spool.jobs[event.job].copy = event.copy
    spool.printers[event.device].unproven += event.by == "policy"
    _queue_first(spool, event.job)


def _landed(spool: Spool, event: Any) -> Job:
    spool.printers[event.device].in_flight.pop(event.job, None)
    return spool.jobs[event.job]


def _queue_first(spool: Spool, name: str) -> None:
    job = spool.jobs[name]
    job.state = "queued"
    queue = spool.roles[job.role].queue
    queue[name] = None
    queue.move_to_end(name, last=False)


def _over(spool: Spool, name: str, state: JobState) -> None:
    job = spool.jobs[name]
    spool.roles[job.role].queue.pop(name, None)
    if job.device:
        spool.printers[job.device].in_flight.pop(name, None)
    job.state, job.document = state, None
