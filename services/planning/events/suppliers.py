"""The facts of a supplier: who they are, what they have shown, and how it went."""

from __future__ import annotations

from datetime import date
from typing import Literal

from roadcase.decider import Event

Conduct = Literal["on_time", "late", "no_show", "complaint"]


class SupplierAdded(Event, frozen=True, kw_only=True):
    """Of a new one, and again whenever what is told of them changes.

    `listing`: the number of what was listed; 0: nobody asked whether they are on the list already.
    `contact`: name and addresses, sealed, if they were told.
    """

    topic = "planning.supplier_added.v1"

    supplier: str
    title: str
    offers: str = ""
    registration: str = ""
    listing: int = 0
    subject: str = ""
    contact: bytes | None = None


class SupplierListed(Event, frozen=True, kw_only=True):
    """They are told from all others of the organiser. `listing`: the number of this event.

    `registration`: of a register or for VAT. `subject`: who is reached, by the sealed `contact`.
    `alike`: those whose names are the same but for how they are written.
    """

    topic = "planning.supplier_listed.v1"

    supplier: str
    title: str
    listing: int
    offers: str = ""
    registration: str = ""
    subject: str = ""
    alike: tuple[str, ...] = ()
    contact: bytes | None = None


class SupplierVetted(Event, frozen=True, kw_only=True):
    """Somebody has looked at them: they may have stalls from now on."""

    topic = "planning.supplier_vetted.v1"

    supplier: str
    note: str = ""


class SupplierSuspended(Event, frozen=True, kw_only=True):
    """They get no stalls, and lose those ahead, until they are vetted again."""

    topic = "planning.supplier_suspended.v1"

    supplier: str
    reason: str


class SupplierDocumentFiled(Event, frozen=True, kw_only=True):
    """What they have shown, such as an insurance; of the same id, instead of the one before.

    It is valid on both days and those between; without one it is so for ever.
    """

    topic = "planning.supplier_document_filed.v1"

    supplier: str
    document: str
    kind: str
    reference: str
    valid_from: date | None = None
    valid_until: date | None = None


class SupplierDocumentWithdrawn(Event, frozen=True, kw_only=True):
    topic = "planning.supplier_document_withdrawn.v1"

    supplier: str
    document: str
    reason: str


class SupplierNoted(Event, frozen=True, kw_only=True):
    """How it went with them once: their score follows from these, and is kept nowhere."""

    topic = "planning.supplier_noted.v1"

    supplier: str
    note: str
    what: Conduct
    occurrence: str | None = None
    text: str = ""


class SupplierEngaged(Event, frozen=True, kw_only=True):
    """They have a stall, from the first to the last day, and showed the documents for it.

    `engagement`: the number of it, of theirs. `named`: nobody asked; a manifest names them.
    `renewed`: it is one that they have, for other days or documents.
    """

    topic = "planning.supplier_engaged.v1"

    supplier: str
    occurrence: str
    stall: str
    first: date
    last: date
    documents: tuple[str, ...] = ()
    engagement: int = 0
    named: bool = False
    renewed: bool = False


class SupplierReleased(Event, frozen=True, kw_only=True):
    """They do not have that stall any more. `why`: a code."""

    topic = "planning.supplier_released.v1"

    supplier: str
    occurrence: str
    stall: str
    why: str


class SupplierAwaited(Event, frozen=True, kw_only=True):
    """A stall is kept for them until they are fit for it, whether they are on the list or not."""

    topic = "planning.supplier_awaited.v1"

    supplier: str
    occurrence: str
    stall: str
    first: date
    last: date
    documents: tuple[str, ...] = ()


class SupplierNotAwaited(Event, frozen=True, kw_only=True):
    """It is not kept for them any more. `why`: a code."""

    topic = "planning.supplier_not_awaited.v1"

    supplier: str
    occurrence: str
    stall: str
    why: str


class SupplierWaits(Event, frozen=True, kw_only=True):
    """They do not get the stall that is kept for them yet. `reasons`: codes, each with of what."""

    topic = "planning.supplier_waits.v1"

    supplier: str
    occurrence: str
    stall: str
    reasons: tuple[str, ...]


class SupplierTold(Event, frozen=True, kw_only=True):
    """They are told this, if they said how to be reached. `person`: who that is, if they did."""

    topic = "planning.supplier_told.v1"

    supplier: str
    occurrence: str
    telling: str
    subject: str
    text: str
    person: str = ""
    contact: bytes | None = None
