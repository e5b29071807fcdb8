"""What benches stand on: a log filled by COPY is a log, and a missed floor is told and fails."""

from __future__ import annotations

import importlib
import json
import sys
from types import SimpleNamespace

import pytest
import typer

from roadcase.cli import tools
from roadcase.cli.tools import _ALONE, _BENCHES
from roadcase.codec import codec_of
from roadcase.errors import Invalid
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.verify import verify
from roadcase.rebuild import Rebuild
from roadcase.sieve import Sieve
from services.planning.manifest import resolve, written
from services.planning.manifest.inheritance import Known, document
from services.ticketing.domain import DECIDERS
from services.ticketing.projections import PROJECTIONS
from tests.bench import fold, hold, lag, manifest, tail, waiting
from tests.bench.fill import PER_OCCURRENCE, TENANT, fill
from tests.bench.report import Floor, percentile, tell

CODEC = codec_of(DECIDERS)


async def test_a_filled_log_holds_and_every_read_model_can_be_made_from_it(database):
    count = PER_OCCURRENCE + 500  # more than one occurrence
    await fill(database, count)
    async with PostgresLog(database, "ticketing") as log:
        assert (await verify(log)).position == (await log.head()).position
        assert (await log.head()).position == count
        rows = {}
        for each in PROJECTIONS:
            rows[each.name] = (await Rebuild(database, log, each, CODEC).swap()).rows
    assert rows["attendees"] == rows["orders"] == count - 2 * 3
    assert (rows["board"], rows["scans"]) == (2, 0)


async def test_seats_that_become_free_are_offered_to_the_first_and_to_the_last_in_line(
    database, monkeypatch
):
    monkeypatch.setattr(waiting, "FREED", 5)
    async with PostgresLog(database, "ticketing") as log:
        site = waiting.Site(log)
        running = lag.asyncio.create_task(site.dispatch.run())
        figures = await waiting.measured(site, 40, rounds=2)
        running.cancel()
    assert {name: len(of) for name, of in figures.items()} == {"first_ms": 10, "last_ms": 10}


async def test_sales_go_on_after_a_filled_log(database):
    await fill(database, 3_000)
    async with PostgresLog(database, "ticketing") as log:
        dispatch = lag.Dispatcher(log, DECIDERS, secret=b"x" * 32)
        running = lag.asyncio.create_task(dispatch.run())
        context = lag.Context(tenant=lag.TENANT, actor="crew", key="a sale")
        order = lag.selling("night_000001", "one_more")
        assert (await dispatch(order, context)).position == 3_001
        assert (await dispatch(order, context)).replayed
        running.cancel()
        assert (await verify(log)).position == (await log.head()).position


async def test_the_tailing_reader_sees_all_that_the_writers_append(database):
    seen = []
    reading = lag.asyncio.create_task(tail.tail(database, 300, seen))
    await lag.asyncio.gather(*(tail.write(database, n, 100) for n in range(3)))
    await reading
    assert [position for position, *_ in seen] == list(range(1, 301))
    assert len({each[1:] for each in seen}) == 300


@pytest.mark.parametrize("name", [*_BENCHES, *_ALONE])
def test_each_bench_can_be_run_by_its_name(name):
    assert callable(importlib.import_module(f"tests.bench.{name}").main)


@pytest.mark.parametrize(
    ("said", "ran"),
    [
        (["lag", "csv", "--quick", "--json"], ["lag", "csv"]),
        (["pretix", "--data", "csv"], ["pretix"]),
        (["--quick"], list(_BENCHES)),
    ],
)
def test_those_that_are_named_run_with_the_options_behind_them(monkeypatch, said, ran):
    heard = []

    def main():
        heard.append(sys.argv)
        return len(heard) == 1  # the first misses a floor: the others run all the same

    monkeypatch.setattr(tools.importlib, "import_module", lambda _: SimpleNamespace(main=main))
    monkeypatch.setattr(sys, "argv", [])
    with pytest.raises(typer.Exit) as ended:
        tools.bench(SimpleNamespace(args=said))
    assert ended.value.exit_code
    options = said[len(ran) :] if said[0] == ran[0] else said
    assert heard == [[f"roadcase bench {each}", *options] for each in ran]


def test_an_unknown_name_is_refused_before_anything_is_measured(monkeypatch):
    monkeypatch.setattr(tools.importlib, "import_module", lambda _: pytest.fail("it ran"))
    with pytest.raises(Invalid, match="there is no bench lagg; there are drop, hold"):
        tools.bench(SimpleNamespace(args=["csv", "lagg"]))


def test_what_bench_manifest_measures_is_a_manifest_of_2000_lines_on_three_levels():
    content, contents = manifest.files(1)
    assert manifest.files(2)[0] != content
    assert content.count(b"\n") >= 2000
    documents = {each: document(str(each), text) for each, text in contents.items()}
    found = resolve(written(content), Known(documents))
    assert found.problems == []
    assert len(found.documents) == 2
    roles = found.view.data["spec"]["staffing"]
    assert [roles[0]["count"], roles[-1]["count"]] == [3, 3]


def test_a_missed_floor_fails_and_stands_in_the_json(capsys):
    floors = [Floor("a", 2, 1, 3), Floor("b", 9, 10, 5, lower_is_better=True)]
    assert tell("t", {"per_second": [1, 2, 9]}, floors, {}, as_json=True) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said == {"per_second": 2, "a": 2, "b": 9, "floors_met": True}
    floors.append(Floor("c", 11, 10, 5, lower_is_better=True))
    assert tell("t", {"per_second": [1]}, floors, {}, as_json=True) == 1
    assert not json.loads(capsys.readouterr().out.splitlines()[-1])["floors_met"]


async def test_a_snapshot_is_measured_on_the_state_that_was_folded(database):
    await fill(database, 500, per_occurrence=500)
    async with PostgresLog(database, "ticketing") as log:
        whole, alone, restored = await fold.folded(log, f"{TENANT}/box-office/night_000001")
        assert whole > alone > 0 < restored
        records = await log.read_stream(f"{TENANT}/box-office/night_000001")
        office = fold.States(CODEC).fold("s", fold.BOX_OFFICE, records).state
    assert len(office.orders) == len(office.persons) == 500 - 3


@pytest.mark.parametrize(("full", "pools", "price"), [(False, 1, 1200), (True, 3, 1050)])
async def test_what_is_called_full_has_three_pools_and_a_voucher(database, full, pools, price):
    holds = hold.Holds(database)
    running = lag.asyncio.create_task(holds.dispatch.run())
    assert await holds.round("night", 20, full=full) > 0
    running.cancel()
    found = await holds.log.read_stream(f"{hold.TENANT}/box-office/night")
    await holds.log.close()
    office = fold.States(CODEC).fold("s", fold.BOX_OFFICE, found).state
    lines = [line for each in office.held.values() for line in each.lines]
    assert {(len(line.draws), line.price.minor) for line in lines} == {(pools, price)}
    assert (holds.answers, office.limited) == ({"held": 20}, full)
    if full:
        assert office.reserves.vouchers[hold.CODE].used == 20


def test_a_percentile_is_the_value_that_so_many_do_not_exceed():
    assert percentile(range(1, 101), 99) == 99
    assert percentile([5], 99) == 5


@pytest.mark.parametrize("exact", [0, 10_000, 20_000])
def test_a_sieve_never_lets_go_of_what_was_added(monkeypatch, exact):
    monkeypatch.setattr(Sieve, "EXACT", exact)
    keys = [("acme", "night", f"t{n}") for n in range(20_000)]
    sieve = Sieve()
    sieve.add(keys[:5_000])
    sieve.add(keys[5_000:10_000])
    found = sieve.among(keys)
    assert set(found) >= set(keys[:10_000])
    assert len(found) == 10_000 if exact else len(found) < 10_100
    assert Sieve(full=True).among(keys) == keys
