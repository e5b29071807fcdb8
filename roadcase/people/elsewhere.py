"""Erasures that other processes' logs tell of: known here before anything of this one opens.

Each process applies those of its own log first, which needs nobody else, and then waits for this:
so processes that start at once never wait for each other in a circle.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection

import msgspec
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from roadcase.clock import monotonic
from roadcase.errors import Unavailable
from roadcase.event_store.records import tenant_of
from roadcase.keyring import Keyring
from roadcase.people.erasing import PersonErased
from roadcase.said import Said
from roadcase.stream.messages import record_at, stream_name

_PREFIX = stream_name("")
_PAUSE = 0.2  # seconds between two attempts
_log = logging.getLogger(__name__)
_decode = msgspec.json.Decoder(PersonErased).decode


async def know_erasures(
    client: Client, keyring: Keyring, own: Collection[str], patience: float = 15.0
) -> None:
    """Apply what the streams of all other logs tell of; `own` are the logs of this process.

    A keyring restored from a copy that is older than a stream lacks more than that stream tells:
    then the owner of the log has to apply it, which it does when it starts. Raises Unavailable
    after so many seconds in which it did not, or in which a server is away.
    """
    until, said = monotonic() + patience, Said(_log)
    while True:
        try:
            return await _know(client, keyring, own)
        except Unavailable as error:
            if monotonic() > until:
                raise
            said.because("the doors wait for erasures of other logs", error)
        await asyncio.sleep(_PAUSE)


async def _know(client: Client, keyring: Keyring, own: Collection[str]) -> None:
    jetstream = client.jetstream(timeout=2)
    try:
        infos = await jetstream.streams_info()
        for info in infos:
            name = str(info.config.name)
            service = name.removeprefix(_PREFIX)
            if name.startswith(_PREFIX) and service not in own:
                await _apply(jetstream, keyring, service, info.state.first_seq)
    except (NatsError, OSError, TimeoutError) as error:
        raise Unavailable(f"NATS does not tell of erasures: {error!r}") from error


async def _apply(jetstream: object, keyring: Keyring, service: str, first: int) -> None:
    applied = await keyring.store.applied_to(service)
    if applied + 1 < first:
        raise Unavailable(
            f"the keyring knows those of {service} up to {applied}, its stream begins at {first}: "
            f"start {service}, which knows them all"
        )
    subject = f"evt.{service}.*.*.person.person_erased"
    position = applied
    while True:
        try:
            raw = await jetstream.get_msg(  # type: ignore[attr-defined]
                stream_name(service), position + 1, subject=subject, direct=True, next=True
            )
        except NotFoundError:
            return
        position = raw.seq or 0
        record = record_at(position, raw.headers or {}, raw.data or b"")
        event = _decode(record.payload)
        await keyring.erase(tenant_of(record.stream), event.subject, event.erased_at)
