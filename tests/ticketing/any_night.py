"""Nights of any shape: commands in any order, each asked twice, while time stands still or goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from roadcase.decider import Command, Event
from roadcase.errors import Invalid, NotFound, Refused
from services.ticketing.commands import (
    CancelOrder,
    CatchUp,
    ExtendHold,
    RefundTickets,
    ReleaseHold,
)
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.office import BoxOffice
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
WANTED = st.lists(
    st.tuples(st.sampled_from(list(PRICES)), st.integers(1, 3)), min_size=1, max_size=3
)
TICKETS = st.none() | st.lists(
    st.builds("{}-{}".format, ORDERS, st.integers(1, 3)), min_size=1, max_size=2
)


class Confirm:
    """Confirm a hold that there is, or was, for its own total."""

    def __init__(self, order: str, number: int, person: str | None) -> None:
        self.order, self.number, self.person = order, number, person

    def of(self, office: BoxOffice) -> Command | None:
        holds = [*office.held.values(), *office.lapsed.values()]
        if not holds:
            return None
        held = holds[self.number % len(holds)]
        minor = sum(line.price.minor * line.quantity for line in held.lines)
        amount = {"minor": minor, "currency": "EUR"}
        return confirming(self.order, held.hold, amount, subject=self.person)


def priced(wanted: list[tuple[str, int]]) -> dict[str, Any]:
    minor = sum(PRICES[id_] * quantity for id_, quantity in wanted)
    return {"minor": minor, "currency": "EUR"}


def sale(order: str, wanted: list[tuple[str, int]], person: str) -> Command:
    return selling(order, *wanted, amount=priced(wanted), subject=person)


def hold(id_: str, wanted: list[tuple[str, int]], person: str | None, channel: str) -> Command:
    return holding(id_, *wanted, subject=person, channel=channel)


def void(kind: type[Command], order: str, tickets: list[str] | None, **more: str) -> Command:
    return kind(occurrence=NIGHT, order=order, tickets=tickets, reason="asked", **more)


def refund(order: str, tickets: list[str] | None) -> Command:
    return void(RefundTickets, order, tickets, refund_reference="back")


def reprice(price: str, units: int) -> Command:
    lounge = ticket_type("lounge", price, draws={"hall": 1, "sofa": units})
    return changing(ticket_types=[lounge])


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
    st.builds(reprice, st.sampled_from(["20.00 EUR", "25.00 EUR"]), st.integers(1, 3)),
)
STEPS = st.lists(
    st.tuples(COMMANDS, st.sampled_from([0, 0, 0, 1, 179, 299, 300, 601])), max_size=30
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
    office: BoxOffice, steps: list[tuple[Command | Confirm, int]]
) -> Iterator[tuple[Event, bool]]:
    """Each event once it is folded into the office, and whether it is its command's last."""
    at = NOON
    for step, seconds in [(OPENING, 0), *steps]:
        at += timedelta(seconds=seconds)
        command = step.of(office) if isinstance(step, Confirm) else step
        if command is None:
            continue
        became = ask(office, command, at)
        for number, event in enumerate(became, 1):
            BOX_OFFICE.evolve(office, event)
            yield event, number == len(became)
        assert not ask(office, command, at), "the same command, decided twice"


def history_of(steps: list[tuple[Command | Confirm, int]]) -> list[Event]:
    return [event for event, _ in play(BOX_OFFICE.initial(), steps)]
