"""`roadcase doctor`: what runs, how far it has come, and what to do where it is not well."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from roadcase import clock
from roadcase.checkpointing import file_of, keys_of, last_kept
from roadcase.cli.common import Json, answer, run, table
from roadcase.errors import RoadcaseError, Unavailable
from roadcase.event_store.connections import connect, connected
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import meta_of
from roadcase.keyring import Keyring, open_keyring
from roadcase.keyring.lost import lost
from roadcase.outbox.standing import standing
from roadcase.parked import ParkedEvents
from roadcase.platform.logs import find_logs
from roadcase.process import FOUND_WRONG
from roadcase.progress import progress
from roadcase.secret import Secret, find_secret
from roadcase.servers import Servers, servers
from roadcase.service import Service
from roadcase.settings import Settings, read
from roadcase.stream.stream import Stream
from roadcase.stream.stream import connect as connect_nats

if TYPE_CHECKING:
    from nats.aio.client import Client

Row = dict[str, Any]
All = Annotated[bool, typer.Option("--all", help="Also what is well, each by itself.")]
_FAR = 10_000  # events behind: more is worth a look
_STILL = 3.0  # seconds in which a copy that is behind moves on
_LATE = timedelta(minutes=5)  # a checkpoint is made every minute in which something happened
_LONG = 3600.0  # seconds that a message may wait
_FOUND = "find the newer copy of the schema keyring, or the secret it was made with"
_NO_ROOM = (
    "start the service if it does not run; if it does, NATS stores nothing: make room on its disk. "
    "A NATS of ours is then started again by itself, another one restart yourself"
)


def doctor(every: All = False, as_json: Json = False) -> None:
    """What runs, how far everything has come, what needs a hand. Exit code 1 if anything does.

    A service that is well is one line. With --json everything is told.
    """

    async def work() -> int:
        found = Findings([])
        settings = read()
        disk = shutil.disk_usage(settings.data if settings.data.exists() else ".")
        free = f"{disk.free >> 30} GiB free"
        found.add("disk", free, ok=disk.free > 1 << 30, do="make room")
        async with servers(settings, join=True) as there:
            await _examine(found, settings, there)
        bad = [row for row in found.rows if row["verdict"] != "ok"]
        shown = found.rows if every else shortened(found.rows, [each.name for each in find_logs()])
        title = "doctor" if every else "doctor; everything with --all"
        answer(found.rows, as_json=as_json, shown=lambda: table(title, shown))
        return FOUND_WRONG if bad else 0

    run(work())


def shortened(rows: Sequence[Row], services: Sequence[str]) -> list[Row]:
    """Of each service its log, with how it stands, and what is not well."""
    found: list[Row] = []
    for row in rows:
        of = next((f"{name} " for name in services if row["what"].startswith(f"{name} ")), "")
        if not of or row["verdict"] != "ok":
            found.append(row)
        elif row["what"] == f"{of}log":
            own = [each for each in rows if each["what"].startswith(of) and each is not row]
            bad = sum(each["verdict"] != "ok" for each in own)
            stands = f"{bad} of {len(own)} to look at" if bad else "all is well"
            found.append({**row, "state": f"{row['state']}, {stands}"})
    return found


class Findings(NamedTuple):
    """What was looked at, how it is, and what to do where that is not well."""

    rows: list[Row]

    def add(self, what: str, state: object, *, ok: bool = True, do: str = "") -> None:
        verdict, do = ("ok", "") if ok else ("look", do)
        self.rows.append({"what": what, "state": state, "verdict": verdict, "do": do})


class _Case(NamedTuple):
    """One service under examination. `client` is None while NATS is away."""

    service: Service
    log: PostgresLog
    client: Client | None
    url: str
    settings: Settings
    secret: Secret
    found: Findings


async def _examine(found: Findings, settings: Settings, there: Servers) -> None:
    url, secret = there.postgres_url, find_secret(settings)
    connection = await connect(url)
    version, at = await connection.fetchrow("SELECT version(), clock_timestamp()") or ("", None)
    await connection.close()
    found.add("PostgreSQL", str(version).split(" on ")[0])
    ahead = abs((clock.now() - at).total_seconds()) if at else 0.0
    found.add("clock", f"{ahead:.3f} s from the database", ok=ahead < 1, do="set the clock")
    async with AsyncExitStack() as stack:
        client = await _nats(found, there.nats_url)
        if client:
            stack.push_async_callback(client.close)
        keyring = await stack.enter_async_context(open_keyring(url, secret))
        for service in find_logs():
            await migrate(url, service.name)
            log = await stack.enter_async_context(PostgresLog(url, service.name))
            case = _Case(service, log, client, url, settings, secret, found)
            await _examine_log(case)
            await _examine_tables(case, keyring)


async def _nats(found: Findings, url: str) -> Client | None:
    try:
        client = await connect_nats(url)
    except Unavailable as error:
        found.add("NATS", "away", ok=False, do=f"{error}. Selling goes on, what hears it waits")
        return None
    version = client.connected_server_version
    found.add("NATS", f"NATS {version.major}.{version.minor}.{version.patch}")
    return client


async def _examine_log(case: _Case) -> None:
    name, found, head = case.service.name, case.found, await case.log.head()
    found.add(f"{name} log", f"{head.position:,} events")
    if case.client:
        stream = Stream(case.client, case.log)
        try:
            await stream.recognise(head)
            behind = head.position - await stream.last()
            stands = behind > 0 and await _stands(stream)
            state = f"{behind:,} behind{', and not moving' if stands else ''}"
            ok = not stands and behind < _FAR
            found.add(f"{name} stream", state, ok=ok, do=_NO_ROOM)
        except RoadcaseError as error:
            found.add(f"{name} stream", error.code, ok=False, do=str(error))
    await _examine_checkpoints(case)


async def _stands(stream: Stream) -> bool:
    """Whether nothing is copied, though something is to be."""
    last, until = await stream.last(), clock.monotonic() + _STILL
    while clock.monotonic() < until:
        await asyncio.sleep(0.1)
        if await stream.last() != last:
            return False
    return True


async def _examine_checkpoints(case: _Case) -> None:
    """Late is one only if something happened since the last one that should be in the next."""
    name = case.service.name
    file, keys = file_of(case.settings, name), keys_of(case.secret)
    try:
        last = await last_kept(file, case.client, name, keys)
    except RoadcaseError as error:
        case.found.add(f"{name} checkpoint", error.code, ok=False, do=str(error))
        return
    since = await case.log.read(last.position if last else 0, 1)
    late = bool(since) and clock.now() - meta_of(since[0]).at > _LATE
    age = f"{(clock.now() - last.at).total_seconds():,.0f} s old" if last else "none yet"
    state = f"{age}, at position {last.position:,}" if last else age
    do = f"start the service if it does not run; if it does, it cannot write {file}: see its log"
    case.found.add(f"{name} checkpoint", state, ok=not late, do=do)


async def _examine_tables(case: _Case, keyring: Keyring) -> None:
    name, found, head = case.service.name, case.found, await case.log.head()
    async with connected(case.url, case.log.role) as pool:
        for each in (await progress(pool, name)).values():
            behind = head.position - each.position
            found.add(
                f"{name} read model {each.name}",
                each.stopped or f"{behind:,} behind",
                ok=not each.stopped and behind < _FAR,
                do="mend it, then `roadcase projection rebuild`",
            )
        waiting = len(await ParkedEvents(pool, name).listed())
        found.add(f"{name} parked", waiting, ok=not waiting, do="`roadcase parked list`")
        if any(each.name == "outbox" for each in case.service.projections):
            await _examine_outbox(case, pool)
        people = await lost(pool, name, keyring)
        state = f"{len(people):,} lost"
        do = f"not erased, and yet nobody can open them: {_FOUND}"
        found.add(f"{name} keys of people", state, ok=not people, do=do)


async def _examine_outbox(case: _Case, pool: Any) -> None:
    stands = await standing(pool, case.service.name)
    state = f"{stands.waiting:,} waiting, {stands.parked:,} parked, {stands.in_doubt:,} in doubt"
    if stands.waiting:
        state += f", the oldest for {stands.oldest:,.0f} s"
    decide, late = stands.parked + stands.in_doubt, stands.oldest > _LONG
    do = "`roadcase outbox list`, then retry or drop"
    if late and not decide:
        do = "is ROADCASE_SMTP_URL set, and does that server answer? `roadcase outbox list`"
    case.found.add(f"{case.service.name} outbox", state, ok=not decide and not late, do=do)
