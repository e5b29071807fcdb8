"""What may be asked of a series. The key is its name."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from roadcase.decider import Command
from services.planning.commands.fields import Digest, Instant, KnownName, Label, Source
from services.planning.events import Follows, Used
from services.planning.events.schedules import PlannedSchedule


class ApplySeries(Command):
    """Declare it as a plan says, which was made for `base_revision`; 0: there was none yet.

    `follows`: it is split, and goes on as another series. `answer_until`: of each night whose time
    changes after people were told, until when they say whether they keep their tickets. `kept`:
    nights that stay as they are, with the code of why.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    series: Label
    base_revision: Annotated[int, Field(strict=True, ge=0)]
    digest: Digest
    plan: Digest
    title: KnownName
    manifest: dict[str, Any]
    approved: bool = False
    follows: Follows | None = None
    schedules: tuple[PlannedSchedule, ...] = ()
    answer_until: Instant | None = None
    default: Literal["keep", "refund"] = "keep"
    documents: tuple[Used, ...] = ()
    source: Source = ""
    declares: Digest | Literal[""] = ""
    kept: dict[str, str] = Field(default_factory=dict)


class RecordNights(Command):
    """Its nights up to a date were made: the worker's own step. `seen`: of those refused."""

    series: Label
    revision: Annotated[int, Field(strict=True, ge=1)]
    until: date
    refused: dict[str, str] = Field(default_factory=dict)
    seen: Instant | None = None
