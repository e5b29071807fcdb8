"""The virtual printer's pictures, judged by encoders and readers that are not ours."""

from __future__ import annotations

import asyncio
from itertools import groupby

import barcode
import pytest
import qrcode
import zxingcpp
from escpos.printer import Dummy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from roadcase.escpos import barcodes
from roadcase.escpos.commands import COMMANDS
from roadcase.escpos.parser import MAX_ORDER, Parser, Urgent
from roadcase.testing.printer import PROFILES
from tests.devices.printing import CUT, bench

LENGTHS = {opcode: command.length for opcode, command in COMMANDS.items()}
CODE = "TKT:01JX5QZ7:ab12"


def ticket(*, native: bool = True, impl: str = "bitImageRaster") -> bytes:
    """One ticket with every feature, as python-escpos writes it."""
    p = Dummy(profile="TM-T88V")
    p.hw("INIT")
    p.set(align="center", bold=True, double_width=True, double_height=True)
    p.text("NIGHT MARKET\n")
    p.set(align="center", bold=False, normal_textsize=True)
    p.text("Stall 12 € 4,50 café Привет\n")
    p.set(align="left", font="b", underline=1)
    p.text("in font B\n")
    p.set(font="a", underline=0, invert=True)
    p.text(" inverted \n")
    p.set(align="center", invert=False)
    p.image(Image.new("1", (128, 64), 0), impl=impl, center=False)
    p.ln(2)  # a native code brings no quiet zone
    p.qr(CODE, size=6, native=native, image_arguments={} if native else {"impl": impl})
    p.ln(2)
    p.barcode("{B01JX5QZ7", "CODE128", height=64, width=2, function_type="B")
    p.barcode("4006381333931", "EAN13", height=64, width=3, function_type="A")
    p.cashdraw(2)
    p.cut()
    return bytes(p.output)


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("impl", ["bitImageRaster", "graphics", "bitImageColumn"])
async def test_zxing_reads_what_python_escpos_wrote(tmp_path, native, impl):
    async with bench(tmp_path) as b:
        await b.print(ticket(native=native, impl=impl))
        assert set(b.symbols()) >= {
            ("QRCode", CODE),
            ("Code128", "01JX5QZ7"),
            ("EAN13", "4006381333931"),
        }
        line = b.tickets()[0]
        assert line["text"][:4] == [
            "NIGHT MARKET",
            "Stall 12 € 4,50 café Привет",
            "in font B",
            " inverted ",
        ]
        assert (line["unknown"], line["notes"], line["drawer_kicks"]) == (0, [], 1)


async def test_a_job_split_at_any_byte_gives_the_same_picture(tmp_path):
    job = ticket()
    orders = list(Parser(LENGTHS).feed(job))
    for at in range(len(job)):
        parser = Parser(LENGTHS)
        pieces = [*parser.feed(job[:at]), *parser.feed(job[at:])]
        assert [o for o in pieces if o.opcode] == [o for o in orders if o.opcode]
        assert b"".join(o.args for o in pieces if not o.opcode) == b"".join(
            o.args for o in orders if not o.opcode
        )
    async with bench(tmp_path) as b:
        await b.print(job)
        _, writer = await b.connect()
        for byte in job:
            writer.write(bytes([byte]))
            await asyncio.sleep(0)
        await b.until(tickets=2)
        assert b.picture(1).tobytes() == b.picture(2).tobytes()
        writer.close()


async def test_font_a_is_12_by_24_and_font_b_9_by_17(tmp_path):
    async with bench(tmp_path) as b:
        await b.print(
            b"\x1b3\x00" + b"M" * 49 + b"\n" + CUT + b"\x1bM\x01" + b"M" * 65 + b"\n" + CUT
        )
        assert b.picture(1).size == (576, 48)
        assert b.picture(2).size == (576, 34)
        first, second = b.picture(1).crop((0, 0, 12, 24)), b.picture(1).crop((564, 0, 576, 24))
        assert first.tobytes() == second.tobytes()
        assert b.picture(1).crop((0, 24, 12, 48)).tobytes() == first.tobytes()


async def test_euro_is_the_same_glyph_in_every_code_page_that_has_it(tmp_path):
    async with bench(tmp_path) as b:
        for page, byte in ((16, 0x80), (19, 0xD5), (40, 0xA4), (45, 0x80)):
            await b.print(b"\x1b@\x1bt" + bytes([page, byte]) + b"\n" + CUT)
        assert [t["text"] for t in b.tickets()] == [["€"]] * 4
        assert len({b.picture(number).tobytes() for number in range(1, 5)}) == 1


async def test_alignment_margins_and_tabs_place_the_text(tmp_path):
    async with bench(tmp_path) as b:
        job = b"\x1b@\x1ba\x02x\n\x1ba\x01\x1dL\x60\x00\x1dW\x60\x00xx\n\x1b@\tx\n"
        await b.print(job + CUT)
        columns = [_ink(b.picture().crop((0, top, 576, top + 30))) for top in (0, 30, 60)]
        assert 564 <= columns[0][0] < 576
        assert 132 <= columns[1][0] < 156
        assert 96 <= columns[2][0] < 108


def _ink(image: Image.Image) -> tuple[int, int]:
    box = image.point(lambda value: 255 - value).getbbox()
    assert box
    return box[0], box[2]


async def test_line_drawing_characters_meet(tmp_path):
    async with bench(tmp_path) as b:
        await b.print(b"\x1b3\x00" + b"\xc4" * 48 + b"\n" + b"\xb3\n" * 2 + CUT)
        image = b.picture()
        assert any(not any(image.crop((0, y, 576, y + 1)).tobytes()) for y in range(24))
        assert any(not any(image.crop((x, 24, x + 1, 72)).tobytes()) for x in range(12))


async def test_upside_down_is_the_line_turned_by_180_degrees(tmp_path):
    async with bench(tmp_path) as b:
        await b.print(
            b"\x1b3\x00" + b"N" * 48 + b"\n" + CUT + b"\x1b{\x01" + b"N" * 48 + b"\n" + CUT
        )
        turned = b.picture(2).transpose(Image.Transpose.ROTATE_180)
        assert b.picture(1).tobytes() == turned.tobytes()


async def test_a_symbol_wider_than_the_paper_is_left_out_and_noted(tmp_path):
    async with bench(tmp_path, profile=PROFILES["epson-58"]) as b:
        await b.print(b"\x1dw\x04\x1dkI\x20{B" + b"A" * 30 + b"\nafter\n" + CUT)
        assert b.tickets()[0]["notes"] == ["a barcode wider than the paper is not printed"]
        assert b.tickets()[0]["text"] == ["", "after"]


async def test_what_is_not_drawn_or_not_known_is_said(tmp_path):
    async with bench(tmp_path) as b:
        await b.print(b"\x1bL\x1b~\x1bt\x63x\n" + CUT)
        line = b.tickets()[0]
        assert line["unknown"] == 1
        assert b.printer.machine.unknown == {"1b 7e": 1}
        assert [note.split()[0] for note in line["notes"]] == ["page", "code"]


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=20))
def test_zxing_reads_every_code128_text(text):
    data = b"{B" + text.encode().replace(b"{", b"{{")
    modules, shown = barcodes.linear(barcodes.CODE128, data)
    assert shown == text
    assert _read(modules) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"{C\x0c\x22\x38{BAB", "123456AB"),
        (b"{AAB\x01{S" + b"c", "AB\x01c"),
        (b"{C\x0c\x22{A\x09", "1234\t"),
        (b"{B" + b"ab{{", "ab{"),
    ],
)
def test_code128_follows_the_code_sets_of_the_sender(data, text):
    modules, _ = barcodes.linear(barcodes.CODE128, data)
    assert _read(modules) == text


@pytest.mark.parametrize("data", [b"", b"AB", b"{D12", b"{C\x64", b"{B\xe9", b"{B{9"])
def test_wrong_code128_is_refused(data):
    with pytest.raises(barcodes.Invalid):
        barcodes.linear(barcodes.CODE128, data)


def _read(modules) -> str:
    image = Image.new("1", (modules.width, 1))
    image.putdata([bit == "0" for bit in _digits(modules)])
    page = Image.new("L", (3 * modules.width + 80, 80), 255)
    page.paste(image.resize((3 * modules.width, 60), 0), (40, 10))
    [found] = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.Code128)
    return found.bytes.decode("latin-1")


def _digits(modules) -> str:
    return f"{modules.rows[0]:0{modules.width}b}"


@pytest.mark.parametrize(
    ("kind", "name", "digits"),
    [
        (65, "upca", "036000291452"),
        (67, "ean13", "4006381333931"),
        (68, "ean8", "96385074"),
        (70, "itf", "1234567890"),
    ],
)
def test_other_barcodes_have_the_bars_that_python_barcode_draws(kind, name, digits):
    modules, _ = barcodes.linear(kind, digits.encode())
    [expected] = barcode.get(name, digits).build()
    assert _runs(_digits(modules)) == _runs(bar in "1G" for bar in expected)


def _runs(modules):
    """How wide each bar and each space is. Wider than one is wide where a symbology has no more."""
    runs = [len(list(group)) for _, group in groupby(modules)]
    return [run > min(runs) for run in runs] if set(runs) <= {min(runs), max(runs)} else runs


@pytest.mark.parametrize(
    "text", ["TKT-01JX5QZ7-AB12", "https://roadcase.example/t/ab12", "0123456789"]
)
def test_the_qr_matrix_is_the_one_that_another_encoder_draws(text):
    ours = barcodes.qr(text.encode(), "M")
    dots = [[bit == "1" for bit in f"{row:0{ours.width}b}"] for row in ours.rows]
    drawn = []
    for mask in range(8):
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=mask)
        code.add_data(text, optimize=0)
        code.make()
        drawn.append(code.modules)
    assert dots in drawn


async def test_a_qr_code_of_any_bytes_is_read_back(tmp_path):
    async with bench(tmp_path) as b:
        data = "Ticket für café €".encode()
        store = len(data) + 3
        head = b"\x1d(k\x03\x001C\x06\x1d(k" + store.to_bytes(2, "little") + b"1P0"
        await b.print(b"\n\t" + head + data + b"\x1d(k\x03\x001Q0\n" + CUT)
        assert b.symbols() == [("QRCode", data.decode())]


def test_real_time_orders_are_found_however_they_arrive():
    data = b"x\x10\x04\x01y\x10\x14\x01\x00\x01\x10\x10\x05\x02"
    data += b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x10"
    whole = Urgent().find(data)
    assert [order[:2] for order in whole] == [b"\x10\x04", b"\x10\x14", b"\x10\x05", b"\x10\x14"]
    urgent = Urgent()
    assert [order for byte in data for order in urgent.find(bytes([byte]))] == whole


OPCODES = sorted(COMMANDS)
JUNK = st.lists(
    st.one_of(
        st.binary(max_size=20),
        st.builds(bytes.__add__, st.sampled_from(OPCODES), st.binary(max_size=12)),
    ),
    max_size=30,
).map(b"".join)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(junk=JUNK)
def test_no_garbage_stops_it_and_the_next_ticket_prints(tmp_path_factory, junk):
    out = tmp_path_factory.mktemp("paper")

    async def run():
        async with bench(out) as b:
            _, writer = await b.connect()
            writer.write(junk)
            writer.close()
            await b.until(bytes=len(junk))
            await b.print(b"\x1b@" + b"good ticket\n" + CUT)
            assert b.tickets()[-1]["text"][-1] == "good ticket"

    asyncio.run(run())


def test_an_order_that_claims_gigabytes_is_skipped_without_keeping_it():
    parser = Parser(LENGTHS)
    size = MAX_ORDER + 10
    head = b"\x1d8L" + size.to_bytes(4, "little")
    orders = list(parser.feed(head))
    for _ in range(size // 1000):
        orders += parser.feed(b"x" * 1000)
        assert parser.pending == 0
    orders += parser.feed(b"x" * (size % 1000) + b"\n")
    assert [order.known for order in orders] == [False, True]
