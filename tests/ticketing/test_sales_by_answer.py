"""Sales by answer over real tables and a real keyring: as a naive count has them, and forgotten."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count
from types import SimpleNamespace
from typing import Any, NamedTuple

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings

from roadcase.auth import Identity
from roadcase.clock import EPOCH, now
from roadcase.decider import Event
from roadcase.errors import Forbidden, Unavailable
from roadcase.keyring import Contact, Keyring, open_keyring
from roadcase.people.showing import People
from roadcase.secret import Secret
from roadcase.views import TenantViews
from services.ticketing.api.by_answer import by_answer
from services.ticketing.commands import CancelOrder, RefundTickets
from services.ticketing.events import (
    QuestionsAnswered,
    QuestionSet,
    TicketCancelled,
    TicketRefunded,
    TicketSold,
    TicketTransferred,
)
from tests.ticketing.any_night import STEPS, history_of, sale, transferring, void
from tests.ticketing.night import NIGHT, NOON, history, opening, selling, ticket_type
from tests.ticketing.tables import folded

SECRET = Secret("a secret of this test, of at least 32 characters")
TENANTS = (f"t{number}" for number in count(1))
DRINK = QuestionSet(
    occurrence=NIGHT,
    question="drink",
    text="Wine?",
    kind="choice",
    choices=("red", "white"),
    per="ticket",
    ticket_types=("standard", "lounge"),
)
NEWS = QuestionSet(occurrence=NIGHT, question="news", text="May we write?", kind="consent")
WHY = QuestionSet(occurrence=NIGHT, question="why", text="Why do you come?", kind="text")
PARTLY_VOID = [
    (sale("o1", [("standard", 2), ("lounge", 1)], "ana"), 0),
    (void(CancelOrder, "o1", ["o1-1"]), 60),
]


class Counted(NamedTuple):
    """A night that can be counted, and people erased of it."""

    read: TenantViews
    people: People
    keyring: Keyring
    tenant: str

    async def sums(self) -> dict[tuple[str, str | None], tuple[int, int]]:
        visit: Any = SimpleNamespace(check=lambda: None)
        _, rows = await by_answer(self.read, self.people, visit, NIGHT)
        assert {row["currency"] for row in rows} <= {"EUR"}
        return {(row["question"], row["key"]): (row["valid"], row["valid_minor"]) for row in rows}


def guest(order: str) -> Contact:
    return Contact(email=f"{order}@example.org")


def caller(tenant: str, *scopes: str) -> Identity:
    return Identity(
        tenant=tenant,
        actor="box-office",
        scopes=frozenset(scopes),
        token="t1",
        issued=EPOCH,
        expires=EPOCH,
        key_id="k1",
    )


@asynccontextmanager
async def night(
    database: str, events: Iterable[Event], said: dict[str, Any], *scopes: str
) -> AsyncIterator[Counted]:
    """These events, and then the answers of these orders, sealed for a guest of each."""
    tenant, scopes = next(TENANTS), scopes or ("people:read",)
    async with open_keyring(database, SECRET) as keyring:
        answered = [await _answered(keyring, tenant, order, said[order]) for order in said]
        dated: Sequence[tuple[Event, datetime]] = [(each, NOON) for each in (*events, *answered)]
        async with folded(database, tenant, dated) as read:
            yield Counted(read, People(keyring, caller(tenant, *scopes)), keyring, tenant)


async def _answered(keyring: Keyring, tenant: str, order: str, texts: Any) -> QuestionsAnswered:
    sealed = await keyring.seal(tenant, guest(order), json.dumps(texts).encode())
    given = {place: tuple(sorted(answers)) for place, answers in texts.items()}
    return QuestionsAnswered(occurrence=NIGHT, order=order, given=given, answers=sealed.packed())


def some_answers(events: Sequence[Event]) -> dict[str, Any]:
    """Most orders answer, each ticket what is for it to answer; some of it is left out."""
    said: dict[str, Any] = {}
    for each in events:
        if isinstance(each, TicketSold) and each.order != "o3":
            texts = said.setdefault(each.order, {"": {"news": "yes"}})
            if each.order in {"o2", "o4"}:
                texts[""] = {"why": "red"}
            if each.ticket_type in DRINK.ticket_types and each.number != 4:
                texts[str(each.number)] = {"drink": DRINK.choices[each.number % 2]}
    return said


def naive(events: Sequence[Event], said: dict[str, Any]) -> dict[Any, tuple[int, int]]:
    tickets: Counter[Any] = Counter()
    minor: Counter[Any] = Counter()
    gone = {e.ticket for e in events if isinstance(e, TicketCancelled | TicketRefunded)}
    gone |= {e.from_ticket for e in events if isinstance(e, TicketTransferred)}
    for each in events:
        if not isinstance(each, TicketSold | TicketTransferred) or each.ticket in gone:
            continue
        texts = said.get(each.order, {})
        keys: list[tuple[str, str | None]] = [("news", texts.get("", {}).get("news"))]
        if each.ticket_type in DRINK.ticket_types:
            keys.append(("drink", texts.get(str(each.number), {}).get("drink")))
        for key in keys:
            tickets[key] += 1
            minor[key] += each.price.minor + (each.fee.minor if each.fee else 0)
    return {key: (tickets[key], minor[key]) for key in tickets}


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
@example(steps=PARTLY_VOID)
@example(steps=[*PARTLY_VOID, (void(RefundTickets, "o1", None, refund_reference="r"), 60)])
@example(steps=[*PARTLY_VOID, (transferring("t1", "o1", 2, "bob"), 4000)])
def test_answers_are_counted_as_a_naive_count_of_the_log_does(database, steps):
    asyncio.run(compare(database, [*history_of(steps), DRINK, NEWS, WHY]))


async def compare(database: str, events: Sequence[Event]) -> None:
    said = some_answers(events)
    async with night(database, events, said) as counted:
        assert await counted.sums() == naive(events, said)


async def test_who_was_erased_is_not_told_apart_any_more(database):
    sold = history(opening(), selling("o1"), selling("o2", subject="bob"))
    said = {"o1": {"1": {"drink": "red"}}, "o2": {"1": {"drink": "red"}}}
    async with night(database, [*sold, DRINK], said) as counted:
        assert await counted.sums() == {("drink", "red"): (2, 2400)}
        subject = await counted.keyring.find(counted.tenant, guest("o1"))
        assert subject
        await counted.keyring.erase(counted.tenant, subject, now())
        assert await counted.sums() == {("drink", "red"): (1, 1200), ("drink", None): (1, 1200)}


async def test_what_was_never_there_to_be_chosen_is_not_told(database):
    """A question may have been one of free text before, and another choice."""
    typed = QuestionSet(occurrence=NIGHT, question="drink", text="Wine?", kind="text")
    renamed = QuestionSet(
        occurrence=NIGHT, question="drink", text="?", kind="choice", choices=("rosé",)
    )
    sold = history(opening(), selling("o1"), selling("o2"))
    said = {"o1": {"": {"drink": "I am allergic"}}, "o2": {"": {"drink": "red"}}}
    async with night(database, [*sold, typed, DRINK, renamed], said) as counted:
        assert await counted.sums() == {("drink", "red"): (1, 1200), ("drink", None): (1, 1200)}
    async with night(database, [*sold, DRINK, typed], said) as counted:
        assert await counted.sums() == {}


async def test_an_order_longer_than_what_is_in_memory_keeps_its_answer(database):
    kinds = opening(ticket_type(), ticket_type("child", "0.00 EUR"), pools={"hall": 2000})
    sold = history(
        kinds,
        selling("o1", ("standard", 1201), amount="14412.00 EUR"),
        selling("o2", ("child", 700), amount="0.00 EUR"),
    )
    said = {"o1": {"": {"news": "yes"}, "1200": {"drink": "white"}}}
    async with night(database, [*sold, NEWS, DRINK], said) as counted:
        assert await counted.sums() == {
            ("news", "yes"): (1201, 1_441_200),
            ("news", None): (700, 0),
            ("drink", "white"): (1, 1200),
            ("drink", None): (1200, 1_440_000),
        }


async def test_who_may_not_read_people_gets_no_sums(database):
    """Nor do they learn that there is nothing to count."""
    async with night(database, [*history(opening()), NEWS], {}, "ticketing:read") as counted:
        with pytest.raises(Forbidden, match="people:read"):
            await counted.sums()
        with pytest.raises(Forbidden, match="people:read"):
            await counted.people.opened([])


async def test_a_fee_is_a_part_of_what_was_paid(database):
    kind = ticket_type(fee={"fixed": "1.50 EUR"})
    sold = history(opening(kind), selling("o1", amount="13.50 EUR"))
    async with night(database, [*sold, NEWS], {"o1": {"": {"news": "yes"}}}) as counted:
        assert await counted.sums() == {("news", "yes"): (1, 1350)}


async def test_nothing_is_counted_while_a_table_of_it_is_being_made(database):
    async with night(database, [*history(opening()), NEWS], {}) as counted:
        making = await asyncpg.connect(database)
        await making.execute("DELETE FROM ticketing.projections WHERE name = 'attendees'")
        await making.close()
        with pytest.raises(Unavailable):
            await counted.sums()


async def test_a_token_that_is_revoked_half_way_ends_it(database):
    sold = history(opening(), selling("o1"))
    async with night(database, [*sold, NEWS], {}) as counted:

        def revoked() -> None:
            raise Forbidden("revoked")

        visit: Any = SimpleNamespace(check=revoked)
        with pytest.raises(Forbidden, match="revoked"):
            await by_answer(counted.read, counted.people, visit, NIGHT)


async def test_tickets_are_counted_while_their_table_is_swapped(database):
    """The count waits for the swap and reads the table that came of it, not one before its rows."""
    sold = history(opening(), selling("o1"))
    said = {"o1": {"": {"news": "yes"}}}
    async with night(database, [*sold, NEWS], said) as counted:
        swapping = await asyncpg.connect(database)
        async with swapping.transaction():
            await swapping.execute(
                "SET LOCAL ROLE ticketing_app; SET LOCAL search_path = ticketing_views; "
                "LOCK TABLE attendees IN ACCESS EXCLUSIVE MODE"
            )
            counting = asyncio.create_task(counted.sums())
            await until_somebody_waits(database)
            await swapping.execute(
                "ALTER TABLE attendees RENAME TO before; "
                "CREATE TABLE attendees (LIKE before INCLUDING DEFAULTS); "
                "INSERT INTO attendees SELECT * FROM before"
            )
        await swapping.close()
        assert await counting == {("news", "yes"): (1, 1200)}


async def until_somebody_waits(database: str) -> None:
    looking = await asyncpg.connect(database)
    async with asyncio.timeout(20):
        while not await looking.fetchval(  # noqa: ASYNC110
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation IS NOT NULL"
        ):
            await asyncio.sleep(0.02)
    await looking.close()
