"""The plan of a night's seats in the shop: a box to tick for each, in rows as they stand.

It needs no script: every seat is a control of its own, which says where it is, what it costs and
whether it can be had.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import msgspec

from services.ticketing.domain.seat_map import across
from services.ticketing.events import SeatRow
from services.ticketing.guest.markup import NOTHING, Html, fill, join
from services.ticketing.guest.seen import Seen
from services.ticketing.guest.wishes import MOST, SEAT, Typed, picked
from services.ticketing.projections.availability import Cost

LARGEST: Final = 2000  # seats that are drawn: of more, guests get the best together
_WIDEST: Final = 100  # halves of a seat that a plan leaves empty at once
_STATE: Final = {"free": "available", "blocked": "not for sale"}
_KIND: Final = {
    "plain": "",
    "accessible": "accessible place",
    "companion": "place for a companion",
}
_SEATED: Final = """
  {plans}
  <label>How many? <span class="quiet">Leave it empty if you picked seats.</span>
    <input name="quantity" type="number" inputmode="numeric" value="{quantity}"
    min="1" max="{most}"></label>
  {special}
  <label class="tick"><input type="checkbox" name="apart" value="yes" {apart}>
    Apart, if there are not so many seats together</label>
"""
_SPECIAL: Final = """
  <label>How many of you need an accessible place?
    <input name="accessible" type="number" inputmode="numeric" value="{accessible}"
    min="0" max="{most}"></label>
"""
_PLAN: Final = """
<fieldset class="plan">
  <legend>Pick your seats{of}</legend>
  <p class="quiet">Or pick none: then you get the best together.
    <a class="skip" href="#after-{pool}">Skip the plan</a></p>
  <div class="hall">{front}
    <div class="rows" role="region" tabindex="0" aria-label="Seats{of}"><div>{areas}</div></div>
  {back}</div>
  <p class="key quiet" aria-hidden="true">{key}</p>
  <span id="after-{pool}"></span>
</fieldset>
"""
_FRONT: Final = '<p class="front">{side}: stage or screen</p>'
_AREA: Final = """
<fieldset class="area"><legend>{name}</legend>{rows}</fieldset>
"""
_ROW: Final = """
<div class="seats" role="group" aria-label="{label}"><b aria-hidden="true">{name}</b>{seats}</div>
"""
_SEAT: Final = (
    '<label class="seat {kind}"><input type="checkbox" name="{field}" value="{seat}"'
    ' aria-label="{label}" {checked} {disabled}><span aria-hidden="true">{name}</span></label>'
)
_SHOWN: Final = """<span class="shape"><span class="seat {kind}"><span>{mark}</span></span>
  {meaning}</span>"""


def seats_asked(seen: Seen, typed: Typed, lost: Collection[str] = ()) -> Html:
    """Which seats, or how many together. `lost`: taken a moment ago, whatever the plan knows."""
    plans = _plans(seen, picked(typed), lost)
    special = any(each.special for each in plans)
    return fill(
        _SEATED,
        plans=join(each.drawn(several=len(plans) > 1) for each in plans),
        quantity=typed.get("quantity", ""),
        most=MOST,
        special=fill(_SPECIAL, accessible=typed.get("accessible", "0"), most=MOST)
        if special
        else NOTHING,
        apart="checked" if typed.get("apart") == "yes" else "",
    )


def _plans(seen: Seen, picks: Mapping[str, Collection[str]], lost: Collection[str]) -> list[_Plan]:
    kinds = [id_ for id_ in seen.types() if not seen.why_not(id_)]
    found = []
    for pool, plan in seen.plans.items():
        costs = [
            (seen.night["types"][id_]["name"], seen.costs(id_, 1)[0])
            for id_ in kinds
            if seen.pool_of(id_) == pool
        ]
        if costs:
            found.append(_Plan(pool, plan, _prices(costs), picks.get(pool, ()), lost))
    return found


def _prices(costs: list[tuple[str, Cost]]) -> str:
    """`12.00 EUR`; `Standard 12.00 EUR or Student 8.00 EUR`."""
    if len(costs) == 1:
        return words(costs[0][1])
    return " or ".join(f"{name} {words(cost)}" for name, cost in costs)


def words(cost: Cost) -> str:
    """What one costs, in words for a guest."""
    if cost.lowest is not None:
        return f"from {cost.lowest}" if cost.lowest.minor else "what you can"
    return str(cost.total) if cost.total.minor else "free"


class _Plan:
    """One plan, and what is said of its seats."""

    def __init__(
        self,
        pool: str,
        plan: Mapping[str, Any],
        price: str,
        picks: Collection[str],
        lost: Collection[str],
    ) -> None:
        self._pool, self._plan, self._price = pool, plan, price
        self._picked, self._lost = frozenset(picks), frozenset(lost)
        self._rows = [row for area in plan["areas"] for row in area["rows"]]
        self._kinds = {seat["kind"] for row in self._rows for seat in row["seats"]}
        self.special = self._kinds != {"plain"}
        places = [across(msgspec.convert(row, SeatRow)) for row in self._rows]
        self._left = min(each[0] for each in places)
        self._places = iter(places)

    def drawn(self, *, several: bool) -> Html:
        if sum(len(row["seats"]) for row in self._rows) > LARGEST:
            return Html("<p>You get the best seats together.</p>")
        behind = self._plan["focus"][1] >= len(self._rows)
        side = fill(_FRONT, side="Behind the last row" if behind else "Front")
        return fill(
            _PLAN,
            pool=self._pool,
            of=f": {self._pool}" if several else "",
            front=NOTHING if behind else side,
            back=side if behind else NOTHING,
            areas=join(self._area(area) for area in self._plan["areas"]),
            key=_key(self._kinds),
        )

    def _area(self, area: Mapping[str, Any]) -> Html:
        rows = join(self._row(area["name"], row) for row in area["rows"])
        return fill(_AREA, name=area["name"], rows=rows) if area["name"] else rows

    def _row(self, area: str, row: Mapping[str, Any]) -> Html:
        where = f"{area}, row {row['name']}" if area else f"Row {row['name']}"
        seats = join(self._seats(where, row["seats"], next(self._places)))
        return fill(_ROW, label=where, name=row["name"], seats=seats)

    def _seats(self, where: str, seats: list[dict[str, Any]], places: list[int]) -> Iterator[Html]:
        """With empty halves of a seat before and between them."""
        end = self._left
        for seat, place in zip(seats, places, strict=True):
            yield Html("<i></i>" * min(place - end, _WIDEST))
            yield self._seat(where, seat)
            end = place + 2

    def _seat(self, where: str, seat: Mapping[str, Any]) -> Html:
        name = seat["seat"]
        state = "taken" if name in self._lost else _STATE.get(seat["state"], "taken")
        free = state == _STATE["free"]
        said = (f"{where}, seat {seat['name']}", _KIND[seat["kind"]], free and self._price, state)
        return fill(
            _SEAT,
            kind=seat["kind"],
            field=SEAT + self._pool,
            seat=name,
            name=seat["name"],
            label=", ".join(each for each in said if each),
            checked="checked" if free and name in self._picked else "",
            disabled="" if free else "disabled",
        )


def _key(kinds: Collection[str]) -> Html:
    """What the shapes mean."""
    shown = [("plain", "1", "free"), ("plain yours", "1", "yours"), ("plain gone", "1", "taken")]
    shown += [(kind, "1", meaning) for kind, meaning in _KIND.items() if meaning and kind in kinds]
    return join(fill(_SHOWN, kind=kind, mark=mark, meaning=said) for kind, mark, said in shown)
