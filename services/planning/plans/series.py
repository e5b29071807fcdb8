"""What applying a series changes: what is declared of all nights, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from services.planning.events import Follows
from services.planning.events.schedules import PlannedSchedule
from services.planning.plans import triggers
from services.planning.plans.changes import Change, changes
from services.planning.plans.classes import Class, Classed, classed
from services.planning.plans.declared import Declared, declared, digest_of, plain
from services.planning.plans.kit import kit_not_free
from services.planning.plans.plan import Origin, Wish, made_otherwise, make, not_acted_on, shown
from services.planning.plans.shapes import LostShown, NightShown, Plan
from services.planning.plans.standing import Standing
from services.planning.timing import differences
from services.planning.timing.nights import night_of, series_of
from services.planning.timing.occurrences import dates_of, occurrences

AHEAD: Final = timedelta(days=366)  # how far the nights of a series are made
_RULE: Final = "spec.recurrence.rule"


class SeriesStands(NamedTuple):
    """What was declared of a series before, and how those of its nights stand that are there.

    `made_with`: the documents that it extended, and what was written, if it did. `kept`: the nights
    that stayed as they were declared before, when it was applied last.
    """

    revision: int
    manifest: Mapping[str, Any]
    nights: Mapping[str, Standing]
    twice: Classed | None = None
    made_with: Mapping[str, Any] = {}
    kept: Mapping[str, str] = {}


class Changed(NamedTuple):
    """What becomes of one night. `new`: what is declared for it then; None: it is there no more."""

    id: str
    what: Any
    new: Declared | None
    nearest: str = ""


class Becomes(NamedTuple):
    """What becomes of nights; the series that follows where it was split; what is lost.

    `blocked_stay`: a night that is blocked stays as it is, and the others go on without it.
    """

    nights: list[Changed]
    follows: Follows | None = None
    lost: tuple[LostShown, ...] = ()
    schedules: tuple[PlannedSchedule, ...] = ()
    blocked_stay: bool = False


def changed(
    old: Mapping[str, Any], new: Sequence[Mapping[str, Any]], since: date, until: date
) -> list[Changed]:
    """The nights between two dates that are not as they were. `new`: one, or its two parts."""
    before = (old,) if old else ()
    return [_changed(new, each) for each in differences.changes(before, new, since, until)]


def _changed(parts: Sequence[Mapping[str, Any]], change: differences.NightChange) -> Changed:
    night = change.after
    if night is None or night.cancelled:
        return Changed(change.id, "vanished", None, change.nearest or "")
    of = next(each for each in parts if dates_of(series_of(each)).gives(night.on))
    return Changed(change.id, change.what, declared(night_of(of, night).data))


def kept_so_far(
    kept: Mapping[str, str],
    found: Sequence[Changed],
    new: Sequence[Mapping[str, Any]],
    since: date,
    until: date,
) -> list[Changed]:
    """Nights that stayed as they were, and that what is changed now says nothing else of."""
    left = kept.keys() - {each.id for each in found}
    return [
        Changed(night.id, "changed", declared(night_of(of, night).data))
        for of in new
        for night in (occurrences(series_of(of), since, until).occurrences if left else ())
        if night.id in left and not night.cancelled
    ]


def twice(
    parts: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]], since: date
) -> Classed | None:
    """What keeps it from being applied: nights that another part of the same series gives, too."""
    nights = differences.in_two((*parts, *others), since, since + AHEAD)
    if not nights:
        return None
    why = f"another part of this series gives {nights[0]}"
    more = f" and {len(nights) - 1} more nights" if nights[1:] else ""
    end = ", too: end this one before it begins"
    return Classed(Change(_RULE, None, None), "blocked", "in_two", f"{why}{more}{end}")


def make_series(
    data: Mapping[str, Any],
    stands: SeriesStands,
    becomes: Becomes,
    *,
    origin: Origin,
    at: datetime,
    wish: Wish,
) -> Plan:
    """The plan of a series that was checked."""
    found = [*made_otherwise(origin, stands.made_with)]
    found += (classed(each, Standing()) for each in changes(stands.manifest, plain(data)))
    if stands.twice is not None:
        found.append(stands.twice)
    return Plan(
        **origin._asdict(),
        **wish._asdict(),
        of="Series",
        occurrence=data["metadata"]["name"],
        title=data["spec"]["title"],
        base_revision=stands.revision,
        digest=digest_of(plain(data)),
        made_at=at,
        state="declared" if stands.revision else "new",
        changes=tuple(shown(each) for each in found),
        effects=(),
        gates=(),
        drift=(),
        money=(),
        not_acted_on=tuple(not_acted_on(data["spec"])),
        steps={},
        manifest=plain(data),
        nights=tuple(_nights(becomes, stands, origin, at, wish)),
        follows=becomes.follows,
        lost=becomes.lost,
        schedules=becomes.schedules,
        triggers=tuple(triggers.shown(data["spec"])),
    )


def _nights(
    becomes: Becomes, stands: SeriesStands, origin: Origin, at: datetime, wish: Wish
) -> Iterator[NightShown]:
    origin = Origin(origin.tenant)  # a night is made of its series, and of nothing else
    for each in becomes.nights:
        standing = replace(stands.nights.get(each.id, Standing()), postponed=False)
        if each.new is None:
            kind: Class = "destructive" if standing.sold else "safe"
            yield NightShown(
                occurrence=each.id,
                what="vanished",
                kind=kind,
                sold=standing.sold,
                nearest=each.nearest,
            )
        elif standing.revision:
            plan = make(each.new, standing, origin, at, wish)
            if each.id in stands.kept and not plan.changes:
                continue  # it is as it should be
            may_stay = becomes.blocked_stay or each.id in stands.kept
            yield NightShown(
                occurrence=each.id,
                what=each.what,
                kind=plan.worst,
                changes=plan.changes,
                sold=standing.sold,
                stays=may_stay and plan.worst == "blocked",
            )
        else:
            lacks = tuple(shown(one) for one in kit_not_free(each.new, standing))
            kind = "approval" if lacks else "safe"
            yield NightShown(occurrence=each.id, what=each.what, kind=kind, changes=lacks)
