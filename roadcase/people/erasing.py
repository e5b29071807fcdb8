"""The rule of erasing: it happens once for each person, and is a fact like any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from roadcase.decider import Command, Decider, Event
from roadcase.errors import NotFound

Reason = Literal["asked", "expired"]
NOBODY: Final = "nobody"  # the subject of whoever is not known, so that a used key is looked up


class NobodyKnown(NotFound):
    """Nobody is known here by this; or they were erased before."""

    code = "roadcase.nobody_known"


class ErasePerson(Command):
    """`reason` is no text on purpose: what people write there would name the person for ever."""

    subject: str
    reason: Reason = "asked"


class PersonErased(Event, frozen=True, kw_only=True):
    """The key of this person's sealed data is deleted, everywhere: forget what you opened of them.

    `subject` is random; nothing that is kept leads from it to the person. `reason`: they asked for
    it, or the time ran out for which their data may be kept.
    """

    topic = "roadcase.person_erased.v1"

    subject: str
    reason: Literal["asked", "expired"]
    erased_at: datetime


@dataclass
class Person:
    erased: bool = False


def erase(person: Person, cmd: ErasePerson, at: datetime) -> Iterator[Event]:
    if cmd.subject == NOBODY:
        raise NobodyKnown
    if not person.erased:
        yield PersonErased(subject=cmd.subject, reason=cmd.reason, erased_at=at)


def evolve(person: Person, _event: Event) -> None:
    person.erased = True


PEOPLE: Final[Decider[Person]] = Decider(
    category="person",
    key="subject",
    initial=Person,
    evolve=evolve,
    events=[PersonErased],
    commands={ErasePerson: erase},
)
