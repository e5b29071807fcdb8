"""What is not free of the kit of many nights: asked once, each night held against bookings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.planning.api.kit_asked import not_free
from services.planning.plans.declared import Declared, declared
from services.planning.timing.nights import night_of, series_of
from services.planning.timing.occurrences import occurrences
from tests.planning.made import series

LAMP = {"item": "lamp", "title": "Lamp", "owned": 3, "buffer_minutes": 60}
NEEDS = [{"key": "lamp", "role": "Lamp", "quantity": 2}]


class Store:
    """Read models with three lamps, and who booked two of them, from when until when, in UTC."""

    def __init__(self, **booked: tuple[str, str]) -> None:
        self.asked: list[str] = []
        self._bookings = [_booking(name, *times) for name, times in booked.items()]

    async def head(self) -> int:
        return 1

    async def as_of(self, _projection: str) -> tuple[int, datetime]:
        return 1, datetime.now(UTC)

    async def fetch(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        self.asked.append(sql)
        if "kit_documents" in sql:
            return [{"document": "kit-van", "items": [LAMP]}]
        if "kit_repairs" in sql:
            return []
        return [each for each in self._bookings if each["until"] > args[0]]


def _booking(name: str, begins: str, ends: str) -> dict[str, Any]:
    span = {"item": "lamp", "quantity": 2, "begins": begins, "ends": ends}
    until = datetime.fromisoformat(ends)
    return {"booking": name, "spans": [span], "pieces_out": [], "until": until}


def fridays(count: int, **spec: Any) -> list[Declared]:
    """From 4 June 2027 on: doors at 18:00 and the end at 21:00 UTC."""
    data = series(f"FREQ=WEEKLY;COUNT={count}", "2027-06-04", **spec)
    first = date(2027, 6, 4)
    found = occurrences(series_of(data), first, first + timedelta(days=366)).occurrences
    return [declared(night_of(data, each).data) for each in found]


async def test_of_a_year_of_nights_those_lack_kit_whose_time_it_is_booked_in_and_it_is_asked_once():
    store = Store(
        loan=("2027-06-11T12:00:00Z", "2027-06-11T19:00:00Z"),
        fair=("2027-09-24T20:00:00Z", "2027-09-26T12:00:00Z"),
    )
    nights = fridays(52, kit=NEEDS)
    assert len(nights) == 52
    found = await not_free(store, nights)
    assert [*found] == ["films-2027-06-11", "films-2027-09-24"]
    (lacks,) = found["films-2027-06-11"]
    assert (lacks.wanted, lacks.free, lacks.taken[0].booking) == (2, 1, "loan")
    assert len(store.asked) == 3  # one of each table


async def test_a_night_is_not_held_against_its_own_booking_nor_against_one_that_is_not_made():
    own = {"films-2027-06-04": ("2027-06-04T17:00:00Z", "2027-06-04T22:00:00Z")}
    assert await not_free(Store(**own), fridays(2, kit=NEEDS)) == {}


async def test_what_is_back_less_than_its_buffer_before_a_night_is_not_free():
    """The night begins at 18:00, and its buffer at 17:00: the loan's own one is over at 17:30."""
    loan = ("2027-06-04T10:00:00Z", "2027-06-04T17:30:00Z")
    assert [*await not_free(Store(loan=loan), fridays(1, kit=NEEDS))] == ["films-2027-06-04"]
    earlier = ("2027-06-04T10:00:00Z", "2027-06-04T17:00:00Z")
    assert await not_free(Store(loan=earlier), fridays(1, kit=NEEDS)) == {}


async def test_nothing_is_asked_where_nothing_is_needed():
    store = Store()
    assert await not_free(store, fridays(3)) == {}
    assert store.asked == []
