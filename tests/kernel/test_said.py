"""What waits says why once, and not ten times a second."""

from __future__ import annotations

import asyncio
import logging

import pytest

from roadcase import said as module
from roadcase.event_store.migrate import migrate
from roadcase.reaction import Reaction
from roadcase.reactor import Reactor
from roadcase.said import AGAIN, Said
from roadcase.stream.follow import Follower
from tests.kernel.selling import dispatching
from tests.kernel.streaming import connected_to, stream_of, task_of
from tests.kernel.test_reactions import SoldElsewhere

_log = logging.getLogger("said")


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    time = [1000.0]
    monkeypatch.setattr(module, "monotonic", lambda: time[0])
    return time


def test_a_reason_is_said_once_and_again_after_a_while_with_how_often_it_was_met(clock, caplog):
    said = Said(_log, logging.WARNING)
    for _ in range(100):
        said.because("the relay waits", "NATS is away")
        clock[0] += AGAIN / 99.5
    assert caplog.messages == ["the relay waits: NATS is away"]
    said.because("the relay waits", "NATS is away")
    assert caplog.messages[1:] == ["the relay waits: NATS is away (99 times since)"]


def test_a_new_reason_is_said_at_once_and_those_that_take_turns_are_not_new(clock, caplog):
    said = Said(_log, logging.WARNING)
    for _ in range(10):
        for why in ("NATS is away", "PostgreSQL is away"):
            said.because("it waits", why)
    assert caplog.messages == ["it waits: NATS is away", "it waits: PostgreSQL is away"]
    said.over()
    assert said.because("it waits", "NATS is away")


def test_it_remembers_a_few_reasons_and_not_one_for_each_position(clock):
    said = Said(_log)
    for position in range(1000):
        said.because("it waits", f"ends at {position}")
    assert len(said._met) < 20


async def test_a_reaction_says_once_that_there_is_no_stream_yet(database, nats_url, caplog):
    caplog.set_level(logging.INFO, "roadcase.reactor")
    await migrate(database, "till")
    async with connected_to(nats_url) as client, dispatching(database, name="till") as till:
        reactor = Reactor(
            Reaction("echo", SoldElsewhere, lambda _: []),
            till,
            url=database,
            follower=Follower(client, "shop"),
            stream=stream_of(client, till.log),
        )
        async with task_of(reactor):
            await asyncio.sleep(1)
    told = [each for each in caplog.messages if "starts again" in each]
    assert len(told) == 1
    assert "stream not found" in told[0]
