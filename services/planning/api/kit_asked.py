"""What is not free of the kit that manifests need, as things are shown now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from roadcase.clock import now
from roadcase.doors import Reader, wait_all_shown
from services.planning import queries
from services.planning.domain.kit import conflicts_of
from services.planning.events import KitConflict, KitWanted
from services.planning.manifest.kinds import LONGEST_BUFFER
from services.planning.plans.declared import Declared
from services.planning.plans.work import hours_of_work, kit_of

_BUFFER: Final = timedelta(minutes=LONGEST_BUFFER)


async def not_free(
    read: Reader, declared: Sequence[Declared]
) -> Mapping[str, tuple[KitConflict, ...]]:
    """Of each event that lacks something, by its name; asked once, however many there are.

    Each is held against what is booked, not against the others: they book when they are applied.
    """
    wanted = [each for each in map(_wanted, declared) if each.needs]
    if not wanted:
        return {}
    for table in ("kit_documents", "kit_repairs", "kit_bookings"):
        await wait_all_shown(read, table)
    at, first = now(), min(each.begins for each in wanted)
    store = await queries.kit_store(read, first - _BUFFER)
    found = {each.booking: conflicts_of(store, each, at) for each in wanted}
    return {name: lacks for name, lacks in found.items() if lacks}


def _wanted(new: Declared) -> KitWanted:
    begins, ends = hours_of_work(new)
    needs = tuple(kit_of(new))
    return KitWanted(store="kit", booking=new.name, begins=begins, ends=ends, needs=needs)
