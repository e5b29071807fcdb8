"""What is asked about roles, names and printers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.devices.commands.fields import Address, Id, OfSpool, Profile, Text
from services.devices.events import Paper


class BindRole(OfSpool):
    """`resend`: how many copies are printed by themselves when a ticket is in doubt."""

    role: Id
    device: Id
    address: Address
    profile: Profile = "epson-80"
    resend: Annotated[int, Field(strict=True, ge=0, le=2)] = 2


class NameOccurrence(OfSpool):
    occurrence: Id
    name: Text
    starts_at: datetime | None = None


class NameTicketType(OfSpool):
    occurrence: Id
    ticket_type: Id
    name: Text


class LeasePrinter(OfSpool):
    device: Id
    holder: Id


class ReleasePrinter(LeasePrinter):
    """By its holder, with nothing on its way."""


class ReportPrinter(OfSpool):
    device: Id
    online: bool
    paper: Paper = "ok"
    cover: Literal["closed", "open"] = "closed"
    stopped: bool = False
