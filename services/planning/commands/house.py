"""What may be asked of how an organiser wants things done."""

from __future__ import annotations

from typing import Final, Literal

from roadcase.decider import Command

HOUSE: Final = "house"  # an organiser has one


class SetHousePolicy(Command):
    """`override_people`: how many people it takes to go on without a clearance."""

    house: Literal["house"] = HOUSE
    override_people: Literal[1, 2]
