"""Reports and exports over real tables: totals as a naive count has them, files as others read."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings

from roadcase.decider import Event
from roadcase.errors import Overloaded, Unavailable
from roadcase.http.sheets import Stands, Style, as_csv, as_json, as_ndjson, cell
from services.ticketing.commands import CancelOrder
from services.ticketing.events import (
    Admitted,
    Exited,
    ScanRefused,
    TicketCancelled,
    TicketRefunded,
    TicketSold,
    TicketTransferred,
)
from services.ticketing.projections import reports as sums
from services.ticketing.projections.lists import LISTS
from tests.ticketing.any_night import STEPS, history_of, sale, transferring, void
from tests.ticketing.night import NIGHT, NOON, history, opening, selling
from tests.ticketing.tables import folded

ZONE = "Europe/Berlin"
TENANTS = (f"t{number}" for number in count(1))
STANDS = Stands(7, NOON)
PARTLY_VOID = [
    (sale("o1", [("standard", 3)], "ana"), 0),
    (void(CancelOrder, "o1", ["o1-1"]), 60),
]


def visited(sold: Sequence[Event]) -> list[tuple[Event, datetime]]:
    """Every other ticket comes in, one in three of them goes out again, and some are refused."""
    scans: list[tuple[Event, datetime]] = []
    for number, ticket in enumerate(each for each in sold if isinstance(each, TicketSold)):
        at = NOON + timedelta(minutes=3 * number)
        scan = {"occurrence": NIGHT, "ticket": ticket.ticket, "gate": "north"}
        if number % 2 == 0:
            entry = Admitted(**scan, nonce=f"a{number}", admitted_at=at, claimed_at=None)
            scans.append((entry, at))
        if number % 3 == 0 and number % 2 == 0:
            scans.append((Exited(**scan, nonce=f"b{number}"), at + timedelta(minutes=20)))
        refusal = ScanRefused(**scan, nonce=f"c{number}", direction="entry", reason="already_in")
        scans.append((refusal, at))
    return scans


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
@example(steps=PARTLY_VOID)
@example(steps=[*PARTLY_VOID, (transferring("t1", "o1", 2, "bob"), 4000)])
def test_totals_are_those_of_a_naive_count_of_the_log(database, steps):
    night = history_of(steps)
    events = [(event, NOON) for event in night] + visited(night)
    asyncio.run(compare(database, events))


async def compare(database: str, events: Sequence[tuple[Event, datetime]]) -> None:
    issued = [each for each, _ in events if isinstance(each, TicketSold | TicketTransferred)]
    moved = {each.from_ticket for each in issued if isinstance(each, TicketTransferred)}
    sold = {each.ticket: each for each in issued if each.ticket not in moved}
    void = {e.ticket for e, _ in events if isinstance(e, TicketCancelled | TicketRefunded)}
    came = {e.ticket for e, _ in events if isinstance(e, Admitted)}
    keys = {
        "type": lambda each: each.ticket_type,
        "hour": lambda each: each.sold_at.replace(minute=0, second=0, microsecond=0),
        "channel": lambda each: each.channel,
        "voucher": lambda each: each.voucher,
    }
    async with folded(database, next(TENANTS), events) as read:
        for by, key in keys.items():
            assert {row["key"]: row for row in await sums.sales(read, NIGHT, by, ZONE)} == (
                totals(sold.values(), void, key)
            )
        valid = Counter(each.ticket_type for each in sold.values() if each.ticket not in void)
        there = Counter(each.ticket_type for each in sold.values() if each.ticket in came - void)
        assert await sums.no_shows(read, NIGHT) == [
            {"ticket_type": kind, "valid": n, "came": there[kind], "no_shows": n - there[kind]}
            for kind, n in sorted(valid.items())
        ]
        assert await sums.attendance(read, NIGHT) == curve(events)


def totals(sold: Any, void: set[str], key: Any) -> dict[Any, dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    zero = {"currency": "EUR", "sold": 0, "sold_minor": 0, "valid": 0, "valid_minor": 0}
    for each in sold:
        row = found.setdefault(key(each), {"key": key(each), **zero})
        paid = each.price.minor + (each.fee.minor if each.fee else 0)
        valid = each.ticket not in void
        row["sold"], row["sold_minor"] = row["sold"] + 1, row["sold_minor"] + paid
        row["valid"], row["valid_minor"] = row["valid"] + valid, row["valid_minor"] + paid * valid
    return found


def curve(events: Sequence[tuple[Event, datetime]]) -> list[dict[str, Any]]:
    entered: Counter[datetime] = Counter()
    left: Counter[datetime] = Counter()
    for event, at in events:
        begins = at.replace(minute=at.minute // 5 * 5)
        if isinstance(event, Admitted | Exited):
            (entered if isinstance(event, Admitted) else left)[begins] += 1
    rows, inside = [], 0
    for at in sorted(entered | left):
        inside += entered[at] - left[at]
        rows.append({"at": at, "entered": entered[at], "left": left[at], "inside": inside})
    return rows


@pytest.mark.parametrize("of", LISTS)
async def test_every_list_is_read_whole_as_it_was_when_it_was_begun(database, of):
    night = [(event, NOON) for event in history(opening(pools={"hall": 9}), selling("o1"))]
    async with folded(database, "mine", night) as read:
        source = read.stream(LISTS[of].table, LISTS[of].sql, NIGHT)
        async with aclosing(source):
            assert (await anext(source))[0]["position"] == 7
            writer = await asyncpg.connect(database)
            await writer.execute(f"TRUNCATE ticketing_views.{LISTS[of].table}")  # locks nobody out
            await writer.close()
            rows = [row async for batch in source for row in batch]
        assert len(rows) == (of in {"orders", "attendees", "sales"})
        assert all(set(LISTS[of].columns) <= set(row) for row in rows)


async def test_a_tenant_gets_nothing_of_another(database):
    night = [(event, NOON) for event in history(opening(), selling("o1"))]
    async with folded(database, "theirs", night) as theirs:
        ours = theirs._views.of("ours")
        async with aclosing(ours.stream("orders", LISTS["orders"].sql, NIGHT)) as source:
            assert [len(batch) async for batch in source] == [1], "only how far it has come"


async def test_two_long_lists_at_a_time_and_a_third_is_told_to_wait(database):
    night = [(event, NOON) for event in history(opening(), selling("o1"))]
    async with folded(database, "mine", night) as read:

        def begin():
            return aclosing(read.stream("orders", LISTS["orders"].sql, NIGHT))

        async with begin() as one, begin() as two:
            await anext(one), await anext(two)
            async with begin() as three:
                with pytest.raises(Overloaded):
                    await anext(three)
        async with begin() as again:
            assert await anext(again)


async def test_what_fails_half_way_has_no_end(database):
    night = [(event, NOON) for event in history(opening(), selling("o1"))]
    sql = (
        "SELECT ticket AS ticket FROM attendees, generate_series(1, 2000) "
        "WHERE tenant = $1 AND occurrence = $2"
    )
    async with folded(database, "mine", night) as read:
        for render in (
            lambda rows: as_csv(["ticket"], rows, Style(end=True)),
            lambda rows: as_json(rows, STANDS),
            lambda rows: as_ndjson(rows, STANDS),
        ):
            source = read.stream("attendees", sql, NIGHT)
            await anext(source)
            chunks: list[bytes] = []
            with pytest.raises(Unavailable):
                await collect(render(source), chunks, database)
            text = b"".join(chunks)
            assert text.count(b"o1-1") == 500
            assert not text.rstrip().endswith(b"}") or b'"end"' not in text
            assert b"END" not in text
            with pytest.raises(json.JSONDecodeError):
                json.loads(text)


async def collect(rendered: Any, chunks: list[bytes], database: str) -> None:
    """What comes, until the server is cut off after the first rows."""
    async for chunk in rendered:
        chunks.append(chunk)
        if b"o1-1" in chunk:
            await cut(database)


async def cut(database: str) -> None:
    killer = await asyncpg.connect(database)
    await killer.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND query LIKE 'FETCH%'"
    )
    await killer.close()


async def batches(*rows: dict[str, Any]):
    for row in rows:
        yield [row]


async def text_of(chunks) -> str:
    return b"".join([chunk async for chunk in chunks]).decode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])  # noqa: RUF001
async def test_text_that_a_spreadsheet_would_run_is_kept_from_running(start):
    row = {"name": f'{start}HYPERLINK("x";"y")', "minor": -5, "plain": 'a "b", ü\r\nc'}
    text = await text_of(as_csv(list(row), batches(row), Style()))
    header, values = csv.reader(io.StringIO(text, newline=""))
    assert header == list(row)
    assert values == [f"'{row['name']}", "-5", row["plain"]]


async def test_csv_says_its_end_and_that_it_is_utf_8_only_when_asked():
    row = {"n": 1}
    assert await text_of(as_csv(["n"], batches(row), Style())) == "n\r\n1\r\n"
    asked = Style(bom=True, end=True)
    assert await text_of(as_csv(["n"], batches(row), asked)) == "\ufeffn\r\n1\r\nEND,1\r\n"


async def test_json_tells_how_far_the_list_had_come_and_how_long_it_is():
    rows = [{"n": 1, "at": NOON}, {"n": 2, "at": None}]
    whole = json.loads(await text_of(as_json(batches(*rows), STANDS)))
    assert (whole["rows"], whole["as_of"]["position"]) == (2, 7)
    assert [each["n"] for each in whole["items"]] == [1, 2]
    lines = (await text_of(as_ndjson(batches(*rows), STANDS))).splitlines()
    assert [json.loads(line).get("n") for line in lines] == [1, 2, None]
    assert json.loads(lines[-1])["end"]["rows"] == 2
    assert json.loads(await text_of(as_json(batches(), STANDS)))["items"] == []


def test_times_have_a_zone_and_what_is_not_there_is_empty():
    assert cell(NOON.astimezone(ZoneInfo(ZONE))) == "2026-06-01T14:00:00+02:00"
    assert cell(datetime(2026, 6, 1, tzinfo=UTC)) == "2026-06-01T00:00:00+00:00"
    assert [cell(each) for each in (None, True, 0, {"a": [1]})] == ["", "true", "0", '{"a":[1]}']
    assert cell({"b": 1, "a": 2}) == '{"a":2,"b":1}', "the same, whatever it was made from"


async def test_an_order_with_many_answers_is_lines_that_fit_in_memory():
    given = {str(number): ["diet", "shoe"] for number in range(600, 0, -1)}
    rows = [{"order_id": order, "at": NOON, "given": given} for order in ("o1", "o2")]
    some = [each async for each in LISTS["answers"].unfolded(batches(*rows))]
    assert max(map(len, some)) <= 500
    lines = [(e["order_id"], e["number"], e["question"]) for batch in some for e in batch]
    assert lines == [
        (order, number, question)
        for order in ("o1", "o2")
        for number in range(1, 601)
        for question in ("diet", "shoe")
    ]
