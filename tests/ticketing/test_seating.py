"""Seats: chosen or the best, kept while held, and never one in two tickets that are valid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from roadcase.errors import Invalid, NotFound, Refused
from services.ticketing.commands import (
    CancelOrder,
    CatchUp,
    ConfirmOrder,
    GiveTickets,
    HoldTickets,
    Line,
    PlaceOrder,
    RefundTickets,
    ReleaseHold,
    SellTickets,
    SetSeatingPlan,
)
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.refusals import HoldExists, SoldOut, UnknownPool
from services.ticketing.domain.seat_map import Asked, SeatMap
from services.ticketing.domain.seat_refusals import (
    BeyondSeats,
    NoSeats,
    NotOneSeat,
    PoolInUse,
    SeatsApart,
    SeatsKept,
    SeatsTaken,
    UnknownSeat,
)
from services.ticketing.events import (
    HoldEnded,
    TicketCancelled,
    TicketRefunded,
    TicketsHeld,
    TicketSold,
)
from services.ticketing.projections import Seating
from tests.ticketing.night import (
    MINUTE,
    NIGHT,
    NOON,
    SEED,
    after,
    become,
    changing,
    facts,
    history,
    opening,
    selling,
    table,
    ticket_type,
)

LATER = NOON + 11 * MINUTE


def row(name, seats, **about):
    """`.` a seat, ` ` an aisle, `a` accessible, `c` a companion's, `-` a bad view."""
    found, gap = [], False
    kinds = {"a": "accessible", "c": "companion"}
    for char in seats:
        if char == " ":
            gap = True
            continue
        kind, rank = kinds.get(char, "plain"), int(char == "-")
        seat = {"name": str(len(found) + 1), "kind": kind, "rank": rank, "gap": gap}
        found.append(seat)
        gap = False
    return {"name": name, "seats": found, **about}


def planning(*rows, **more):
    return SetSeatingPlan(occurrence=NIGHT, pool="hall", areas=[{"rows": rows}], **more)


TYPES = ticket_type(), ticket_type("child", "6.00 EUR")
OPENING = opening(
    *TYPES, ticket_type("bar", "2.00 EUR", draws=["bar"]), pools={"hall": 0, "bar": 9}
)
HALL = planning(row("A", "....."), row("B", ".. ..."))


def seated(*asked, plan=HALL):
    return after(OPENING, plan, *asked)


def wanted(quantity=1, *seats, kind="standard", **more):
    return {"ticket_type": kind, "quantity": len(seats) or quantity, "seats": seats, **more}


def hold(id_, *lines, **more):
    return HoldTickets(occurrence=NIGHT, hold=id_, lines=lines, subject="ana", **more)


def sell(order, *lines, amount="12.00 EUR", **more):
    return SellTickets(
        occurrence=NIGHT,
        order=order,
        lines=lines,
        payment_reference="p",
        amount=amount,
        code_seed=SEED,
        **more,
    )


def confirm(order, id_, amount="12.00 EUR", **more):
    return ConfirmOrder(
        occurrence=NIGHT,
        order=order,
        hold=id_,
        payment_reference="p",
        amount=amount,
        code_seed=SEED,
        **more,
    )


def given_to(spec):
    """The seats that a decision gives, in the order of its lines or tickets."""
    found = []
    for event in become(spec):
        if isinstance(event, TicketsHeld):
            found += [seat for line in event.lines for seat in line.seats]
        elif isinstance(event, TicketSold) and event.seat:
            found.append(event.seat)
    return found


def test_a_plan_says_how_many_the_pool_has_without_what_is_blocked():
    spec = after(OPENING).when(planning(row("A", "....."), blocked=["A-3", "A-1"]))
    plan, size = become(spec)
    assert (plan.blocked, size.capacity) == (("A-1", "A-3"), 3)
    seated().when(HALL).then_nothing()


def test_chosen_seats_are_sold_and_are_on_their_tickets():
    sold = become(seated().when(sell("o1", wanted(0, "B-2", "A-1"), amount="24.00 EUR")))
    assert [event.seat for event in sold] == ["B-2", "A-1"]


def test_all_that_were_chosen_or_none_and_the_refusal_names_what_is_taken():
    spec = seated(hold("h1", wanted(0, "A-2", "A-3"))).when(hold("h2", wanted(0, "A-3", "A-4")))
    assert facts(spec, SeatsTaken)["seats"] == ["A-3"]
    twice = hold("h2", wanted(0, "A-4"), wanted(0, "A-4", kind="child"))
    assert facts(seated().when(twice), SeatsTaken)["seats"] == ["A-4"]
    seated().when(hold("h1", wanted(0, "Z-1"))).then_refused(UnknownSeat)
    seated().when(hold("h1", wanted(0, "A-1", kind="bar"))).then_refused(NoSeats)


def test_a_seat_that_is_blocked_is_neither_chosen_nor_the_best():
    plan = planning(row("A", "..."), blocked=["A-2"])
    seated(plan=plan).when(hold("h1", wanted(0, "A-2"))).then_refused(UnknownSeat)
    seated(plan=plan).when(hold("h1", wanted(2))).then_refused(SeatsApart)


def test_the_best_are_beside_each_other_and_closest_to_the_focus():
    plan = planning(row("A", "." * 7), row("B", "." * 7), row("C", "." * 7), focus=(0, 1))
    assert given_to(seated(plan=plan).when(hold("h1", wanted(3)))) == ["B-3", "B-4", "B-5"]
    aside = planning(row("A", ".....", x=10), row("B", "....."), focus=(12, 0))
    assert given_to(seated(plan=aside).when(hold("h1", wanted(3)))) == ["A-1", "A-2", "A-3"]


def test_an_aisle_parts_seats_and_a_bad_view_comes_last():
    assert given_to(seated(plan=planning(row("A", ".. .."))).when(hold("h1", wanted(2))))
    seated(plan=planning(row("A", ".. .."))).when(hold("h1", wanted(3))).then_refused(SeatsApart)
    seen = planning(row("A", "--"), row("B", ".."))
    assert given_to(seated(plan=seen).when(hold("h1", wanted(2)))) == ["B-1", "B-2"]


def test_no_single_seat_is_left_alone_where_there_is_another_choice():
    rows = planning(row("A", "..."), row("B", "...."))
    assert given_to(seated(plan=rows).when(hold("h1", wanted(2)))) == ["B-1", "B-2"]
    only = planning(row("A", "..."))
    assert given_to(seated(plan=only).when(hold("h1", wanted(2)))) == ["A-1", "A-2"]


def test_different_types_of_one_order_sit_together():
    spec = seated().when(hold("h1", wanted(2), wanted(3, kind="child")))
    assert given_to(spec) == ["A-1", "A-2", "A-3", "A-4", "A-5"]


def test_apart_only_if_the_caller_allows_and_then_nobody_sits_alone_needlessly():
    plan = planning(row("A", "..."), row("B", "..."))
    seated(plan=plan).when(hold("h1", wanted(4))).then_refused(SeatsApart)
    got = given_to(seated(plan=plan).when(hold("h1", wanted(4), seats_apart=True)))
    assert sorted(seat[0] for seat in got) == ["A", "A", "B", "B"]
    full = seated(plan=plan).when(hold("h1", wanted(7), seats_apart=True))
    full.then_refused(SoldOut)


def test_many_are_seated_row_by_row_in_little_time_however_scattered():
    rows = [row(f"R{number}", ". " * 100) for number in range(100)]
    plan = planning(*rows)
    got = given_to(seated(plan=plan).when(hold("h1", wanted(45), seats_apart=True)))
    assert len(set(got)) == 45
    got = given_to(seated(plan=plan).when(hold("h1", wanted(9_000), seats_apart=True)))
    assert len(set(got)) == 9_000


def test_accessible_places_are_kept_for_who_needs_them_until_a_moment():
    plan = planning(row("A", "ac.."), kept_until=NOON + MINUTE)
    assert given_to(seated(plan=plan).when(hold("h1", wanted(2)))) == ["A-3", "A-4"]
    seated(plan=plan).when(hold("h1", wanted(0, "A-1"))).then_refused(SeatsKept)
    seated(plan=plan).when(hold("h1", wanted(0, "A-2"))).then_refused(SeatsKept)
    assert facts(seated(plan=plan).when(hold("h1", wanted(3))), SoldOut)["left"] == 2
    later = seated(plan=plan).when(hold("h1", wanted(0, "A-1")), at=NOON + MINUTE)
    assert given_to(later) == ["A-1"]


def test_who_needs_an_accessible_place_sits_with_their_companions():
    plan = planning(row("A", "...."), row("B", "ac.a"))
    assert given_to(seated(plan=plan).when(hold("h1", wanted(2, accessible=1)))) == ["B-1", "B-2"]
    assert given_to(seated(plan=plan).when(hold("h1", wanted(3, accessible=1))))[0] == "B-1"
    chosen = hold("h1", wanted(0, "B-1", "B-2", accessible=1))
    assert given_to(seated(plan=plan).when(chosen)) == ["B-1", "B-2"]
    more = hold("h1", wanted(0, "B-1", "B-4", accessible=1))
    seated(plan=plan).when(more).then_refused(SeatsKept)
    three = hold("h1", wanted(3, accessible=3))
    seated(plan=plan).when(three).then_refused(SeatsApart)


@pytest.mark.parametrize("end", ["released", "expired", "cancelled", "refunded"])
def test_what_ends_frees_its_seats(end):
    mine = wanted(0, "A-1")
    how = {
        "released": [hold("h1", mine), ReleaseHold(occurrence=NIGHT, hold="h1")],
        "expired": [hold("h1", mine)],
        "cancelled": [sell("o1", mine), CancelOrder(occurrence=NIGHT, order="o1", reason="r")],
        "refunded": [
            sell("o1", mine),
            RefundTickets(occurrence=NIGHT, order="o1", reason="r", refund_reference="r"),
        ],
    }
    assert given_to(seated(*how[end]).when(hold("h9", mine), at=LATER)) == ["A-1"]


def test_a_hold_keeps_its_seats_and_so_does_what_it_becomes():
    mine = wanted(0, "A-1")
    sold = seated(hold("h1", mine), confirm("o1", "h1"))
    assert [event.seat for event in sold.history if isinstance(event, TicketSold)] == ["A-1"]
    sold.when(hold("h2", mine), at=LATER).then_refused(SeatsTaken)
    seated(hold("h1", mine)).when(hold("h1", mine)).then_nothing()
    seated(hold("h1", mine)).when(hold("h1", wanted(0, "A-2"))).then_refused(HoldExists)


def test_money_that_comes_late_takes_the_same_seats_or_others_if_the_guest_agreed():
    mine = wanted(0, "A-1")
    late = seated(hold("h1", mine))
    assert given_to(late.when(confirm("o1", "h1"), at=LATER)) == ["A-1"]
    gone = seated(hold("h1", mine), (sell("o2", mine), LATER))
    assert facts(gone.when(confirm("o1", "h1"), at=LATER), SeatsTaken)["seats"] == ["A-1"]
    (other,) = given_to(gone.when(confirm("o1", "h1", other_seats=True), at=LATER))
    assert other != "A-1"


def test_an_order_that_is_not_paid_yet_keeps_its_seats_and_is_paid_with_them():
    place = PlaceOrder(occurrence=NIGHT, order="o1", lines=[wanted(0, "A-2")], subject="ana")
    spec = seated(place)
    spec.when(hold("h1", wanted(0, "A-2"))).then_refused(SeatsTaken)
    assert given_to(spec.when(confirm("o1", "o1"))) == ["A-2"]


def test_tickets_that_are_given_have_seats_too():
    free = changing(ticket_types=[ticket_type("guest", "0.00 EUR")])
    line = {"ticket_type": "guest", "quantity": 2}
    gift = GiveTickets(
        occurrence=NIGHT, order="g1", lines=[line], giver="ana", reason="press", code_seed=SEED
    )
    assert given_to(seated(free).when(gift)) == ["A-1", "A-2"]
    chosen = gift.model_copy(update={"lines": (Line(**line, seats=("B-1", "B-2")),)})
    assert given_to(seated(free).when(chosen)) == ["B-1", "B-2"]


def test_a_new_plan_takes_no_seat_from_anybody():
    sold = seated(sell("o1", wanted(0, "A-5")))
    smaller = planning(row("A", "...."))
    assert facts(sold.when(smaller), SeatsTaken)["seats"] == ["A-5"]
    blocking = planning(row("A", "....."), blocked=["A-5"])
    sold.when(blocking).then_refused(SeatsTaken)
    wider = after(OPENING, HALL, sell("o1", wanted(0, "A-5")), planning(row("A", "......")))
    wider.when(hold("h1", wanted(0, "A-5"))).then_refused(SeatsTaken)


def test_plans_and_pools_agree():
    seated().when(changing(pools={"hall": 11})).then_refused(BeyondSeats)
    cut = seated(sell("o1", wanted(0, "A-1")), changing(pools={"hall": 1}))
    cut.when(hold("h1", wanted(0, "A-2"))).then_refused(SoldOut)
    two = ticket_type("sofa", draws={"hall": 2})
    seated().when(changing(ticket_types=[two])).then_refused(NotOneSeat)
    after(opening(two, pools={"hall": 4})).when(HALL).then_refused(NotOneSeat)
    after(opening(), selling("o1")).when(HALL).then_refused(PoolInUse)
    other = opening(ticket_type(draws=["x"]), pools={"x": 1})
    after(other).when(HALL).then_refused(UnknownPool)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: planning(row("A", "..", name="A-1")),
        lambda: planning(row("A", ".."), row("A", "..")),
        lambda: planning(row("A", ".."), blocked=["A-3"]),
        lambda: hold("h1", {"ticket_type": "standard", "quantity": 3, "seats": ["A-1", "A-2"]}),
        lambda: hold("h1", {"ticket_type": "standard", "quantity": 2, "seats": ["A-1", "A-1"]}),
        lambda: hold("h1", wanted(1, accessible=2)),
    ],
)
def test_what_makes_no_sense_is_not_asked(wrong):
    with pytest.raises((ValidationError, TypeError)):
        wrong()


SEATS = [f"{name}-{number}" for name in "AB" for number in range(1, 6)]
IDS = st.integers(0, 5)
LINE = st.one_of(
    st.builds(wanted, st.integers(1, 4)),
    st.builds(
        lambda chosen: wanted(0, *chosen),
        st.lists(st.sampled_from(SEATS), min_size=1, max_size=3, unique=True),
    ),
    st.builds(lambda: wanted(2, accessible=1)),
)


def cost(lines):
    return {"minor": 1200 * sum(each["quantity"] for each in lines), "currency": "EUR"}


def holds(number, lines, apart):
    return hold(f"h{number}", *lines, seats_apart=apart)


def sells(number, lines):
    return sell(f"o{number}", *lines, amount=cost(lines))


def confirms(number, held, quantity, other):
    amount = {"minor": 1200 * quantity, "currency": "EUR"}
    return confirm(f"o{number}", f"h{held}", amount, other_seats=other)


def refunds(number):
    order = f"o{number}"
    return RefundTickets(
        occurrence=NIGHT, order=order, tickets=[f"{order}-1"], reason="r", refund_reference="r"
    )


def blocks(seats):
    return planning(row("A", ".a..."), row("B", ".. ..c"), blocked=seats)


LINES = st.lists(LINE, min_size=1, max_size=2)
COMMANDS = st.one_of(
    st.builds(holds, IDS, LINES, st.booleans()),
    st.builds(sells, IDS, LINES),
    st.builds(confirms, IDS, IDS, st.integers(1, 5), st.booleans()),
    st.builds(lambda n: ReleaseHold(occurrence=NIGHT, hold=f"h{n}"), IDS),
    st.builds(lambda n: CancelOrder(occurrence=NIGHT, order=f"o{n}", reason="r"), IDS),
    st.builds(refunds, IDS),
    st.just(CatchUp(occurrence=NIGHT)),
    st.builds(lambda size: changing(pools={"hall": size}), st.integers(0, 10)),
    st.builds(blocks, st.lists(st.sampled_from(SEATS), max_size=2, unique=True)),
)
STEPS = st.lists(st.tuples(COMMANDS, st.sampled_from([0, 0, 1, 400, 700])), max_size=25)


class Naive:
    """Who sits where, read from the events alone."""

    def __init__(self):
        self.held, self.tickets = {}, {}

    def see(self, event):
        match event:
            case TicketsHeld():
                self.held[event.hold] = [seat for line in event.lines for seat in line.seats]
            case HoldEnded():
                del self.held[event.hold]
            case TicketSold():
                assert event.seat
                self.tickets[event.ticket] = event.seat
            case TicketCancelled() | TicketRefunded():
                self.tickets.pop(event.ticket, None)

    def taken(self):
        return [*self.tickets.values(), *(seat for each in self.held.values() for seat in each)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_no_seat_is_ever_in_two_living_tickets_or_holds(steps):
    state, naive, at, events = BOX_OFFICE.initial(), Naive(), NOON, []
    for command, seconds in [(OPENING, 0), (blocks(()), 0), *steps]:
        at += timedelta(seconds=seconds)
        try:
            became = BOX_OFFICE.decide(state, command, at)
        except (Refused, NotFound, Invalid):
            continue
        for event in became:
            BOX_OFFICE.evolve(state, event)
            naive.see(event)
            events.append(event)
        if "hall" not in state.seatings:
            continue
        taken = naive.taken()
        seats = state.seatings["hall"]
        assert len(taken) == len(set(taken))
        assert set(taken) == seats.taken
        assert not seats.taken & seats.blocked
        for size in (1, 2, 3):  # what is remembered of searches is what is found anew
            asked = Asked(kept=True)
            assert seats.best(size, asked) == SeatMap(seats.plan, seats.taken).best(size, asked)
    assert BOX_OFFICE.fold(events) == state


def test_the_read_model_says_of_each_seat_what_became_of_it():
    (row_,) = table(
        Seating(),
        history(
            OPENING,
            HALL,
            hold("h1", wanted(0, "A-1")),
            hold("h2", wanted(0, "A-2")),
            confirm("o2", "h2"),
            sell("o1", wanted(0, "B-1", "B-2"), amount="24.00 EUR"),
            CancelOrder(occurrence=NIGHT, order="o1", tickets=["o1-1"], reason="r"),
        ),
    ).values()
    assert row_["taken"] == {"hall": {"A-1": "held", "A-2": "sold", "B-2": "sold"}}
    assert table(Seating(), history(opening(), selling("o1"))) == {}
