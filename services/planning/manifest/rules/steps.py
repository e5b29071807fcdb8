"""Steps are taken in their order, those included that nobody wrote a time for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from services.planning.manifest.nightly import hours_of
from services.planning.manifest.ordering import compared, when_at
from services.planning.manifest.steps import IN_ORDER, Step
from services.planning.manifest.times import At, Relative
from services.planning.manifest.view import Fault, View

_HERE: Final = ("spec", "lifecycle")


def steps(view: View) -> Iterator[Fault]:
    if not isinstance(view.raw(*_HERE), dict):
        return
    hours = hours_of(view)
    found = [(each.written, when) for each in IN_ORDER if (when := _when(view, each)) is not None]
    for (first, before), (second, after) in itertools.combinations(found, 2):
        order = compared(view, hours, before, after)
        if order is not None and order > 0:
            there = second if view.raw(*_HERE, second) is not None else first
            yield Fault((*_HERE, there), "step_order", f"{second} would be taken before {first}")
            return


def _when(view: View, step: Step) -> At | Relative | None:
    here = (*_HERE, step.written)
    return step.usual if view.raw(*here) is None else when_at(view, here)
