"""What kit and crew are told of an occurrence, whenever it is not what they were told last."""

from __future__ import annotations

import msgspec

from services.planning.domain.state import Occurrence
from services.planning.events import WorkPlanned


def work_planned(occurrence: Occurrence) -> WorkPlanned | None:
    """In full, once it is planned; None while there is nothing to tell."""
    applied, told = occurrence.applied, occurrence.work
    if applied is None or occurrence.state == "draft":
        return None
    work = applied.work
    if work is None:
        if told is None:
            return None
        work = msgspec.structs.replace(told.work, kit=(), roles=())
    on = occurrence.state != "cancelled" and occurrence.postponed is None
    return WorkPlanned(occurrence=applied.occurrence, work=work, on=on)
