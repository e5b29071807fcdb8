"""Plans of a series some of whose nights cannot be as it says: which stay, and in which part."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from services.planning.domain import SERIES
from services.planning.events import Follows
from services.planning.plans.applying import series_command
from services.planning.plans.declared import declared, digest_of
from services.planning.plans.plan import Origin, Wish
from services.planning.plans.series import (
    Becomes,
    SeriesStands,
    changed,
    kept_so_far,
    make_series,
)
from services.planning.plans.shapes import Plan
from services.planning.plans.standing import BoxOfficeStands, PoolStands, Standing
from services.planning.reactions.series import SeriesApplied, declare_what_follows
from services.planning.timing.edits import edit_following
from services.planning.timing.nights import night_of, series_of
from services.planning.timing.occurrences import occurrences
from tests.planning.made import series

SINCE, UNTIL = date(2027, 1, 1), date(2027, 12, 31)
AT = datetime(2027, 1, 1, tzinfo=UTC)
NIGHTS = tuple(f"films-2027-01-{day:02}" for day in (5, 12, 19, 26))
KEPT = {NIGHTS[1]: "below_sold", NIGHTS[2]: "below_sold"}


def places(total: int) -> dict[str, Any]:
    tickets = [{"key": "seat", "title": "Seat", "price": "12.00 EUR"}]
    spec = {"currency": "EUR", "capacity": {"total": total}, "catalogue": {"tickets": tickets}}
    return series("FREQ=WEEKLY;COUNT=4", "2027-01-05", **spec)


def standing(old: dict[str, Any], taken: dict[str, int]) -> dict[str, Standing]:
    """How nights stand that are as the old manifest says, with so many places taken."""
    found = {}
    for night in occurrences(series_of(old), SINCE, UNTIL).occurrences:
        new = declared(night_of(old, night).data)
        pool = PoolStands(capacity=4, taken=taken.get(night.id, 0))
        starts = new.starts.replace(tzinfo=None)
        office = BoxOfficeStands(
            name="Films",
            starts_at=starts,
            ends_at=new.ends,
            zone="Europe/Berlin",
            pools={"places": pool},
            types={},
        )
        found[night.id] = Standing(
            revision=1, state="planned", manifest=new.data, box_office=office
        )
    return found


def plan(
    old: dict[str, Any],
    new: list[dict[str, Any]],
    stands: dict[str, Standing],
    kept: dict[str, str] | None = None,
    **becomes: Any,
) -> Plan:
    nights = changed(old, new, SINCE, UNTIL)
    nights += kept_so_far(kept or {}, nights, new, SINCE, UNTIL)
    known = SeriesStands(1, old, stands, kept=kept or {})
    about = {"origin": Origin("acme"), "at": AT, "wish": Wish()}
    return make_series(new[0], known, Becomes(nights, **becomes), **about)


FULL = dict.fromkeys(KEPT, 4)


def test_nights_that_are_blocked_block_all_unless_they_may_stay():
    old, new = places(4), places(2)
    stands = standing(old, FULL)
    assert plan(old, [new], stands).worst == "blocked"
    found = plan(old, [new], stands, blocked_stay=True)
    assert (found.worst, found.kept) == ("safe", KEPT)
    assert [each.kind for each in found.nights] == ["safe", "blocked", "blocked", "safe"]


def test_what_stays_is_tried_again_with_every_plan_and_keeps_nothing_else():
    old, new = places(4), places(2)
    one_free = standing(old, {NIGHTS[1]: 4})
    found = plan(new, [new], one_free, KEPT)
    assert {each.occurrence: each.stays for each in found.nights} == {
        NIGHTS[1]: True,
        NIGHTS[2]: False,
    }
    assert found.kept == {NIGHTS[1]: "below_sold"}
    back = plan(new, [old], one_free, KEPT)
    assert (back.kept, [each.occurrence for each in back.nights]) == ({}, [NIGHTS[0], NIGHTS[3]])


def test_another_set_of_nights_that_stay_is_another_revision_and_the_same_is_none():
    state = SERIES.initial()
    old, new = places(4), places(2)
    first = series_command(
        plan(old, [new], standing(old, FULL), blocked_stay=True), approved=False
    ).model_copy(update={"base_revision": 0})
    (applied,) = SERIES.decided(state, first, AT)
    assert (applied.revision, applied.kept) == (1, KEPT)
    assert SERIES.decided(state, first, AT) == ()
    fewer = first.model_copy(update={"base_revision": 1, "kept": {}})
    (again,) = SERIES.decided(state, fewer, AT)
    assert (again.revision, again.kept) == (2, {})


def test_each_part_of_a_split_has_those_of_its_own_nights():
    old, new = places(4), places(2)
    edited = edit_following(new, date(2027, 1, 19), {}, "films-2", UNTIL)
    first, second = edited.series
    follows = Follows(series="films-2", title="Films", digest=digest_of(second), manifest=second)
    found = plan(new, [first, second], standing(old, FULL), KEPT, follows=follows)
    command = series_command(found, approved=False)
    assert command.kept == {NIGHTS[1]: "below_sold"}
    assert command.follows.kept == {NIGHTS[2]: "below_sold"}
    (event,) = SERIES.decided(SERIES.initial(), command.model_copy(update={"base_revision": 0}), AT)
    heard = msgspec.convert(msgspec.to_builtins(event), SeriesApplied, strict=False)
    (declares,) = declare_what_follows(heard)
    assert (declares.series, declares.kept) == ("films-2", {NIGHTS[2]: "below_sold"})
