"""The run of show follows the manifest: planned when one is applied, and whenever it is again."""

from __future__ import annotations

from typing import Any, Final

from roadcase.decider import Command, Heard
from roadcase.reaction import Reaction
from services.planning.plans.declared import declared
from services.planning.plans.run_of_show import show_of


class ManifestApplied(Heard, frozen=True, kw_only=True):
    topics = ("planning.manifest_applied.v1",)

    occurrence: str
    revision: int
    manifest: dict[str, Any]


def plan_show(event: ManifestApplied) -> list[Command]:
    return [show_of(declared(event.manifest), event.revision)]


REACTIONS: Final = (Reaction("plan-shows", ManifestApplied, plan_show, from_start=True),)
