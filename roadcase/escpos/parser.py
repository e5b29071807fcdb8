"""
Cuts a stream of bytes into ESC/POS orders, however the bytes arrive.

A `Length` tells how many bytes follow an opcode. It is asked again when more has arrived, so it may
first answer with the header it needs. Lengths are those of Epson's ESC/POS command reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

DLE, ESC, FS, GS = b"\x10", b"\x1b", b"\x1c", b"\x1d"
_PREFIXES = frozenset(DLE + ESC + FS + GS)
_TEXT = re.compile(rb"[\x20-\xff]+")
_COUNTED = frozenset({GS + b"(", FS + b"(", ESC + b"("})  # `fn pL pH data` for every fn
MAX_ORDER = 4 << 20
_TAB_STOPS = 33  # ESC D: 32 at most, and the closing NUL

Length = Callable[[bytearray, int], int]


class Order(NamedTuple):
    """One order. `opcode` is b"" for text; `known` is false when no table has the opcode."""

    opcode: bytes
    args: bytes
    known: bool = True


def fixed(count: int) -> Length:
    return lambda data, at: count  # noqa: ARG005 - a Length takes both


def counted(at_byte: int = 0, size: int = 2, unit: int = 1) -> Length:
    """A little-endian count of `size` bytes at `at_byte`, and that many times `unit` after it."""
    head = at_byte + size

    def length(data: bytearray, at: int) -> int:
        if len(data) < at + head:
            return head
        return head + unit * int.from_bytes(data[at + at_byte : at + head], "little")

    return length


def area(head: int, *, dots: int = 1, size: int = 2) -> Length:
    """`head` bytes that end in x and y of `size` bytes each, then x * y * `dots` bytes."""

    def length(data: bytearray, at: int) -> int:
        end = at + head
        if len(data) < end:
            return head
        x = int.from_bytes(data[end - 2 * size : end - size], "little")
        y = int.from_bytes(data[end - size : end], "little")
        return head + x * y * dots

    return length


def until_nul(most: int | None = None) -> Length:
    """Everything up to and with the next NUL, `most` bytes at most."""

    def length(data: bytearray, at: int) -> int:
        end = data.find(0, at, None if most is None else at + most)
        if end >= 0:
            return end - at + 1
        return len(data) - at + 1 if most is None else most

    return length


def cut(data: bytearray, at: int) -> int:
    """GS V: functions A (0, 1) are alone, B, C and D bring a feed amount."""
    return 1 if len(data) <= at or data[at] in b"\x00\x0101" else 2


def barcode(data: bytearray, at: int) -> int:
    """GS k: m up to 6 ends with NUL, above 64 it brings a count."""
    if len(data) <= at:
        return 1
    rest = until_nul() if data[at] <= 6 else counted(size=1)  # noqa: PLR2004
    return 1 + rest(data, at + 1)


def bit_image(data: bytearray, at: int) -> int:
    """ESC *: m nL nH and n columns, of three bytes where m says 24 dots."""
    return counted(1, unit=3 if len(data) > at and data[at] in b"\x20\x21" else 1)(data, at)


def own_glyphs(data: bytearray, at: int) -> int:
    """ESC &: y c1 c2, then for each character its width x and x * y bytes."""
    if len(data) < at + 3:
        return 3
    high, first, last = data[at : at + 3]
    need = 3
    for _ in range(first, last + 1):
        if len(data) <= at + need:
            return need + 1
        need += 1 + high * data[at + need]
    return need


def stored_images(data: bytearray, at: int) -> int:
    """FS q: n, then n times xL xH yL yH and x * y * 8 bytes."""
    if len(data) <= at:
        return 1
    need = 1
    for _ in range(data[at]):
        need += area(4, dots=8)(data, at + need)
        if len(data) < at + need:
            return need
    return need


class Parser:
    """Feed it, and it yields every order that is complete. The rest waits for more."""

    def __init__(self, lengths: Mapping[bytes, Length]) -> None:
        self._lengths = lengths
        self._families = {opcode[:2] for opcode in lengths if len(opcode) > 2}  # noqa: PLR2004
        self._data = bytearray()
        self._skip = 0

    @property
    def pending(self) -> int:
        """Bytes of an order that is not complete yet."""
        return len(self._data)

    def forget(self) -> bool:
        """Throws an unfinished order away. True if there was one."""
        unfinished = bool(self._data or self._skip)
        self._data.clear()
        self._skip = 0
        return unfinished

    def feed(self, data: bytes) -> Iterator[Order]:
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        self._data += data
        at = 0
        try:
            while at < len(self._data) and (found := self._next(at)):
                order, at = found
                yield order
        finally:
            del self._data[:at]

    def _next(self, at: int) -> tuple[Order, int] | None:
        text = _TEXT.match(self._data, at)
        if text:
            return Order(b"", text.group()), text.end()
        opcode = self._opcode(at)
        if opcode is None:
            return None
        start = at + len(opcode)
        length = self._lengths.get(opcode)
        if length is None and opcode[:2] in _COUNTED:
            length = counted()
        if length is None:
            return Order(opcode, b"", known=False), start
        need = length(self._data, start)
        if need > MAX_ORDER:
            self._skip = max(0, start + need - len(self._data))
            return Order(opcode, b"", known=False), len(self._data)
        end = start + need
        if len(self._data) < end:
            return None
        known = opcode in self._lengths
        return Order(opcode, bytes(self._data[start:end]), known), end

    def _opcode(self, at: int) -> bytes | None:
        """The opcode at `at`, or None while it is cut off."""
        data = self._data
        if data[at] not in _PREFIXES:
            return bytes(data[at : at + 1])
        two = bytes(data[at : at + 2])
        if len(two) == 1:
            return None
        if two in self._lengths or two not in self._families | _COUNTED:
            return two
        three = bytes(data[at : at + 3])
        if len(three) == 2:  # noqa: PLR2004
            return None
        return three if three in self._lengths or two in _COUNTED else two


_URGENT = re.compile(
    rb"\x10(?:\x04[\x01-\x04]|\x05[\x00-\x02]"
    rb"|\x14\x01[\x00\x01][\x01-\x08]|\x14\x08\x01\x03\x14\x01\x06\x02\x08)"
)
_URGENT_HEAD = re.compile(
    rb"\x10(?:\x04|\x05|\x14(?:\x01[\x00\x01]?"
    rb"|\x08(?:\x01(?:\x03(?:\x14(?:\x01(?:\x06\x02?)?)?)?)?)?)?)?\Z"
)


class Urgent:
    """
    Finds the real-time orders (DLE EOT, DLE ENQ, DLE DC4) as the bytes arrive.

    A printer acts on them before anything that waits in its buffer, and also where they happen to
    stand inside the data of another order (Epson reference, notes of DLE EOT).
    """

    def __init__(self) -> None:
        self._tail = b""

    def find(self, data: bytes) -> list[bytes]:
        if not self._tail and b"\x10" not in data:
            return []
        data = self._tail + data
        found, end = [], 0
        for match in _URGENT.finditer(data):
            found.append(match.group())
            end = match.end()
        head = _URGENT_HEAD.search(data, end)
        self._tail = head.group() if head else b""
        return found
