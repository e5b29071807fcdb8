"""Nights of any shape: commands in any order, each asked twice, while time stands still or goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from roadcase.decider import Command, Event
from roadcase.errors import Invalid, NotFound, Refused
from services.ticketing.commands import (
    ApproveOrder,
    CancelOrder,
    CatchUp,
    DeclineOrder,
    ExtendHold,
    GiveTickets,
    JoinWaitingList,
    LeaveWaitingList,
    MakeSlots,
    PlaceOrder,
    RefundTickets,
    ReleaseAllotment,
    ReleaseHold,
    Reserved,
    SellTickets,
    SetAllotment,
    SetVoucher,
)
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.office import BoxOffice, freed
from services.ticketing.domain.terms import quote, total_of
from services.ticketing.domain.waiting import follow
from tests.ticketing.night import (
    NIGHT,
    NOON,
    SEED,
    changing,
    confirming,
    holding,
    lines,
    opening,
    selling,
    ticket_type,
)

SLOT = "slot-20260605T1000"
PRICES = {"standard": 1200, "lounge": 2000, "child": 0, SLOT: 0}
TYPES = ["standard", "lounge", "child"]
LIMITS = {"standard": 5, "child": 2}
OPENING = opening(
    ticket_type(per_order_max=4, per_person_max=5),
    ticket_type("lounge", "20.00 EUR", draws={"hall": 1, "sofa": 2}),
    ticket_type("child", "0.00 EUR", draws=["hall"], per_person_max=2),
    pools={"hall": 8, "sofa": 3},
)
HOLDS = st.sampled_from([f"h{number}" for number in range(6)])
ORDERS = st.sampled_from([f"o{number}" for number in range(6)])
PEOPLE = st.sampled_from(["ana", "bob"])
CHANNELS = st.sampled_from(["web", "drop", "till"])
WANTED = st.lists(st.tuples(st.sampled_from(TYPES), st.integers(1, 3)), min_size=1, max_size=3)
TICKETS = st.none() | st.lists(
    st.builds("{}-{}".format, ORDERS, st.integers(1, 3)), min_size=1, max_size=2
)


class Confirm:
    """Confirm a hold that there is, or was, for its own total."""

    def __init__(self, order: str, number: int, person: str | None) -> None:
        self.order, self.number, self.person = order, number, person

    def of(self, office: BoxOffice, _at: datetime) -> Command | None:
        holds = [*office.held.values(), *office.lapsed.values()]
        if not holds:
            return None
        held = holds[self.number % len(holds)]
        return confirming(self.order, held.hold, total_of(held.lines), subject=self.person)


class Buy:
    """Buy with a code, for what it costs just now."""

    def __init__(
        self, order: str, wanted: list[tuple[str, int]], person: str, code: str, tour: int | None
    ) -> None:
        self.order = order
        self.asked = {"lines": lines(*wanted), "subject": person, "codes": [code]}
        if tour is not None:
            self.asked["series"] = touring(f"order/{tour}-{order}", code, tour)

    def of(self, office: BoxOffice, at: datetime) -> Command | None:
        asked = selling(self.order).model_copy(update=self.asked)
        command = SellTickets(**dict(asked))
        try:
            total = total_of(quote(office, command, at, freed(office, at)))
        except (Refused, NotFound):
            return None
        return command.model_copy(update={"amount": total})


Later = Confirm | Buy


def priced(wanted: list[tuple[str, int]]) -> dict[str, Any]:
    minor = sum(PRICES[id_] * quantity for id_, quantity in wanted)
    return {"minor": minor, "currency": "EUR"}


def sale(order: str, wanted: list[tuple[str, int]], person: str) -> Command:
    return selling(order, *wanted, amount=priced(wanted), subject=person)


def hold(id_: str, wanted: list[tuple[str, int]], person: str | None, channel: str) -> Command:
    return holding(id_, *wanted, subject=person, channel=channel)


def touring(purchase: str, code: str, uses: int) -> Reserved:
    """So many uses of a voucher over several nights, reserved for a purchase."""
    return Reserved(
        voucher=code,
        reservation=f"{NIGHT}/{purchase}",
        accept_until=NOON + timedelta(days=1),
        tickets=uses,
        budget="9.00 EUR",
        effect="subtract",
        amount="4.00 EUR",
    )


def drawing(
    id_: str, wanted: list[tuple[str, int]], person: str, code: str, uses: int | None
) -> Command:
    series = touring(f"hold/{uses}-{id_}", code, uses) if uses else None
    return holding(id_, *wanted, subject=person, codes=[code], series=series)


def voucher(effect: str, uses: int | None, budget: int | None, **more: Any) -> Command:
    terms: dict[str, Any] = {"effect": effect, "uses": uses, **more}
    if effect == "subtract":
        terms["amount"] = "5.00 EUR"
    if budget is not None and effect != "none":
        terms["budget"] = {"minor": budget, "currency": "EUR"}
    return SetVoucher(occurrence=NIGHT, voucher="V", **terms)


def keeping(uses: int, seconds: int | None) -> Command:
    """Lounge tickets for who has the code, for a while."""
    until = None if seconds is None else NOON + timedelta(seconds=seconds)
    return voucher("none", uses, None, keeps=True, ticket_types=["lounge"], valid_until=until)


def allotting(pool: str, units: int, seconds: int | None) -> Command:
    until = None if seconds is None else NOON + timedelta(seconds=seconds)
    terms = {"allotment": pool, "name": "Press", "pool": pool, "units": units, "codes": ["PRESS"]}
    return SetAllotment(occurrence=NIGHT, release_at=until, **terms)


def giving(order: str, wanted: list[tuple[str, int]], allotment: str | None) -> Command:
    return GiveTickets(
        occurrence=NIGHT,
        order=order,
        lines=lines(*wanted),
        giver="house",
        reason="friends",
        code_seed=SEED,
        allotment=allotment,
    )


def joining(entry: str, wanted: list[str], number: int, person: str, priority: int) -> Command:
    return JoinWaitingList(
        occurrence=NIGHT,
        entry=entry,
        ticket_types=wanted,
        quantity=number,
        subject=person,
        priority=priority,
    )


def placing(order: str, wanted: list[tuple[str, int]], person: str) -> Command:
    return PlaceOrder(occurrence=NIGHT, order=order, lines=lines(*wanted), subject=person)


def void(kind: type[Command], order: str, tickets: list[str] | None, **more: str) -> Command:
    return kind(occurrence=NIGHT, order=order, tickets=tickets, reason="asked", **more)


def refund(order: str, tickets: list[str] | None) -> Command:
    return void(RefundTickets, order, tickets, refund_reference="back")


def reprice(price: str, units: int) -> Command:
    lounge = ticket_type("lounge", price, draws={"hall": 1, "sofa": units})
    return changing(ticket_types=[lounge])


def slots(until: str, capacity: int, units: int) -> Command:
    """One or two slots, which are lounge tickets' rivals for the hall."""
    day = {"first_day": "2026-06-05", "last_day": "2026-06-05", "first": "10:00"}
    rule = {**day, "until": until, "every": 20, "capacity": capacity}
    offer = ticket_type("slot", "0.00 EUR", draws={"slot": units, "hall": 1})
    return MakeSlots(occurrence=NIGHT, rule=rule, offer=offer)


CODES = st.sampled_from(["V", "PRESS"])
TOUR = st.none() | st.integers(1, 3)
ENTRIES = st.sampled_from([f"w{number}" for number in range(9)])
SOON = st.none() | st.sampled_from([60, 300, 900])
COMMANDS = st.one_of(
    st.builds(hold, HOLDS, WANTED, st.none() | PEOPLE, CHANNELS),
    st.builds(Confirm, ORDERS, st.integers(0, 9), st.none() | PEOPLE),
    st.builds(sale, ORDERS, WANTED, PEOPLE),
    st.builds(ExtendHold, occurrence=st.just(NIGHT), hold=HOLDS),
    st.builds(ReleaseHold, occurrence=st.just(NIGHT), hold=HOLDS),
    st.just(CatchUp(occurrence=NIGHT)),
    st.builds(void, st.just(CancelOrder), ORDERS, TICKETS),
    st.builds(refund, ORDERS, TICKETS),
    st.builds(lambda size: changing(pools={"hall": size}), st.integers(0, 9)),
    st.builds(Buy, ORDERS, WANTED, PEOPLE, CODES, TOUR),
    st.builds(drawing, HOLDS, WANTED, PEOPLE, CODES, TOUR),
    st.builds(
        voucher,
        st.sampled_from(["none", "subtract"]),
        st.none() | st.integers(1, 4),
        st.none() | st.integers(100, 1200),
    ),
    st.builds(keeping, st.integers(1, 3), SOON),
    st.builds(allotting, st.sampled_from(["hall", "sofa"]), st.integers(0, 4), SOON),
    st.builds(
        ReleaseAllotment,
        occurrence=st.just(NIGHT),
        allotment=st.sampled_from(["hall", "sofa"]),
        units=st.none() | st.integers(1, 2),
    ),
    st.builds(giving, ORDERS, WANTED, st.none() | st.sampled_from(["hall", "sofa"])),
    st.builds(
        joining,
        ENTRIES,
        st.lists(st.sampled_from([*TYPES, SLOT]), min_size=1, max_size=2),
        st.integers(1, 3),
        st.sampled_from([*"abcdefgh"]),
        st.sampled_from([0, 0, 1]),
    ),
    st.builds(placing, ORDERS, WANTED, PEOPLE),
    st.builds(ApproveOrder, occurrence=st.just(NIGHT), order=ORDERS, code_seed=st.just(SEED)),
    st.builds(DeclineOrder, occurrence=st.just(NIGHT), order=ORDERS, reason=st.just("no")),
    st.builds(LeaveWaitingList, occurrence=st.just(NIGHT), entry=ENTRIES),
    st.builds(slots, st.sampled_from(["10:20", "10:40"]), st.integers(0, 2), st.integers(1, 2)),
    st.builds(hold, HOLDS, st.just([(SLOT, 1)]), st.none() | PEOPLE, CHANNELS),
    st.builds(sale, ORDERS, st.just([(SLOT, 1)]), PEOPLE),
    st.builds(reprice, st.sampled_from(["20.00 EUR", "25.00 EUR"]), st.integers(1, 3)),
)
MOMENTS = st.sampled_from([0, 0, 0, 0, 1, 179, 299, 300, 601, 50_000])
BEGINNINGS = st.sampled_from(
    [
        [],
        [voucher("subtract", 2, 1200)],
        [voucher("none", 3, None), allotting("hall", 2, None)],
        [hold("h5", [("standard", 3)], None, "web"), sale("o5", [("standard", 4)], "ana")],
        [keeping(1, None), allotting("sofa", 1, 300)],
        [drawing("h5", [("standard", 1)], "ana", "V", 1), voucher("subtract", 1, None)],
        [Buy("o5", [("standard", 1)], "ana", "V", 1), voucher("subtract", 1, None)],
        [slots("10:40", 1, 1), hold("h4", [(SLOT, 1)], None, "web")],
    ]
)
STEPS = st.builds(
    lambda first, rest: [*((command, 0) for command in first), *rest],
    BEGINNINGS,
    st.lists(st.tuples(COMMANDS, MOMENTS), min_size=5, max_size=40),
)


def ask(office: BoxOffice, command: Command, at: datetime) -> tuple[Event, ...]:
    """What it becomes; nothing when it is refused, which is the only other thing it may be."""
    try:
        return BOX_OFFICE.decide(office, command, at)
    except (Refused, Invalid, NotFound) as refusal:
        if not refusal.code.startswith("ticketing."):
            raise
        return ()


def play(
    office: BoxOffice, steps: list[tuple[Command | Later, int]]
) -> Iterator[tuple[Event, bool]]:
    """Each event once it is folded into the office; then its command's last again, and True."""
    at = NOON
    for step, seconds in [(OPENING, 0), *steps]:
        at += timedelta(seconds=seconds)
        command = step.of(office, at) if isinstance(step, Later) else step
        if command is None:
            continue
        became = ask(office, command, at)
        for event in became:
            BOX_OFFICE.evolve(office, event)
            yield event, False
        more = [*follow(office, at)] if became else []
        for event in more:
            BOX_OFFICE.evolve(office, event)
            yield event, False
        if became:
            assert not [*follow(office, at)], "what follows has been said"
            yield became[-1], True
        if not isinstance(command, ReleaseAllotment):  # some more of it is some more
            assert not ask(office, command, at), "the same command, decided twice"


def history_of(steps: list[tuple[Command | Later, int]]) -> list[Event]:
    return [event for event, last in play(BOX_OFFICE.initial(), steps) if not last]
