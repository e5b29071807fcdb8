"""Who is listed is put on the list; who was on it before there was a register is listed."""

from __future__ import annotations

from typing import Final

from roadcase.decider import Command, Heard
from roadcase.reaction import Reaction
from services.planning.commands import AddSupplier, EnlistSupplier


class Listed(Heard, frozen=True, kw_only=True):
    topics = ("planning.supplier_listed.v1",)

    supplier: str
    title: str
    listing: int
    offers: str = ""
    registration: str = ""
    subject: str = ""
    contact: bytes | None = None


class Added(Heard, frozen=True, kw_only=True):
    topics = ("planning.supplier_added.v1",)

    supplier: str
    title: str
    offers: str = ""
    listing: int = 0


def add(event: Listed) -> list[Command]:
    """The door asks for it, too; killed before that, it is done here."""
    return [
        AddSupplier(
            supplier=event.supplier,
            title=event.title,
            offers=event.offers,
            registration=event.registration,
            listing=event.listing,
            subject=event.subject,
            contact=event.contact,
        )
    ]


def enlist(event: Added) -> list[Command]:
    if event.listing:
        return []
    return [EnlistSupplier(supplier=event.supplier, title=event.title, offers=event.offers)]


REACTIONS: Final = (
    Reaction("add-listed-suppliers", Listed, add, from_start=True),
    Reaction("list-suppliers", Added, enlist, from_start=True),
)
