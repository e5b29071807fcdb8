"""A read model is a pure fold over rows; the kernel loads, batches, upserts and rebuilds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, Protocol

import msgspec

from roadcase.decider import Event

Row = Mapping[str, Any]
Key = str | tuple[str, ...]


class Stamp(msgspec.Struct, frozen=True, gc=False):
    """What the kernel knows of the event at hand: where and when it was recorded, and by whom."""

    position: int
    stream: str
    tenant: str
    at: datetime
    actor: str


Fold = Callable[[Row | None, Any, Stamp], Row | None]
Keyed = Sequence[tuple[Callable[[Any], Key | None], Fold]]


class Projection(Protocol):
    """A table, its key, and how events change its rows.

    Contract: a fold gets the row as it stands (None: no row yet) and returns the new one (None: no
    row any more). Same events, same rows: no SQL, no clock, no serial ids, no other rows. Live,
    the kernel folds a batch in memory and upserts each touched row once, with the checkpoint, in
    one transaction. A rebuild folds the whole log and COPYs into a shadow schema. Changing
    `schema` triggers a rebuild.

    `schema` creates the table called `name`, whose first column is `tenant text` and whose primary
    key is `(tenant, *key)`; other statements may add indexes. Rows carry every column but
    `tenant`, which the kernel adds and which no fold can change. `hears` says for each event which
    rows it touches: a list of how to find the row's key (a text, or a tuple of texts as long as
    `key`; None if this event touches no row) and of the fold for that row.
    """

    name: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    schema: ClassVar[str]

    @property
    def hears(self) -> Mapping[type[Event], Keyed]: ...


def schema_hash(projection: Projection) -> str:
    """Changes when the projection's table changes; then it is rebuilt."""
    return sha256(f"{projection.key}\n{projection.schema}".encode()).hexdigest()[:16]
