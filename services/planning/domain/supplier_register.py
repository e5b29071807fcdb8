"""Who is on the list of an organiser: the same business is there once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from roadcase.decider import Decider
from services.planning.commands import EnlistSupplier, ListSupplier
from services.planning.domain.business_names import name_key, number_key
from services.planning.domain.supplier_refusals import SupplierTwice
from services.planning.events import SupplierListed

_SHOWN: Final = 10  # of those with the same name


@dataclass(slots=True)
class Register:
    """`numbers`: suppliers by what their registrations come to; `names`: by their names."""

    listed: dict[str, SupplierListed] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    names: dict[str, dict[str, None]] = field(default_factory=dict)
    listings: int = 0

    def namesakes(self, supplier: str, title: str) -> list[str]:
        """Others whose names come to the same, those who were there first before the rest."""
        key = name_key(title)
        return [each for each in self.names.get(key, ()) if each != supplier] if key else []


def list_(register: Register, cmd: ListSupplier, _at: datetime) -> Iterator[SupplierListed]:
    before = register.listed.get(cmd.supplier)
    registration = cmd.registration or (before.registration if before else "")
    subject = cmd.subject or (before.subject if before else "")
    namesakes = register.namesakes(cmd.supplier, cmd.title)
    if first := register.numbers.get(number_key(registration)):
        _must_be(cmd.supplier, first, "registration", register)
    for each in namesakes:
        if subject and register.listed[each].subject == subject:
            _must_be(cmd.supplier, each, "name and contact", register)
    event = SupplierListed(
        supplier=cmd.supplier,
        title=cmd.title,
        offers=cmd.offers,
        registration=registration,
        subject=subject,
        listing=register.listings + 1,
        alike=tuple(namesakes[:_SHOWN]),
        contact=_contact(before, cmd),
    )
    if before is None or _facts(event) != _facts(before):
        yield event


def _must_be(supplier: str, first: str, by: str, register: Register) -> None:
    if first != supplier:
        title = register.listed[first].title
        raise SupplierTwice(supplier=supplier, first=first, title=title, by=by)


def _contact(before: SupplierListed | None, cmd: ListSupplier) -> bytes | None:
    """Sealed anew, the same address has other bytes: those that are known stay."""
    known = before.contact if before is not None else None
    same = before is not None and cmd.subject in ("", before.subject)
    return known if same and known is not None else cmd.contact


def _facts(event: SupplierListed) -> tuple[str | bool, ...]:
    reachable = event.contact is not None
    return event.title, event.offers, event.registration, event.subject, reachable


def enlist(register: Register, cmd: EnlistSupplier, _at: datetime) -> Iterator[SupplierListed]:
    """By name only: whoever was put on the list then had neither number nor contact."""
    if cmd.supplier not in register.listed:
        yield SupplierListed(
            supplier=cmd.supplier,
            title=cmd.title,
            offers=cmd.offers,
            listing=register.listings + 1,
            alike=tuple(register.namesakes(cmd.supplier, cmd.title)[:_SHOWN]),
        )


def _listed(register: Register, event: SupplierListed) -> None:
    before = register.listed.get(event.supplier)
    if before is not None:
        register.numbers.pop(number_key(before.registration), None)
        register.names.get(name_key(before.title), {}).pop(event.supplier, None)
    register.listed[event.supplier] = event
    register.listings = event.listing
    if key := number_key(event.registration):
        register.numbers[key] = event.supplier
    register.names.setdefault(name_key(event.title), {})[event.supplier] = None


REGISTER: Final = Decider(
    category="supplier-register",
    key="directory",
    initial=Register,
    evolve=_listed,
    events=(SupplierListed,),
    commands={ListSupplier: list_, EnlistSupplier: enlist},
)
