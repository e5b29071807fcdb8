"""Sells one ticket, then tells of every sale. Kill it, start it again: it goes on where it was."""

import asyncio, pathlib, sys
from roadcase.client import Money, Roadcase


async def main(target, token, occurrence, order, price=Money(minor=1200, currency="EUR")):
    kept, new = pathlib.Path("partner.cursor"), pathlib.Path("partner.cursor.new")
    async with Roadcase(target, token) as roadcase:
        await roadcase.sell(occurrence, order, {"standard": 1}, f"pay-{order}", price, key=order)
        cursor = kept.read_text() if kept.exists() else ""
        async for entry in roadcase.watch("ticketing", cursor, topics=["ticketing.ticket_sold.v1"]):
            print(entry.payload.decode(), flush=True)
            new.write_text(entry.cursor)
            new.replace(kept)  # at once: a cursor is never half written


asyncio.run(main(*sys.argv[1:]))
