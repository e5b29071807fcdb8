"""What a plan says of times: that it is over already, that guests could not answer in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.planning.events import TakesPlace
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
        yield from _answers(before, new, standing, at, answer_until)


def takes_place(
    before: Declared | None, new: Declared, standing: Standing, *, otherwise: bool
) -> TakesPlace | None:
    """When what is postponed takes place with this manifest; None: it stays postponed.

    Another time is its new one. The time that it had is so again only where nothing is `otherwise`:
    who changes something else of it does not mean to bring it back.
    """
    if before is None or not standing.postponed:
        return None
    if otherwise and before.instant(before.starts) == new.instant(new.starts):
        return None
    return TakesPlace(starts_at=new.starts, ends_at=new.ends, zone=str(new.zone))


def of_postponed(
    before: Declared | None,
    new: Declared,
    standing: Standing,
    at: datetime,
    then: TakesPlace | None,
) -> Iterator[Classed]:
    """The date of the manifest, against none that holds. `then`: when it takes place with it."""
    if before is None or not standing.postponed:
        return
    path, on, starts = "spec.schedule.date", f"{new.starts:%Y-%m-%d}", new.instant(new.starts)
    if then is None:
        why = (
            "it is postponed and stays so: give it another date, "
            "or apply its manifest with nothing changed to bring it back to this one"
        )
        yield Classed(Change(path, None, None), "safe", "still_postponed", why)
    elif starts <= at:
        why = f"it is postponed, and {on} is past: give it a date that is ahead"
        yield Classed(Change(path, None, on), "blocked", "time_is_past", why)
    elif before.instant(before.starts) == starts:
        why = "it is postponed and has no date: it takes place on this one again"
        asks = "; holders are asked whether they keep their tickets" if standing.told else ""
        yield Classed(Change(path, None, on), "notify", "returns", f"{why}{asks}")


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
    before: Declared | None, new: Declared, standing: Standing, at: datetime, until: datetime
) -> Iterator[Classed]:
    """Whoever is asked about another time has until then to answer."""
    starts = new.instant(new.starts)
    moved = before is not None and before.instant(before.starts) != starts
    if (moved or standing.postponed) and not at < until <= starts:
        why = (
            f"guests cannot answer until {until:%Y-%m-%d %H:%M} UTC: "
            f"say a time between now and the new start, {starts:%Y-%m-%d %H:%M} UTC"
        )
        yield Classed(Change("spec.schedule", None, None), "blocked", "answer_times", why)
