"""From a sale to paper, on real servers and a printer that breaks in every way it can."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from functools import partial

import pytest

from roadcase.errors import Unavailable
from roadcase.money import Money
from roadcase.testing.printer import PROFILES
from services.devices import commands
from services.devices.adapters import connect_tcp
from services.devices.reactions import job_of
from tests.devices.jobs_running import QUICK, asked, house
from tests.devices.printing import bench


def codes_on(b):
    """The code on every ticket that came out, read by zxing."""
    symbols = [b.symbols(ticket["sequence"]) for ticket in b.tickets()]
    return Counter(text for found in symbols for _, text in found)


def copies_on(b):
    """The marks of all copies that came out."""
    lines = [line.strip() for ticket in b.tickets() for line in ticket["text"]]
    return [line for line in lines if line.startswith("COPY")]


async def test_a_sold_ticket_comes_out_once_and_its_symbol_is_its_code(
    database, nats_url, tmp_path
):
    async with house(database, nats_url) as h, bench(tmp_path, mm_per_s=500) as b:
        await h.bind(b.port)
        await h.open()
        h.print()
        codes = await h.sell("o1", 2)
        await h.until(JobConfirmed=2)
        assert codes_on(b) == Counter(codes)
        assert "Kino im Hof" in " ".join(b.tickets()[0]["text"])
        assert await h.counts() == {"JobRequested": 2, "JobSending": 2, "JobConfirmed": 2}
        (role,) = await h.shown("roles")
        assert (role["printed"], role["queued"], role["sending"], role["in_doubt"]) == (2, 0, 0, 0)
        for row in await h.shown("jobs"):
            assert (row["state"], row["tier"], row["copy"]) == ("printed", 4, 1)
        (printer,) = await h.shown("printers")
        assert (printer["online"], printer["printed"], printer["paper"]) == (True, 2, "ok")


async def test_the_trace_of_the_sale_goes_on_to_the_paper(database, nats_url, tmp_path):
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await h.bind(b.port)
        await h.open()
        h.print()
        await h.sell("o1", traceparent=trace)
        await h.until(JobConfirmed=1)
        metas = await h.metas("devices.job_")
        assert {topic.split(".")[1] for topic, _ in metas} == {
            "job_requested",
            "job_sending",
            "job_confirmed",
        }
        assert {meta.traceparent for _, meta in metas} == {trace}
        assert len({meta.correlation for _, meta in metas}) == 1


async def test_a_sale_heard_ten_times_is_printed_once(database, nats_url, tmp_path):
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await h.bind(b.port)
        await h.open()
        h.print()
        await h.sell("o1")
        await h.until(JobConfirmed=1)
        (reactor,) = [r for r in h.devices.reactors if r.reaction.name == "print-tickets"]
        (record,) = [
            record
            for record in await h.ticketing.log.read(0, 100)
            if record.topic == "ticketing.ticket_sold.v1"
        ]
        (request,) = reactor.reaction.do(reactor._ask._decoder.decode(record.payload))
        for again in range(5):
            assert await reactor._ask([record]) == (1, None)
            await h.devices.dispatch(request, asked(f"another name {again}"))
        await h.sell("o2")
        await h.until(JobConfirmed=2)
        assert len(b.tickets()) == 2


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ({"paper": "out"}, {"paper": "ok"}),
        ({"cover": "open"}, {"cover": "closed"}),
        ({"online": "off"}, {"online": "on"}),
        ({"error": "on"}, {"error": "off"}),
    ],
    ids=lambda fault: "-".join(*fault.items()),
)
async def test_a_printer_that_says_it_cannot_gets_no_byte_until_it_is_mended(
    database, nats_url, tmp_path, broken, mended
):
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await b.faults(**broken)
        await h.bind(b.port)
        await h.open()
        h.print()
        codes = await h.sell("o1", 3)
        await h.until(JobRequested=3, PrinterChanged=1)
        await asyncio.sleep(0.3)
        assert await h.counts() == {"JobRequested": 3}
        (printer,) = await h.shown("printers")
        assert (printer["paper"], printer["cover"]) == (
            broken.get("paper", "ok"),
            broken.get("cover", "closed"),
        )
        assert printer["stopped"] == ("online" in broken or "error" in broken)
        assert not b.tickets()
        await b.faults(**mended)
        await h.until(JobConfirmed=3)
        assert codes_on(b) == Counter(codes)
        assert await h.counts() == {"JobRequested": 3, "JobSending": 3, "JobConfirmed": 3}


async def test_a_printer_that_is_not_there_yet_keeps_its_queue(database, nats_url, tmp_path):
    async with house(database, nats_url) as h:
        async with bench(tmp_path / "first") as b:
            port = b.port
        await h.bind(port)
        await h.open()
        h.print()
        codes = await h.sell("o1", 2)
        await h.until(PrinterChanged=1)
        assert [event.online for event in await h.events() if hasattr(event, "online")] == [False]
        assert await h.counts() == {"JobRequested": 2}
        async with bench(tmp_path / "second", port=port) as b:
            await h.until(JobConfirmed=2)
            assert codes_on(b) == Counter(codes)
            assert (await h.counts())["JobInDoubt"] == 0


async def test_paper_that_runs_out_in_the_middle_of_a_job_is_waited_for(
    database, nats_url, tmp_path
):
    async with house(database, nats_url) as h, bench(tmp_path, mm_per_s=300) as b:
        await b.faults(roll_mm=100)
        await h.bind(b.port)
        await h.open()
        h.print()
        codes = await h.sell("o1", 6)
        await b.until(rolls_used_up=1)
        await asyncio.sleep(1.0)  # longer than a printer may say nothing without a reason
        assert (await h.counts())["JobInDoubt"] == 0
        await b.faults(paper="ok")
        await h.until(JobConfirmed=6)
        assert codes_on(b) == Counter(codes)
        assert (await h.counts())["JobInDoubt"] == 0


async def test_a_connection_lost_in_the_middle_of_a_job_leaves_it_in_doubt(
    database, nats_url, tmp_path
):
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await h.bind(b.port, resend=0)
        await h.open()
        await b.faults(drop_after=150)
        h.print()
        await h.sell("o1")
        await h.until(JobInDoubt=1)
        (row,) = await h.shown("jobs")
        assert (row["state"], row["why"]) == ("in_doubt", "connection_lost")
        assert row["sent"] == row["size"]
        later = await h.sell("o2")
        await h.until(JobConfirmed=1)
        assert codes_on(b)[later[0]] == 1
        assert (await h.counts())["JobSending"] == 2
        whole = b.tickets()[-1]
        assert " ".join(whole["text"]).count("Kino") == 1  # what was torn is not stuck to it


async def test_a_lost_connection_makes_a_copy_that_says_so(database, nats_url, tmp_path):
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await h.bind(b.port)
        await h.open()
        await b.faults(drop_after=60)
        h.print()
        (code,) = await h.sell("o1")
        await h.until(JobConfirmed=1)
        assert (await h.said())[1:] == [
            "JobSending",
            "JobInDoubt",
            "JobReprinted",
            "JobSending",
            "JobConfirmed",
        ]
        assert codes_on(b)[code] == 1
        assert copies_on(b) == ["COPY 2", "COPY 2"]  # above and below
        (role,) = await h.shown("roles")
        assert (role["printed"], role["copies"], role["in_doubt"]) == (1, 1, 0)


@pytest.mark.parametrize(
    "decided",
    [
        (commands.ConfirmByHand, "printed", 1),
        (commands.ReprintJob, "printed", 2),
        (partial(commands.AbandonJob, reason="not there"), "abandoned", 1),
    ],
    ids=["seen", "reprint", "abandon"],
)
async def test_an_answer_that_is_lost_leaves_the_decision_to_an_operator(
    database, nats_url, tmp_path, decided
):
    decision, state, papers = decided
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await h.bind(b.port, resend=0)
        await h.open()
        await b.faults(ack_drop=1)
        h.print()
        (code,) = await h.sell("o1")
        await h.until(JobInDoubt=1)
        assert len(b.tickets()) == 1  # it was printed, and nobody can know
        await asyncio.sleep(0.3)
        assert (await h.counts())["JobSending"] == 1
        job = job_of("n1", "o1-1")
        await h.decide(decision(job=job))
        if papers == 2:
            await h.until(JobConfirmed=1)
        (row,) = await h.shown("jobs")
        assert row["state"] == state
        assert codes_on(b) == {code: papers}
        assert len(copies_on(b)) == 2 * (papers - 1)


async def test_a_job_whose_answer_is_overtaken_is_in_doubt(database, nats_url, tmp_path):
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await b.faults(paper="out")
        await h.bind(b.port, resend=0)
        await h.open()
        h.print()
        await h.sell("o1", 2)
        await h.until(JobRequested=2)
        await b.faults(ack_drop=1, paper="ok")
        await h.until(JobInDoubt=1, JobConfirmed=1)
        assert {row["why"] for row in await h.shown("jobs")} == {None, "overtaken"}
        assert len(b.tickets()) == 2


async def test_a_printer_that_swallows_everything_is_noticed(database, nats_url, tmp_path):
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await h.bind(b.port, resend=0)
        await h.open()
        h.print(connect=partial(connect_tcp, patience=0.3))
        await h.sell("o1")
        await h.until(JobConfirmed=1)
        await b.faults(hang="on")
        await h.sell("o2")
        await asyncio.sleep(1.0)
        (printer,) = await h.shown("printers")
        assert printer["online"] is False
        counts = await h.counts()  # not one byte for the second
        assert (counts["JobSending"] - counts["JobRejected"], counts["JobInDoubt"]) == (1, 0)
        await b.faults(hang="off")
        await h.until(JobConfirmed=2)
        assert len(b.tickets()) == 2


async def test_a_printer_that_is_switched_off_and_on_leaves_doubt_and_goes_on(
    database, nats_url, tmp_path
):
    async with house(database, nats_url) as h, bench(tmp_path, mm_per_s=20) as b:
        await h.bind(b.port, resend=0)
        await h.open()
        h.print()
        codes = await h.sell("o1", 4)
        await h.until(JobSending=2)
        await asyncio.sleep(0.3)
        await b.faults(speed=0)
        assert (await b.control("POST", "/power-cycle"))[0] == 200
        await h.until(JobInDoubt=2, JobConfirmed=2)
        rows = {row["code"]: row["state"] for row in await h.shown("jobs")}
        assert sorted(rows.values()) == ["in_doubt", "in_doubt", "printed", "printed"]
        printed = codes_on(b)
        assert all(printed[code] == 1 for code in codes if rows[code] == "printed")
        assert max(printed.values()) == 1


async def test_a_worker_killed_before_the_answer_leaves_doubt_and_no_second_ticket(
    database, nats_url, tmp_path
):
    async with house(database, nats_url) as h, bench(tmp_path, mm_per_s=20) as b:
        await h.bind(b.port, resend=0)
        await h.open()
        h.print()
        await h.sell("o1")
        await h.until(JobSending=1)
        await h.kill()
        await b.faults(speed=0)
        h.print()
        await h.until(JobInDoubt=1)
        await h.sell("o2")
        await h.until(JobConfirmed=1)
        assert (await h.counts())["JobSending"] == 2
        assert max(codes_on(b).values()) == 1
        (printer,) = await h.shown("printers")
        assert printer["epoch"] == 2


async def test_not_one_byte_leaves_before_its_sending_is_on_record(database, nats_url, tmp_path):
    """The log takes the sending and says nothing: the worker must not send on a guess."""
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        answered, asked = asyncio.Event(), asyncio.Event()

        async def slow(command, context):
            if isinstance(command, commands.SendJob):
                asked.set()
                await answered.wait()
            return await h.devices.dispatch(command, context)

        await h.bind(b.port)
        await h.open()
        h.print(slow)
        await h.sell("o1")
        await asyncio.wait_for(asked.wait(), 10)
        await asyncio.sleep(0.5)
        received = b.printer.machine.counts["bytes"]
        assert received == 3 * (received // 3) < 300  # questions about its status, of three bytes
        assert not b.tickets()
        answered.set()
        await h.until(JobConfirmed=1)
        assert b.printer.machine.counts["bytes"] > received + 200


async def test_a_worker_that_stops_lets_what_is_on_its_way_land(database, nats_url, tmp_path):
    async with house(database, nats_url) as h, bench(tmp_path, mm_per_s=300) as b:
        await h.bind(b.port)
        await h.open()
        h.print(pace=replace(QUICK, grace=8))
        await h.sell("o1", 3)
        await h.until(JobSending=1)
        await h.stop()
        counts = await h.counts()
        assert counts["JobSending"] == counts["JobConfirmed"] == len(b.tickets())
        assert counts["JobConfirmed"] < 3
        (printer,) = await h.shown("printers")
        assert printer["holder"] is None
        await b.faults(speed=0)
        h.print()
        await h.until(JobConfirmed=3, seconds=4)  # nobody waits for a lease to lapse
        assert len(b.tickets()) == 3


async def test_two_workers_on_one_device_write_in_turns_and_nothing_twice(
    database, nats_url, tmp_path
):
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await h.bind(b.port)
        await h.open()
        h.print()
        h.print()
        codes = await h.sell("o1", 20)
        await h.until(JobConfirmed=20)
        assert codes_on(b) == Counter(codes)
        counts = await h.counts()
        assert (counts["JobSending"], counts["JobInDoubt"]) == (20, 0)
        leased = [each for each in await h.events() if type(each).__name__ == "PrinterLeased"]
        assert len({each.holder for each in leased}) == 1


async def test_a_frozen_worker_that_wakes_up_sends_nothing(database, nats_url, tmp_path):
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await h.bind(b.port, resend=0)
        await h.open()
        thawed, frozen = asyncio.Event(), asyncio.Event()
        sent = []

        async def freezing(command, context):
            outcome = await h.devices.dispatch(command, context)
            if isinstance(command, commands.SendJob):
                frozen.set()
                await thawed.wait()  # between the record and the first byte
            return outcome

        async def spying(address, wake):
            link = await connect_tcp(address, wake)
            real = link.send
            link.send = lambda data: sent.append(data) or real(data)
            return link

        h.print(freezing, connect=spying)
        await h.sell("o1")
        await frozen.wait()
        b.printer.machine.disconnect()  # what a switch between them would do
        h.print()
        await h.until(JobInDoubt=1)
        thawed.set()
        await h.sell("o2")
        await h.until(JobConfirmed=1)
        await asyncio.sleep(0.5)
        assert not any(b"o1" in data for data in sent)
        assert sum(codes_on(b).values()) == 1


async def test_a_swapped_role_prints_its_queue_on_the_other_unit(database, nats_url, tmp_path):
    async with (
        house(database, nats_url) as h,
        bench(tmp_path / "a") as a,
        bench(tmp_path / "b") as b,
    ):
        await a.faults(paper="out")
        await h.bind(a.port)
        await h.open()
        h.print()
        codes = await h.sell("o1", 5)
        await h.until(JobRequested=5)
        await h.bind(b.port, "p2", profile="epson-58")
        await h.until(JobConfirmed=5)
        assert codes_on(b) == Counter(codes)
        await a.faults(paper="ok")
        await h.sell("o2")
        await h.until(JobConfirmed=6)
        assert not a.tickets()
        (role,) = await h.shown("roles")
        assert (role["device"], role["printed"]) == ("p2", 6)


async def test_a_unit_replaced_at_the_same_address_goes_on(database, nats_url, tmp_path):
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await h.bind(b.port)
        await h.open()
        h.print()
        await h.sell("o1")
        await h.until(JobConfirmed=1)
        await h.bind(b.port, "p2")
        await h.sell("o2")
        await h.until(JobConfirmed=2)
        assert {row["device"] for row in await h.shown("jobs")} == {"p1", "p2"}


async def test_a_printer_without_process_ids_leaves_every_ticket_to_be_seen(
    database, nats_url, tmp_path
):
    clone = PROFILES["clone-80"]
    async with house(database, nats_url) as h, bench(tmp_path, profile=clone) as b:
        await h.bind(b.port, profile="clone-80")
        await h.open()
        h.print()
        codes = await h.sell("o1", 2)
        await h.until(JobInDoubt=2)
        await b.until(tickets=2)
        assert codes_on(b) == Counter(codes)
        assert await h.counts() == {"JobRequested": 2, "JobSending": 2, "JobInDoubt": 2}
        assert {row["why"] for row in await h.shown("jobs")} == {"cannot_confirm"}


async def test_names_of_escape_bytes_print_as_text(database, nats_url, tmp_path):
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await h.bind(b.port)
        await h.decide(commands.NameOccurrence(occurrence="n1", name="\x1b@\x1dV\x00\x10\x04\x01"))
        await h.decide(
            commands.NameTicketType(occurrence="n1", ticket_type="std", name="\x1d(H\x06\x0000!!!!")
        )
        fields = {"order": "o1", "ticket": "o1-1", "number": 1, "of": 1, "ticket_type": "std"}
        h.print()
        await h.decide(
            commands.RequestTicket(
                job="j1",
                role="ticket-1",
                occurrence="n1",
                code="K7RWMX4QPB",
                **fields,
                price=_price(),
            )
        )
        await h.until(JobConfirmed=1)
        assert len(b.tickets()) == 1
        assert codes_on(b) == {"K7RWMX4QPB": 1}


def _price():
    return Money(1200, "EUR")


async def test_three_hundred_tickets_sold_at_once_are_all_confirmed_and_none_in_doubt(
    database, nats_url, tmp_path
):
    async with house(database, nats_url) as h, bench(tmp_path) as b:
        await h.bind(b.port)
        await h.open(capacity=300)
        h.print()
        sold = await asyncio.gather(*(h.sell(f"o{number}", 3) for number in range(100)))
        await h.until(JobConfirmed=300, seconds=90)
        assert await h.counts() == {"JobRequested": 300, "JobSending": 300, "JobConfirmed": 300}
        assert codes_on(b) == Counter(code for codes in sold for code in codes)
        assert b.printer.machine.counts["process_ids_superseded"] == 0


async def test_servers_that_die_in_the_middle_cost_no_ticket_and_no_doubt(
    own_postgres, own_nats, tmp_path
):
    async with house(own_postgres.url, own_nats.url) as h, bench(tmp_path, mm_per_s=1500) as b:
        await h.bind(b.port)
        await h.open()
        h.print()
        codes = await h.sell("o1", 15)
        await h.until(JobConfirmed=3)
        own_postgres.kill()
        own_nats.kill()
        await asyncio.sleep(0.3)
        await own_postgres.start()
        await own_nats.start()
        codes += await _insist(h, "o2", 15)
        await h.until(JobConfirmed=30, seconds=30)
        counts = await h.counts()
        doubts = [each for each in await h.events() if type(each).__name__ == "JobInDoubt"]
        assert not doubts
        assert counts["JobSending"] == 30 + counts["JobRejected"]
        assert codes_on(b) == Counter(codes)


async def _insist(h, order, quantity):
    while True:
        try:
            return await h.sell(order, quantity)
        except Unavailable:
            await asyncio.sleep(0.05)
