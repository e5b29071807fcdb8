"""How well it went with a supplier: worked out of what was noted, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.planning.events import Conduct

WEIGHTS: Final[Mapping[Conduct, int]] = {"late": 1, "complaint": 2, "no_show": 4}


def score(counts: Mapping[str, int]) -> int:
    """From 0 to 100, rounded half up; 50 of somebody of whom nothing is known.

    (1 + on time) of (2 + on time + late + 2 complaints + 4 no-shows).
    """
    good = 1 + counts.get("on_time", 0)
    whole = 1 + good + sum(weight * counts.get(what, 0) for what, weight in WEIGHTS.items())
    return (200 * good + whole) // (2 * whole)
