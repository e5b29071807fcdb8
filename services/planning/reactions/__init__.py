"""What planning does when it hears itself and others."""

from __future__ import annotations

from typing import Final

from roadcase.reaction import Reaction
from services.planning.reactions import (
    crew,
    kit,
    schedules,
    series,
    show,
    suppliers,
    told,
    triggers,
)

REACTIONS: Final[tuple[Reaction, ...]] = (
    *crew.REACTIONS,
    *kit.REACTIONS,
    *schedules.REACTIONS,
    *series.REACTIONS,
    *show.REACTIONS,
    *suppliers.REACTIONS,
    *told.REACTIONS,
    *triggers.REACTIONS,
)
