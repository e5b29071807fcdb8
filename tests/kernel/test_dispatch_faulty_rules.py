"""A bug in one rule, or an event that cannot be written or read, harms its own command only."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

import msgspec
import pytest

from roadcase.codec import Codec, UnknownTopic
from roadcase.decider import Command, Decider, Event
from roadcase.errors import Invalid, LogBlocked, LogDiverged
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Entry
from roadcase.rounds import MAX_PAYLOAD
from roadcase.testing.logs import AT, put
from tests.kernel.selling import NAME, by, dispatching, sound, until
from tests.kernel.shop import SHOP, Break, Open, Sell, SoldOut


class Do(Command):
    lab: str
    what: str
    count: int = 1


class Done(Event, frozen=True, kw_only=True):
    topic = "lab.done.v2"

    what: str
    share: float = 0.0
    parts: tuple[int, ...] = ()


class Secret(Event, frozen=True, kw_only=True):
    """No decider lists it, so nobody could read it again."""

    topic = "lab.secret.v1"


class Lab:
    def __init__(self):
        self.done = []
        self.due = None


def do(_lab, cmd, _at):
    match cmd.what:
        case "decide":
            raise ZeroDivisionError("a bug in a rule")
        case "unlisted":
            yield Secret()
        case "not a number":
            yield Done(what="x", share=float("nan"))
        case "wrong type":
            yield Done(what=3)
        case "half a character":
            yield Done(what="\ud800")
        case "oversized":
            yield Done(what="x")
            yield Done(what="x" * MAX_PAYLOAD)
        case "largest":
            yield Done(what="x" * (MAX_PAYLOAD - len(msgspec.json.encode(Done(what="")))))
        case "list for tuple":
            yield Done(what="x", parts=[1, 2])
        case _:
            for _ in range(cmd.count):
                yield Done(what=cmd.what)


def evolve(lab, event):
    lab.done.append(event)
    if event.what == "evolve":
        raise ZeroDivisionError("a bug in evolve")
    lab.due = "tomorrow" if event.what == "deadline" else None


def deadline(lab) -> datetime | None:
    return AT.fromisoformat(lab.due) if lab.due else None


LAB = Decider(
    category="lab",
    key="lab",
    initial=Lab,
    evolve=evolve,
    events=[Done],
    commands={Do: do},
    deadline=deadline,
    upcasts={
        "lab.did.v1": lambda old: ("lab.done.v1", {"name": old["did"]}),
        "lab.done.v1": lambda old: ("lab.done.v2", {"what": old["name"]}),
        "lab.lost.v1": lambda old: ("lab.nowhere.v1", old),
    },
)
FAULTS = {
    "decide": ZeroDivisionError,
    "evolve": ZeroDivisionError,
    "unlisted": TypeError,
    "not a number": msgspec.ValidationError,
    "wrong type": msgspec.ValidationError,
    "half a character": UnicodeEncodeError,
    "oversized": Invalid,
}


@pytest.fixture
async def lab(database):
    async with dispatching(database, LAB, SHOP) as dispatch:
        yield dispatch


async def in_one_batch(url, dispatch, *asked):
    """Decide these commands in one round of the commit protocol."""
    await until(lambda: dispatch.not_ready is None)
    async with PostgresLog(url, NAME) as other, other.writer():
        tasks = [asyncio.create_task(dispatch(Open(shop="first", capacity=1), by()))]
        await asyncio.sleep(0.01)
        await until(lambda: dispatch.waiting == 0)  # the first one is alone in its batch
        tasks += [asyncio.create_task(dispatch(*each)) for each in asked]
        await until(lambda: dispatch.waiting == len(asked))
    return (await asyncio.gather(*tasks, return_exceptions=True))[1:]


@pytest.mark.parametrize("what", FAULTS)
async def test_a_fault_is_the_answer_to_its_own_command_alone(database, lab, what, caplog):
    await lab(Do(lab="a", what="before"), by())
    outcomes = await in_one_batch(
        database,
        lab,
        (Do(lab="a", what="one"), by("1")),
        (Do(lab="a", what=what), by("2")),
        (Open(shop="s", capacity=1), by("3")),
        (Do(lab="a", what=what), by("2b")),
        (Do(lab="a", what="two"), by("4")),
        (Sell(shop="s", order="x"), by("5")),
        (Sell(shop="s", order="y"), by("6")),
    )
    kinds = [type(each) if isinstance(each, Exception) else None for each in outcomes]
    assert kinds == [None, FAULTS[what], None, FAULTS[what], None, None, SoldOut]
    assert [each.what for each in (await state_of(lab, "t/lab/a")).done] == ["before", "one", "two"]
    assert not (await lab(Do(lab="a", what="three"), by("2"))).replayed, "the key was burnt"
    await sound(lab.log, [LAB, SHOP])
    told = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert bool(told) == (what != "oversized"), "a bug is loud, a refusal is not"


async def test_a_bug_in_a_deadline_is_the_answer_on_its_stream_alone(database, lab):
    outcomes = await in_one_batch(
        database,
        lab,
        (Do(lab="a", what="deadline"), by("1")),
        (Do(lab="b", what="one"), by("2")),
    )
    assert [type(outcomes[0]), outcomes[1].position] == [ValueError, 2]
    await lab(Do(lab="a", what="one"), by("1"))
    await sound(lab.log, [LAB, SHOP])


async def state_of(dispatch, stream):
    """The kept state, which must be what a new process would fold."""
    kept = dispatch._states.kept(stream)
    history = await dispatch.log.read_stream(stream)
    folded = LAB.fold(dispatch.codec.decode(each.topic, each.payload) for each in history)
    assert kept is not None
    assert (kept.version, vars(kept.state)) == (len(history), vars(folded))
    return kept.state


async def test_a_storm_of_faults_is_one_round_and_reads_nothing_again(database, lab):
    await lab(Do(lab="a", what="x", count=50), by())
    folds = []
    fold = lab._states.fold
    lab._states.fold = lambda stream, *more: folds.append(stream) or fold(stream, *more)
    bad = [(Do(lab="a", what="decide"), by(f"{n}")) for n in range(100)]
    outcomes = await in_one_batch(database, lab, *bad, (Do(lab="a", what="good"), by()))
    assert [type(each) for each in outcomes[:-1]] == [ZeroDivisionError] * 100
    assert outcomes[-1].events
    assert "t/lab/a" not in folds


async def test_the_shops_own_bugs_leave_its_state_right(lab):
    await lab(Open(shop="s", capacity=2), by())
    for how in ("decide", "evolve") * 2:
        with pytest.raises(ZeroDivisionError):
            await lab(Break(shop="s", how=how), by("k"))
        with pytest.raises(SoldOut):
            await lab(Sell(shop="s", order="x", units=3), by())
    await lab(Sell(shop="s", order="x", units=2), by("k"))
    await sound(lab.log, [LAB, SHOP])


async def test_the_largest_event_and_two_thousand_of_one_command(database, lab):
    await lab(Do(lab="a", what="largest"), by("l"))
    many = await lab(Do(lab="a", what="x", count=2000), by("m"))
    assert (many.position, len(many.events)) == (2001, 2000)
    async with dispatching(database, LAB) as other:
        again = await other(Do(lab="a", what="x", count=2000), by("m"))
        assert again == many._replace(replayed=True)
    await sound(lab.log, [LAB])


async def test_the_first_answer_is_what_a_retry_will_hear(database, lab):
    first = await lab(Do(lab="a", what="list for tuple"), by("k"))
    async with dispatching(database, LAB) as other:
        again = await other(Do(lab="a", what="list for tuple"), by("k"))
    assert first.events[0].parts == again.events[0].parts == (1, 2)
    await state_of(lab, "t/lab/a")


# Histories that this program did not write.


async def written(url, stream, version, topic, payload=b"{}"):
    async with PostgresLog(url, NAME) as log:
        await put(log, Entry(stream, version, topic, payload, b"{}"))


async def test_old_bytes_are_read_as_todays_events(database, lab):
    await written(database, "t/lab/a", 1, "lab.did.v1", b'{"did":"a"}')
    await lab(Do(lab="a", what="c"), by())
    await written(database, "t/lab/a", 3, "lab.done.v1", b'{"name":"b","gone":1}')
    await lab(Do(lab="a", what="d"), by())
    assert [each.what for each in (await state_of(lab, "t/lab/a")).done] == ["a", "c", "b", "d"]


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize(
    "foreign",
    [
        ("lab.future.v9", b"{}", UnknownTopic),
        ("lab.lost.v1", b"{}", UnknownTopic),
        ("lab.done.v2", b"no json", msgspec.DecodeError),
        ("lab.done.v2", b'{"what":"evolve"}', ZeroDivisionError),
        ("lab.done.v2", b'{"what":"deadline"}', ValueError),
    ],
)
async def test_a_stream_that_cannot_be_read_stops_nobody_else(database, lab, kept, foreign):
    topic, payload, fault = foreign
    if kept:
        await lab(Do(lab="a", what="x"), by())
    await lab(Open(shop="s", capacity=1), by())
    await written(database, "t/lab/a", 1 + kept, topic, payload)
    outcomes = await in_one_batch(
        database,
        lab,
        (Do(lab="a", what="y"), by("1")),
        (Sell(shop="s", order="x"), by("2")),
        (Do(lab="a", what="z"), by("3")),
    )
    assert [type(each) for each in (outcomes[0], outcomes[2])] == [fault] * 2
    assert outcomes[1].events
    assert len(await lab.log.read_stream("t/lab/a")) == 1 + kept


def test_upcasting_ends_at_a_topic_that_is_known():
    codec = Codec(LAB.events, LAB.upcasts)
    assert codec.decode("lab.did.v1", b'{"did":"a"}') == Done(what="a")
    assert codec.knows("lab.did.v1")
    assert not codec.knows("lab.future.v9")
    with pytest.raises(UnknownTopic):
        codec.decode("lab.lost.v1", b"{}")


# What surrounds the rounds.


async def test_a_listener_that_fails_stops_nothing(database, lab):
    heard = []
    lab.on_commit += [lambda _records: 1 / 0, heard.extend]
    for number in range(3):
        await lab(Do(lab="a", what=f"{number}"), by())
    assert [record.position for record in heard] == [1, 2, 3]


@pytest.mark.parametrize("fault", [LogDiverged(at=3), ZeroDivisionError("a bug in the guard")])
async def test_a_guard_that_objects_is_asked_again_but_not_without_pause(database, fault):
    asked = []

    async def guard(head):
        asked.append(head)
        if len(asked) < 4:
            raise fault

    async with dispatching(database, LAB, guard=guard) as dispatch:
        with pytest.raises(type(fault)):
            await dispatch(Do(lab="a", what="x"), by("k"))
        assert dispatch.not_ready == str(fault)
        await asyncio.sleep(0.3)
        assert len(asked) <= 3
        await until(lambda: dispatch.not_ready is None)
        await dispatch(Do(lab="a", what="x"), by("k"))
        assert len(asked) == 4
        assert len(await sound(dispatch.log, [LAB])) == 1


def test_what_blocks_writing_is_unavailable_to_callers():
    assert issubclass(LogDiverged, LogBlocked)
