"""Whatever is asked of a box office, in any order and again and again: what always holds."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadcase.errors import Invalid, NotFound, Refused
from services.ticketing.commands import (
    CancelOrder,
    ExpireHolds,
    ExtendHold,
    RefundTickets,
    ReleaseHold,
)
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.events import (
    CapacitySet,
    HoldEnded,
    TicketCancelled,
    TicketRefunded,
    TicketsHeld,
    TicketSold,
)
from tests.ticketing.night import (
    NIGHT,
    NOON,
    changing,
    confirming,
    holding,
    opening,
    selling,
    ticket_type,
)

PRICES = {"standard": 1200, "lounge": 2000, "child": 0}
TYPES = (
    ticket_type(per_order_max=4, per_person_max=5),
    ticket_type("lounge", "20.00 EUR", draws={"hall": 1, "sofa": 2}),
    ticket_type("child", "0.00 EUR", draws=["hall"], per_person_max=2),
)
LIMITS = {"standard": 5, "child": 2}
HOLDS = st.sampled_from(["h1", "h2", "h3", "h4", "h5"])
ORDERS = st.sampled_from(["o1", "o2", "o3", "o4", "o5"])
PEOPLE = st.sampled_from(["ana", "bob"])
WANTED = st.lists(
    st.tuples(st.sampled_from(list(PRICES)), st.integers(1, 3)), min_size=1, max_size=3
)
TICKETS = st.none() | st.lists(
    st.builds("{}-{}".format, ORDERS, st.integers(1, 3)), min_size=1, max_size=2
)


def priced(wanted):
    minor = sum(PRICES[id_] * quantity for id_, quantity in wanted)
    return {"minor": minor, "currency": "EUR"}


def void(kind, order, tickets, **more):
    return kind(occurrence=NIGHT, order=order, tickets=tickets, reason="asked", **more)


def hold_and_confirm(order, hold, wanted, person):
    return (
        holding(hold, *wanted, subject=person),
        confirming(order, hold, priced(wanted), subject=person),
    )


COMMANDS = st.one_of(
    st.builds(lambda h, w, p: (holding(h, *w, subject=p),), HOLDS, WANTED, PEOPLE),
    st.builds(hold_and_confirm, ORDERS, HOLDS, WANTED, PEOPLE),
    st.builds(lambda o, h, w: (confirming(o, h, priced(w)),), ORDERS, HOLDS, WANTED),
    st.builds(
        lambda o, w, p: (selling(o, *w, amount=priced(w), subject=p),), ORDERS, WANTED, PEOPLE
    ),
    st.builds(lambda h: (ExtendHold(occurrence=NIGHT, hold=h),), HOLDS),
    st.builds(lambda h: (ReleaseHold(occurrence=NIGHT, hold=h),), HOLDS),
    st.just((ExpireHolds(occurrence=NIGHT),)),
    st.builds(lambda o, t: (void(CancelOrder, o, t),), ORDERS, TICKETS),
    st.builds(lambda o, t: (void(RefundTickets, o, t, refund_reference="r"),), ORDERS, TICKETS),
    st.builds(lambda n: (changing(pools={"hall": n}),), st.integers(0, 9)),
)
STEPS = st.lists(
    st.tuples(COMMANDS, st.sampled_from([0, 0, 0, 1, 179, 299, 300, 601])), max_size=25
)


class Watch:
    """A second, slow reading of the events: what must hold after each of them."""

    def __init__(self):
        self.capacity = {}
        self.holds = {}
        self.ended = Counter()
        self.tickets = {}
        self.void = set()
        self.orders = {}
        self.codes = Counter()

    def see(self, event):
        match event:
            case CapacitySet():
                self.capacity[event.pool] = event.capacity
            case TicketsHeld():
                assert event.hold not in self.holds
                self.holds[event.hold] = event
            case HoldEnded():
                self.ended[event.hold] += 1
            case TicketSold():
                assert event.ticket not in self.tickets
                self.tickets[event.ticket] = event
                self.orders.setdefault(event.order, []).append(event)
                self.codes[event.code] += 1
            case TicketCancelled() | TicketRefunded():
                assert bool(event.draws) == (event.ticket not in self.void)
                self.void.add(event.ticket)

    def valid(self):
        return [event for id_, event in self.tickets.items() if id_ not in self.void]

    def living(self):
        return [held for id_, held in self.holds.items() if not self.ended[id_]]

    def units(self):
        sold, held = Counter(), Counter()
        for event in self.valid():
            sold.update(event.draws)
        for each in self.living():
            for line in each.lines:
                held.update({pool: n * line.quantity for pool, n in line.draws.items()})
        return sold, held

    def persons(self):
        counts = Counter((event.subject, event.ticket_type) for event in self.valid())
        for each in self.living():
            for line in each.lines:
                counts[each.subject, line.ticket_type] += line.quantity
        return counts


def ask(office, command, at):
    """What it becomes; nothing when it is refused, which is the only other thing it may be."""
    try:
        return BOX_OFFICE.decide(office, command, at)
    except (Refused, Invalid, NotFound) as refusal:
        if not refusal.code.startswith("ticketing."):
            raise
        return ()


def check_room(office, before):
    """Never one too many: where a cut left too little room, what is taken only shrinks."""
    taken = {name: pool.sold + pool.held for name, pool in office.allocation.pools.items()}
    for name, pool in office.allocation.pools.items():
        assert min(pool.sold, pool.held) >= 0
        assert taken[name] <= max(pool.capacity, before.get(name, 0))
    return taken


def check(office, watch):
    sold, held = watch.units()
    for name, pool in office.allocation.pools.items():
        assert (pool.sold, pool.held, pool.leased) == (sold[name], held[name], 0)
    assert office.persons == watch.persons()
    assert all(number <= LIMITS.get(type_, number) for (_, type_), number in office.persons.items())
    assert set(office.held) == {held.hold for held in watch.living()}
    assert max(watch.ended.values(), default=1) == 1
    assert max(watch.codes.values(), default=1) == 1
    for order, tickets in watch.orders.items():
        assert [ticket.number for ticket in tickets] == list(range(1, tickets[0].of + 1))
        assert len(office.orders[order].tickets) == len(tickets)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_any_night(steps):
    office, watch, events, at = BOX_OFFICE.initial(), Watch(), [], NOON
    taken: dict[str, int] = {}
    plan = [((opening(*TYPES, pools={"hall": 8, "sofa": 3}),), 0), *steps]
    for commands, seconds in plan:
        at += timedelta(seconds=seconds)
        for command in commands:
            for again in (False, True):
                became = ask(office, command, at)
                assert not (again and became), "decided twice"
                for event in became:
                    BOX_OFFICE.evolve(office, event)
                    watch.see(event)
                    events.append(event)
                    taken = check_room(office, taken)
                check(office, watch)
    assert BOX_OFFICE.fold(events) == office
    due = BOX_OFFICE.deadline(office)
    assert due is None or due == min(office.allocation.holds.living[h].until for h in office.held)
