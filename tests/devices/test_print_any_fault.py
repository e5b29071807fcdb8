"""Whatever breaks, in whichever order: no ticket twice without saying so, none lost, no false word.

The rules, the worker, the sockets and the printer are the real ones; only the log is a list, so
that many nights fit into a test, and so that it can be away at the worst moments.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from roadcase.asked import Context, Outcome
from roadcase.clock import now
from roadcase.codec import Codec
from roadcase.errors import Refused, Unavailable
from roadcase.event_store.records import Meta, Record
from roadcase.projection import Stamp
from services.devices import commands
from services.devices.adapters import connect_tcp
from services.devices.domain import SPOOL, Spool, binding
from services.devices.profiles import PROFILES
from services.devices.projections import Jobs, Roles
from services.devices.worker import Pace, PrintWorker, lease
from services.devices.worker.flights import Flight, Flights
from tests.devices.jobs_said import TICKET
from tests.devices.printing import bench

HASTY = Pace(stall=0.25, poll=0.01, look=0.05, linger=0.05, names=-1, grace=0.2)
LEASE = 0.4
STATES = ("queued", "sending", "printed", "in_doubt", "abandoned")
ANN = Context(tenant="t1", actor="ann")


class ListLog:
    """Decides as the dispatcher does. `away`: how the next questions fare, in turn."""

    name = "devices"

    def __init__(self):
        self.state = Spool()
        self.records = []
        self.on_commit = []
        self.away = []
        self._codec = Codec(SPOOL.events)
        self._answers = {}

    async def read(self, after, limit):
        return self.records[after : after + limit]

    async def __call__(self, command, context):
        await asyncio.sleep(0)
        how = self.away.pop(0) if self.away else None
        if how == "before":
            raise Unavailable
        outcome = self._answers.get(context.key) or self._decided(command, context)
        if context.key and outcome.events:
            self._answers[context.key] = outcome
        if how == "after":
            raise Unavailable
        return outcome

    def _decided(self, command, context):
        events = SPOOL.decide(self.state, command, now())
        added = []
        for fact in events:
            position = len(self.records) + len(added) + 1
            meta = msgspec.json.encode(Meta(id=f"e{position}", at=now(), actor="a", command="c"))
            payload = self._codec.encode(fact)
            stream = f"{context.tenant}/spool/main"
            added.append(Record(position, stream, position, fact.topic, payload, meta, bytes(32)))
            SPOOL.evolve(self.state, fact)
        self.records += added
        for listener in self.on_commit if added else ():
            listener(added)
        return Outcome(len(self.records), events)

    def facts(self):
        return [self._codec.decode(each.topic, each.payload) for each in self.records]


class Night:
    """Two printers, one worker, and everything that can happen to them."""

    def __init__(self, log, printers, resend):
        self.log = log
        self.printers = printers
        self.resend = resend
        self.at = 0
        self.sold = []
        self.worker = None
        self.task = None

    @property
    def printer(self):
        return self.printers[self.at]

    async def bind(self):
        device = f"p{self.at}"
        address = f"127.0.0.1:{self.printer.port}"
        await self.insist(
            commands.BindRole(role="ticket-1", device=device, address=address, resend=self.resend)
        )

    async def insist(self, command):
        while True:
            with suppress(Unavailable):
                return await self.log(command, ANN)

    def start(self):
        self.worker = PrintWorker(
            self.log, self.log, self.log.on_commit, connect=_impatient, pace=HASTY
        )
        self.task = asyncio.create_task(self.worker.run())

    async def kill(self):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        self.log.on_commit.remove(self.worker.desk.offer)

    async def sell(self, count):
        for _ in range(count):
            code = f"CODE{len(self.sold):06d}"
            self.sold.append(code)
            fields = {**TICKET, "code": code, "ticket": f"o1-{len(self.sold)}"}
            await self.insist(commands.RequestTicket(job=code, role="ticket-1", **fields))

    async def operator(self, what):
        doubtful = [n for n, job in self.log.state.jobs.items() if job.state == "in_doubt"]
        for name in doubtful[:2]:
            with suppress(Refused):
                await self.insist(what(job=name))

    async def step(self, what, value):
        match what:
            case "sell":
                await self.sell(value)
            case "fault":
                name, setting = value
                await self.printer.faults(**{name: setting})
            case "power":
                self.printer.printer.machine.power_cycle()
            case "away":
                self.log.away += value
            case "kill":
                await self.kill()
                self.start()
            case "swap":
                self.at = 1 - self.at
                await self.bind()
            case "operator":
                await self.operator(value)
            case "wait":
                await asyncio.sleep(value)

    async def mend(self):
        for each in self.printers:
            await each.faults(
                paper="ok",
                roll_mm="none",
                keep_buffer="on",
                cover="closed",
                hang="off",
                ack_drop=0,
                drop_after="none",
                error="off",
                online="on",
            )
        async with asyncio.timeout(20):
            while self.unsettled():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)

    def unsettled(self):
        return [n for n, job in self.log.state.jobs.items() if job.state in ("queued", "sending")]

    def sheets(self):
        """For each sheet with a code on it: the code, and which copy it says it is."""
        for each in self.printers:
            each.printer.machine.tear()  # what hangs out is paper, too
            for ticket in each.tickets():
                marks = {line.strip() for line in ticket["text"] if "COPY" in line}
                assert len(marks) <= 1, "two tickets on one sheet"
                for code in ticket["codes"]:
                    yield code if isinstance(code, str) else code["text"], "".join(marks)


async def _impatient(address, wake):
    return await connect_tcp(address, wake, patience=0.2)


FAULTS = st.sampled_from(
    [
        ("paper", "out"),
        ("paper", "ok"),
        ("cover", "open"),
        ("cover", "closed"),
        ("hang", "on"),
        ("hang", "off"),
        ("ack_drop", 1),
        ("ack_drop", 2),
        ("drop_after", 20),
        ("drop_after", 250),
        ("drop_after", 700),
        ("error", "on"),
        ("keep_buffer", "off"),
        ("roll_mm", 70),
    ]
)
DECISIONS = st.sampled_from(
    [
        commands.ConfirmByHand,
        commands.ReprintJob,
        _abandoning := (lambda job: commands.AbandonJob(job=job, reason="rain")),
    ]
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), st.integers(1, 5)),
        st.tuples(st.just("fault"), FAULTS),
        st.tuples(st.just("fault"), FAULTS),
        st.tuples(st.just("power"), st.none()),
        st.tuples(
            st.just("away"), st.lists(st.sampled_from(["before", "after", None]), max_size=6)
        ),
        st.tuples(st.just("kill"), st.none()),
        st.tuples(st.just("swap"), st.none()),
        st.tuples(st.just("operator"), DECISIONS),
        st.tuples(st.just("wait"), st.sampled_from([0.0, 0.005, 0.02, 0.1])),
    ),
    min_size=3,
    max_size=14,
)


@pytest.fixture(autouse=True)
def short_leases():
    logging.disable(logging.INFO)
    with (
        patch.object(binding, "LEASE", binding.LEASE * (LEASE / binding.LEASE.total_seconds())),
        patch.object(lease, "_SECONDS", LEASE),
    ):
        yield
    logging.disable(logging.NOTSET)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(steps=[("power", None), ("sell", 5), ("kill", None)], resend=2, speed=3000).via(
    "a worker that died before it parted what another job left hanging out"
)
@given(steps=STEPS, resend=st.sampled_from([0, 2]), speed=st.sampled_from([0, 0, 3000]))
def test_whatever_breaks_no_ticket_is_doubled_unmarked_lost_or_falsely_confirmed(
    steps, resend, speed
):
    with TemporaryDirectory() as folder:
        asyncio.run(_night(Path(folder), steps, resend, speed))


async def _night(folder, steps, resend, speed):
    async with (
        bench(folder / "a", mm_per_s=speed) as a,
        bench(folder / "b", mm_per_s=speed) as b,
    ):
        night = Night(ListLog(), [a, b], resend)
        await night.bind()
        night.start()
        try:
            await night.sell(2)
            for what, value in steps:
                await night.step(what, value)
            await night.mend()
        finally:
            await night.kill()
        _hold(night)


def _hold(night):
    jobs = night.log.state.jobs
    sheets = Counter(night.sheets())
    assert set(jobs) == set(night.sold)
    assert max(sheets.values(), default=0) <= 1, f"printed twice without saying so: {sheets}"
    facts = night.log.facts()
    proven = {fact.job for fact in facts if type(fact).__name__ == "JobConfirmed"}
    on_paper = {code for code, _ in sheets}
    assert proven <= on_paper, "confirmed and not on paper"
    for name, job in jobs.items():
        assert job.state in ("printed", "in_doubt", "abandoned")
        copies = {mark for code, mark in sheets if code == name}
        assert len(copies) <= job.copy
    for kind, number in Counter(job.state for job in jobs.values()).items():
        event(f"{kind}: {'some' if number else 'none'}")
    assert night.log.state == SPOOL.fold(facts)
    _assert_boards(jobs, facts)


def _assert_boards(jobs, facts):
    """The read models say what the rules know."""
    (role,) = table(Roles(), facts).values()
    states = Counter(job.state for job in jobs.values())
    assert {state: role[state] for state in STATES} == {state: states[state] for state in STATES}
    rows = table(Jobs(), facts)
    assert {row["job"]: (row["state"], row["copy"]) for row in rows.values()} == {
        name: (job.state, job.copy) for name, job in jobs.items()
    }


def table(projection, facts):
    rows = {}
    for position, fact in enumerate(facts, 1):
        for key_of, fold in projection.hears.get(type(fact), ()):
            key = key_of(fact)
            rows[key] = fold(rows.get(key), fact, Stamp(position, "s", "t1", now(), "ann"))
    return rows


@pytest.mark.parametrize(
    "away",
    [
        ["after"] * 3,
        ["before"] * 12,
        ["after", "before"] * 6,
        [None, "after"] * 20,
        [None] * 3 + ["before"] * 60,
    ],
    ids=["unheard", "gone", "both", "every other", "gone for longer than a printer may be"],
)
async def test_a_log_that_is_away_makes_no_doubt_while_the_printer_is_fine(tmp_path, away):
    """Not when the answer to a record gets lost, not when there is proof and nowhere to put it."""
    async with bench(tmp_path / "a", mm_per_s=2000) as a:
        night = Night(ListLog(), [a], 2)
        await night.bind()
        night.start()
        try:
            for _ in range(4):
                await night.sell(4)
                night.log.away += away
                await asyncio.sleep(0.05)
            await night.mend()
        finally:
            await night.kill()
        kinds = Counter(type(fact).__name__ for fact in night.log.facts())
        assert (kinds["JobConfirmed"], kinds["JobInDoubt"]) == (16, 0)
        assert kinds["JobSending"] == 16 + kinds["JobRejected"]  # where the lease ran out meanwhile
        assert set(night.sheets()) == {(code, "") for code in night.sold}


def test_only_a_printer_that_cuts_and_confirms_gets_several_jobs_at_once():
    rooms = {name: Flights().room(profile) for name, profile in PROFILES.items()}
    assert rooms.pop("epson-80") == rooms.pop("epson-58") == 2
    assert set(rooms.values()) == {1}


def test_a_quick_printer_gets_more_at_once_but_never_too_many():
    flights = Flights()
    for number in range(40):
        answer = str(number).encode()
        flights.add(Flight(f"j{number}", 1, 300, answer, sent=0))
        assert [each for each, ok in flights.landed([answer]) if ok]
    assert flights.room(PROFILES["epson-80"]) == 32
    assert len(flights) == 0
