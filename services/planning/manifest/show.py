"""The run of show: cues in their order, each with how it starts and how long it takes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.planning.manifest.fields import Key, Keys, Name, Section, When


class Act(Section):
    """What is done when a cue starts: who hears it finds its own words in it."""

    to: Literal["devices", "media", "drops"]
    do: Name
    target: Key | None = Field(None, description="Which one: a device role, a drop.")


class Cue(Section):
    """One step of the show. A soft one follows the one before; a hard one keeps its time."""

    key: Key
    title: Name
    start: Literal["soft", "hard"] = "soft"
    at: When | None = Field(None, description="When a hard cue starts.")
    minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 0
    who: Keys = Field((), description="Keys of roles of staffing.")
    acts: Annotated[tuple[Act, ...], Field(max_length=50)] = ()


class RunOfShow(Section):
    """The show as its crew runs it. Left out: as the programme makes it."""

    cues: Annotated[tuple[Cue, ...], Field(min_length=1, max_length=300)]
