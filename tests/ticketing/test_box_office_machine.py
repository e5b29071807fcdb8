"""The whole box office beside a naive one: asked the same, they answer and hold the same.

`MODEL_EXAMPLES` and `MODEL_STEPS` in the environment make it as thorough as there is time.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from roadcase.codec import codec_of
from roadcase.decider import Command
from roadcase.errors import Invalid, NotFound, Refused
from roadcase.money import Money
from services.ticketing import commands as asks
from services.ticketing import events
from services.ticketing.domain import BOX_OFFICE
from tests.ticketing import naive_void
from tests.ticketing.naive import Naive
from tests.ticketing.naive_books import Books, cost_of
from tests.ticketing.naive_cart import No, total
from tests.ticketing.naive_night import OPENING, STEPS, WAITED, line
from tests.ticketing.naive_wishes import BUYING, PEOPLE, PRICES, TERMS, WANTED, N
from tests.ticketing.night import NIGHT, NOON, SEED

CODEC = codec_of([BOX_OFFICE])


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


class BoxOfficeMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = self.last = NOON
        self.office, self.naive, self.books = BOX_OFFICE.initial(), Naive(OPENING), Books()
        self.log: list[tuple[str, bytes]] = []
        self.ids = Counter[str]()
        self.high: dict[str, int] = {}
        self.keep(BOX_OFFICE.decided(self.office, OPENING, NOON))

    @initialize(terms=st.none() | TERMS, hall=st.sampled_from([6, 9, 15]))
    def begin(self, terms: dict[str, Any] | None, hall: int) -> None:
        self.resize(hall)
        if terms is not None:
            self.voucher(terms, {}, None)

    # asking

    def fresh(self, letter: str) -> str:
        self.ids[letter] += 1
        return f"{letter}{self.ids[letter]}"

    def one_of(self, letter: str, number: int) -> str:
        return f"{letter}{number % (self.ids[letter] + 1) + 1}"

    def keep(self, became: Any) -> list[Any]:
        for event in became:
            self.log.append((event.topic, CODEC.encode(event)))
            self.books.see(event)
        return [*became]

    def ask(self, command: Command) -> None:
        at = self.last = max(self.now, self.last)  # recorded time never falls
        queue, lapses = self.office.queue, self.office.reserves.lapses
        if any(d.due(at) for d in (lapses, queue.patience, queue.ends)):
            self.catch_up(at)  # a late timer holds up what is kept aside; holds it does not
            self.naive = self.naive.answer(asks.CatchUp(occurrence=NIGHT), at)[0]
        try:
            (then, cost), why = self.naive.answer(command, at), set[str]()
        except No as no:
            then, cost, why = self.naive, None, no.why
        try:
            became = BOX_OFFICE.decided(self.office, command, at)
        except (Refused, NotFound, Invalid) as no:
            code = no.code.removeprefix("ticketing.")
            assert why, f"refused with {code}, and is due: {command!r}"
            assert code in why, f"refused with {code}, and not one of {why}: {command!r}"
            return
        assert not why, f"accepted, and is to be refused with {why}: {command!r}"
        asked_before = not became
        self.keep(became)
        if cost is not None and not asked_before and (money := cost_of([*became])):
            assert money == cost, f"costs {money}, and {cost} are due: {command!r}"
        self.naive = then
        self.number_alike(became)
        if not isinstance(command, asks.ReleaseAllotment):
            self.again(command, at)
        self.catch_up(at)

    def number_alike(self, became: Any) -> None:
        """Which ticket of an order has which number is no rule: each has its like in the other."""
        rest = list(self.naive.tickets)
        for sold in became:
            if not isinstance(sold, events.TicketSold):
                continue
            fee = sold.fee.minor if sold.fee else 0
            like = (sold.order, sold.ticket_type, sold.price.minor, fee, sold.voucher)
            for one in rest:
                if (one.order, one.type.id, one.price, one.fee, one.voucher) == like:
                    break
            else:
                raise AssertionError(f"not due: {sold}")
            rest = [other for other in rest if other is not one]
            one.number = sold.number
            one.main = int(sold.addon_to.rpartition("-")[2]) if sold.addon_to else None

    def again(self, command: Command, at: Any) -> None:
        with suppress(Refused, NotFound, Invalid):
            assert not BOX_OFFICE.decide(self.office, command, at), f"twice: {command!r}"

    def catch_up(self, at: Any) -> None:
        self.keep(BOX_OFFICE.decided(self.office, asks.CatchUp(occurrence=NIGHT), at))

    def about(self, kind: type[Command], **fields: Any) -> None:
        self.ask(kind(occurrence=NIGHT, **fields))

    # time and crashes

    @rule(seconds=st.sampled_from([1, 60, 299, 600, 3600, 40_000, 90_000]), timely=st.booleans())
    def time_goes(self, seconds: int, timely: bool) -> None:
        self.now += timedelta(seconds=seconds)
        if timely:
            self.about(asks.CatchUp)

    @rule(before=st.sampled_from([0, 0, 1]))
    def to_the_deadline(self, before: int) -> None:
        due = BOX_OFFICE.deadline(self.office)
        if due is not None:
            self.now = max(self.now, due - timedelta(milliseconds=before))

    @rule()
    def the_clock_is_set_back(self) -> None:
        self.now -= timedelta(hours=1)

    @rule()
    def crash(self) -> None:
        office = BOX_OFFICE.fold(CODEC.decode(*each) for each in self.log)
        assert office == self.office
        self.office = office

    # buying

    @rule(buying=BUYING, channel=st.sampled_from(["web", "drop", "till"]))
    def hold(self, buying: dict[str, Any], channel: str) -> None:
        self.about(asks.HoldTickets, hold=self.fresh("h"), channel=channel, **buying)

    @rule(buying=BUYING, number=N)
    def hold_again(self, buying: dict[str, Any], number: int) -> None:
        self.about(asks.HoldTickets, hold=self.one_of("h", number), **buying)

    @rule(number=N)
    def extend(self, number: int) -> None:
        self.about(asks.ExtendHold, hold=self.one_of("h", number))

    @rule(number=N)
    def release(self, number: int) -> None:
        self.about(asks.ReleaseHold, hold=self.one_of("h", number))

    @rule(number=N, off=st.sampled_from([0, 0, 0, 0, 1, 2]), again=st.booleans())
    def confirm(self, number: int, off: int, again: bool) -> None:
        holds = self.naive.holds
        if not holds:
            return
        hold = holds[number % len(holds)]
        id_ = hold.id
        if hold.entry:
            id_ = [i for i, held in self.books.held.items() if held.entry == hold.entry][-1]
            if id_ not in self.books.until:
                return
            hold.id = id_
        order = (again and hold.order) or self.fresh("o")
        if hold.channel == "order" and off != 2:
            order = hold.id
        self.pay(asks.ConfirmOrder, total(hold.ones) + off, order, hold.subject, hold=id_)

    def pay(self, kind: type[Command], minor: int, order: str, who: Any, **more: Any) -> None:
        paid = {"payment_reference": "paid", "amount": eur(minor), "code_seed": SEED}
        self.about(kind, order=order, subject=who, **paid, **more)

    @rule(buying=BUYING, off=st.sampled_from([0, 0, 0, 0, 1]))
    def sell(self, buying: dict[str, Any], off: int) -> None:
        cost = 0
        try:
            quoted = asks.HoldTickets(occurrence=NIGHT, hold="quote", **buying)
            cost = self.naive.answer(quoted, max(self.now, self.last))[1] or 0
        except No:
            pass
        who = buying["subject"]
        rest = {key: value for key, value in buying.items() if key != "subject"}
        self.pay(asks.SellTickets, cost + off, self.fresh("o"), who, **rest)

    @rule(wanted=WANTED, allotment=st.sampled_from([None, "A", "B"]))
    def give(self, wanted: list[dict[str, Any]], allotment: str | None) -> None:
        lines = [{**each, "price": None} for each in wanted]
        words = {"giver": "house", "reason": "friends", "code_seed": SEED}
        order = self.fresh("o")
        self.about(asks.GiveTickets, order=order, lines=lines, allotment=allotment, **words)

    # orders

    @rule(buying=BUYING, hours=st.sampled_from([None, None, 2, 60]))
    def place(self, buying: dict[str, Any], hours: int | None) -> None:
        until = None if hours is None else max(self.now, self.last) + timedelta(hours=hours)
        self.about(asks.PlaceOrder, order=self.fresh("p"), pay_until=until, **buying)

    @rule(number=N)
    def approve(self, number: int) -> None:
        self.about(asks.ApproveOrder, order=self.one_of("p", number), code_seed=SEED)

    @rule(number=N)
    def decline(self, number: int) -> None:
        self.about(asks.DeclineOrder, order=self.one_of("p", number), reason="no")

    def some(self, number: int, which: int | None) -> dict[str, Any]:
        sold = sorted({one.order for one in self.naive.tickets}) or ["o1"]
        order = sold[number % len(sold)]
        return {
            "order": order,
            "tickets": None if which is None else [f"{order}-{which}"],
            "reason": "asked",
        }

    @rule(number=N, which=st.sampled_from([None, 1, 2]))
    def cancel(self, number: int, which: int | None) -> None:
        self.about(asks.CancelOrder, **self.some(number, which))

    @rule(number=N, which=st.sampled_from([None, 1, 2]), amount=PRICES, policy=st.booleans())
    def refund(self, number: int, which: int | None, amount: int | None, policy: bool) -> None:
        some = self.some(number, which)
        if policy and amount is not None:  # who does not say it is refused if it matters
            at = max(self.now, self.last)
            amount = naive_void.quote(self.naive, some["order"], some["tickets"], at)
        elif policy:
            amount = None
        money = None if amount is None else eur(amount)
        terms = {"amount": money, "by_policy": policy, "refund_reference": self.fresh("r")}
        self.about(asks.RefundTickets, **terms, **some)

    @rule(quantity=st.integers(2, 3), who=PEOPLE, of=st.sampled_from(["lounge", "standard"]))
    def a_party_gives_one_back(self, quantity: int, who: str, of: str) -> None:
        """Who had a voucher for so many, and keeps fewer."""
        self.about(asks.SetRefundPolicy, policy="fair", steps=STEPS, fees=True)
        off = {"effect": "subtract", "amount": "5.00 EUR", "least": quantity}
        self.about(asks.SetVoucher, voucher="V", **off)
        wanted = {"lines": [line((of, quantity), None)], "subject": who, "codes": ["V"]}
        self.sell(wanted, 0)
        order = f"o{self.ids['o']}"
        if any(one.order == order for one in self.naive.tickets):
            some: dict[str, Any] = {"order": order, "tickets": [f"{order}-1"]}
            amount = naive_void.quote(self.naive, at=max(self.now, self.last), **some)
            self.about(
                asks.RefundTickets,
                **some,
                amount=None if amount is None else eur(amount),
                by_policy=True,
                reason="asked",
                refund_reference=self.fresh("r"),
            )

    @rule(fees=st.booleans(), first=st.integers(0, 2))
    def set_policy(self, fees: bool, first: int) -> None:
        self.about(asks.SetRefundPolicy, policy="fair", steps=STEPS[first:], fees=fees)

    # what is kept, and who waits

    @rule(
        terms=TERMS,
        more=st.fixed_dictionaries(
            {},
            optional={
                "uses": st.integers(1, 4),
                "least": st.just(2),
                "per_person": st.just(1),
                "ticket_types": st.just(["standard", "lounge"]),
                "returns": st.just(False),
                "active": st.sampled_from([True, True, False]),
            },
        ),
        hours=st.sampled_from([None, 1]),
    )
    def voucher(self, terms: dict[str, Any], more: dict[str, Any], hours: int | None) -> None:
        until = None if hours is None else max(self.now, self.last) + timedelta(hours=hours)
        self.about(asks.SetVoucher, voucher="V", valid_until=until, **terms, **more)

    @rule(uses=st.integers(1, 3), of=st.sampled_from(["kid", "lounge"]))
    def keep_aside(self, uses: int, of: str) -> None:
        terms = {"voucher": "KEEP", "keeps": True, "uses": uses, "ticket_types": [of]}
        if "KEEP" not in self.naive.vouchers:
            self.about(asks.SetVoucher, **terms)

    @rule(
        id_=st.sampled_from(["A", "B"]), units=st.integers(0, 3), hours=st.sampled_from([None, 1])
    )
    def allot(self, id_: str, units: int, hours: int | None) -> None:
        until = None if hours is None else max(self.now, self.last) + timedelta(hours=hours)
        pool, codes = ("hall", ["PRESS"]) if id_ == "A" else ("sofa", [])
        terms = {"allotment": id_, "name": "Press", "pool": pool, "units": units, "codes": codes}
        self.about(asks.SetAllotment, release_at=until, **terms)

    @rule(id_=st.sampled_from(["A", "B"]), units=st.sampled_from([None, 1, 2]))
    def free_allotment(self, id_: str, units: int | None) -> None:
        self.about(asks.CatchUp)  # what is over by its time is not released by hand
        self.about(asks.ReleaseAllotment, allotment=id_, units=units)

    @rule(
        of=st.lists(st.sampled_from(WAITED), min_size=1, max_size=2, unique=True),
        quantity=st.integers(1, 3),
        who=st.sampled_from([*"abcdefgh"]),
        priority=st.sampled_from([0, 0, 1]),
    )
    def join(self, of: list[str], quantity: int, who: str, priority: int) -> None:
        self.about(asks.CatchUp)  # who has an offer by now waits no longer
        wish = {"ticket_types": of, "quantity": quantity, "subject": who, "priority": priority}
        self.about(asks.JoinWaitingList, entry=self.fresh("w"), **wish)

    @rule(number=N)
    def leave(self, number: int) -> None:
        self.about(asks.LeaveWaitingList, entry=self.one_of("w", number))

    @rule(hall=st.integers(3, 15))
    def resize(self, hall: int) -> None:
        if any(wait.state == "waiting" for wait in self.naive.waits):
            self.about(asks.CatchUp)  # who waits has what is free by now
        self.about(asks.ChangeBoxOffice, pools={"hall": hall})

    @rule(more=st.sampled_from([0, 0, 1]))
    def nearly_full(self, more: int) -> None:
        taken = self.naive.pools["hall"] - self.naive.free("hall")
        self.resize(taken + more)

    @rule(wishes=st.lists(st.sampled_from(WAITED), min_size=2, max_size=4), who=PEOPLE)
    def full_and_a_queue(self, wishes: list[str], who: str) -> None:
        self.nearly_full(0)
        for number, wish in enumerate(wishes):
            self.join([wish], 1 + number % 2, f"{who}{number}", number % 2)

    # what always holds

    @invariant()
    def never_one_too_many(self) -> None:
        for name, pool in self.office.allocation.pools.items():
            taken = pool.sold + pool.held + pool.kept
            assert min(pool.sold, pool.held, pool.kept) >= 0
            assert taken <= max(pool.capacity, self.high.get(name, 0))
            self.high[name] = taken

    @invariant()
    def both_hold_the_same(self) -> None:
        for name, pool in self.office.allocation.pools.items():
            mine = (self.naive.sold(name), self.naive.held(name), self.naive.kept(name))
            theirs = (pool.sold, pool.held, pool.kept)
            assert theirs == mine, f"sold, held, kept of {name}: {theirs}, and {mine} are due"
            assert self.office.queue.demand.get(name, 0) == self.naive.waited(name), name

    @invariant()
    def both_hold_for_the_same_people(self) -> None:
        held = self.books.held
        theirs = {held[id_].entry or id_: until for id_, until in self.books.until.items()}
        assert theirs == {hold.entry or hold.id: hold.until for hold in self.naive.living()}

    @invariant()
    def both_have_the_same_books(self) -> None:
        mine: dict[str, tuple[int, int, int]] = {}
        for one in self.naive.tickets:
            paid, back, void = mine.get(one.order, (0, 0, 0))
            mine[one.order] = (paid + one.cost, back + one.back, void + one.void)
        assert self.books.orders() == mine
        theirs = {id_: sold.ticket_type for id_, sold in self.books.sold.items()}
        assert theirs == {f"{o.order}-{o.number}": o.type.id for o in self.naive.tickets}
        void = {f"{one.order}-{one.number}" for one in self.naive.tickets if one.void}
        assert self.books.void == void


THOROUGH = "MODEL_EXAMPLES" in os.environ
HOW = settings(
    max_examples=int(os.environ.get("MODEL_EXAMPLES", "300")),
    stateful_step_count=int(os.environ.get("MODEL_STEPS", "50")),
    derandomize=not THOROUGH,
    phases=[Phase.generate],  # to make an example smaller takes minutes
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_the_box_office_answers_and_holds_what_a_naive_one_does() -> None:
    run_state_machine_as_test(BoxOfficeMachine, settings=HOW)
