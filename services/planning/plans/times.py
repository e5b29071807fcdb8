"""What a plan says of times: that it is over already, that guests could not answer in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.planning.plans.changes import Change
from services.planning.plans.classes import Classed
from services.planning.plans.declared import Declared
from services.planning.plans.standing import Standing


def of_times(
    before: Declared | None,
    new: Declared,
    standing: Standing,
    at: datetime,
    answer_until: datetime | None,
) -> Iterator[Classed]:
    """Of a manifest whose times are not as they were."""
    yield from _over(before, new, standing, at)
    if before is not None and before.starts.date() != new.starts.date():
        yield from _another_day(standing)
    if answer_until is not None and standing.told:
        yield from _answers(before, new, at, answer_until)


def _over(
    before: Declared | None, new: Declared, standing: Standing, at: datetime
) -> Iterator[Classed]:
    """A date that is past is written by mistake more often than not."""
    ended = standing.state in ("closed", "settled", "cancelled")
    ends = new.instant(new.ends)
    same = before is not None and before.instant(before.ends) == ends
    if ends <= at and not ended and not same:
        why = f"it was over on {new.ends:%Y-%m-%d at %H:%M}: it is closed as soon as it is applied"
        yield Classed(Change("spec.schedule", None, None), "approval", "over_already", why)


def _another_day(standing: Standing) -> Iterator[Classed]:
    """An hour later is moved on the night; another day is not what people stand at the door for."""
    if standing.state in ("doors", "live"):
        why = (
            f"it is in {standing.state} already, and stays so on the new day: no step is taken back"
        )
        yield Classed(Change("spec.schedule.date", None, None), "approval", "under_way", why)


def _answers(
    before: Declared | None, new: Declared, at: datetime, until: datetime
) -> Iterator[Classed]:
    """Whoever is asked about another time has until then to answer."""
    starts = new.instant(new.starts)
    moved = before is not None and before.instant(before.starts) != starts
    if moved and not at < until <= starts:
        why = (
            f"guests cannot answer until {until:%Y-%m-%d %H:%M} UTC: "
            f"say a time between now and the new start, {starts:%Y-%m-%d %H:%M} UTC"
        )
        yield Classed(Change("spec.schedule", None, None), "blocked", "answer_times", why)
