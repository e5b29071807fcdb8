"""What is remembered of a supplier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from roadcase.decider import Event
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
    SupplierWaits,
)

Place = tuple[str, str]  # an occurrence and the key of a stall there


@dataclass(slots=True)
class Supplier:
    """`engaged`: the stalls that they have; `engagements`: how many they ever had.

    `awaited`: those that are kept for them, also while they have them; `waits`: why they do not.
    `told`: what they were told, whether they could be reached or not.
    """

    added: SupplierAdded | None = None
    vetted: bool = False
    suspended: bool = False
    documents: dict[str, SupplierDocumentFiled] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)
    engaged: dict[Place, SupplierEngaged] = field(default_factory=dict)
    engagements: int = 0
    awaited: dict[Place, SupplierAwaited] = field(default_factory=dict)
    waits: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)


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
    supplier.engagements = max(supplier.engagements, event.engagement)
    supplier.waits.pop((event.occurrence, event.stall), None)


def _released(supplier: Supplier, event: SupplierReleased) -> None:
    del supplier.engaged[event.occurrence, event.stall]


def _awaited(supplier: Supplier, event: SupplierAwaited) -> None:
    """Why they do not have it is told anew: whoever shows it has forgotten what was told before."""
    supplier.awaited[event.occurrence, event.stall] = event
    supplier.waits.pop((event.occurrence, event.stall), None)


def _not_awaited(supplier: Supplier, event: SupplierNotAwaited) -> None:
    del supplier.awaited[event.occurrence, event.stall]
    supplier.waits.pop((event.occurrence, event.stall), None)


def _waits(supplier: Supplier, event: SupplierWaits) -> None:
    supplier.waits[event.occurrence, event.stall] = event.reasons


def _told(supplier: Supplier, event: SupplierTold) -> None:
    supplier.told.add(event.telling)


EVOLVE: Final[Mapping[type[Event], Callable[[Supplier, Any], None]]] = {
    SupplierAdded: _added,
    SupplierVetted: _vetted,
    SupplierSuspended: _suspended,
    SupplierDocumentFiled: _filed,
    SupplierDocumentWithdrawn: _withdrawn,
    SupplierNoted: _noted,
    SupplierEngaged: _engaged,
    SupplierReleased: _released,
    SupplierAwaited: _awaited,
    SupplierNotAwaited: _not_awaited,
    SupplierWaits: _waits,
    SupplierTold: _told,
}


def evolve(supplier: Supplier, event: Event) -> None:
    EVOLVE[type(event)](supplier, event)
