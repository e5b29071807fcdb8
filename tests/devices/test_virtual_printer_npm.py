"""Strangers from npm judge the virtual printer: one driver and two encoders, none of them ours."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.devices.printing import bench
from tests.node import lane

RECEIPT = """^^^NIGHT MARKET

Zine #3 | 1| 12.00
Café | 2| 9.00
---
^TOTAL | ^€21.00

{code:TKT01JX5QZ7;option:qrcode,6,M}
_
{code:01JX5QZ7;option:code128,2,72,hri}
"""
RECEIPTLINE = """
import receiptline from 'receiptline';
const printer = {cpl: 48, encoding: 'multilingual', command: 'epson', spacing: true, cutting: true};
process.stdout.write(Buffer.from(await receiptline.transform(process.argv[1], printer), 'binary'));
"""
ENCODER = """
import Encoder from '@point-of-sale/receipt-printer-encoder';
const encoder = new Encoder({language: 'esc-pos', columns: 48});
process.stdout.write(encoder.initialize().codepage('cp858').align('center').bold(true)
  .line('NIGHT MARKET').bold(false).align('left').line('Café € 4.50').newline()
  .table([{width: 30}, {width: 18, align: 'right'}], [['Zine #3', '12.00'], ['Print', '9.00']])
  .rule().box({width: 20}, 'boxed').qrcode('TKT01JX5QZ7', {size: 6}).newline()
  .barcode('01JX5QZ7', 'code128', {height: 60, text: true})
  .pulse().cut('full').encode());
"""


@pytest.fixture(scope="module")
def npm() -> Path:
    return lane.installed(Path(__file__).parent)


async def run(folder: Path, *command: str, stdin: str = "") -> tuple[bytes, str]:
    process = await asyncio.create_subprocess_exec(
        lane.node()[0], *command, cwd=folder, stdin=asyncio.subprocess.PIPE, stdout=-1, stderr=-1
    )
    out, err = await asyncio.wait_for(process.communicate(stdin.encode()), 30)
    return out, err.decode().strip()


async def test_receiptio_finds_every_state_that_is_set(npm, tmp_path):
    octets = os.getpid() % 65000 + 256  # receiptio knows port 9100 only: so an address of our own
    host = f"127.42.{octets >> 8}.{octets & 255}"
    async with bench(tmp_path, host=host, port=9100) as b:

        async def receiptio(*args: str) -> str:
            command = ["node_modules/receiptio/bin/cli.js", "-d", host, *args]
            out, err = await run(npm, *command, stdin=RECEIPT)
            return (out.decode() + err).strip()

        assert await receiptio("-q") == "online"
        assert await receiptio("-q", "drawer") == "drawerclosed"
        await b.faults(drawer="open")
        assert await receiptio("-q", "drawer") == "draweropen"
        await b.faults(drawer="closed", cover="open")
        assert await receiptio("-q") == "coveropen"
        assert await receiptio("-t", "5") == "coveropen"
        await b.faults(cover="closed", paper="out")
        assert await receiptio("-q") == "paperempty"
        await b.faults(paper="ok", error="on")
        assert await receiptio("-q") == "error"  # and it has sent DLE ENQ, which recovers
        assert await receiptio("-q") == "online"
        assert b.tickets() == []
        assert await receiptio("-c", "48", "-l", "en") == "success"
        assert set(b.printer.machine.unknown) == {"1b 06", "01"}  # its question to Star printers
        assert ("QRCode", "TKT01JX5QZ7") in b.symbols()


async def test_a_receiptline_receipt_is_drawn_whole(npm, tmp_path):
    job, err = await run(npm, "--input-type=module", "-e", RECEIPTLINE, RECEIPT)
    assert not err
    async with bench(tmp_path) as b:
        await drawn(b, job)
        assert any("─" * 48 in line for line in b.tickets()[0]["text"])


async def test_a_receipt_printer_encoder_receipt_is_drawn_whole(npm, tmp_path):
    job, err = await run(npm, "--input-type=module", "-e", ENCODER)
    assert not err
    async with bench(tmp_path) as b:
        await drawn(b, job)
        assert any("Café € 4.50" in line for line in b.tickets()[0]["text"])
        assert b.tickets()[0]["drawer_kicks"] == 1


async def drawn(b, job):
    await b.print(job)
    [ticket] = b.tickets()
    assert (ticket["unknown"], ticket["notes"]) == (0, [])
    assert set(b.symbols()) == {("QRCode", "TKT01JX5QZ7"), ("Code128", "01JX5QZ7")}
    assert any("NIGHT MARKET" in line for line in ticket["text"])
