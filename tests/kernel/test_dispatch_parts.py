"""Large rounds: decided in parts while the one before is on its way, their keys with the commit."""

from __future__ import annotations

import asyncio
import gc
import random

import pytest

from roadcase import rounds
from roadcase.ahead import Ahead
from roadcase.codec import Codec
from roadcase.errors import Refused
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Head
from roadcase.inbox import Inbox
from roadcase.rounds import Round
from roadcase.states import States
from tests.kernel.selling import NAME, by, dispatching, insist, orders, sound, until
from tests.kernel.shop import Open, Sell, SoldOut

MANY = 300


async def answers(dispatch, asked):
    """What each of these was answered: a position, or the code of a refusal."""

    async def one(order, key):
        try:
            return (await insist(dispatch, Sell(shop="s", order=order), by(key))).position
        except Refused as refusal:
            return refusal.code

    return await asyncio.gather(*(one(order, key) for order, key in asked))


@pytest.mark.parametrize("part", [1, 7, 64])
@pytest.mark.parametrize("rival", [False, True])
async def test_every_part_is_decided_once_whoever_else_sells(database, monkeypatch, part, rival):
    monkeypatch.setattr(rounds, "_PART", part)
    chance = random.Random(part)
    async with dispatching(database, max_batch=90) as one, dispatching(database) as other:
        await insist(one, Open(shop="s", capacity=MANY + 40), by())
        asked = [(f"o{number}", f"k{number}") for number in range(MANY)]
        mine = asked + chance.sample(asked, 60)  # asked twice, while it is on its way
        mine += [(f"keyless{number}", None) for number in range(80)]
        theirs = chance.sample(asked, 50) if rival else []
        heard, told = await asyncio.gather(answers(one, mine), answers(other, theirs))
        again = await answers(other, asked)
        log = PostgresLog(database, NAME)
        counted = orders(await sound(log))
        await log.close()
    assert sum(counted.values()) == len(counted) == MANY + 40
    for number, answer in enumerate(again):
        won = f"o{number}" in counted
        assert isinstance(answer, int) == won
        assert answer == heard[number]
    assert [again[int(order[1:])] for order, _ in theirs] == told


async def test_a_key_that_was_used_elsewhere_stops_none_of_a_large_round(database):
    async with dispatching(database) as other:
        await insist(other, Open(shop="s", capacity=99), by())
        used = await insist(other, Sell(shop="s", order="o5"), by("k5"))
    batches = []
    async with dispatching(database) as dispatch:
        dispatch.on_commit.append(lambda records: batches.append(len(records)))
        await insist(dispatch, Sell(shop="s", order="first"), by("first"))
        heard = await answers(dispatch, [(f"o{n}", f"k{n}") for n in range(50)])
        assert heard[5] == used.position
        assert len(set(heard)) == 50
        counted = orders(await sound(dispatch.log))
    assert sum(counted.values()) == len(counted) == 51
    assert max(batches) > 32  # as COPY


async def test_refusals_keep_no_round_in_memory(database):
    """Not even until the next search for cycles, which may be far."""
    async with dispatching(database) as dispatch:
        await insist(dispatch, Open(shop="s", capacity=0), by())
        gc.collect()
        gc.disable()
        try:
            for number in range(20):
                with pytest.raises(SoldOut):
                    await dispatch(Sell(shop="s", order=f"o{number}"), by(f"k{number}"))
            there = sum(isinstance(each, Round) for each in gc.get_objects())
        finally:
            gc.enable()
        assert there <= 2


class Parts:
    """Stands for a round: what was decided of it so far."""

    head = Head()
    end = Head()
    chains_broken = ()
    changed = ()

    def __init__(self):
        self.decided = 0

    def begins(self, _batch):
        return True

    def ahead(self, _batch):
        for self.decided in range(1, 10**6):
            yield


async def test_a_round_that_has_begun_is_decided_no_further_ahead():
    inbox, parts = Inbox(9), Parts()
    inbox._waiting.append("a")
    ahead = Ahead(inbox, States(Codec([])), lambda _head: parts, 9)
    ahead.look(Parts())
    await until(lambda: parts.decided > 1)
    assert ahead.foreseen(Head(), ["a"]) is parts
    begun = parts.decided
    for _ in range(9):
        await asyncio.sleep(0)
    assert parts.decided == begun
