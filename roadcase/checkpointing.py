"""Writes signed checkpoints of a log while it runs: to a file, and to a stream beside the copy."""

from __future__ import annotations

import asyncio
import fcntl
import logging
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from roadcase.clock import monotonic
from roadcase.errors import Unavailable
from roadcase.event_store.checkpoints import (
    Checkpoint,
    append_checkpoint,
    check,
    from_line,
    read_checkpoints,
    sign,
    to_line,
)
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Head
from roadcase.said import Said
from roadcase.secret import Secret
from roadcase.settings import Settings

_EVERY = 60.0  # seconds
_KID = "main"
_PAGE = 500
_KEPT = 100_000  # checkpoints on the stream: ten weeks of selling without a pause
_KEPT_BYTES = 32 << 20
_log = logging.getLogger(__name__)


def file_of(settings: Settings, service: str) -> Path:
    """Where the checkpoints of a service stand: outside of the database."""
    return settings.data / "checkpoints" / f"{service}.jsonl"


def keys_of(secret: Secret) -> dict[str, Ed25519PublicKey]:
    """Who may sign checkpoints of this installation."""
    return {_KID: secret.signing_key("checkpoints").public_key()}


class Checkpoints:
    """Run `run()` as a task. A head that is the last one's is not written again.

    The file comes first, and is on the disk when `write` returns; a stream that is away misses
    this checkpoint and gets the next one.
    """

    def __init__(
        self, log: EventLog, client: Client, secret: Secret, file: Path, every: float = _EVERY
    ) -> None:
        self._log = log
        self._client = client
        self._key = secret.signing_key("checkpoints")
        self._file = file
        self._every = every
        self._last = Head()
        self._kept_at = monotonic()
        self._said = Said(_log, logging.WARNING)

    @property
    def age(self) -> float:
        """Seconds since the last one told of everything there was."""
        return monotonic() - self._kept_at

    async def run(self) -> None:
        while True:
            await self.write()
            await asyncio.sleep(self._every)

    async def write(self) -> None:
        """Sign the head of now and keep it. What cannot be written is logged, and tried again."""
        try:
            head = await self._log.head()
            if head == self._last:
                self._kept_at = monotonic()
                return
            checkpoint = sign(self._log.name, head, _KID, self._key)
            await asyncio.to_thread(_append, self._file, checkpoint)
            self._last, self._kept_at = head, monotonic()
            await _publish(self._client, checkpoint)
        except (Unavailable, NatsError, OSError, TimeoutError) as error:
            self._said.because(f"a checkpoint of {self._log.name} was not written", repr(error))
        else:
            self._said.over()


def _append(file: Path, checkpoint: Checkpoint) -> None:
    """One writer at a time, whichever process it is in."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        append_checkpoint(file, checkpoint)


async def _publish(client: Client, checkpoint: Checkpoint) -> None:
    stream = client.jetstream(timeout=2)
    name = _stream(checkpoint.service)
    try:
        await stream.stream_info(name)
    except NotFoundError:
        config = StreamConfig(
            name=name,
            subjects=[_subject(checkpoint.service)],
            storage=StorageType.FILE,
            discard=DiscardPolicy.OLD,
            max_msgs=_KEPT,
            max_bytes=_KEPT_BYTES,
            deny_delete=True,
            deny_purge=True,
            allow_direct=True,
        )
        await stream.add_stream(config)
    await stream.publish(_subject(checkpoint.service), to_line(checkpoint))


def _stream(service: str) -> str:
    return f"CHK_{service}"


def _subject(service: str) -> str:
    return f"chk.{service}"


async def kept(
    file: Path, client: Client | None, service: str, keys: Mapping[str, Ed25519PublicKey]
) -> list[Checkpoint]:
    """All checkpoints of the file and of the stream, where either is there.

    Without a client, of the file alone. Raises CheckpointRefused for one that was altered, or that
    is signed by none of these keys, and Unavailable when NATS does not answer.
    """
    found = await asyncio.to_thread(_read, file, keys)
    if client is None:
        return found
    try:
        lines = await _published(client, service)
    except (NatsError, OSError, TimeoutError) as error:
        raise Unavailable(f"the stream of checkpoints does not answer: {error!r}") from error
    for number, line in enumerate(lines, 1):
        checkpoint = from_line(_stream(service), number, line.rstrip())
        check(checkpoint, keys)
        found.append(checkpoint)
    return found


async def last_kept(
    file: Path, client: Client | None, service: str, keys: Mapping[str, Ed25519PublicKey]
) -> Checkpoint | None:
    """The last checkpoint of the file or of the stream; None when there is none. Raises as `kept`.

    Without a client the file alone is asked.
    """
    found = (await asyncio.to_thread(_read, file, keys))[-1:]
    if client is not None:
        try:
            stream = client.jetstream(timeout=2)
            line = (await stream.get_last_msg(_stream(service), _subject(service))).data
        except NotFoundError:
            line = None
        except (NatsError, OSError, TimeoutError) as error:
            raise Unavailable(f"the stream of checkpoints does not answer: {error!r}") from error
        if line:
            found.append(from_line(_stream(service), 1, line.rstrip()))
            check(found[-1], keys)
    return max(found, key=lambda each: each.position, default=None)


def _read(file: Path, keys: Mapping[str, Ed25519PublicKey]) -> list[Checkpoint]:
    return read_checkpoints(file, keys) if file.exists() else []


async def _published(client: Client, service: str) -> list[bytes]:
    stream, name = client.jetstream(timeout=2), _stream(service)
    try:
        count = (await stream.stream_info(name)).state.messages
    except NotFoundError:
        return []
    reader = await stream.pull_subscribe(
        _subject(service), stream=name, config=ConsumerConfig(ack_policy=AckPolicy.NONE)
    )
    lines: list[bytes] = []
    try:
        while len(lines) < count:
            messages = await reader.fetch(min(_PAGE, count - len(lines)), timeout=2)
            lines += [message.data for message in messages]
    finally:
        await reader.unsubscribe()
    return lines
