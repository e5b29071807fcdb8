"""What a caller may see of people in read models, where their contacts stay sealed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from roadcase.auth import Identity
from roadcase.keyring import Contact, Erased, KeyLost, Keyring, Sealed

READ: Final = "people:read"


class People:
    """Opens contacts for one caller: those of their tenant, and only with the scope people:read."""

    def __init__(self, keyring: Keyring, caller: Identity) -> None:
        self._keyring = keyring
        self._caller = caller

    def must_read(self) -> None:
        """Raise Forbidden, naming the scope, unless the caller may read people."""
        self._caller.require(READ)

    async def shown(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows with `contact` opened: what is known of the person, or why nothing is.

        Without the scope they have no `contact` at all.
        """
        if READ not in self._caller.scopes:
            return [{name: row[name] for name in row if name != "contact"} for row in rows]
        packed = [row["contact"] for row in rows if row["contact"] is not None]
        opened = iter(await self._keyring.open_contacts(self._caller.tenant, packed))
        return [
            row | {"contact": None if row["contact"] is None else _told(next(opened))}
            for row in rows
        ]

    async def opened(self, packed: Sequence[bytes]) -> list[bytes | Erased | KeyLost]:
        """What else is sealed for people. Raises Forbidden without the scope."""
        self.must_read()
        sealed = [Sealed.unpacked(each) for each in packed]
        return await self._keyring.open_all(self._caller.tenant, sealed)


def _told(contact: Contact | Erased | KeyLost) -> dict[str, Any]:
    match contact:
        case Erased(at):
            return {"state": "erased", "erased_at": at}
        case KeyLost(why):
            return {"state": "key_lost", "why": why}
        case _:
            told = {name: getattr(contact, name) for name in ("name", "email", "phone")}
            return {"state": "open", **told}


def matches(row: dict[str, Any], wanted: str) -> bool:
    """Whether a shown row is of a person in whose name or address every word of `wanted` is."""
    contact = row["contact"]
    if contact is None or contact["state"] != "open":
        return False
    text = plain(" ".join(contact[name] for name in ("name", "email", "phone")))
    return all(word in text for word in plain(wanted).split())


def plain(text: str) -> str:
    """Without case and accents: who types `zoe` looks for Zoë."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in parts if not unicodedata.combining(char))
