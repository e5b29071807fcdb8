"""What becomes of single nights when their series is edited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from services.planning.timing.nights import Data, night_of, series_of
from services.planning.timing.occurrences import Occurrence, occurrences

_NEAR: Final = 6  # days: a night that may be offered to whoever has tickets for one that vanished


class NightChange(NamedTuple):
    """What becomes of one night. `fields`: what is different of what is declared for it.

    `nearest`: for one that vanished, the added night within six days, which is nobody else's.
    """

    id: str
    on: date
    what: Literal["added", "vanished", "changed"]
    fields: tuple[str, ...] = ()
    before: Occurrence | None = None
    after: Occurrence | None = None
    nearest: str | None = None


def changes(
    before: Sequence[Data], after: Sequence[Data], since: date, until: date
) -> tuple[NightChange, ...]:
    """Every night between two dates that is not as it was, in order."""
    was, now = _nights(before, since, until), _nights(after, since, until)
    found = []
    for id_ in was.keys() | now.keys():
        old, new = was.get(id_), now.get(id_)
        if old is None and new is not None:
            found.append(NightChange(id_, new[0].on, "added", after=new[0]))
        elif new is None and old is not None:
            found.append(NightChange(id_, old[0].on, "vanished", before=old[0]))
        elif old is not None and new is not None and (fields := _fields(old, new)):
            change = NightChange(id_, new[0].on, "changed", fields, old[0], new[0])
            found.append(change)
    return tuple(_paired(sorted(found, key=lambda each: each.on)))


def in_two(series: Sequence[Data], since: date, until: date) -> tuple[str, ...]:
    """The nights that more than one of these series gives: none may be."""
    ids = [
        night.id
        for each in series
        for night in occurrences(series_of(each), since, until).occurrences
    ]
    return tuple(sorted(id_ for id_, times in Counter(ids).items() if times > 1))


_Told = tuple[Occurrence, dict[str, Any]]


def _nights(series: Iterable[Data], since: date, until: date) -> dict[str, _Told]:
    return {
        night.id: (night, night_of(each, night).data["spec"])
        for each in series
        for night in occurrences(series_of(each), since, until).occurrences
    }


def _fields(old: _Told, new: _Told) -> tuple[str, ...]:
    """`cancelled`, `stop`, `schedule.start`, `capacity`: whatever of the night is different."""
    was, now = old[1], new[1]
    names = [name for name in dict.fromkeys((*was, *now)) if name != "schedule"]
    found = [name for name in names if was.get(name) != now.get(name)]
    times = dict.fromkeys((*was["schedule"], *now["schedule"]))
    found += [
        f"schedule.{name}"
        for name in times
        if was["schedule"].get(name) != now["schedule"].get(name)
    ]
    found += [
        name for name in ("cancelled", "stop") if getattr(old[0], name) != getattr(new[0], name)
    ]
    return tuple(sorted(found))


def _paired(found: list[NightChange]) -> Iterable[NightChange]:
    free = [each for each in found if each.what == "added"]
    for each in found:
        if each.what == "vanished" and free:
            near = min(free, key=lambda other: abs(other.on - each.on))
            if abs((near.on - each.on).days) <= _NEAR:
                free.remove(near)
                yield each._replace(nearest=near.id)
                continue
        yield each
