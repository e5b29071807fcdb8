"""A log with many sales in it, written by COPY: valid, chained, and quicker than selling them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from io import BytesIO
from itertools import islice

import asyncpg
import msgspec

from roadcase.codec import Codec
from roadcase.event_store.chain import number
from roadcase.event_store.records import Entry, Head, Meta
from roadcase.ids import Uuid7s
from roadcase.money import Money
from services.ticketing.commands import Line, OpenBoxOffice, SellTickets, TicketType
from services.ticketing.domain import BOX_OFFICE

TENANT = "acme"
PRICE = Money(1200, "EUR")
AT = datetime(2026, 5, 1, 18, 30, 0, 123_456, tzinfo=UTC)
PER_OCCURRENCE = 2_000
_PAGE = 20_000
_STARTS, _ENDS = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


def opening(occurrence: str, capacity: int) -> OpenBoxOffice:
    one = {"price": PRICE, "seller": "seller_1"}
    return OpenBoxOffice(
        occurrence=occurrence, name="Microcinema", zone="Europe/Berlin",
        starts_at=datetime(2027, 1, 1, 20), ends_at=datetime(2027, 1, 1, 22),
        pools={"room": capacity},
        ticket_types=(TicketType(id="standard", name="Standard", draws={"room": 1}, **one),),
    )  # fmt: skip


def selling(occurrence: str, order: str) -> SellTickets:
    return SellTickets(
        occurrence=occurrence, order=order, payment_reference=f"pay_{order}_0123456789",
        amount=PRICE, code_seed="0123456789abcdef0123456789abcdef", subject=f"sub_{order}",
        lines=(Line(ticket_type="standard", quantity=1),),
    )  # fmt: skip


async def fill(url: str, count: int, per_occurrence: int = PER_OCCURRENCE) -> None:
    """Fill the empty log of ticketing with `count` events, nearly all of them tickets sold."""
    connection = await asyncpg.connect(url)
    head, news = Head(), _entries(per_occurrence)
    while missing := count - head.position:
        records, bodies = number(head, islice(news, min(_PAGE, missing)))
        rows = [
            b"".join((b"\0\7", body, b"\0\0\0\x20", record.hash))
            for record, body in zip(records, bodies, strict=True)
        ]
        await _copy(connection, "events", ("position", "stream", "version", "topic", "payload",
                                           "meta", "hash"), rows)  # fmt: skip
        keys = [
            b"\0\3\0\0\0\x10%b\0\0\0\x08%b\0\0\0\4\0\0\0\1"
            % (_key(record.position), record.position.to_bytes(8, "big"))
            for record in records
        ]
        await _copy(connection, "keys", ("key", "position", "events"), keys)
        head = Head(records[-1].position, records[-1].hash, AT)
    await connection.execute("UPDATE ticketing.head SET position = $1, hash = $2, at = $3", *head)
    await connection.execute("VACUUM ANALYZE ticketing.events, ticketing.keys")
    await connection.close()


async def _copy(
    connection: asyncpg.Connection, table: str, columns: tuple[str, ...], rows: list[bytes]
) -> None:
    await connection.copy_to_table(
        table, schema_name="ticketing", columns=columns, format="binary",
        source=BytesIO(b"".join((_STARTS, *rows, _ENDS))),
    )  # fmt: skip


def _key(position: int) -> bytes:
    return blake2b(position.to_bytes(8, "big"), digest_size=16).digest()


def _entries(per_occurrence: int) -> Iterator[Entry]:
    """One occurrence after the other: it is opened, then its tickets are sold."""
    ids, occurrences = Uuid7s(), 0
    while True:
        occurrences += 1
        occurrence = f"night_{occurrences:06}"
        stream = f"{TENANT}/box-office/{occurrence}"
        opened = BOX_OFFICE.decide(BOX_OFFICE.initial(), opening(occurrence, 10**6), AT)
        version = 0
        for event in opened:
            version += 1
            yield Entry(stream, version, event.topic, Codec.encode(event), _meta(ids, version))
        office = BOX_OFFICE.fold(opened)
        (sold,) = BOX_OFFICE.decide(office, selling(occurrence, "oooooooo"), AT)
        payload = Codec.encode(msgspec.structs.replace(sold, code="cccccccc"))
        for _ in range(per_occurrence):
            version += 1
            order = b"o%07d" % version
            paid = payload.replace(b"oooooooo", order).replace(b"cccccccc", order)
            yield Entry(stream, version, sold.topic, paid, _meta(ids, version))


def _meta(ids: Uuid7s, version: int) -> bytes:
    id_ = ids.take()
    return _encode(
        Meta(
            id=id_, at=AT, actor="partner_7", command=id_, key=_key(version), request=_key(version)
        )
    )


_encode = msgspec.json.Encoder().encode
