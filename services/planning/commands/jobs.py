"""What a schedule asks of an occurrence. The key is the occurrence's name."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, StringConstraints

from roadcase.decider import Command
from roadcase.triggers import Action
from services.planning.commands.fields import Label, Words


class DoJob(Command):
    """It is time for a job: do of it what is planning's, and tell the others. Once by `firing`."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    occurrence: Label
    firing: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    job: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    reason: Words
    actions: tuple[Action, ...]
