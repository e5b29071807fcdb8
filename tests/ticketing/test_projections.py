"""Read models: whatever happened, their rows say the same as counting the facts again."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings

from roadcase.allocation import Pool
from services.ticketing.commands import CancelOrder, RefundTickets, ReleaseHold
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.events import (
    Admitted,
    Exited,
    ScanRefused,
    TicketCancelled,
    TicketRefunded,
    TicketsHeld,
    TicketSold,
    TicketTransferred,
)
from services.ticketing.projections import (
    PROJECTIONS,
    Attendees,
    Availability,
    Board,
    Orders,
    SalesByMinute,
    Scans,
)
from tests.ticketing.any_night import STEPS, history_of
from tests.ticketing.night import (
    MINUTE,
    NIGHT,
    NOON,
    at_position,
    changing,
    confirming,
    history,
    holding,
    opening,
    selling,
    table,
    ticket_type,
)

any_history = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SCAN = {"occurrence": NIGHT, "ticket": "o1-1", "gate": "north"}
entry = Admitted(**SCAN, nonce="n1", admitted_at=NOON)
leaving = Exited(**SCAN, nonce="n2")
turned_away = ScanRefused(
    **SCAN, nonce="n3", direction="entry", reason="already_in", since=NOON, since_gate="south"
)


class Recount:
    """What happened, counted the slow way."""

    def __init__(self, events):
        self.state = BOX_OFFICE.fold(events)
        self.sold = {event.ticket: event for event in events if isinstance(event, TicketSold)}
        voids = [e for e in events if isinstance(e, TicketCancelled | TicketRefunded)]
        self.void = {event.ticket for event in voids}
        self.refunds = [event for event in voids if isinstance(event, TicketRefunded)]
        moved = [event for event in events if isinstance(event, TicketTransferred)]
        self.moved = {event.from_ticket for event in moved}
        self.tickets = self.sold | {event.ticket: event for event in moved}
        gone = self.void | self.moved
        self.valid = [event for id_, event in self.tickets.items() if id_ not in gone]
        self.held = Counter()
        for held in self.state.held.values():
            assert isinstance(held, TicketsHeld)
            for line in held.lines:
                self.held[line.ticket_type] += line.quantity

    def pools(self):
        accounts = ("capacity", "held", "sold", "kept")
        demand = self.state.queue.demand
        return {
            id_: {account: getattr(pool, account) for account in accounts}
            | {"waited": demand.get(id_, 0)}
            for id_, pool in self.state.allocation.pools.items()
        }

    def left(self, pool):
        return max(0, self.state.allocation.pools[pool].room - self.state.queue.demand.get(pool, 0))


def money(pairs):
    sums = Counter()
    for currency, minor in pairs:
        sums[currency] += minor
    return dict(sums)


@any_history
@given(STEPS)
def test_availability_is_what_the_pools_say(steps):
    events = history_of(steps)
    row = table(Availability(), events)[NIGHT]
    again = Recount(events)
    assert row["pools"] == again.pools()
    sold = Counter(event.ticket_type for event in again.valid)
    for id_, offer in row["types"].items():
        assert (offer["held"], offer["sold"]) == (again.held[id_], sold[id_])
        draws = again.state.types[id_].draws
        room = {pool: again.left(pool) for pool in draws}
        assert Availability.left(row, id_) == min(room[pool] // n for pool, n in draws.items())


@any_history
@given(STEPS)
def test_the_board_adds_up(steps):
    events = history_of(steps)
    row = table(Board(), events)[NIGHT]
    again = Recount(events)
    pools: list[Pool] = list(again.state.allocation.pools.values())
    assert row["pools"] == again.pools()
    for account in ("capacity", "held", "sold"):
        assert row[account] == sum(getattr(pool, account) for pool in pools)
    assert row["free"] == sum(map(again.left, again.state.allocation.pools))
    assert row["orders"] == len({event.order for event in again.sold.values()})
    assert row["tickets_held"] == again.held.total()
    assert (row["tickets_sold"], row["tickets_void"]) == (len(again.valid), len(again.void))
    sold = list(again.sold.values())
    assert row["takings"] == money((e.price.currency, e.price.minor) for e in sold)
    assert row["refunds"] == money((e.amount.currency, e.amount.minor) for e in again.refunds)
    assert row["last_sale_at"] == (sold[-1].sold_at if sold else None)


@any_history
@given(STEPS)
def test_minutes_add_up_to_all_sales(steps):
    events = history_of(steps)
    sold = defaultdict(list)
    for event in Recount(events).sold.values():
        sold[event.sold_at.strftime("%Y-%m-%dT%H:%MZ")].append(event)
    rows = table(SalesByMinute(), events)
    assert {key[1]: row["sold"] for key, row in rows.items()} == {
        minute: len(tickets) for minute, tickets in sold.items()
    }
    for (_, minute), row in rows.items():
        assert row["takings"] == {"EUR": sum(ticket.price.minor for ticket in sold[minute])}


@any_history
@given(STEPS)
def test_orders_are_their_tickets(steps):
    events = history_of(steps)
    again = Recount(events)
    rows = table(Orders(), events)
    assert {key[1] for key in rows} == set(again.state.orders)
    for (_, order), row in rows.items():
        tickets = [event for event in again.tickets.values() if event.order == order]
        assert row["tickets"] == len(tickets) == tickets[0].of
        assert row["valid"] == len([event for event in again.valid if event.order == order])
        own = [event for event in tickets if event.ticket not in again.moved]
        assert row["amount_minor"] == sum(event.price.minor for event in own)
        back = [event.amount.minor for event in again.refunds if event.order == order]
        assert row["refunded_minor"] == sum(back)


@any_history
@given(STEPS)
def test_every_ticket_sold_is_an_attendee(steps):
    events = history_of(steps)
    again = Recount(events)
    rows = table(Attendees(), events)
    refunded = {event.ticket for event in again.refunds}
    expected = {id_: "refunded" if id_ in refunded else "cancelled" for id_ in again.void}
    assert {key[1]: row["state"] for key, row in rows.items()} == (
        dict.fromkeys(again.tickets, "sold") | dict.fromkeys(again.moved, "transferred") | expected
    )
    assert len({row["code"] for row in rows.values()}) == len(rows)


@any_history
@given(STEPS)
def test_no_fold_changes_the_row_it_is_given(steps):
    for projection in PROJECTIONS:
        rows = {}
        for event in history_of(steps):
            for key_of, fold in projection.hears.get(type(event), ()):
                if (key := key_of(event)) is None:
                    continue
                before = rows.get(key)
                copy = repr(before)
                rows[key] = fold(before, event, at_position(1, event))
                assert repr(before) == copy


def test_an_order_keeps_what_it_was_told():
    night = history(
        opening(ticket_type()),
        holding("h1", ("standard", 2)),
        confirming("o1", "h1", "24.00 EUR", contact=b"sealed"),
        RefundTickets(
            occurrence=NIGHT, order="o1", tickets=["o1-2"], reason="x", refund_reference="r"
        ),
    )
    assert table(Orders(), night)[NIGHT, "o1"] == {
        "occurrence": NIGHT,
        "order_id": "o1",
        "sold_at": NOON,
        "channel": "web",
        "payment_reference": "paid-1",
        "hold": "h1",
        "promo": None,
        "late": False,
        "subject": "ana",
        "contact": b"sealed",
        "tickets": 2,
        "valid": 1,
        "amount_minor": 2400,
        "refunded_minor": 1200,
        "currency": "EUR",
    }


def test_a_cut_hall_shows_nothing_left_and_never_less():
    night = history(
        opening(),
        selling("o1", ("standard", 3), amount="36.00 EUR"),
        changing(pools={"hall": 1}),
    )
    assert table(Board(), night)[NIGHT]["free"] == 0
    assert Availability.left(table(Availability(), night)[NIGHT], "standard") == 0


def test_minutes_are_told_in_utc():
    summer = history((opening(), NOON), (selling("o1"), NOON + 59 * MINUTE))
    (key,) = table(SalesByMinute(), summer)
    assert key == (NIGHT, "2026-06-01T12:59Z")
    shifted = datetime.fromisoformat("2026-06-01T14:59+02:00")
    local = history(opening(), (selling("o1"), shifted))
    assert list(table(SalesByMinute(), local)) == [key]
    assert shifted.astimezone(UTC) == NOON + timedelta(minutes=59)


def test_scans_keep_every_answer():
    rows = table(Scans(), [entry, leaving, turned_away])
    assert [(key[1], row["result"], row["reason"]) for key, row in rows.items()] == [
        ("n1", "admitted", None),
        ("n2", "exited", None),
        ("n3", "refused", "already_in"),
    ]
    assert rows[NIGHT, "n3"]["since_gate"] == "south"
    assert rows[NIGHT, "n1"]["actor"] == "tester"


def test_an_attendee_is_inside_from_entry_to_exit():
    night = history(opening(), selling("o1"))
    inside = table(Attendees(), [*night, entry])[NIGHT, "o1-1"]
    assert (inside["inside"], inside["gate"], inside["admitted_at"]) == (True, "north", NOON)
    assert not table(Attendees(), [*night, entry, leaving])[NIGHT, "o1-1"]["inside"]
    board = table(Board(), [*night, entry, leaving, entry, turned_away])[NIGHT]
    assert (board["admitted"], board["inside"], board["scans_refused"]) == (2, 1, 1)


def test_scans_of_a_night_nobody_knows_make_no_rows_but_their_own():
    for projection in (Board(), Attendees()):
        assert table(projection, [entry, leaving, turned_away]) == {}


def test_a_cancelled_ticket_is_counted_void_once_though_refunded_later():
    void = CancelOrder(occurrence=NIGHT, order="o1", reason="x")
    back = RefundTickets(occurrence=NIGHT, order="o1", reason="x", refund_reference="r")
    night = history(opening(), selling("o1"), void, back)
    board = table(Board(), night)[NIGHT]
    assert (board["tickets_sold"], board["tickets_void"], board["sold"]) == (0, 1, 0)
    assert (board["takings"], board["refunds"]) == ({"EUR": 1200}, {"EUR": 1200})
    assert table(Attendees(), night)[NIGHT, "o1-1"]["state"] == "refunded"
    order = table(Orders(), night)[NIGHT, "o1"]
    assert (order["tickets"], order["valid"], order["refunded_minor"]) == (1, 0, 1200)
    assert table(Availability(), night)[NIGHT]["types"]["standard"]["sold"] == 0


def test_units_of_a_hold_that_ended_are_counted_again_when_it_is_paid_too_late():
    release = ReleaseHold(occurrence=NIGHT, hold="h1")
    night = history(opening(), holding("h1"), release, confirming("o1", "h1"))
    for projection in (Board(), Availability()):
        pool = table(projection, night)[NIGHT]["pools"]["hall"]
        assert pool == {"capacity": 4, "held": 0, "sold": 1, "kept": 0, "waited": 0}
    assert table(Orders(), night)[NIGHT, "o1"]["late"]
