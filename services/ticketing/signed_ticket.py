"""Tickets that prove themselves: signed, short enough for a QR code on paper, and checked offline.

`RC1:` and base45 (RFC 9285), so that a QR code stores it in its alphanumeric mode, of

    key id, ticket, occurrence   each: length (1 byte), then 6 bits per character, A first
    valid from, valid until      each: seconds since 1970 (4 bytes, big endian), both inclusive
    signature                    Ed25519 over `roadcase.ticket.1`, a zero byte, and all the above

The characters of ids are those of base64url, so 6 bits hold one. Not limited in time is written as
0 and 2^32 - 1. There is one way to write each ticket: any other one is refused. A signature shows
that the ticket was sold; whether it was refunded since, only the gates know.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from roadcase.errors import Invalid
from roadcase.ids import ID

PREFIX: Final = "RC1:"
LONGEST: Final = 400  # characters: three ids of 64 make 333
_CONTEXT: Final = b"roadcase.ticket.1\0"
_SIGNATURE: Final = 64
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_HIGHEST: Final = len(_ALPHABET) - 1
_TO_VALUE: Final = bytes(_ALPHABET.find(chr(each)) % 256 for each in range(256))  # 255: none
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER: Final = 2**32 - 1

Fault = Literal["empty", "too_long", "not_a_ticket", "garbled", "unknown_key", "forged"]


class InvalidTicket(Invalid):
    """This is not a valid ticket. `reason` says what is wrong with it."""

    code = "ticketing.invalid_ticket"

    def __init__(self, reason: Fault) -> None:
        super().__init__(f"this is not a valid ticket: {reason.replace('_', ' ')}", reason=reason)


class SignedTicket(msgspec.Struct, frozen=True, kw_only=True):
    """What a ticket says. Times are instants in UTC, whole seconds; None is no limit."""

    key_id: str
    ticket: str
    occurrence: str
    valid_from: datetime | None = None
    valid_until: datetime | None = None


def sign(ticket: SignedTicket, key: Ed25519PrivateKey) -> str:
    """The text of its QR code, parts of seconds dropped. Raises Invalid for a bad id or time."""
    body = b"".join(map(_pack, (ticket.key_id, ticket.ticket, ticket.occurrence)))
    body += struct.pack(">II", _seconds(ticket.valid_from, 0), _seconds(ticket.valid_until, _NEVER))
    return PREFIX + to_base45(body + key.sign(_CONTEXT + body))


def verify(text: str, keys: Mapping[str, Ed25519PublicKey]) -> SignedTicket:
    """What it says, if one of the keys signed it. Raises InvalidTicket, whatever the text is."""
    raw = _decode(text)
    body, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
    ticket = _read(body)
    key = keys.get(ticket.key_id)
    if key is None:
        raise InvalidTicket("unknown_key")
    try:
        key.verify(signature, _CONTEXT + body)
    except InvalidSignature:
        raise InvalidTicket("forged") from None
    return ticket


def _decode(text: str) -> bytes:
    text = text.rstrip("\r\n")  # as scanners type it
    if not text:
        raise InvalidTicket("empty")
    if len(text) > LONGEST:
        raise InvalidTicket("too_long")
    if not text.startswith(PREFIX):
        raise InvalidTicket("not_a_ticket")
    try:
        return from_base45(text.removeprefix(PREFIX))
    except ValueError:
        raise InvalidTicket("garbled") from None


def _read(body: bytes) -> SignedTicket:
    ids, rest = [], body
    try:
        for _ in range(3):
            id_, rest = _unpack(rest)
            ids.append(id_)
        first, last = struct.unpack(">II", rest)
    except (ValueError, IndexError, struct.error):
        raise InvalidTicket("garbled") from None
    return SignedTicket(
        key_id=ids[0],
        ticket=ids[1],
        occurrence=ids[2],
        valid_from=_instant(first) if first else None,
        valid_until=_instant(last) if last != _NEVER else None,
    )


def _seconds(when: datetime | None, unlimited: int) -> int:
    if when is None:
        return unlimited
    seconds = int((when - _EPOCH).total_seconds())
    if not 0 < seconds < _NEVER:
        raise Invalid("a ticket is valid between 1970 and 2106", when=when)
    return seconds


def _instant(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)


def _pack(id_: str) -> bytes:
    if not ID.fullmatch(id_):
        raise Invalid("an id is 1 to 64 of A-Z, a-z, 0-9, _ and -", id=id_)
    whole = base64.urlsafe_b64decode(id_ + "A" * (-len(id_) % 4))
    return bytes([len(id_)]) + whole[: _size(len(id_))]


def _unpack(raw: bytes) -> tuple[str, bytes]:
    """An id, and what follows it. Raises ValueError or IndexError."""
    length = raw[0]
    end = 1 + _size(length)
    if not 1 <= length <= 64 or len(raw) < end:  # noqa: PLR2004
        raise ValueError(length)
    bits = raw[1:end]
    spare = (end - 1) * 8 - length * 6
    if bits[-1] & ((1 << spare) - 1):
        raise ValueError("the bits after an id are zeros")
    id_ = base64.urlsafe_b64encode(bits + bytes(-len(bits) % 3)).decode()[:length]
    return id_, raw[end:]


def _size(characters: int) -> int:
    return (characters * 6 + 7) // 8


def to_base45(raw: bytes) -> str:
    chars = []
    for at in range(0, len(raw) - 1, 2):
        high, low = divmod(raw[at] << 8 | raw[at + 1], 45 * 45)
        chars += [_ALPHABET[low % 45], _ALPHABET[low // 45], _ALPHABET[high]]
    if len(raw) % 2:
        chars += [_ALPHABET[raw[-1] % 45], _ALPHABET[raw[-1] // 45]]
    return "".join(chars)


def from_base45(text: str) -> bytes:
    """Raises ValueError for anything that `to_base45` does not write."""
    digits = text.encode("ascii", "replace").translate(_TO_VALUE)
    if max(digits, default=0) > _HIGHEST:
        raise ValueError("a character is not base45")
    whole = len(digits) // 3 * 3
    pairs = zip(digits[0:whole:3], digits[1:whole:3], digits[2:whole:3], strict=True)
    words = [low + 45 * middle + 2025 * high for low, middle, high in pairs]
    last = digits[whole:]
    if len(last) == 1:
        raise ValueError("a last byte has two characters")
    try:
        tail = bytes([last[0] + 45 * last[1]]) if last else b""
        return struct.pack(f">{len(words)}H", *words) + tail
    except (struct.error, ValueError) as error:
        raise ValueError(f"not base45: {error}") from error
