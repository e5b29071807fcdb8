"""The facts of roles, names and printers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from roadcase.decider import Event

Paper = Literal["ok", "near_end", "out"]


class RoleBound(Event, frozen=True, kw_only=True):
    """From now on the jobs of this role are printed by this device. `resend`: automatic copies."""

    topic = "devices.role_bound.v1"

    spool: str
    role: str
    device: str
    address: str
    profile: str
    resend: int


class OccurrenceNamed(Event, frozen=True, kw_only=True):
    """What its tickets say it is called. `starts_at` is local to the venue."""

    topic = "devices.occurrence_named.v1"

    spool: str
    occurrence: str
    name: str
    starts_at: datetime | None = None


class TicketTypeNamed(Event, frozen=True, kw_only=True):
    topic = "devices.ticket_type_named.v1"

    spool: str
    occurrence: str
    ticket_type: str
    name: str


class PrinterLeased(Event, frozen=True, kw_only=True):
    """Only `holder` may send to the device; with a new `epoch`, nobody who held it before."""

    topic = "devices.printer_leased.v1"

    spool: str
    device: str
    epoch: int
    holder: str
    until: datetime


class PrinterReleased(Event, frozen=True, kw_only=True):
    topic = "devices.printer_released.v1"

    spool: str
    device: str
    epoch: int


class PrinterChanged(Event, frozen=True, kw_only=True):
    """Its condition is another one than before. While it is not `online`, the rest is as last seen.

    `stopped`: it is switched off line by hand, or its cutter is jammed.
    """

    topic = "devices.printer_changed.v1"

    spool: str
    device: str
    online: bool
    paper: Paper = "ok"
    cover: Literal["closed", "open"] = "closed"
    stopped: bool = False
