"""Lists that can be had whole: from which read model, which columns, in which order."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

Row = dict[str, Any]
_AT_ONCE: Final = 500  # lines in memory


class Listed(NamedTuple):
    """A list that can be had whole: of which read model, its columns, and in which order.

    `of` says whose list a row is in: a column, or a name in the JSON column `within`. `contact` is
    the column where a sealed contact is, which is had beside the others as `contact`; none: there
    is nobody. Where a row of the table is several lines, or none, `reads` are the columns that
    `lines` makes them from.
    """

    table: str
    columns: tuple[str, ...]
    order: str
    contact: str = ""
    of: str = "occurrence"
    within: str = ""
    reads: tuple[str, ...] = ()
    lines: Callable[[Row], Iterable[Row]] | None = None

    @property
    def sql(self) -> str:
        sealed = [f"{self.contact} AS contact"] if self.contact else []
        columns = ", ".join((*(self.reads or self.columns), *sealed))
        of = f"{self.within} ->> '{self.of}'" if self.within else self.of
        return (
            f"SELECT {columns} FROM {self.table} WHERE tenant = $1 AND {of} = $2 "
            f"ORDER BY {self.order}"
        )

    def has(self, row: Row, of: str) -> bool:
        """Whether a row of the table is in the list of `of`."""
        found: object = (row[self.within] if self.within else row).get(self.of)
        return found == of

    def sorted(self, rows: Sequence[Row]) -> list[Row]:
        """Rows in the order that PostgreSQL would give them; what they are ordered by is there."""
        found = list(rows)
        for each in reversed(self.order.split(", ")):
            column, _, down = each.partition(" ")
            found.sort(key=lambda row, by=column: row[by], reverse=down == "DESC")  # type: ignore[misc]
        return found

    async def unfolded(self, batches: AsyncIterator[list[Row]]) -> AsyncGenerator[list[Row]]:
        """The lines of these rows, in batches that fit in memory however many a row has."""
        async for rows in batches:
            if self.lines is None:
                yield rows
                continue
            some: list[Row] = []
            for line in (line for row in rows for line in self.lines(row)):
                some.append(line)
                if len(some) == _AT_ONCE:
                    yield some
                    some = []
            yield some
