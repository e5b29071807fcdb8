"""Sells one ticket and watches all sales; kill it and start it again: it goes on where it was."""

import asyncio
import pathlib
import sys

from roadcase.api.v1.common_pb2 import Money
from roadcase.client import Roadcase


async def main(target: str, token: str, occurrence: str, order: str) -> None:
    kept = pathlib.Path("cursor.txt")
    async with Roadcase(target, token) as roadcase:
        await roadcase.sell(
            occurrence,
            order,
            {"standard": 1},
            "pay-1",
            Money(minor=1200, currency="EUR"),
            key=order,
        )
        cursor = kept.read_text() if kept.exists() else ""
        async for entry in roadcase.watch("ticketing", cursor, topics=["ticketing.ticket_sold.v1"]):
            print(entry.payload.decode())
            kept.write_text(entry.cursor)


asyncio.run(main(*sys.argv[1:]))
