"""What ticketing does when it hears: its own events, and those of planning."""

from __future__ import annotations

from typing import Final

from services.ticketing.reactions import own, planning, triggers

REACTIONS: Final = (*own.REACTIONS, *planning.REACTIONS, *triggers.REACTIONS)
