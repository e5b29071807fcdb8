"""A supplier: vetted or not, their documents, the stalls that they have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from roadcase.decider import Decider, Event
from services.planning.commands import (
    AddSupplier,
    EngageSupplier,
    FileSupplierDocument,
    NoteSupplier,
    ReleaseSupplier,
    RenewEngagement,
    SuspendSupplier,
    VetSupplier,
    WithdrawSupplierDocument,
)
from services.planning.domain.supplier_refusals import (
    NoSupplier,
    NoSupplierDocument,
    SupplierNotFit,
)
from services.planning.events import (
    SupplierAdded,
    SupplierDocumentFiled,
    SupplierDocumentWithdrawn,
    SupplierEngaged,
    SupplierNoted,
    SupplierReleased,
    SupplierSuspended,
    SupplierVetted,
)

_DAY: Final = timedelta(days=1)


class Reason(NamedTuple):
    """Why somebody may not have a stall: a code, and the kind of document, if it is about one."""

    code: str
    document: str = ""


@dataclass(slots=True)
class Supplier:
    """`engaged` has the stalls that they have, by occurrence and key."""

    added: SupplierAdded | None = None
    vetted: bool = False
    suspended: bool = False
    documents: dict[str, SupplierDocumentFiled] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)
    engaged: dict[tuple[str, str], SupplierEngaged] = field(default_factory=dict)


def unfit(supplier: Supplier, kinds: tuple[str, ...], first: date, last: date) -> Iterator[Reason]:
    """Why they may not have a stall from the first to the last day."""
    if supplier.suspended:
        yield Reason("supplier_suspended")
    elif not supplier.vetted:
        yield Reason("supplier_not_vetted")
    for kind in kinds:
        of_kind = [each for each in supplier.documents.values() if _same(each.kind, kind)]
        if not of_kind:
            yield Reason("document_missing", kind)
        elif not all(any(_valid(each, day) for each in of_kind) for day in _days(first, last)):
            yield Reason("document_not_valid", kind)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _days(first: date, last: date) -> list[date]:
    return [first + number * _DAY for number in range((last - first).days + 1)]


def _valid(document: SupplierDocumentFiled, day: date) -> bool:
    begun = document.valid_from is None or document.valid_from <= day
    return begun and (document.valid_until is None or day <= document.valid_until)


def add(supplier: Supplier, cmd: AddSupplier, _at: datetime) -> Iterator[SupplierAdded]:
    event = SupplierAdded(**dict(cmd))
    if event != supplier.added:
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
        told = [": ".join(filter(None, each)) for each in reasons]
        raise SupplierNotFit(supplier=cmd.supplier, stall=cmd.stall, reasons=told)
    yield SupplierEngaged(**dict(cmd))


def renew(supplier: Supplier, cmd: RenewEngagement, _at: datetime) -> Iterator[SupplierEngaged]:
    """Whether they are still fit for it is looked at after that."""
    event = SupplierEngaged(**dict(cmd))
    if supplier.engaged.get((cmd.occurrence, cmd.stall), event) != event:
        yield event


def release(supplier: Supplier, cmd: ReleaseSupplier, _at: datetime) -> Iterator[SupplierReleased]:
    if (cmd.occurrence, cmd.stall) in supplier.engaged:
        yield SupplierReleased(**dict(cmd))


def follow(supplier: Supplier, at: datetime) -> Iterator[SupplierReleased]:
    """Who is not fit any more loses the stalls ahead; what is behind stays as it was."""
    for each in [*supplier.engaged.values()]:
        reasons = list(unfit(supplier, each.documents, each.first, each.last))
        if reasons and each.last >= at.date():
            yield SupplierReleased(
                supplier=each.supplier,
                occurrence=each.occurrence,
                stall=each.stall,
                why=reasons[0].code,
            )


def _must_be_there(supplier: Supplier, id_: str) -> None:
    if supplier.added is None:
        raise NoSupplier(supplier=id_)


def _added(supplier: Supplier, event: SupplierAdded) -> None:
    supplier.added = event


def _vetted(supplier: Supplier, _event: SupplierVetted) -> None:
    supplier.vetted, supplier.suspended = True, False


def _suspended(supplier: Supplier, _event: SupplierSuspended) -> None:
    supplier.suspended = True


def _filed(supplier: Supplier, event: SupplierDocumentFiled) -> None:
    supplier.documents[event.document] = event


def _withdrawn(supplier: Supplier, event: SupplierDocumentWithdrawn) -> None:
    del supplier.documents[event.document]


def _noted(supplier: Supplier, event: SupplierNoted) -> None:
    supplier.notes.add(event.note)


def _engaged(supplier: Supplier, event: SupplierEngaged) -> None:
    supplier.engaged[event.occurrence, event.stall] = event


def _released(supplier: Supplier, event: SupplierReleased) -> None:
    del supplier.engaged[event.occurrence, event.stall]


_EVOLVE: Final[Mapping[type[Event], Callable[[Supplier, Any], None]]] = {
    SupplierAdded: _added,
    SupplierVetted: _vetted,
    SupplierSuspended: _suspended,
    SupplierDocumentFiled: _filed,
    SupplierDocumentWithdrawn: _withdrawn,
    SupplierNoted: _noted,
    SupplierEngaged: _engaged,
    SupplierReleased: _released,
}


def _evolve(supplier: Supplier, event: Event) -> None:
    _EVOLVE[type(event)](supplier, event)


SUPPLIER: Final = Decider(
    category="supplier",
    key="supplier",
    initial=Supplier,
    evolve=_evolve,
    events=tuple(_EVOLVE),
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
    },
    follow=follow,
)
