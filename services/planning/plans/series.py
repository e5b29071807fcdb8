"""What applying a series changes: what is declared of all nights, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from services.planning.plans import triggers
from services.planning.plans.changes import changes
from services.planning.plans.classes import Class, classed
from services.planning.plans.declared import Declared, declared, digest_of, plain
from services.planning.plans.plan import Origin, Wish, made_otherwise, make, not_acted_on, shown
from services.planning.plans.shapes import NightShown, Plan
from services.planning.plans.standing import Standing
from services.planning.timing import differences
from services.planning.timing.nights import night_of

AHEAD: Final = timedelta(days=366)  # how far the nights of a series are made


class SeriesStands(NamedTuple):
    """What was declared of a series before, and how those of its nights stand that are there.

    `made_with`: the documents that it extended, and what was written, if it did.
    """

    revision: int
    manifest: Mapping[str, Any]
    nights: Mapping[str, Standing]
    made_with: Mapping[str, Any] = {}


class Changed(NamedTuple):
    """What becomes of one night. `new`: what is declared for it then; None: it is there no more."""

    id: str
    what: Any
    new: Declared | None


def changed(
    old: Mapping[str, Any], new: Mapping[str, Any], since: date, until: date
) -> list[Changed]:
    """The nights between two dates that are not as they were."""
    before = (old,) if old else ()
    return [_changed(new, each) for each in differences.changes(before, (new,), since, until)]


def _changed(series: Mapping[str, Any], change: differences.NightChange) -> Changed:
    night = change.after
    if night is None or night.cancelled:
        return Changed(change.id, "vanished", None)
    return Changed(change.id, change.what, declared(night_of(series, night).data))


def make_series(
    data: Mapping[str, Any],
    stands: SeriesStands,
    nights: list[Changed],
    origin: Origin,
    at: datetime,
) -> Plan:
    """The plan of a series that was checked."""
    found = [*made_otherwise(origin, stands.made_with)]
    found += (classed(each, Standing()) for each in changes(stands.manifest, plain(data)))
    return Plan(
        **origin._asdict(),
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
        nights=tuple(_nights(nights, stands, origin, at)),
        triggers=tuple(triggers.shown(data["spec"])),
    )


def _nights(
    nights: list[Changed], stands: SeriesStands, origin: Origin, at: datetime
) -> Iterator[NightShown]:
    origin = Origin(origin.tenant)  # a night is made of its series, and of nothing else
    for each in nights:
        standing = stands.nights.get(each.id, Standing())
        if each.new is None:
            kind: Class = "destructive" if standing.sold else "safe"
            yield NightShown(occurrence=each.id, what="vanished", kind=kind, sold=standing.sold)
        elif standing.revision:
            plan = make(each.new, standing, origin, at, Wish())
            yield NightShown(
                occurrence=each.id,
                what=each.what,
                kind=plan.worst,
                changes=plan.changes,
                sold=standing.sold,
            )
        else:
            yield NightShown(occurrence=each.id, what=each.what, kind="safe")
