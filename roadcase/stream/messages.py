"""A record of the log as a NATS message, and back, byte for byte.

CloudEvents 1.0 in the binary mode of its NATS binding: the attributes are `ce-` headers and the
message's data is the payload. `Roadcase-Meta` and `Roadcase-Hash` carry the rest of the record, so
that the stream alone can give a log its lost tail back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b

import msgspec

from roadcase.errors import LogCorrupt, LogDiverged
from roadcase.event_store.records import Record, made, tenant_of
from roadcase.stream.client import Headers

PARTITIONS = 16
META, HASH, VERSION = "Roadcase-Meta", "Roadcase-Hash", "ce-streamversion"


def stream_name(service: str) -> str:
    return f"EVT_{service}"


@lru_cache(maxsize=8192)
def partition_of(stream: str) -> str:
    """`p00` to `p15`: events of one stream id are always in one partition."""
    return f"p{blake2b(stream.encode(), digest_size=2).digest()[1] % PARTITIONS:02d}"


@lru_cache(maxsize=8192)
def subject_of(service: str, stream: str, topic: str) -> str:
    """`evt.<service>.<tenant>.<pNN>.<category>.<event>`; the service is the one that keeps it.

    Raises LogCorrupt for names that would be two words to NATS.
    """
    category = stream.split("/", 2)[1]
    event = topic.split(".")[1] if "." in topic else topic
    subject = f"evt.{service}.{tenant_of(stream)}.{partition_of(stream)}.{category}.{event}"
    if len(subject.split()) != 1:
        raise LogCorrupt(f"an event's stream {stream!r} or topic {topic!r} has a space in its name")
    return subject


class _Known(msgspec.Struct):
    """What the headers say of a record's meta."""

    id: str
    at: str


_known = msgspec.json.Decoder(_Known).decode
_LINES = 12
_SHORT_ACK = 9


def headers_of(record: Record, source: str, control: str = "") -> Headers:
    """All attributes of a record. `source` is `/<service>`, `control` more lines, each ended.

    Raises LogCorrupt for a record that could not be read back from its message as it is.
    """
    _, stream, version, topic, _, meta, digest = record
    try:
        known = _known(meta)
        text = (
            "NATS/1.0\r\n"
            f"{control}"
            "ce-specversion: 1.0\r\n"
            f"ce-id: {known.id}\r\n"
            f"ce-type: {topic}\r\n"
            f"ce-source: {source}\r\n"
            f"ce-subject: {stream}\r\n"
            f"ce-time: {known.at}\r\n"
            "ce-datacontenttype: application/json\r\n"
            f"{VERSION}: {version}\r\n"
            f"{META}: {meta.decode()}\r\n"
            f"{HASH}: {digest.hex()}\r\n\r\n"
        )
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LogCorrupt(f"the meta of event {record.position} is not ours: {error}") from error
    if text.count("\n") != _LINES + control.count("\n"):
        raise LogCorrupt(f"event {record.position} has a line break in its meta or its names")
    return Headers(text.encode())


# As `headers_of` ends: one search is a tenth of taking all headers apart.
_OURS = re.compile(
    rb"ce-type: ([^\r]*)\r\nce-source: [^\r]*\r\nce-subject: ([^\r]*)\r\nce-time: [^\r]*\r\n"
    rb"ce-datacontenttype: [^\r]*\r\n%b: (\d+)\r\n%b: ([^\r]*)\r\n%b: ([0-9a-f]*)\r\n\r\n\Z"
    % (VERSION.encode(), META.encode(), HASH.encode())
).search
_name = lru_cache(maxsize=8192)(bytes.decode)


def record_of(reply: bytes, headers: bytes | None, data: bytes) -> Record:
    """The record in a message as it came; its position is the stream's sequence.

    Raises LogDiverged for a message that no relay published.
    """
    position = sequence_of(reply)
    found = _OURS(headers or b"")
    if found is None:
        return record_at(position, {}, data)
    topic, stream, version, meta, digest = found.groups()
    try:
        return made(
            (
                position,
                _name(stream),
                int(version),
                _name(topic),
                data,
                meta,
                bytes.fromhex(digest.decode()),
            )
        )
    except ValueError as error:
        raise _strange(position) from error


def status_of(headers: bytes | None) -> str | None:
    """What NATS itself says in a message, as "409 Batch Completed"; None for a record."""
    if headers is None or headers.startswith(b"NATS/1.0\r\n"):
        return None
    return headers[len(b"NATS/1.0 ") :].split(b"\r\n", 1)[0].decode()


def record_at(position: int, headers: Mapping[str, str], data: bytes) -> Record:
    """The record in a message. Raises LogDiverged for a message that no relay published."""
    try:
        return Record(
            position,
            headers["ce-subject"],
            int(headers[VERSION]),
            headers["ce-type"],
            data,
            headers[META].encode(),
            bytes.fromhex(headers[HASH]),
        )
    except (KeyError, ValueError) as error:
        raise _strange(position) from error


def _strange(position: int) -> LogDiverged:
    return LogDiverged(
        f"message {position} of the stream is not a record of the log: somebody else publishes "
        "there. Take that right away, then delete the stream: the relay makes it again.",
        position=position,
    )


def sequence_of(reply: bytes) -> int:
    """The stream's sequence of a message, from where it wants its acknowledgement sent.

    https://docs.nats.io/reference/reference-protocols/nats_api_reference, "$JS.ACK": nine tokens,
    or eleven and more, with the domain and the account.
    """
    tokens = reply.split(b".")
    return int(tokens[5 if len(tokens) == _SHORT_ACK else 7])
