"""What planning does when it hears itself and others."""

from __future__ import annotations

from typing import Final

from roadcase.reaction import Reaction
from services.planning.reactions import schedules, series, triggers

REACTIONS: Final[tuple[Reaction, ...]] = (
    *series.REACTIONS,
    *triggers.REACTIONS,
    *schedules.REACTIONS,
)
