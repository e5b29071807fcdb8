"""The virtual printer as its senders see it: what it answers, when, and what is on paper then."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from time import monotonic

import pytest

from roadcase.testing.printer import PROFILES
from tests.devices.printing import CUT, bench, process_id

LINE = b"one line of text\n"
COVER_OPEN, PAPER_OUT = b"\x16", b"\x32"


async def test_a_ticket_is_on_paper_when_its_process_id_is_answered(tmp_path):
    async with bench(tmp_path) as b:
        await b.print(b"\x1b@NIGHT MARKET\n" + CUT, b"A001")
        assert b.tickets()[0]["text"] == ["NIGHT MARKET"]
        assert b.picture().size == (576, 30)
        assert not (tmp_path / ".part").exists()


async def test_the_answer_waits_for_the_paper(tmp_path):
    async with bench(tmp_path, mm_per_s=100) as b:
        start = monotonic()
        await b.print(b"\x1b3\x50" + LINE * 4 + CUT)  # 4 lines of 80 dots are 40 mm
        assert 0.35 < monotonic() - start < 1.5


async def test_status_is_answered_at_once_while_paper_moves(tmp_path):
    async with bench(tmp_path, mm_per_s=10) as b:
        reader, writer = await b.connect()
        writer.write(LINE * 20 + CUT + b"\x10\x04\x01")
        async with asyncio.timeout(1):
            assert await reader.readexactly(1) == b"\x16"
        assert not b.printer.machine.counts["tickets"]


@pytest.mark.parametrize(
    ("fault", "number", "answer"),
    [
        ({}, 1, b"\x16"),
        ({"drawer": "open"}, 1, b"\x12"),
        ({"online": "off"}, 1, b"\x1e"),
        ({}, 2, b"\x12"),
        ({"cover": "open"}, 2, COVER_OPEN),
        ({"paper": "out"}, 2, PAPER_OUT),
        ({"error": "on"}, 2, b"\x52"),
        ({"error": "on"}, 3, b"\x1a"),
        ({"paper": "near_end"}, 4, b"\x1e"),
        ({"paper": "out"}, 4, b"\x7e"),
    ],
)
async def test_real_time_status_tells_each_fault(tmp_path, fault, number, answer):
    async with bench(tmp_path) as b:
        await b.faults(**fault)
        reader, writer = await b.connect()
        writer.write(b"\x10\x04" + bytes([number]))
        assert await reader.readexactly(1) == answer


async def test_automatic_status_is_pushed_on_every_change(tmp_path):
    async with bench(tmp_path) as b:
        reader, writer = await b.connect()
        writer.write(b"\x1da\xff")
        assert await reader.readexactly(4) == b"\x14\x00\x00\x0f"
        await b.faults(cover="open")
        assert await reader.readexactly(4) == b"\x3c\x00\x00\x0f"
        await b.faults(cover="closed", paper="near_end")
        assert await reader.readexactly(4) == b"\x14\x00\x03\x0f"


async def test_it_says_who_it_is_and_what_its_sensors_see(tmp_path):
    async with bench(tmp_path) as b:
        reader, writer = await b.connect()
        writer.write(b"\x1dIB\x1dIC\x1dr1\x1dr2")
        assert await reader.readexactly(17) == b"_EPSON\0_TM-m30\0\x00\x01"


async def test_epson_keeps_what_it_received_through_paper_out(tmp_path):
    async with bench(tmp_path) as b:
        await b.faults(paper="out")
        reader, writer = await b.connect()
        writer.write(LINE + CUT + process_id(b"0001"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await reader.readexactly(1)
        await b.faults(paper="ok")
        assert await reader.readexactly(7) == b"\x37\x220001\0"
        assert len(b.tickets()) == 1


async def test_a_clone_forgets_it(tmp_path):
    async with bench(tmp_path, profile=PROFILES["clone-80"]) as b:
        await b.faults(paper="out")
        _, writer = await b.connect()
        writer.write(b"lost\n" + CUT)
        await b.until(bytes_discarded=8)
        await b.faults(paper="ok")
        writer.write(b"kept\n" + CUT)
        await b.until(tickets=1)
        assert b.tickets()[0]["text"] == ["kept"]


async def test_paper_runs_out_in_the_middle_of_a_ticket(tmp_path):
    async with bench(tmp_path) as b:
        await b.faults(roll_mm=10)
        reader, writer = await b.connect()
        writer.write(LINE * 10 + CUT + process_id(b"half"))
        await b.until(rolls_used_up=1)
        assert (await b.control("GET", "/status"))[1]["paper"] == "out"
        assert b.printer.machine.counts["tickets"] == 0
        await b.faults(paper="ok")
        assert await reader.readexactly(7) == b"\x37\x22half\0"
        assert len(b.tickets()[0]["text"]) == 10


async def test_a_lost_answer_leaves_a_printed_ticket(tmp_path):
    async with bench(tmp_path) as b:
        await b.faults(ack_drop=1)
        reader, writer = await b.connect()
        writer.write(LINE + CUT + process_id(b"0001") + LINE + CUT + process_id(b"0002"))
        assert await reader.readexactly(7) == b"\x37\x220002\0"
        assert len(b.tickets()) == 2


async def test_a_lie_leaves_an_answer_without_a_ticket(tmp_path):
    async with bench(tmp_path) as b:
        await b.faults(lie="on")
        await b.print(LINE + CUT)
        assert b.tickets() == []


async def test_a_hung_printer_takes_bytes_and_says_nothing(tmp_path):
    async with bench(tmp_path) as b:
        await b.faults(hang="on")
        reader, writer = await b.connect()
        writer.write(b"\x10\x04\x01" + LINE + CUT)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await reader.readexactly(1)
        assert b.printer.machine.counts["tickets"] == 0


async def test_the_connection_drops_after_so_many_bytes_and_half_a_ticket_hangs_out(tmp_path):
    async with bench(tmp_path) as b:
        await b.faults(drop_after=len(LINE) * 3)
        reader, writer = await b.connect()
        writer.write(b"\x10\x04\x01" + LINE * 10 + CUT + process_id(b"0001"))
        with pytest.raises(ConnectionError):
            await reader.readexactly(100)
        assert b.printer.machine.counts["tickets"] == 0
        await b.print(b"\x1b@next\n" + CUT)
        assert b.tickets()[0]["text"] == ["one line of text"] * 3 + ["next"]


async def test_a_full_buffer_holds_the_sender_back(tmp_path):
    async with bench(tmp_path, buffer=4096) as b:
        await b.faults(paper="out")
        _, writer = await b.connect()
        writer.write(b"\x00" * 16_000_000)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await writer.drain()
        assert b.printer.machine.status()["buffered"] <= 4096
        writer.transport.abort()


async def test_a_raster_image_larger_than_the_buffer_is_printed(tmp_path):
    async with bench(tmp_path, buffer=1024) as b:
        await b.print(b"\x1dv0\x00\x48\x00\xd0\x07" + b"\xaa" * (72 * 2000) + CUT)
        assert b.picture().height == 2000


async def test_a_power_cycle_loses_buffer_and_connections_but_not_the_paper(tmp_path):
    async with bench(tmp_path) as b:
        reader, writer = await b.connect()
        writer.write(b"before\n\x1bE\x01\x10\x04\x01")
        await reader.readexactly(1)
        await b.faults(online="off")
        writer.write(b"lost\n" + CUT)
        await asyncio.sleep(0.05)
        await b.control("POST", "/power-cycle")
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        await b.faults(online="on")
        await b.print(b"after\n" + CUT)
        assert b.tickets()[0]["text"] == ["before", "after"]


async def test_enq_recovers_from_a_cutter_jam_and_clears_the_buffer(tmp_path):
    async with bench(tmp_path) as b:
        await b.faults(error="on")
        reader, writer = await b.connect()
        writer.write(b"lost\n" + CUT)
        await b.until(bytes=8)
        writer.write(b"\x10\x05\x02\x10\x04\x01")
        assert await reader.readexactly(1) == b"\x16"
        writer.close()
        await b.print(b"next\n" + CUT)
        assert [ticket["text"] for ticket in b.tickets()] == [["next"]]


async def test_a_second_connection_waits_for_its_turn(tmp_path):
    async with bench(tmp_path) as b:
        _, first = await b.connect()
        first.write(b"first\n")
        await asyncio.sleep(0.05)
        reader, second = await b.connect()
        second.write(b"second\n" + CUT + process_id(b"0002"))
        await asyncio.sleep(0.05)
        first.write(b"still first\n" + CUT)
        first.close()
        assert await reader.readexactly(7) == b"\x37\x220002\0"
        assert [ticket["text"] for ticket in b.tickets()] == [["first", "still first"], ["second"]]


async def test_a_second_connection_is_refused_where_that_is_wanted(tmp_path):
    async with bench(tmp_path, second="refuse") as b:
        _, first = await b.connect()
        first.write(b"first\n")
        await b.until(bytes=6)
        reader, _ = await b.connect()
        with pytest.raises(ConnectionError):
            await reader.readexactly(1)


async def test_drawer_kicks_are_counted_in_order_and_in_real_time(tmp_path):
    async with bench(tmp_path) as b:
        await b.print(b"\x1bp\x00\x19\xfa" + b"\x10\x14\x01\x00\x01" + LINE + CUT)
        assert b.tickets()[0]["drawer_kicks"] == 2


async def test_only_the_latest_of_two_pending_process_ids_is_answered(tmp_path):
    async with bench(tmp_path, mm_per_s=100) as b:
        reader, writer = await b.connect()
        writer.write(LINE * 8 + process_id(b"0001") + process_id(b"0002") + CUT)
        assert await reader.readexactly(7) == b"\x37\x220002\0"
        assert b.printer.machine.counts["process_ids_superseded"] == 1


async def test_a_clone_does_not_answer_process_ids(tmp_path):
    async with bench(tmp_path, profile=PROFILES["clone-58"]) as b:
        reader, writer = await b.connect()
        writer.write(LINE + CUT + process_id(b"0001") + b"\x1dr1")
        assert await reader.readexactly(1) == b"\x00"
        assert b.tickets()[0]["height"] == 30
        assert b.picture().width == 384


async def test_the_control_port_refuses_what_it_does_not_know_and_web_pages(tmp_path):
    async with bench(tmp_path) as b:
        assert (await b.control("POST", "/faults?paper=wet"))[0] == 400
        assert (await b.control("POST", "/faults?papier=out"))[0] == 400
        assert (await b.control("POST", "/faults?paper=out&cover=ajar"))[0] == 400
        assert (await b.control("GET", "/faults"))[0] == 404
        assert (await b.control("POST", "/faults?paper=out", "Origin: https://a.example"))[0] == 403
        assert (await b.control("GET", "/status"))[1]["paper"] == "ok"


async def test_paper_without_a_cut_can_be_torn_off(tmp_path):
    async with bench(tmp_path) as b:
        await b.print(LINE)
        assert b.tickets() == []
        await b.control("POST", "/tear")
        assert b.tickets()[0]["how"] == "torn"


async def test_endless_paper_is_torn_off_at_some_time(tmp_path):
    async with bench(tmp_path) as b:
        await b.print(b"\x1bd\xff" * 5)
        assert sum(ticket["height"] for ticket in b.tickets()) == 5 * 255 * 30 - 255 * 30


async def test_numbers_go_on_after_a_restart(tmp_path):
    for number in (1, 2):
        async with bench(tmp_path) as b:
            await b.print(LINE + CUT)
            assert b.tickets()[-1]["sequence"] == number


def test_it_is_a_process_of_its_own(tmp_path):
    command = [sys.executable, "-m", "roadcase.testing.printer"]
    command += ["--out", str(tmp_path), "--port", "0", "--control-port", "0", "--width", "384"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("TM-m30 listens on 127.0.0.1:")
        process.terminate()
        assert process.wait(10) == 0
