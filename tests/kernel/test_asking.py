"""Messages to NATS that are each answered: every answer finds who waits for it, or says why not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError, ConnectionReconnectingError, NoRespondersError

from roadcase.errors import LogCorrupt, Unavailable
from roadcase.stream.client import Headers, Message, ask_all
from tests.kernel.selling import until
from tests.kernel.streaming import connected_to


def message(subject: str, payload: bytes = b"", size: int = 0) -> Message:
    return subject, payload, Headers(b"NATS/1.0\r\nce-id: %b\r\n\r\n" % (b"1" * size))


async def answering(client: Client, subject: str, answer: Callable[[Msg], Awaitable[None]]) -> None:
    """Twice, as nats-py sends the first PING before what it has not sent yet."""
    await client.subscribe(subject, cb=answer)
    await client.flush()
    await client.flush()


async def echo(got: Msg) -> None:
    await got.respond(got.data)


async def weigh(got: Msg) -> None:
    await got.respond(b"%d" % len(got.data))


@pytest.fixture
async def client(nats_url):
    async with connected_to(nats_url) as connection:
        yield connection


@pytest.fixture
async def other(nats_url):
    async with connected_to(nats_url) as connection:
        yield connection


@pytest.mark.parametrize("count", [0, 1, 2, 500])
async def test_each_is_answered_with_its_own_answer_in_whatever_order_these_come(
    client, other, count
):
    asked = []

    async def answer_backwards(got):
        asked.append(got)
        if len(asked) == count:
            for each in reversed(asked):
                await each.respond(each.data * 2)

    await answering(other, "double", answer_backwards)
    messages = [message("double", b"%d" % n) for n in range(count)]
    assert await ask_all(client, messages, 5) == [b"%d" % n * 2 for n in range(count)]
    assert not client._asked


async def test_many_at_once_do_not_hear_each_others_answers(client, other):
    await answering(other, "echo", echo)
    rounds = [[message("echo", b"%d.%d" % (n, m)) for m in range(3)] for n in range(50)]
    answers = await asyncio.gather(*(ask_all(client, each, 5) for each in rounds))
    assert answers == [[b"%d.%d" % (n, m) for m in range(3)] for n in range(50)]


async def test_the_first_answer_counts_where_several_come(client, other):
    for _ in range(3):
        await answering(other, "echo", echo)
    for _ in range(20):
        assert await ask_all(client, [message("echo", b"x")] * 3, 5) == [b"x"] * 3


async def test_nobody_there_is_said_at_once(client):
    with pytest.raises(NoRespondersError):
        await ask_all(client, [message("nobody.there")], 5)


async def test_who_does_not_answer_in_time_is_not_waited_for_and_may_answer_late(client, other):
    late = []

    async def keep(got):
        late.append(got)

    await answering(other, "slow", keep)
    with pytest.raises(TimeoutError):
        await ask_all(client, [message("slow"), message("slow")], 0.05)
    assert not client._asked
    await answering(other, "echo", echo)
    for each in late:
        await each.respond(b"too late")
    await other.flush()
    assert await ask_all(client, [message("echo", b"next")], 5) == [b"next"]


async def test_a_message_that_cannot_be_made_stops_those_behind_it_only(client, other):
    heard = []

    async def hear(got):
        heard.append(got.data)
        await got.respond(b"yes")

    await answering(other, "some", hear)

    def corrupt() -> Iterator[Message]:
        yield message("some", b"first")
        raise LogCorrupt("the second has a line break")

    with pytest.raises(LogCorrupt, match="the second"):
        await ask_all(client, corrupt(), 5)
    large = message("some", b"x" * (1 << 20), size=100)
    with pytest.raises(Unavailable, match="too large"):
        await ask_all(client, [message("some", b"second"), large, message("some", b"last")], 5)
    with pytest.raises(Unavailable, match="too large"):
        await ask_all(client, [large], 5)
    assert heard == [b"first", b"second"]


async def test_what_is_large_is_sent_whole(client, other):
    await answering(other, "size", weigh)
    messages = [message("size", b"x" * 200_000) for _ in range(20)]
    assert await ask_all(client, messages, 5) == [b"200000"] * 20


async def test_a_broken_connection_is_said_at_once_and_the_next_one_is_answered(own_nats):
    async with connected_to(own_nats.url) as client:
        gone = []

        async def hang(got):
            gone.append(got)
            own_nats.kill()
            await own_nats.start()

        await answering(client, "hang", hang)
        with pytest.raises(ConnectionReconnectingError):
            await ask_all(client, [message("hang"), message("hang")], 20)
        await until(lambda: client.is_connected)
        await answering(client, "echo", echo)
        assert await ask_all(client, [message("echo", b"back")], 5) == [b"back"]


async def test_a_closed_connection_is_said(nats_url):
    async with connected_to(nats_url) as client:
        pass
    with pytest.raises(ConnectionClosedError):
        await ask_all(client, [message("echo")], 5)
