"""Who has which ticket, found by name: opened in memory for a gate, and never written anywhere."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final, NamedTuple

from roadcase.doors import Reader
from roadcase.keyring import Contact, Keyring
from roadcase.people.showing import plain
from services.ticketing.api import shown

NIGHTS: Final = 8  # that are searched at the same time
LETTERS: Final = 3  # at least, of what is looked for
MOST: Final = 20  # found: whoever stands at a gate reads no more


class Opened(NamedTuple):
    contact: bytes  # as it is sealed: another one is opened anew
    text: str


class Names:
    """Names of the guests of some nights, as long as nobody is erased: then all are forgotten.

    Whoever is found is opened again before they are shown, so an erasure holds from the moment
    that their key is gone, whatever was remembered.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._nights: OrderedDict[tuple[str, str], dict[str, Opened]] = OrderedDict()
        self._epoch = keyring.epoch

    async def find(
        self, read: Reader, tenant: str, occurrence: str, text: str
    ) -> list[dict[str, Any]]:
        """Tickets of guests in whose name or address each of the words is, in any order."""
        words = plain(text).split()
        if sum(map(len, words)) < LETTERS:
            return []
        known = await self._night(read, tenant, occurrence)
        hits = [ticket for ticket, each in known.items() if _has(each.text, words)]
        rows = await shown.guests(read, occurrence, sorted(hits)[:MOST])
        opened = await self._keyring.open_contacts(tenant, [row["contact"] for row in rows])
        return [
            {**{name: row[name] for name in row if name != "contact"}, "name": person.name}
            for row, person in zip(rows, opened, strict=True)
            if isinstance(person, Contact) and _has(_text(person), words)
        ]

    async def _night(self, read: Reader, tenant: str, occurrence: str) -> dict[str, Opened]:
        if self._epoch != self._keyring.epoch:
            self._nights.clear()
        epoch = self._epoch = self._keyring.epoch
        before = self._nights.get((tenant, occurrence), {})
        sealed = {row["ticket"]: row["contact"] for row in await shown.contacts(read, occurrence)}
        known = {id_: each for id_, each in before.items() if sealed.get(id_) == each.contact}
        new = [id_ for id_ in sealed if id_ not in known]
        people = await self._keyring.open_contacts(tenant, [sealed[id_] for id_ in new])
        for id_, person in zip(new, people, strict=True):
            if isinstance(person, Contact):
                known[id_] = Opened(sealed[id_], _text(person))
        if epoch == self._keyring.epoch:
            self._nights[tenant, occurrence] = known
            self._nights.move_to_end((tenant, occurrence))
        while len(self._nights) > NIGHTS:
            self._nights.popitem(last=False)
        return known


def _text(person: Contact) -> str:
    return plain(f"{person.name} {person.email} {person.phone}")


def _has(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)
