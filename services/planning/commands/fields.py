"""The shapes of what is asked: every limit on input that no rule needs to look at."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, NaiveDatetime, StringConstraints

from roadcase.fields import Id, KnownName, Name, Zone
from services.planning.events import Interruption, State

__all__ = [
    "Digest",
    "Id",
    "Instant",
    "Interruption",
    "KnownName",
    "Label",
    "Name",
    "Source",
    "State",
    "Step",
    "Wall",
    "Words",
    "Zone",
]

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Label = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
Words = Annotated[str, StringConstraints(max_length=5000)]
Source = Annotated[str, StringConstraints(max_length=1_000_000)]  # a file as it was written
Wall = NaiveDatetime  # local time at the venue
Instant = AwareDatetime
Step = Literal["planned", "announced", "on_sale", "doors", "live", "closed", "settled"]
