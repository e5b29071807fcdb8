"""Opening a box office and changing what it offers."""

from __future__ import annotations

from datetime import datetime

from roadcase.money import Money
from services.ticketing.domain.refusals import (
    AlreadyOpen,
    NoBoxOffice,
    SoldOut,
    TimesReversed,
    UnknownPool,
)
from services.ticketing.events import BoxOfficeChanged, BoxOfficeOpened, CapacitySet, TicketTypeSet
from tests.ticketing.night import (
    NIGHT,
    after,
    become,
    changing,
    facts,
    holding,
    names,
    office,
    opening,
    selling,
    ticket_type,
)

opened = BoxOfficeOpened(
    occurrence=NIGHT,
    name="Metropolis",
    starts_at=datetime.fromisoformat("2026-06-05T20:30"),
    ends_at=datetime.fromisoformat("2026-06-05T23:00"),
    zone="Europe/Berlin",
)
hall = CapacitySet(occurrence=NIGHT, pool="hall", capacity=4)
standard = TicketTypeSet(
    occurrence=NIGHT,
    ticket_type="standard",
    name="Standard",
    price=Money(1200, "EUR"),
    seller="house",
    draws={"hall": 1},
)


def test_opening_says_what_is_sold():
    office.when(opening()).then(opened, hall, standard)


def test_opening_again_the_same_way_changes_nothing():
    after(opening()).when(opening()).then_nothing()


def test_opening_again_another_way_is_refused():
    after(opening()).when(opening(pools={"hall": 5})).then_refused(AlreadyOpen)
    after(opening()).when(opening(name="Nosferatu")).then_refused(AlreadyOpen)


def test_nothing_is_sold_before_it_is_open():
    for command in (holding("h1"), selling("o1"), changing(name="x")):
        assert facts(office.when(command), NoBoxOffice) == {"occurrence": NIGHT}


def test_a_change_says_only_what_changed():
    after(opening()).when(changing(pools={"hall": 4, "bar": 2})).then(
        CapacitySet(occurrence=NIGHT, pool="bar", capacity=2)
    )
    after(opening()).when(changing(name="Nosferatu")).then(
        BoxOfficeChanged(
            occurrence=NIGHT,
            name="Nosferatu",
            starts_at=opened.starts_at,
            ends_at=opened.ends_at,
            zone="Europe/Berlin",
        )
    )
    after(opening()).when(changing(name="Metropolis", ticket_types=[ticket_type()])).then_nothing()


def test_a_changed_end_before_the_beginning_is_refused():
    after(opening()).when(changing(ends_at="2026-06-05T20:30")).then_refused(TimesReversed)


def test_a_type_cannot_draw_on_a_pool_that_does_not_exist():
    command = opening(ticket_type(draws=["hall", "balcony"]))
    assert facts(office.when(command), UnknownPool)["pool"] == "balcony"


def test_a_capacity_can_be_cut_below_what_is_sold_and_then_nothing_is_left():
    sold = (opening(), selling("o1", ("standard", 3), amount="36.00 EUR"))
    cut = changing(pools={"hall": 2})
    assert names(become(after(*sold).when(cut))) == ["CapacitySet"]
    assert facts(after(*sold, cut).when(selling("o2")), SoldOut)["left"] == 0


def test_a_new_price_is_for_new_holds_only():
    dearer = changing(ticket_types=[ticket_type(price="15.00 EUR")])
    night = after(opening(), holding("h1"), dearer)
    (again,) = become(night.when(holding("h2")))
    assert night.history[-2].lines[0].price == Money(1200, "EUR")
    assert again.lines[0].price == Money(1500, "EUR")
