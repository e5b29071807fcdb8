"""What is not free of the kit that a manifest needs, as things are shown now."""

from __future__ import annotations

from roadcase.clock import now
from roadcase.doors import Reader, wait_all_shown
from services.planning import queries
from services.planning.domain.kit import conflicts_of
from services.planning.events import KitConflict, KitWanted
from services.planning.plans.declared import Declared
from services.planning.plans.work import hours_of_work, kit_of


async def not_free(read: Reader, new: Declared) -> tuple[KitConflict, ...]:
    needs = tuple(kit_of(new))
    if not needs:
        return ()
    begins, ends = hours_of_work(new)
    for table in ("kit_documents", "kit_repairs", "kit_bookings"):
        await wait_all_shown(read, table)
    store = await queries.kit_store(read, begins)
    wanted = KitWanted(store="kit", booking=new.name, begins=begins, ends=ends, needs=needs)
    return conflicts_of(store, wanted, now())
