"""The whole way of a ticket: sold by one service, printed by the other, whatever breaks."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from nats.aio.client import Client
from nats.errors import Error as NatsError

from roadcase.asked import Context
from roadcase.event_store.records import Meta, meta_of
from roadcase.running import Running, running
from roadcase.secret import Secret
from roadcase.service import Service
from roadcase.stream.stream import connect
from services.devices import commands
from services.devices.domain import DECIDERS
from services.devices.projections import PROJECTIONS
from services.devices.reactions import REACTIONS
from services.devices.worker import Pace, PrintWorker
from services.ticketing.commands import OpenBoxOffice, SellTickets, TicketType
from services.ticketing.service import TICKETING

TENANT = "t1"
# Its workers are started, stopped and killed by each test. Planning does not run here.
HEARD = tuple(each for each in REACTIONS if each.sources == ["ticketing"])
DEVICES = Service(name="devices", deciders=DECIDERS, reactions=HEARD, projections=PROJECTIONS)
QUICK = Pace(stall=0.6, poll=0.05, look=0.3, linger=0.3, names=0.3, grace=1.0)
SECRET = Secret("the secret of these tests, long enough")


def asked(key: str | None = None, **more: Any) -> Context:
    return Context(tenant=TENANT, actor="ann", key=key, **more)


@dataclass
class House:
    """Two services on real servers, and a worker that a test may kill."""

    ticketing: Running
    devices: Running
    pace: Pace
    workers: list[tuple[PrintWorker, asyncio.Task[None]]] = field(default_factory=list)

    async def open(self, name: str = "Kino im Hof", capacity: int = 5000) -> None:
        kind = TicketType(
            id="std", name="Standard", price="12.00 EUR", seller="house", draws={"hall": 1}
        )
        times = {"starts_at": "2026-05-09T20:00:00", "ends_at": "2026-05-09T23:00:00"}
        await self.ticketing.dispatch(
            OpenBoxOffice(
                occurrence="n1",
                name=name,
                zone="Europe/Berlin",
                **times,
                pools={"hall": capacity},
                ticket_types=(kind,),
            ),
            asked(),
        )

    async def sell(self, order: str, quantity: int = 1, **context: Any) -> list[str]:
        """The codes of the tickets sold."""
        outcome = await self.ticketing.dispatch(
            SellTickets(
                occurrence="n1",
                order=order,
                payment_reference="cash",
                code_seed="ab" * 16,
                lines=({"ticket_type": "std", "quantity": quantity},),
                amount=f"{12 * quantity}.00 EUR",
            ),
            asked(order, **context),
        )
        return [event.code for event in outcome.events if hasattr(event, "code")]

    async def bind(
        self, port: int, device: str = "p1", role: str = "ticket-1", **more: Any
    ) -> None:
        address = f"127.0.0.1:{port}"
        command = commands.BindRole(role=role, device=device, address=address, **more)
        await self.devices.dispatch(command, asked())

    async def decide(self, command: Any) -> None:
        await self.devices.dispatch(command, asked())

    def print(self, dispatch: Any = None, **other: Any) -> PrintWorker:
        """Start a worker."""
        worker = PrintWorker(
            dispatch or self.devices.dispatch,
            self.devices.log,
            self.devices.dispatch.on_commit,
            **{"pace": self.pace, **other},
        )
        self.workers.append((worker, asyncio.create_task(worker.run())))
        return worker

    async def kill(self) -> None:
        """The latest worker ends as in a killed process: nothing more is recorded."""
        worker, task = self.workers.pop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self.devices.dispatch.on_commit.remove(worker.desk.offer)

    async def stop(self) -> None:
        worker, task = self.workers.pop()
        worker.stop()
        await asyncio.wait_for(task, 10)

    async def events(self) -> list[Any]:
        """What devices recorded, oldest first."""
        head = await self.devices.log.head()
        records = await self.devices.log.read(0, head.position)
        decode = self.devices.dispatch.codec.decode
        return [decode(record.topic, record.payload) for record in records]

    async def metas(self, topics: str) -> list[tuple[str, Meta]]:
        """Topic and meta of all records whose topic begins like this."""
        records = await self.devices.log.read(0, 10_000)
        return [(each.topic, meta_of(each)) for each in records if each.topic.startswith(topics)]

    async def said(self) -> list[str]:
        """What was recorded about jobs, by name."""
        names = [type(event).__name__ for event in await self.events()]
        return [name for name in names if name.startswith("Job")]

    async def counts(self) -> Counter[str]:
        return Counter(await self.said())

    async def _all_counts(self) -> Counter[str]:
        return Counter(type(event).__name__ for event in await self.events())

    async def until(self, *, seconds: float = 15, **counts: int) -> None:
        """Wait until so many events of these kinds are recorded: `JobConfirmed=3`."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    found = await self._all_counts()
                    if all(found[name] >= number for name, number in counts.items()):
                        return
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"wanted {counts}, got {dict(await self.counts())}") from None

    async def shown(self, table: str) -> list[dict[str, Any]]:
        """Rows of a read model, once it is as new as the log."""
        position = (await self.devices.log.head()).position
        assert await self.devices.projector.reached(position, 10)

        connection = await asyncpg.connect(self.devices.url)
        try:
            rows = await connection.fetch(f"SELECT * FROM devices_views.{table}")
        finally:
            await connection.close()
        return [dict(row) for row in rows]


@asynccontextmanager
async def house(database: str, nats_url: str, pace: Pace = QUICK):
    """Both services run until the block ends; workers are the test's to start."""
    async with AsyncExitStack() as stack:
        client = await connect(nats_url)
        stack.push_async_callback(client.close)
        stack.push_async_callback(_make_room, client)
        ticketing = await stack.enter_async_context(running(TICKETING, database, client, SECRET))
        devices = await stack.enter_async_context(running(DEVICES, database, client, SECRET))
        this = House(ticketing, devices, pace)
        await _ready(this)
        try:
            yield this
        finally:
            for _, task in this.workers:
                task.cancel()
            await asyncio.gather(*(task for _, task in this.workers), return_exceptions=True)


async def _make_room(client: Client) -> None:
    """A stream reserves all it may ever hold, and the tests of a run share one server."""
    for name in ("EVT_ticketing", "EVT_devices"):
        with suppress(NatsError, TimeoutError):
            await client.jetstream(timeout=1).delete_stream(name)


async def _ready(this: House) -> None:
    """Reactions that start at the end of a stream must have seen it before something is sold."""
    async with asyncio.timeout(10):
        while this.ticketing.not_ready or this.devices.not_ready:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        while True:
            connection = await _tracked(this)
            if connection >= len(this.devices.reactors):
                return
            await asyncio.sleep(0.01)


async def _tracked(this: House) -> int:

    connection = await asyncpg.connect(this.devices.url)
    try:
        return await connection.fetchval("SELECT count(*) FROM devices.tracking")
    finally:
        await connection.close()
