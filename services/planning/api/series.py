"""Plans of series: of a manifest, and of an edit of one night, of what follows, of all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from roadcase.clock import now
from roadcase.doors import Reader, wait_all_shown
from roadcase.errors import Invalid
from services.planning import queries
from services.planning.api.kit_asked import not_free
from services.planning.api.published import MadeWith
from services.planning.api.series_written import made_with
from services.planning.domain.refusals import AnswerTimes, NoSeries
from services.planning.events import Follows
from services.planning.events.schedules import PlannedSchedule
from services.planning.manifest import Problem
from services.planning.manifest.inheritance import Telling, filled
from services.planning.manifest.reading import read as read_yaml
from services.planning.plans.declared import digest_of, plain
from services.planning.plans.plan import Origin, Wish
from services.planning.plans.schedules import recurring_of
from services.planning.plans.series import (
    AHEAD,
    Becomes,
    Changed,
    SeriesStands,
    changed,
    kept_so_far,
    make_series,
    twice,
)
from services.planning.plans.shapes import LostShown, Plan
from services.planning.plans.standing import Standing
from services.planning.timing.edits import Edited, Lost, edit_all, edit_following, edit_this
from services.planning.timing.nights import series_of
from services.planning.timing.occurrences import dates_of
from services.planning.timing.refusals import DateIsPast, EditRefused

Stands = Callable[[str], Awaitable[Standing]]  # how the night of a name stands
Data = Mapping[str, Any]
Row = Mapping[str, Any]


class Edit(NamedTuple):
    """`on`: the date that the rule gives; None: all. `name`: of what goes on after a split."""

    patch: Data
    on: date | None = None
    following: bool = False
    name: str = ""


class SeriesPlanner(NamedTuple):
    """Makes plans of the series of one organiser, as things stand.

    `blocked_stay`: nights that are blocked stay as they are, and keep no others.
    """

    read: Reader
    origin: Origin
    stands: Stands
    wish: Wish
    blocked_stay: bool = False

    async def plan(self, data: Data) -> Plan:
        """What becomes of each night of the next twelve months when this manifest is applied."""
        await wait_all_shown(self.read, "series")
        row = await queries.series(self.read, data["metadata"]["name"])
        made = MadeWith(self.origin.documents, self.origin.source, self.origin.declares)
        return await self._plan(row, Edited((dict(data),), ()), [made])

    async def edit(self, name: str, edit: Edit) -> Plan:
        """The same of an edit. Raises NoSeries, UnknownDate, DateIsPast, EditRefused."""
        await wait_all_shown(self.read, "series")
        family = await queries.parts(self.read, name)
        if not any(each["series"] == name for each in family):
            raise NoSeries(series=name)
        row = _part(family, name, edit.on)
        edited = await self._edited(row, family, edit)
        return await self._plan(row, edited, await self._made(row, edited))

    async def _edited(self, row: Row, family: Sequence[Row], edit: Edit) -> Edited:
        data, today = row["manifest"], now().date()
        until = today + AHEAD
        if edit.on is None:
            return edit_all(data, edit.patch, today, until)
        if edit.on < today:
            raise DateIsPast(on=str(edit.on))
        if not edit.following:
            return edit_this(data, edit.on, _of_one(edit.patch))
        name = edit.name or await self._free(root_of(data), len(family) + 1)
        if name != row["series"] and await queries.series(self.read, name) is not None:
            raise EditRefused(f"there is a series {name} already: choose another name", name=name)
        return edit_following(data, edit.on, edit.patch, name, until)

    async def _made(self, row: Row, edited: Edited) -> list[MadeWith]:
        """What each part is made with: what the series was made with. Raises EditRefused."""
        before = await queries.instance(self.read, "Series", row["series"])
        if before is None:
            return [MadeWith()] * len(edited.series)
        source, was = before["source"], row["manifest"]
        return [await made_with(self.read, source, was, each) for each in edited.series]

    async def _standing(self, nights: Sequence[Changed]) -> dict[str, Standing]:
        """How each night stands; of those that are added, what is not free of their kit."""
        lacks = await not_free(self.read, [each.new for each in nights if each.new is not None])
        found = {}
        for each in nights:
            stands = Standing() if each.what == "added" else await self.stands(each.id)
            found[each.id] = msgspec.structs.replace(stands, kit=lacks.get(each.id, ()))
        return found

    async def _free(self, root: str, number: int) -> str:
        """`films-2`, or the next one that nobody has."""
        while await queries.series(self.read, f"{root}-{number}") is not None:
            number += 1
        return f"{root}-{number}"

    async def _plan(self, row: Row | None, edited: Edited, made: list[MadeWith]) -> Plan:
        """`made`: what each part is made with. Raises AnswerTimes."""
        at = now()
        if self.wish.answer_until is not None and self.wish.answer_until <= at:
            raise AnswerTimes(answer_until=self.wish.answer_until)
        before, parts, today = row["manifest"] if row else {}, edited.series, at.date()
        nights = changed(before, parts, today, today + AHEAD)
        kept = row["kept"] if row else {}
        nights += kept_so_far(kept, nights, parts, today, today + AHEAD)
        standing = await self._standing(nights)
        mine = {each["metadata"]["name"] for each in parts}
        family = await queries.parts(self.read, root_of(parts[0]))
        others = [each["manifest"] for each in family if each["series"] not in mine]
        fault = twice(parts, others, today)
        before_made = await queries.instance(self.read, "Series", parts[0]["metadata"]["name"])
        revision = row["revision"] if row else 0
        known = SeriesStands(revision, before, standing, fault, before_made or {}, kept)
        recurring = () if _goes_on(parts[-1], others) else recurring_of(plain(parts[-1]))
        follows = _follows(parts[1], recurring, made[1]) if len(parts) > 1 else None
        lost = tuple(_lost(each) for each in edited.lost)
        schedules = () if follows else recurring
        becomes = Becomes(nights, follows, lost, schedules, self.blocked_stay)
        origin = Origin(self.origin.tenant, *made[0])
        return make_series(parts[0], known, becomes, origin=origin, at=at, wish=self.wish)


def _part(family: Sequence[Row], name: str, on: date | None) -> Row:
    """The part that gives a date, whichever was named: to who edits it, it is one series."""
    named = next(each for each in family if each["series"] == name)
    if on is None or dates_of(series_of(named["manifest"])).gives(on):
        return named
    giving = (each for each in family if dates_of(series_of(each["manifest"])).gives(on))
    return next(giving, named)


def _of_one(patch: Data) -> Data:
    """What is different on one date: there a venue is named, and not written out."""
    venue = patch.get("venue")
    named = isinstance(venue, Mapping) and venue.keys() == {"ref"}
    return {**patch, "venue": venue["ref"]} if named else patch  # type: ignore[index]


def root_of(data: Data) -> str:
    """The name of the series that it was a part of, or its own: its nights are called by it."""
    recurrence = data["spec"]["recurrence"]
    root: str = recurrence.get("continues", data["metadata"]["name"])
    return root


def _goes_on(data: Data, others: Sequence[Data]) -> bool:
    """Whether another part follows: what is done again and again is done by the last one."""
    first = data["spec"]["recurrence"]["first"]
    return any(each["spec"]["recurrence"]["first"] > first for each in others)


def _follows(data: Data, schedules: tuple[PlannedSchedule, ...], made: MadeWith) -> Follows:
    whole = plain(data)
    return Follows(
        series=whole["metadata"]["name"],
        title=whole["spec"]["title"],
        digest=digest_of(whole),
        manifest=whole,
        schedules=schedules,
        **made._asdict(),
    )


def _lost(each: Lost) -> LostShown:
    return LostShown(on=each.on, change=plain(each.change) if each.change else None)


def read_date(text: str) -> date:
    """Raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid('write a date such as "2027-06-18"', field="date") from None


def read_patch(content: bytes) -> tuple[dict[str, Any], list[Problem]]:
    """What is to be different, and what is wrong with its writing. `spec:` above it may be there.

    What is null is taken back. Raises Invalid.
    """
    tree, found = read_yaml(content)
    problems = [each for each in found if each.code != "empty_value"]
    if tree is None or problems:
        return {}, problems
    telling = Telling()
    tree = filled(tree, {}, telling)
    if telling.problems:
        return {}, [*telling.problems]
    if tree is None or not isinstance(tree.data, dict):
        raise Invalid('a patch is a section, such as "schedule: {doors: 19:30}"', field="patch")
    data = dict(tree.data)
    spec = data.pop("spec", {})
    return {**data, **spec} if isinstance(spec, dict) else data, []
