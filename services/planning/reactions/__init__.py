"""What planning does when it hears itself and others."""

from __future__ import annotations

from typing import Final

from roadcase.reaction import Reaction
from services.planning.reactions import (
    crew,
    kit,
    readiness,
    schedules,
    series,
    show,
    supplier_register,
    suppliers,
    told,
    triggers,
)

REACTIONS: Final[tuple[Reaction, ...]] = (
    *crew.REACTIONS,
    *kit.REACTIONS,
    *readiness.REACTIONS,
    *schedules.REACTIONS,
    *series.REACTIONS,
    *show.REACTIONS,
    *supplier_register.REACTIONS,
    *suppliers.REACTIONS,
    *told.REACTIONS,
    *triggers.REACTIONS,
)
