"""Lists that can be had whole: from which read model, which columns, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Listed(NamedTuple):
    """A list that can be had whole: of which read model, its columns, and in which order.

    `of` is the column that says whose list a row is in. Where `people` is true, it has a sealed
    `contact` beside the columns.
    """

    table: str
    columns: tuple[str, ...]
    order: str
    people: bool = False
    of: str = "occurrence"

    @property
    def sql(self) -> str:
        columns = ", ".join((*self.columns, *["contact"] * self.people))
        return (
            f"SELECT {columns} FROM {self.table} WHERE tenant = $1 AND {self.of} = $2 "
            f"ORDER BY {self.order}"
        )

    def sorted(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Rows in the order that PostgreSQL would give them; what they are ordered by is there."""
        found = list(rows)
        for each in reversed(self.order.split(", ")):
            column, _, down = each.partition(" ")
            found.sort(key=lambda row, by=column: row[by], reverse=down == "DESC")  # type: ignore[misc]
        return found
