"""Whatever is asked of a box office, in any order and again and again: what always holds."""

from __future__ import annotations

from collections import Counter, defaultdict

from hypothesis import HealthCheck, given, settings

from services.ticketing.domain import BOX_OFFICE
from services.ticketing.events import (
    AllotmentReleased,
    AllotmentSet,
    CapacitySet,
    HoldEnded,
    TicketCancelled,
    TicketRefunded,
    TicketsHeld,
    TicketSold,
    VoucherLapsed,
    VoucherSet,
    WaitingJoined,
    WaitingKept,
    WaitingLeft,
    WaitingPassed,
)
from tests.ticketing.any_night import LIMITS, STEPS, play


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
        self.waited = Counter()  # by pool
        self.kept = Counter()  # by reserve and pool
        self.before = defaultdict(lambda: (0, 0))  # uses and budget of vouchers

    def see(self, event):  # noqa: C901, PLR0912 - one case for each kind of event
        match event:
            case CapacitySet():
                self.capacity[event.pool] = event.capacity
            case TicketsHeld():
                assert event.hold not in self.holds
                self.holds[event.hold] = event
                for line in event.lines:
                    self.keep(line.reserve, line.kept, -1)
                self.keep(f"waiting/{event.entry}", event.less, -1)
                self.wait(event, -1)
            case HoldEnded():
                self.ended[event.hold] += 1
                for reserve, units in event.kept.items():
                    self.keep(reserve, units, 1)
            case VoucherSet():
                self.keep(f"voucher/{event.voucher}", event.more, 1)
                self.keep(f"voucher/{event.voucher}", event.less, -1)
            case VoucherLapsed():
                self.keep(f"voucher/{event.voucher}", event.less, -1)
            case AllotmentSet():
                units = event.more - event.less
                self.keep(f"allotment/{event.allotment}", {event.pool: units}, 1)
            case AllotmentReleased():
                self.keep(f"allotment/{event.allotment}", {event.pool: event.units}, -1)
            case WaitingJoined():
                self.wait(event, 1)
            case WaitingKept():
                self.keep(f"waiting/{event.entry}", event.more, 1)
                self.wait(event, -1)
            case WaitingLeft() | WaitingPassed():
                self.keep(f"waiting/{event.entry}", event.less, -1)
                self.wait(event, -1)
            case TicketSold():
                self.keep(event.reserve, event.kept, -1)
                assert event.ticket not in self.tickets
                self.tickets[event.ticket] = event
                self.orders.setdefault(event.order, []).append(event)
                self.codes[event.code] += 1
            case TicketCancelled() | TicketRefunded():
                assert bool(event.draws) == (event.ticket not in self.void)
                self.void.add(event.ticket)
                for reserve, units in event.kept.items():
                    self.keep(reserve, units, 1)

    def wait(self, event, sign):
        for pool, number in event.waited.items():
            self.waited[pool] += sign * number
            assert self.waited[pool] >= 0

    def keep(self, reserve, units, sign):
        for pool, number in units.items():
            self.kept[reserve, pool] += sign * number
            assert self.kept[reserve, pool] >= 0

    def kept_of(self, pool):
        return sum(units for (_, of), units in self.kept.items() if of == pool)

    def used(self, voucher):
        """Tickets that are sold or held with it, and what it took off them."""
        lines = [line for held in self.living() for line in held.lines]
        each = [(line, line.quantity) for line in lines] + [(event, 1) for event in self.valid()]
        of = [
            (what, number)
            for what, number in each
            if what.voucher == voucher and not what.reservation
        ]
        off = sum(number * what.discount.minor for what, number in of if what.discount)
        return sum(number for _, number in of), off

    def toured(self):
        """By reservation: tickets that are sold or held with it, and what it took off them."""
        found = defaultdict(lambda: [0, 0])
        lines = [line for held in self.living() for line in held.lines]
        for what, number in [(each, each.quantity) for each in lines] + [
            (event, 1) for event in self.valid()
        ]:
            if what.reservation:
                found[what.reservation][0] += number
                found[what.reservation][1] += number * what.discount.minor
        return found

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
        return {person: number for person, number in counts.items() if person[0] is not None}


def check_room(office, before):
    """Never one too many: where a cut left too little room, what is taken only shrinks."""
    pools = office.allocation.pools
    taken = {name: pool.sold + pool.held + pool.kept for name, pool in pools.items()}
    for name, pool in pools.items():
        assert min(pool.sold, pool.held, pool.kept) >= 0
        assert taken[name] <= max(pool.capacity, before.get(name, 0))
    return taken


def check(office, watch):
    sold, held = watch.units()
    for name, pool in office.allocation.pools.items():
        assert (pool.sold, pool.held, pool.leased) == (sold[name], held[name], 0)
        assert pool.kept == watch.kept_of(name)
    for code, voucher in office.reserves.vouchers.items():
        used = watch.used(code)
        assert (voucher.used, voucher.spent) == used
        before, watch.before[code] = watch.before[code], used
        terms = voucher.terms
        assert terms.uses is None or used[0] <= max(terms.uses, before[0])
        assert terms.budget is None or used[1] <= max(terms.budget.minor, before[1])
    for reservation, (tickets, off) in watch.toured().items():
        assert tickets <= int(reservation.split("/")[2].partition("-")[0])
        assert off <= 900
    assert office.queue.demand == +watch.waited
    assert office.persons == watch.persons()
    assert all(number <= LIMITS.get(type_, number) for (_, type_), number in office.persons.items())
    assert set(office.held) == {held.hold for held in watch.living()}
    assert max(watch.ended.values(), default=1) == 1
    assert max(watch.codes.values(), default=1) == 1
    for order, tickets in watch.orders.items():
        assert [ticket.number for ticket in tickets] == list(range(1, tickets[0].of + 1))
        assert len(office.orders[order].tickets) == len(tickets)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_any_night(steps):
    office, watch, events = BOX_OFFICE.initial(), Watch(), []
    taken: dict[str, int] = {}
    for event, last in play(office, steps):
        if last:
            check(office, watch)
            continue
        events.append(event)
        watch.see(event)
        taken = check_room(office, taken)
    assert BOX_OFFICE.fold(events) == office
    due = BOX_OFFICE.deadline(office)
    living = [office.allocation.holds.living[id_].until for id_ in office.held]
    queue = office.queue
    others = (office.reserves.lapses, office.reminders, queue.patience, queue.ends)
    moments = [when for each in others for when in each.of.values()]
    assert due == min([*living, *moments], default=None)
