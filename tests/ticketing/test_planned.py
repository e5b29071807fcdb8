"""A box office that planning declares: opened like that, and changed until it is like that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from roadcase.money import Money
from roadcase.testing.spec import EPOCH
from services.ticketing.commands import (
    AnswerPostponement,
    ChangeBoxOffice,
    PlanBoxOffice,
    ReleaseAllotment,
    ReleaseNoShows,
    SetAllotment,
    StopSales,
)
from services.ticketing.commands.planned import PlannedType, Reschedule
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.events import (
    AllotmentReleased,
    BoxOfficeChanged,
    BoxOfficeOpened,
    CapacitySet,
    NightPostponed,
    NoticeGiven,
    PlanFollowed,
    SalesResumed,
    SalesStopped,
    TicketTypeSet,
)
from services.ticketing.reactions import planning
from services.ticketing.reactions.planning import NightEnded, cancel_night
from tests.ticketing.night import selling

BEGINS = datetime(2026, 6, 1, 20)
SEAT = PlannedType(id="seat", name="Seat", price=Money(1200, "EUR"), seller="s", draws={"hall": 1})
BOX = PlannedType(id="box", name="Box", price=Money(3000, "EUR"), seller="s", draws={"hall": 2})
PLAN = PlanBoxOffice(
    occurrence="n",
    name="Night",
    starts_at=BEGINS,
    ends_at=BEGINS + timedelta(hours=2),
    zone="Europe/Berlin",
    pools={"hall": 60},
    ticket_types=(SEAT, BOX),
)


class Office:
    def __init__(self) -> None:
        self.state = BOX_OFFICE.initial()

    def ask(self, command, at=EPOCH):
        return BOX_OFFICE.decided(self.state, command, at)

    def kinds(self, command, at=EPOCH):
        return [type(event) for event in self.ask(command, at)]

    def plan(self, **other):
        return self.ask(PLAN.model_copy(update=other))


def test_it_is_opened_with_sales_stopped_and_planned_again_nothing_happens():
    office = Office()
    assert office.kinds(PLAN) == [
        *(BoxOfficeOpened, CapacitySet, TicketTypeSet, TicketTypeSet, SalesStopped, PlanFollowed)
    ]
    assert office.plan() == ()


def test_sales_go_on_when_planning_says_so_and_stay_stopped_if_somebody_else_stopped_them():
    office = Office()
    office.plan()
    events = office.plan(selling=True)
    assert [type(event) for event in events] == [SalesResumed, PlanFollowed]
    office.ask(StopSales(occurrence="n"))
    events = office.plan(selling=True, name="Other")
    assert [type(event) for event in events] == [BoxOfficeChanged, PlanFollowed]
    assert office.state.stopped


def test_what_was_changed_here_stays_while_sales_stop_and_go_on_and_goes_with_the_next_plan():
    office = Office()
    office.plan(selling=True)
    office.ask(ReleaseNoShows(occurrence="n"), BEGINS.replace(tzinfo=UTC))
    office.ask(ChangeBoxOffice(occurrence="n", pools={"hall": 50}))
    office.plan(selling=False)
    office.plan(selling=True)
    assert office.state.types["seat"].no_show_after is not None
    assert office.state.allocation.pools["hall"].capacity == 50
    office.plan(selling=True, name="Other")
    assert office.state.types["seat"].no_show_after is None
    assert office.state.allocation.pools["hall"].capacity == 60


def test_a_type_that_is_not_named_any_more_is_sold_no_longer_and_comes_back_when_it_is():
    office = Office()
    office.plan()
    first, followed = office.plan(ticket_types=(SEAT,))
    assert (first.ticket_type, first.active) == ("box", False)
    assert followed.ticket_types == ("seat",)
    assert office.plan(ticket_types=(SEAT,)) == ()
    first, _ = office.plan()
    assert (first.ticket_type, first.active) == ("box", True)


def test_what_planning_does_not_know_of_a_type_stays_as_it_is():
    office = Office()
    office.plan()
    seat = office.state.types["seat"]
    with_policy = TicketTypeSet(
        **{name: getattr(seat, name) for name in seat.__struct_fields__} | {"policy": "week"}
    )
    BOX_OFFICE.evolve(office.state, with_policy)
    dearer = SEAT.model_copy(update={"price": Money(1500, "EUR")})
    (event, *_) = office.plan(ticket_types=(dearer, BOX))
    assert (event.price, event.policy) == (Money(1500, "EUR"), "week")


def test_guests_are_asked_about_another_time_once():
    office = Office()
    office.plan()
    later = {
        "starts_at": BEGINS + timedelta(days=7),
        "ends_at": BEGINS + timedelta(days=7, hours=2),
    }
    asked = Reschedule(id="r2", answer_until=EPOCH + timedelta(days=3))
    events = office.plan(**later, reschedule=asked, name="Other")
    kinds = [type(event) for event in events]
    assert kinds[:3] == [BoxOfficeChanged, NightPostponed, NoticeGiven]
    assert office.state.opened.starts_at == later["starts_at"]
    assert office.state.opened.name == "Other"
    assert office.plan(**later, reschedule=asked, name="Other") == ()


def moved(office: Office, days: int, at: datetime = EPOCH, until: timedelta = timedelta(days=3)):
    begins = BEGINS + timedelta(days=days)
    asked = Reschedule(id=f"r{days}", answer_until=EPOCH + until)
    times = {"starts_at": begins, "ends_at": begins + timedelta(hours=2), "reschedule": asked}
    return office.ask(PLAN.model_copy(update=times), at)


def test_guests_are_asked_about_the_time_that_they_knew_when_it_returns_to_that():
    office = Office()
    office.plan(selling=True)
    office.ask(selling("o1", ("seat", 1)).model_copy(update={"occurrence": "n"}))
    office.plan(selling=False)  # postponed, and nobody knows until when
    asked = Reschedule(id="r2", answer_until=EPOCH + timedelta(days=3), returns=True)
    events = office.plan(selling=True, reschedule=asked)
    postponed, given, resumed, _ = events
    assert [type(each) for each in (postponed, given)] == [NightPostponed, NoticeGiven]
    assert (given.was, type(resumed)) == (given.now, SalesResumed)
    assert [*office.state.notices.answers] == ["o1"]
    assert office.plan(selling=True, reschedule=asked) == ()
    late = Reschedule(id="r3", answer_until=EPOCH + timedelta(days=3), returns=True)
    plan = PLAN.model_copy(update={"selling": True, "reschedule": late})
    assert office.kinds(plan, BEGINS.replace(tzinfo=UTC)) == [PlanFollowed]


def test_another_time_while_guests_are_asked_still_asks_them_anew():
    office = Office()
    office.plan(selling=True)
    for order in ("o1", "o2"):
        office.ask(selling(order, ("seat", 1)).model_copy(update={"occurrence": "n"}))
    moved(office, 7)
    refund = AnswerPostponement(occurrence="n", order="o1", answer="refund")
    office.ask(refund)
    closed, postponed, given = moved(office, 14)[1:4]
    assert (closed.postponement, postponed.postponement) == ("r7", "r14")
    assert (given.was.starts_at, given.now.starts_at) == (
        BEGINS + timedelta(days=7),
        BEGINS + timedelta(days=14),
    )
    assert [*office.state.notices.answers] == ["o2"]  # the other one has their money back
    office.ask(AnswerPostponement(occurrence="n", order="o2", answer="keep"))
    assert [type(each) for each in moved(office, 14)] == []


def test_who_hears_of_another_time_too_late_gives_guests_until_then_and_asks_nobody_after_it():
    office = Office()
    office.plan()
    (_, postponed, *_) = moved(office, 7, at=EPOCH + timedelta(days=4))
    assert postponed.answer_until == (BEGINS + timedelta(days=7)).replace(
        tzinfo=ZoneInfo("Europe/Berlin")
    )
    kinds = [type(each) for each in moved(office, 8, at=EPOCH + timedelta(days=700))]
    assert kinds == [BoxOfficeChanged, PlanFollowed]


def test_an_allotment_that_is_not_named_any_more_is_free():
    office = Office()
    office.plan(allotments=("press",))
    office.ask(SetAllotment(occurrence="n", allotment="press", name="Press", pool="hall", units=5))
    kinds = [type(event) for event in office.plan()]
    assert kinds == [AllotmentReleased, PlanFollowed]
    assert not office.state.allocation.reserves.get("allotment/press")


def test_what_was_sold_from_an_allotment_is_not_kept_again_when_sales_stop_and_go_on():
    office = Office()
    house = SetAllotment(
        occurrence="n", allotment="house", name="House", pool="hall", units=10, plan="p1"
    )

    def follow(allotment=house, **other):
        office.plan(allotments=("house",), **other)
        office.ask(allotment)
        return office.state.allocation.reserves.get("allotment/house", {}).get("hall", 0)

    assert follow(selling=True) == 10
    office.ask(ReleaseAllotment(occurrence="n", allotment="house", units=4))
    assert follow(selling=False) == 6
    assert follow(selling=True) == 6
    office.ask(house.model_copy(update={"units": 3, "plan": ""}))
    assert follow(selling=False) == 3
    assert follow(house.model_copy(update={"plan": "p2"})) == 10
    office.ask(ReleaseAllotment(occurrence="n", allotment="house"))
    assert follow(house.model_copy(update={"plan": "p2"}), selling=True) == 0
    office.plan(allotments=())
    assert follow(house.model_copy(update={"plan": "p2"})) == 10


def test_nights_whose_long_names_begin_alike_are_cancelled_each_by_a_process_of_its_own():
    def cancelled(name: str) -> str:
        event = NightEnded(occurrence=name, reason="r", money_back=True, has_box_office=True)
        (command,) = cancel_night(event)
        return command.process

    names = [f"{'n' * 50}-2027-06-{day}" for day in (18, 25)]
    assert len({cancelled(name) for name in names}) == 2
    assert cancelled("film") == "planned-film"


def test_a_title_that_planning_took_while_less_was_refused_opens_a_box_office():
    kind = planning.PlannedType(
        id="seat", name="Se\u200bat", price=Money(1200, "EUR"), seller="house", draws={"room": 1}
    )
    kept = planning.PlannedAllotment(id="press", name="\u200b", pool="room", units=2)
    office = planning.PlannedBoxOffice(
        name="\u200bFriday\u200e",
        starts_at=datetime(2027, 6, 18, 20, 30),
        ends_at=datetime(2027, 6, 18, 23),
        zone="Europe/Berlin",
        pools={"room": 50},
        ticket_types=(kind,),
        allotments=(kept,),
    )
    event = planning.BoxOfficePlanned(occurrence="friday", box_office=office)
    opened, allotment = planning.plan_box_office(event)
    assert opened.name == "Friday"
    assert opened.ticket_types[0].name == "Seat"
    assert allotment.name == "press"
