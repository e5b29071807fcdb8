"""What follows from a command is a part of what it became: one commit, one key, one answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from roadcase.decider import Command, Decider, Event
from roadcase.errors import Refused
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import meta_of
from tests.kernel.selling import NAME, by, dispatching, sound


class Fill(Command):
    jar: str
    drops: int


class Filled(Event, frozen=True, kw_only=True):
    topic = "jar.filled.v1"

    drops: int


class Spilt(Event, frozen=True, kw_only=True):
    topic = "jar.spilt.v1"

    drops: int


class Dry(Refused):
    """Nothing was to be filled in."""

    code = "jar.dry"


class Jar:
    def __init__(self) -> None:
        self.drops = 0


def fill(_jar: Jar, cmd: Fill, _at: datetime) -> Iterator[Filled]:
    if cmd.drops < 0:
        raise Dry
    if cmd.drops:
        yield Filled(drops=cmd.drops)


def evolve(jar: Jar, event: Event) -> None:
    match event:
        case Filled():
            jar.drops += event.drops
        case Spilt():
            jar.drops -= event.drops


def overflow(jar: Jar, _at: datetime) -> Iterator[Spilt]:
    if jar.drops == 13:
        raise ZeroDivisionError("a bug in what follows")
    if jar.drops > 3:
        yield Spilt(drops=jar.drops - 3)


JAR = Decider(
    category="jar",
    key="jar",
    initial=Jar,
    evolve=evolve,
    events=[Filled, Spilt],
    commands={Fill: fill},
    follow=overflow,
)


async def test_what_follows_is_answered_and_replayed_with_its_command(database):
    async with dispatching(database, JAR) as dispatch:
        first = await dispatch(Fill(jar="a", drops=5), by("k1"))
        assert first.events == (Filled(drops=5), Spilt(drops=2))
        again = await dispatch(Fill(jar="a", drops=5), by("k1"))
        assert (again.events, again.replayed) == (first.events, True)
        assert (await dispatch(Fill(jar="a", drops=1), by("k2"))).events[1:] == (Spilt(drops=1),)
        assert (await dispatch(Fill(jar="a", drops=0), by("k3"))).events == ()
    log = PostgresLog(database, NAME)
    try:
        records = await sound(log, [JAR])
    finally:
        await log.close()
    commands = [meta_of(record).command for record in records]
    assert commands[0] == commands[1] != commands[2] == commands[3]


async def test_nothing_follows_from_what_was_refused_and_a_bug_there_is_its_commands_alone(
    database,
):
    async with dispatching(database, JAR) as dispatch:
        with pytest.raises(Dry):
            await dispatch(Fill(jar="a", drops=-1), by("k1"))
        with pytest.raises(ZeroDivisionError):
            await dispatch(Fill(jar="a", drops=13), by("k2"))
        assert (await dispatch(Fill(jar="a", drops=4), by("k3"))).events[1:] == (Spilt(drops=1),)
    log = PostgresLog(database, NAME)
    try:
        assert len(await sound(log, [JAR])) == 2
    finally:
        await log.close()


class Marked(Event, frozen=True, kw_only=True):
    topic = "jar.marked.v1"

    spilt: int


def mark(jar: Jar, events: Sequence[Event], _at: datetime) -> Iterator[Marked]:
    """Of each spill, once it is known how much is left."""
    for event in events:
        if isinstance(event, Spilt):
            yield Marked(spilt=event.drops * 10 + jar.drops)


MARKED = replace(JAR, events=[Filled, Spilt, Marked], notice=mark)


async def test_what_is_noticed_is_of_these_events_and_of_none_before_them(database):
    """A state that was folded anew has seen the same events, and nothing of them is new."""
    async with dispatching(database, MARKED) as dispatch:
        first = await dispatch(Fill(jar="a", drops=5), by("k1"))
        assert first.events == (Filled(drops=5), Spilt(drops=2), Marked(spilt=23))
        again = await dispatch(Fill(jar="a", drops=5), by("k1"))
        assert (again.events, again.replayed) == (first.events, True)
    async with dispatching(database, MARKED) as dispatch:
        assert (await dispatch(Fill(jar="b", drops=1), by("k2"))).events == (Filled(drops=1),)
        noticed = (await dispatch(Fill(jar="a", drops=1), by("k3"))).events
        assert noticed == (Filled(drops=1), Spilt(drops=1), Marked(spilt=13))
    log = PostgresLog(database, NAME)
    try:
        records = await sound(log, [MARKED])
    finally:
        await log.close()
    commands = [meta_of(record).command for record in records]
    assert len({*commands[:3]}) == len({*commands[4:]}) == 1
    assert len({*commands}) == 3
