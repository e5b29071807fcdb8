"""The keyring: seals what is known of a person, opens it again, and forgets the key for good."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from hmac import digest

from roadcase.errors import Unavailable
from roadcase.event_store.connections import connected
from roadcase.ids import new_id
from roadcase.keyring.cache import Cache, Known
from roadcase.keyring.contact import Contact, decode_contact
from roadcase.keyring.sealed import Erased, KeyLost, Sealed, decrypt, encrypt, new_key
from roadcase.keyring.store import ROLE, Claim, Key, Store, prepare
from roadcase.secret import Secret

_ATTEMPTS = 3  # to find a person who is being erased meanwhile


class Keyring:
    """One key for each person of each tenant. Safe for many tasks, and many processes at once.

    A person is found by the HMAC of their normalised contact; their subject id is random, so that
    once the key is erased nothing leads from what is left in logs to the person. Every method
    raises Unavailable when PostgreSQL is away.
    """

    def __init__(self, store: Store, cache: Cache, secret: Secret) -> None:
        self.store = store
        self._cache = cache
        self._wrapping = secret.key("keyring/wrapping")
        self._contacts = secret.key("keyring/contacts")
        self.missed: set[str] = set()  # people whose key was needed, and lost

    @property
    def epoch(self) -> int:
        """Changes with every erasure that is heard of: what was opened before is not kept."""
        return self._cache.epoch

    async def seal(self, tenant: str, contact: Contact, plaintext: bytes | None = None) -> Sealed:
        """Seal a text about the person with this contact; without one, the contact itself.

        The key is durable before this returns. `kid` is the person's subject id, the same as long
        as they are not erased. Raises Invalid for a contact that makes no sense.
        """
        known = await self._person(tenant, contact.checked())
        text = contact.encoded() if plaintext is None else plaintext
        return Sealed(known.subject, encrypt(known.key, text, _data(tenant, known.subject)))

    async def find(self, tenant: str, contact: Contact) -> str | None:
        """The subject id of a person whom this tenant knows. Raises Invalid."""
        return await self.store.find(tenant, self._fingerprint(tenant, contact.checked()))

    async def open(self, tenant: str, sealed: Sealed) -> bytes | Erased | KeyLost:
        """The text, or why there is none. Of another tenant's it says what it says of nobody's."""
        return (await self.open_all(tenant, [sealed]))[0]

    async def open_all(
        self, tenant: str, sealed: Sequence[Sealed]
    ) -> list[bytes | Erased | KeyLost]:
        """The same for many, with one question to PostgreSQL at most."""
        keys = await self._keys(tenant, {each.kid for each in sealed})
        return [_opened(tenant, each, keys[each.kid]) for each in sealed]

    async def lost(self, tenant: str, subjects: Sequence[str]) -> list[str]:
        """Those of these people whose key is not here, though nobody erased it."""
        keys = await self._keys(tenant, set(subjects))
        return sorted(each for each, key in keys.items() if isinstance(key, KeyLost))

    async def open_contacts(
        self, tenant: str, packed: Sequence[bytes]
    ) -> list[Contact | Erased | KeyLost]:
        """Contacts as commands, events and read models carry them."""
        opened = await self.open_all(tenant, [Sealed.unpacked(each) for each in packed])
        return [decode_contact(each) if isinstance(each, bytes) else each for each in opened]

    async def erase(self, tenant: str, subject: str, at: datetime) -> None:
        """Delete a person's key, everywhere. Only after the fact of it is in a log: see `people`.

        Every process forgets the key as soon as it hears of it; this one has when this returns.
        """
        await self.store.erase(tenant, subject, at)
        self._cache.forget(subject)

    def _fingerprint(self, tenant: str, contact: Contact) -> bytes:
        return digest(self._contacts, f"{tenant}\0{contact.address()}".encode(), "sha256")

    async def _person(self, tenant: str, contact: Contact) -> Known:
        fingerprint = self._fingerprint(tenant, contact)
        if known := self._cache.contact(tenant, fingerprint):
            return known
        for _ in range(_ATTEMPTS):
            epoch, subject = self._cache.epoch, new_id("sub")
            wrapped = encrypt(self._wrapping, new_key(), _wrap(tenant, subject))
            if found := await self.store.claim(Claim(tenant, fingerprint, subject, wrapped)):
                subject, wrapped = found
                key = decrypt(self._wrapping, wrapped, _wrap(tenant, subject))
                if key is None:
                    raise Unavailable(_OTHER_SECRET)
                known = Known(tenant, subject, key, fingerprint)
                self._cache.remember(known, epoch)
                return known
        raise Unavailable("this person is being erased right now; try again")

    async def _keys(self, tenant: str, subjects: set[str]) -> dict[str, bytes | Erased | KeyLost]:
        found: dict[str, bytes | Erased | KeyLost] = {}
        for subject in subjects:
            if known := self._cache.subject(tenant, subject):
                found[subject] = known.key
        if missing := subjects - found.keys():
            epoch = self._cache.epoch
            rows = await self.store.keys(tenant, sorted(missing))
            for subject in missing:
                key = found[subject] = self._unwrapped(tenant, rows.get(subject))
                if isinstance(key, KeyLost):
                    self.missed.add(subject)
                if isinstance(key, bytes):
                    self._cache.remember(Known(tenant, subject, key), epoch)
        return found

    def _unwrapped(self, tenant: str, row: Key | None) -> bytes | Erased | KeyLost:
        if row is None:
            return KeyLost("the keyring has no such key")
        if row.erased_at is not None:
            return Erased(row.erased_at)
        assert row.wrapped is not None
        key = decrypt(self._wrapping, row.wrapped, _wrap(tenant, row.subject))
        return KeyLost(_OTHER_SECRET) if key is None else key


_OTHER_SECRET = "the keyring was made with another secret than this installation's"  # noqa: S105


def _opened(tenant: str, sealed: Sealed, key: bytes | Erased | KeyLost) -> bytes | Erased | KeyLost:
    if not isinstance(key, bytes):
        return key
    text = decrypt(key, sealed.blob, _data(tenant, sealed.kid))
    return KeyLost("it was not sealed with this key, or was altered") if text is None else text


def _wrap(tenant: str, subject: str) -> str:
    return f"key/{tenant}/{subject}"


def _data(tenant: str, subject: str) -> str:
    return f"data/{tenant}/{subject}"


@asynccontextmanager
async def open_keyring(
    url: str, secret: Secret, *, remembered: int = 20_000
) -> AsyncIterator[Keyring]:
    """The keyring of an installation; its schema is made when it is not there."""
    await prepare(url)
    async with connected(url, ROLE) as pool:
        cache = Cache(url, remembered)
        listening = asyncio.create_task(cache.listen(), name="keyring")
        try:
            yield Keyring(Store(pool), cache, secret)
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
