"""A supplier: vetted or not, their documents, the stalls that they have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from roadcase.decider import Decider, Event
from services.planning.commands import (
    AddSupplier,
    AwaitSupplier,
    AwaitSupplierNoMore,
    EngageSupplier,
    FileSupplierDocument,
    NoteSupplier,
    ReleaseSupplier,
    RenewEngagement,
    SuspendSupplier,
    TellSupplier,
    VetSupplier,
    WithdrawSupplierDocument,
)
from services.planning.domain.supplier_fit import follow, unfit
from services.planning.domain.supplier_refusals import (
    NoSupplier,
    NoSupplierDocument,
    SupplierNotFit,
)
from services.planning.domain.supplier_state import EVOLVE, Supplier, evolve
from services.planning.events import (
    SupplierAdded,
    SupplierAwaited,
    SupplierDocumentFiled,
    SupplierDocumentWithdrawn,
    SupplierEngaged,
    SupplierNotAwaited,
    SupplierNoted,
    SupplierReleased,
    SupplierSuspended,
    SupplierTold,
    SupplierVetted,
)


def add(supplier: Supplier, cmd: AddSupplier, _at: datetime) -> Iterator[SupplierAdded]:
    """What a register said earlier than what is known is heard late: it changes nothing."""
    before, event = supplier.added, SupplierAdded(**dict(cmd))
    if before is not None:
        if event.contact is None:
            known = {"subject": before.subject, "contact": before.contact}
            event = msgspec.structs.replace(event, **known)
        if cmd.listing and cmd.listing <= before.listing:
            return
        if msgspec.structs.replace(event, listing=before.listing) == before:
            return
    yield event


def vet(supplier: Supplier, cmd: VetSupplier, _at: datetime) -> Iterator[SupplierVetted]:
    _must_be_there(supplier, cmd.supplier)
    if supplier.suspended or not supplier.vetted:
        yield SupplierVetted(**dict(cmd))


def suspend(supplier: Supplier, cmd: SuspendSupplier, _at: datetime) -> Iterator[Event]:
    _must_be_there(supplier, cmd.supplier)
    if not supplier.suspended:
        yield SupplierSuspended(**dict(cmd))


def file(supplier: Supplier, cmd: FileSupplierDocument, _at: datetime) -> Iterator[Event]:
    _must_be_there(supplier, cmd.supplier)
    event = SupplierDocumentFiled(**dict(cmd))
    if supplier.documents.get(cmd.document) != event:
        yield event


def withdraw(supplier: Supplier, cmd: WithdrawSupplierDocument, _at: datetime) -> Iterator[Event]:
    _must_be_there(supplier, cmd.supplier)
    if cmd.document not in supplier.documents:
        raise NoSupplierDocument(supplier=cmd.supplier, document=cmd.document)
    yield SupplierDocumentWithdrawn(**dict(cmd))


def note(supplier: Supplier, cmd: NoteSupplier, _at: datetime) -> Iterator[SupplierNoted]:
    _must_be_there(supplier, cmd.supplier)
    if cmd.note not in supplier.notes:
        yield SupplierNoted(**dict(cmd))


def engage(supplier: Supplier, cmd: EngageSupplier, _at: datetime) -> Iterator[SupplierEngaged]:
    _must_be_there(supplier, cmd.supplier)
    if (cmd.occurrence, cmd.stall) in supplier.engaged:
        return
    reasons = list(unfit(supplier, cmd.documents, cmd.first, cmd.last))
    if reasons:
        told = [each.told for each in reasons]
        raise SupplierNotFit(supplier=cmd.supplier, stall=cmd.stall, reasons=told)
    yield SupplierEngaged(**dict(cmd), engagement=supplier.engagements + 1)


def renew(supplier: Supplier, cmd: RenewEngagement, _at: datetime) -> Iterator[SupplierEngaged]:
    """Whether they are still fit for it is looked at after that."""
    has = supplier.engaged.get((cmd.occurrence, cmd.stall))
    if has is None or has.engagement != cmd.engagement:
        return
    event = SupplierEngaged(**dict(cmd), named=has.named, renewed=True)
    if msgspec.structs.replace(has, renewed=True) != event:
        yield event


def release(supplier: Supplier, cmd: ReleaseSupplier, _at: datetime) -> Iterator[SupplierReleased]:
    has = supplier.engaged.get((cmd.occurrence, cmd.stall))
    if has is not None and has.engagement == cmd.engagement:
        yield SupplierReleased(**cmd.model_dump(exclude={"engagement"}))


def await_(supplier: Supplier, cmd: AwaitSupplier, _at: datetime) -> Iterator[SupplierAwaited]:
    """Also who is not on the list: whether they get it is looked at after that."""
    event = SupplierAwaited(**dict(cmd))
    if supplier.awaited.get((cmd.occurrence, cmd.stall)) != event:
        yield event


def await_no_more(supplier: Supplier, cmd: AwaitSupplierNoMore, _at: datetime) -> Iterator[Event]:
    if (cmd.occurrence, cmd.stall) in supplier.awaited:
        yield SupplierNotAwaited(**dict(cmd))


def tell(supplier: Supplier, cmd: TellSupplier, _at: datetime) -> Iterator[SupplierTold]:
    """Asked twice, they are told once. Who cannot be reached is on record, too."""
    if cmd.telling in supplier.told:
        return
    known = supplier.added
    yield SupplierTold(
        **dict(cmd),
        person=known.subject if known is not None else "",
        contact=known.contact if known is not None else None,
    )


def _must_be_there(supplier: Supplier, id_: str) -> None:
    if supplier.added is None:
        raise NoSupplier(supplier=id_)


SUPPLIER: Final = Decider(
    category="supplier",
    key="supplier",
    initial=Supplier,
    evolve=evolve,
    events=tuple(EVOLVE),
    commands={
        AddSupplier: add,
        VetSupplier: vet,
        SuspendSupplier: suspend,
        FileSupplierDocument: file,
        WithdrawSupplierDocument: withdraw,
        NoteSupplier: note,
        EngageSupplier: engage,
        RenewEngagement: renew,
        ReleaseSupplier: release,
        AwaitSupplier: await_,
        AwaitSupplierNoMore: await_no_more,
        TellSupplier: tell,
    },
    follow=follow,
)
