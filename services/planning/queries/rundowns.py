"""What is asked of runs of show; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

import msgspec

from roadcase.clock import now
from roadcase.doors import Reader, wait_all_shown
from services.planning.domain.rundown import at_clock
from services.planning.domain.show_refusals import NoRundown
from services.planning.events import RundownTimed


async def rundown(read: Reader, occurrence: str) -> dict[str, Any]:
    """One, as it is now, also if it was planned a moment ago. Raises NoRundown.

    What runs over its time has moved what follows it: that is no event, and is worked out here.
    """
    sql = "SELECT * FROM rundowns WHERE tenant = $1 AND occurrence = $2"
    rows = await read.fetch(sql, occurrence)
    if not rows:
        await wait_all_shown(read, "rundowns")
        rows = await read.fetch(sql, occurrence)
    if not rows:
        raise NoRundown(occurrence=occurrence)
    row = {name: value for name, value in rows[0].items() if name != "tenant"}
    timed = at_clock(msgspec.convert(row, RundownTimed), now().replace(microsecond=0))
    return row | {"cues": msgspec.to_builtins(timed.cues), "late_seconds": timed.late_seconds}
