"""Which printer does what, who may send to it, how it is; and the names that tickets show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from roadcase.decider import Event
from services.devices.commands import (
    BindRole,
    LeasePrinter,
    NameOccurrence,
    NameTicketType,
    ReleasePrinter,
    ReportPrinter,
)
from services.devices.domain.printing import doubted
from services.devices.domain.refusals import AddressTaken, LeasedElsewhere
from services.devices.domain.spool import Printer, Spool
from services.devices.events import (
    OccurrenceNamed,
    PrinterChanged,
    PrinterLeased,
    PrinterReleased,
    RoleBound,
    TicketTypeNamed,
)

LEASE: Final = timedelta(seconds=6)


def bind(spool: Spool, cmd: BindRole, _at: datetime) -> Iterator[RoleBound]:
    """What is queued flows on to the new device; what the old one was sent stays its own."""
    for name, role in spool.roles.items():
        other = role.device != cmd.device and name != cmd.role
        if other and spool.printers[role.device].address == cmd.address:
            raise AddressTaken(address=cmd.address, device=role.device)
    role_now, printer = spool.roles.get(cmd.role), spool.printers.get(cmd.device)
    same_role = role_now is not None and (role_now.device, role_now.resend) == (
        cmd.device,
        cmd.resend,
    )
    same_printer = printer is not None and (printer.address, printer.profile) == (
        cmd.address,
        cmd.profile,
    )
    if not (same_role and same_printer):
        yield RoleBound(
            spool=cmd.spool,
            role=cmd.role,
            device=cmd.device,
            address=cmd.address,
            profile=cmd.profile,
            resend=cmd.resend,
        )


def name_occurrence(spool: Spool, cmd: NameOccurrence, _at: datetime) -> Iterator[OccurrenceNamed]:
    named = OccurrenceNamed(
        spool=cmd.spool, occurrence=cmd.occurrence, name=cmd.name, starts_at=cmd.starts_at
    )
    if spool.occurrences.get(cmd.occurrence) != named:
        yield named


def name_type(spool: Spool, cmd: NameTicketType, _at: datetime) -> Iterator[TicketTypeNamed]:
    if spool.types.get((cmd.occurrence, cmd.ticket_type)) != cmd.name:
        yield TicketTypeNamed(
            spool=cmd.spool, occurrence=cmd.occurrence, ticket_type=cmd.ticket_type, name=cmd.name
        )


def lease(spool: Spool, cmd: LeasePrinter, at: datetime) -> Iterator[Event]:
    """Renew one's own, or take over one that has lapsed, with what its holder left in doubt."""
    printer = spool.printer(cmd.device)
    epoch = printer.epoch
    if printer.holder == cmd.holder:
        if printer.until and printer.until - at > LEASE * 3 / 4:
            return
    elif _held(printer, at):
        raise LeasedElsewhere(device=cmd.device, until=printer.until)
    else:
        epoch += 1
        yield from doubted(spool, cmd.spool, list(printer.in_flight), "sender_gone")
    yield PrinterLeased(
        spool=cmd.spool, device=cmd.device, epoch=epoch, holder=cmd.holder, until=at + LEASE
    )


def _held(printer: Printer, at: datetime) -> bool:
    return printer.until is not None and at < printer.until


def release(spool: Spool, cmd: ReleasePrinter, _at: datetime) -> Iterator[PrinterReleased]:
    printer = spool.printer(cmd.device)
    if printer.holder == cmd.holder and not printer.in_flight:
        yield PrinterReleased(spool=cmd.spool, device=cmd.device, epoch=printer.epoch)


def report(spool: Spool, cmd: ReportPrinter, _at: datetime) -> Iterator[PrinterChanged]:
    """Only a change is a fact. What a printer that is away would say of itself is as before."""
    before = spool.printer(cmd.device).condition
    seen = cmd if cmd.online or before is None else before
    now = PrinterChanged(
        spool=cmd.spool,
        device=cmd.device,
        online=cmd.online,
        paper=seen.paper,
        cover=seen.cover,
        stopped=seen.stopped,
    )
    if now != before:
        yield now
