"""A record of the log as a NATS message, and back, byte for byte.

CloudEvents 1.0 in the binary mode of its NATS binding: the attributes are `ce-` headers and the
message's data is the payload. `Roadcase-Meta` and `Roadcase-Hash` carry the rest of the record, so
that the stream alone can give a log its lost tail back.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from nats.aio.msg import Msg

from roadcase.event_store.records import Record, meta_of, tenant_of

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
    """`evt.<service>.<tenant>.<pNN>.<category>.<event>`; the service is the one that keeps it."""
    category = stream.split("/", 2)[1]
    event = topic.split(".")[1] if "." in topic else topic
    return f"evt.{service}.{tenant_of(stream)}.{partition_of(stream)}.{category}.{event}"


def headers_of(record: Record, source: str) -> dict[str, str]:
    """All attributes of a record. `source` is `/<service>`."""
    meta = meta_of(record)
    return {
        "ce-specversion": "1.0",
        "ce-id": meta.id,
        "ce-type": record.topic,
        "ce-source": source,
        "ce-subject": record.stream,
        "ce-time": meta.at.isoformat(),
        "ce-datacontenttype": "application/json",
        VERSION: str(record.version),
        META: record.meta.decode(),
        HASH: record.hash.hex(),
    }


def record_of(message: Msg) -> Record:
    """The record that a message of the stream carries; its position is the stream's sequence."""
    headers = message.headers or {}
    return Record(
        message.metadata.sequence.stream,
        headers["ce-subject"],
        int(headers[VERSION]),
        headers["ce-type"],
        message.data,
        headers[META].encode(),
        bytes.fromhex(headers[HASH]),
    )
