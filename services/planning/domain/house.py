"""How an organiser wants things done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from roadcase.decider import Decider
from services.planning.commands import SetHousePolicy
from services.planning.events import HousePolicySet


@dataclass(slots=True)
class House:
    policy: HousePolicySet | None = None


def set_policy(house: House, cmd: SetHousePolicy, _at: datetime) -> Iterator[HousePolicySet]:
    event = HousePolicySet(**dict(cmd))
    if event != house.policy:
        yield event


def _evolve(house: House, event: HousePolicySet) -> None:
    house.policy = event


HOUSE: Final = Decider(
    category="house",
    key="house",
    initial=House,
    evolve=_evolve,
    events=(HousePolicySet,),
    commands={SetHousePolicy: set_policy},
)
