"""Which rows of a table that is too large for memory may be there."""

from __future__ import annotations

from collections.abc import Iterable

from roadcase.rows import RowKey


class Sieve:
    """Which rows may be in the table though they are not in memory any more.

    Says yes for every key that was added, and once they are many now and then for one that was
    not: a rebuild of millions of rows need not ask PostgreSQL for each new one whether it is there.
    `full`: any key may be. 4 MB; of a million keys that were not added it lets 30,000 through where
    a million were.
    """

    EXACT = 4_000  # keys; up to here they are kept as they are. More would take long to sieve
    _SLOTS = 1 << 25
    _LAST = _SLOTS - 1

    def __init__(self, *, full: bool = False) -> None:
        self._full = full
        self._keys: set[RowKey] = set()
        self._bits: bytearray | None = None

    def add(self, keys: Iterable[RowKey]) -> None:
        if self._full:
            return
        if self._bits is None:
            self._keys.update(keys)
            if len(self._keys) <= self.EXACT:
                return
            self._bits = bytearray(self._SLOTS >> 3)
            keys, self._keys = self._keys, set()
        bits = self._bits
        for hashed in map(hash, keys):
            place = hashed & self._LAST
            bits[place >> 3] |= 1 << (place & 7)

    def among(self, keys: Iterable[RowKey]) -> list[RowKey]:
        """Those of the keys that may have been added."""
        if self._full:
            return list(keys)
        if (bits := self._bits) is None:
            return [key for key in keys if key in self._keys]
        found = []
        for key in keys:
            place = hash(key) & self._LAST
            if bits[place >> 3] >> (place & 7) & 1:
                found.append(key)
        return found
