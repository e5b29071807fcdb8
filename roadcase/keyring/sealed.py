"""What sealed data is: bytes that say whose key opens them. AES-256-GCM, a key per person."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from roadcase.errors import Invalid

KEY: Final = 32  # bytes
_NONCE: Final = 12
_FORM: Final = b"\x01"  # the first byte of what is packed: how the rest is to be read


class Sealed(NamedTuple):
    """A blob that only the key of the person `kid` opens. `kid` is the person's subject id too.

    It is a random id: it tells nothing of the person, and after an erasure leads nowhere.
    """

    kid: str
    blob: bytes

    def packed(self) -> bytes:
        """Both as bytes, for commands, events and read models."""
        kid = self.kid.encode("ascii")
        return _FORM + bytes([len(kid)]) + kid + self.blob

    @classmethod
    def unpacked(cls, raw: bytes) -> Sealed:
        """Raises Invalid for bytes that were not packed by us."""
        end = 2 + (raw[1] if len(raw) > 1 else 0)
        if raw[:1] != _FORM or len(raw) < end + _NONCE:
            raise Invalid("these bytes are not sealed data")
        try:
            return cls(raw[2:end].decode("ascii"), raw[end:])
        except UnicodeDecodeError as error:
            raise Invalid("these bytes are not sealed data") from error


class Erased(NamedTuple):
    """The person asked to be forgotten: this can never be opened again, and should not be."""

    at: datetime


class KeyLost(NamedTuple):
    """The key is not here, though nobody erased it: an operator has to find it, or a copy of it."""

    why: str


def new_key() -> bytes:
    return AESGCM.generate_key(8 * KEY)


def encrypt(key: bytes, plaintext: bytes, bound_to: str) -> bytes:
    """`bound_to` is not kept with it: what was taken from elsewhere does not open here."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, bound_to.encode())


def decrypt(key: bytes, blob: bytes, bound_to: str) -> bytes | None:
    """None when it was not encrypted with this key for this, or was altered."""
    try:
        return AESGCM(key).decrypt(blob[:_NONCE], blob[_NONCE:], bound_to.encode())
    except (InvalidTag, ValueError):
        return None
