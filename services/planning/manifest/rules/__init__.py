"""Rules over several fields. Each looks at what is right by itself and yields what is not."""

from collections.abc import Callable, Iterator
from typing import Final

from services.planning.manifest.rules.hours import hours
from services.planning.manifest.rules.keys import duplicates, references
from services.planning.manifest.rules.kit import empty, pieces
from services.planning.manifest.rules.money import currencies, fees, shares
from services.planning.manifest.rules.places import drops, tickets, zones
from services.planning.manifest.rules.programme import programme
from services.planning.manifest.rules.recurrence import recurrence
from services.planning.manifest.rules.schedules import schedules
from services.planning.manifest.rules.show import run_of_show
from services.planning.manifest.rules.steps import steps
from services.planning.manifest.rules.triggers import triggers
from services.planning.manifest.rules.venue import venue
from services.planning.manifest.rules.windows import clocks, windows
from services.planning.manifest.view import Fault, View

RULES: Final[tuple[Callable[[View], Iterator[Fault]], ...]] = (
    duplicates,
    references,
    currencies,
    shares,
    fees,
    zones,
    tickets,
    drops,
    programme,
    run_of_show,
    venue,
    hours,
    clocks,
    windows,
    steps,
    triggers,
    schedules,
    recurrence,
    pieces,
    empty,
)
