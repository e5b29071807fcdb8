"""What is asked of runs of show; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader, wait_all_shown
from services.planning.domain.show_refusals import NoRundown


async def rundown(read: Reader, occurrence: str) -> dict[str, Any]:
    """One, as it is now, also if it was planned a moment ago. Raises NoRundown."""
    sql = "SELECT * FROM rundowns WHERE tenant = $1 AND occurrence = $2"
    rows = await read.fetch(sql, occurrence)
    if not rows:
        await wait_all_shown(read, "rundowns")
        rows = await read.fetch(sql, occurrence)
    if not rows:
        raise NoRundown(occurrence=occurrence)
    return {name: value for name, value in rows[0].items() if name != "tenant"}
