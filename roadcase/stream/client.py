"""nats-py with two short cuts, for messages that come and go by the thousand.

Building and parsing ten headers costs nats-py 60 µs a message, more than all else that happens to
an event on its way. Here headers may be handed over as bytes, and are parsed by plain splitting;
and whoever reads thousands of messages may have them as they come.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError, ConnectionReconnectingError, NoRespondersError
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeoutError

from roadcase.errors import RoadcaseError, Unavailable
from roadcase.stream.parsing import StraightParser, Take

_LINE = b"NATS/1.0\r\n"
_ATTEMPTS_FOR = 2.0  # seconds
_LITTLE = 64 * 1024  # bytes that are sent without asking whether the other side still reads


class Headers(dict[str, str]):
    """Headers as they go over the wire, ready made. Any client takes them, ours without a look."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def items(self) -> Any:
        return parsed(self.raw).items()


Message = tuple[str, bytes, Headers]
"""Subject, payload and headers of what is published."""


def parsed(raw: bytes) -> dict[str, str]:
    """The headers in these bytes. Raises ValueError for what we would not have written."""
    lines = raw[len(_LINE) : -4].decode().split("\r\n")
    return dict([line.split(": ", 1) for line in lines])


class _Connection(Client):
    """A client that does with headers what nats-py does, faster; and that does not give up."""

    def __init__(self) -> None:
        super().__init__()
        self.straight: dict[int, Take] = {}  # by subscription
        self._ps = StraightParser(self, self.straight)
        self._answers = ""
        self._asked: dict[bytes, asyncio.Future[bytes]] = {}  # by where the answer comes to
        self._number = count()

    async def listen(self) -> None:
        """Hear the answers to what `ask_all` asks."""
        self._answers = self.new_inbox()
        subscription = await self.subscribe(f"{self._answers}.*")
        self.straight[subscription._id] = self._answer  # noqa: SLF001

    async def request(
        self,
        subject: str,
        payload: bytes = b"",
        timeout: float | None = 0.5,  # noqa: ASYNC109 - as it is called there
        old_style: bool = False,  # noqa: FBT001, FBT002
        headers: dict[str, Any] | None = None,
    ) -> Msg:
        """`asyncio.wait_for`, in Python 3.11, may swallow a cancellation: the task lives on.

        https://github.com/python/cpython/issues/86296
        """
        for_ever: Any = None
        try:
            async with asyncio.timeout(timeout):
                return await super().request(subject, payload, for_ever, old_style, headers)
        except TimeoutError as error:
            raise NatsTimeoutError from error

    async def _send_publish(
        self,
        subject: str,
        reply: str,
        payload: bytes,
        payload_size: int,
        headers: dict[str, Any] | None,
    ) -> None:
        if type(headers) is not Headers:
            return await super()._send_publish(subject, reply, payload, payload_size, headers)
        await self._send(self._written(subject, reply, payload, headers.raw))
        return None

    async def publish_all(self, messages: Iterable[Message]) -> None:
        """As `publish` for each subject, payload and headers, at once."""
        if self.is_closed:
            raise ConnectionClosedError
        written = [
            self._written(subject, "", payload, headers.raw)
            for subject, payload, headers in messages
        ]
        if written:
            await self._send(b"".join(written))

    async def ask_all(self, messages: Iterable[Message], timeout: float) -> list[bytes]:  # noqa: ASYNC109
        """Publish, and wait for what is answered to each; without a task for any of them."""
        if self.is_closed:
            raise ConnectionClosedError
        written, asked = list[bytes](), dict[bytes, asyncio.Future[bytes]]()
        wrong: RoadcaseError | None = None
        try:
            for subject, payload, headers in messages:
                reply = f"{self._answers}.{next(self._number)}"
                written.append(self._written(subject, reply, payload, headers.raw))
                asked[reply.encode()] = asyncio.get_running_loop().create_future()
        except RoadcaseError as error:  # those before it are on their way all the same
            wrong = error
        self._asked |= asked
        try:
            async with asyncio.timeout(timeout):
                await self._send_now(b"".join(written))
                answers = await asyncio.gather(*asked.values())
        finally:
            for each in asked:
                del self._asked[each]
        if wrong:
            raise wrong
        return answers

    def _answer(self, subject: bytes, _: bytes, headers: bytes | None, data: bytes) -> None:
        waiting = self._asked.get(subject)
        if waiting is None or waiting.done():
            return  # too late
        if headers is None or headers.startswith(_LINE):
            waiting.set_result(data)
        else:  # a status: the server has nobody to give the question to
            waiting.set_exception(NoRespondersError())

    def _written(self, subject: str, reply: str, payload: bytes, raw: bytes) -> bytes:
        size = len(raw) + len(payload)
        if size > self.max_payload:  # the server would end the connection, for good
            raise Unavailable(f"a message of {size} bytes is too large for this NATS server")
        return b"HPUB %b %b %d %d\r\n%b%b\r\n" % (
            subject.encode(),
            reply.encode(),
            len(raw),
            size,
            raw,
            payload,
        )

    async def _send(self, command: bytes) -> None:
        await self._send_command(command)
        if self._flush_queue is not None and self._flush_queue.empty():
            await self._flush_pending()

    async def _send_now(self, command: bytes) -> None:
        """Without the task that flushes, whose turn comes later; unless something waits for it."""
        if self.is_connected and self._transport and not self._pending and len(command) < _LITTLE:
            self._transport.write(command)
        else:
            await self._send(command)

    async def _attempt_reconnect(self) -> None:
        """Nobody answers any more what was asked before: say so now and not when time is up."""
        for waiting in (*self._resp_map.values(), *self._asked.values()):
            if not waiting.done():
                waiting.set_exception(ConnectionReconnectingError())
        await super()._attempt_reconnect()

    async def _process_err(self, err_msg: str) -> None:
        """The server ends the connection; nats-py would leave it at that, and we come back."""
        if "permissions violation" in err_msg.lower():
            return await super()._process_err(err_msg)
        return await self._process_op_err(NatsError(err_msg))

    async def _process_headers(self, headers: Any) -> dict[str, str] | None:
        if headers and headers.startswith(_LINE):
            try:
                return parsed(headers)
            except ValueError:  # a stranger's way of writing them
                pass
        return await super()._process_headers(headers)


async def publish_all(client: Client, messages: Iterable[Message]) -> None:
    """Publish many messages in one go. `client` is one that we made."""
    assert isinstance(client, _Connection)
    await client.publish_all(messages)


async def ask_all(client: Client, messages: Iterable[Message], timeout: float) -> list[bytes]:  # noqa: ASYNC109
    """Publish messages: what is answered to each. `client` is one that we made.

    Raises NatsError when nobody is there to answer, or the connection breaks before all have;
    TimeoutError; and what making a message raises, once those before it are answered.
    """
    assert isinstance(client, _Connection)
    return await client.ask_all(messages, timeout)


@asynccontextmanager
async def straight(client: Client, subject: str, take: Take) -> AsyncIterator[None]:
    """Give `take` what comes on a subject, until the block ends. `client` is one that we made."""
    assert isinstance(client, _Connection)
    subscription = await client.subscribe(subject)
    client.straight[subscription._id] = take  # noqa: SLF001
    try:
        yield
    finally:
        try:
            await subscription.unsubscribe()
        except (NatsError, OSError):
            pass  # it is gone with the connection
        finally:
            del client.straight[subscription._id]  # noqa: SLF001


async def connect(url: str, name: str = "roadcase") -> Client:
    """A connection that comes back by itself within 50 ms of its server, for ever.

    Raises Unavailable when there is no server to connect to in the first place.
    """
    client = _Connection()
    try:
        async with asyncio.timeout(_ATTEMPTS_FOR):  # nats-py would try for ever
            await client.connect(
                url,
                name=name,
                connect_timeout=2,
                reconnect_time_wait=0.05,  # type: ignore[arg-type]
                max_reconnect_attempts=-1,
                pending_size=32 << 20,
                error_cb=_quiet,
            )
            await client.listen()
    except (NatsError, OSError, TimeoutError) as error:
        why = client.last_error or error
        await client.close()
        raise Unavailable(f"NATS is away: {why!r}") from error
    except BaseException:
        await client.close()
        raise
    return client


async def _quiet(_: Exception) -> None:
    """What nats-py reports here is handled where it matters: by those who wait for an answer."""
