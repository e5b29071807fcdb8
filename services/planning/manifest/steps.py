"""How an event goes on by itself: when each step is taken."""

from __future__ import annotations

from typing import Final, NamedTuple

from pydantic import Field

from services.planning.manifest.fields import Section, When
from services.planning.manifest.times import Relative


class Step(NamedTuple):
    """`written`: its name in YAML. `usual`: what it is at if nobody says, if anything."""

    name: str
    written: str
    usual: Relative | None = None


IN_ORDER: Final = (
    Step("announced", "announced"),
    Step("on_sale", "onSale"),
    Step("doors", "doors", Relative(0, "doors")),
    Step("live", "live", Relative(0, "start")),
    Step("closed", "closed", Relative(0, "end")),
    Step("settled", "settled"),
)


class Lifecycle(Section):
    """When each step is taken by itself; `announced`, `onSale`, `settled`: left out, when asked."""

    announced: When | None = None
    on_sale: When | None = None
    doors: When | None = Field(None, description="Left out: when doors open.")
    live: When | None = Field(None, description="Left out: at start.")
    closed: When | None = Field(None, description="Left out: at the end.")
    settled: When | None = None
