"""
What each ESC/POS order does to the paper and the machine.

An action gets the machine and the bytes that followed the opcode. Meanings are those of Epson's
ESC/POS command reference. `skip` is for orders that change nothing one can see; `not_drawn` for
those that would change the picture and do not yet, and the ticket's notes say so.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from PIL import Image

from roadcase.escpos.ink import of_image, unpack

if TYPE_CHECKING:
    from roadcase.escpos.machine import Machine


def text(machine: Machine, data: bytes) -> None:
    machine.canvas.text(data)


def line_feed(machine: Machine, _: bytes) -> None:
    machine.canvas.feed_line()


def tab(machine: Machine, _: bytes) -> None:
    machine.canvas.tab()


def initialise(machine: Machine, _: bytes) -> None:
    machine.canvas.initialise()
    machine.push_status(0)


def print_mode(machine: Machine, args: bytes) -> None:
    """ESC !: font, bold, double height, double width and underline in one byte."""
    mode = args[0]
    machine.canvas.style = machine.canvas.style._replace(
        font=mode & 1,
        bold=bool(mode & 8),
        high=2 if mode & 16 else 1,
        wide=2 if mode & 32 else 1,
        underline=1 if mode & 128 else 0,
    )


def size(machine: Machine, args: bytes) -> None:
    """GS !: width in bits 4 to 6, height in bits 0 to 2, each one less."""
    machine.canvas.style = machine.canvas.style._replace(
        wide=(args[0] >> 4 & 7) + 1, high=(args[0] & 7) + 1
    )


def font(machine: Machine, args: bytes) -> None:
    if args[0] not in b"\x00\x0101":
        machine.canvas.note("fonts C to E are drawn as font B")
    machine.canvas.style = machine.canvas.style._replace(font=0 if args[0] in b"\x000" else 1)


def bold(machine: Machine, args: bytes) -> None:
    machine.canvas.style = machine.canvas.style._replace(bold=bool(args[0] & 1))


def underline(machine: Machine, args: bytes) -> None:
    if args[0] in b"\x00\x01\x02012":
        machine.canvas.style = machine.canvas.style._replace(underline=args[0] & 3)


def invert(machine: Machine, args: bytes) -> None:
    machine.canvas.style = machine.canvas.style._replace(inverted=bool(args[0] & 1))


def turn(machine: Machine, args: bytes) -> None:
    machine.canvas.style = machine.canvas.style._replace(turned=args[0] not in b"\x000")


def gap(machine: Machine, args: bytes) -> None:
    machine.canvas.style = machine.canvas.style._replace(gap=args[0])


def upside_down(machine: Machine, args: bytes) -> None:
    if machine.canvas.line_empty:
        machine.canvas.upside_down = bool(args[0] & 1)


def align(machine: Machine, args: bytes) -> None:
    if args[0] in b"\x00\x01\x02012" and machine.canvas.line_empty:
        machine.canvas.align = args[0] & 3


def default_spacing(machine: Machine, _: bytes) -> None:
    machine.canvas.spacing = 30


def spacing(machine: Machine, args: bytes) -> None:
    machine.canvas.spacing = args[0]


def feed_dots(machine: Machine, args: bytes) -> None:
    machine.canvas.print_line(args[0])


def feed_lines(machine: Machine, args: bytes) -> None:
    machine.canvas.print_line(args[0] * machine.canvas.spacing)


def absolute(machine: Machine, args: bytes) -> None:
    machine.canvas.move_to(int.from_bytes(args, "little"))


def relative(machine: Machine, args: bytes) -> None:
    machine.canvas.move_by(int.from_bytes(args, "little", signed=True))


def tab_stops(machine: Machine, args: bytes) -> None:
    machine.canvas.tabs = [stop for stop in args if stop]


def left_margin(machine: Machine, args: bytes) -> None:
    if machine.canvas.line_empty:
        machine.canvas.left = min(int.from_bytes(args, "little"), machine.canvas.width - 1)


def area_width(machine: Machine, args: bytes) -> None:
    if machine.canvas.line_empty:
        machine.canvas.set_area(int.from_bytes(args, "little"))


def code_page(machine: Machine, args: bytes) -> None:
    machine.canvas.page = args[0]


def national(machine: Machine, args: bytes) -> None:
    if args[0]:
        machine.canvas.note("ESC R: only the character set of the USA is drawn")


def raster(machine: Machine, args: bytes) -> None:
    """GS v 0: bits 0 and 1 of m double the width and the height."""
    wide, high = int.from_bytes(args[1:3], "little"), int.from_bytes(args[3:5], "little")
    if wide and high:
        image = unpack(args[5:], 8 * wide, high).crop(machine.canvas.area)
        machine.canvas.block(image.grow(1 + (args[0] & 1), 1 + (args[0] >> 1 & 1)))


def bit_image(machine: Machine, args: bytes) -> None:
    """ESC *: columns of 8 or 24 dots. A single-density dot is 2 wide; 8 dots are 3 high each."""
    mode, columns = args[0], int.from_bytes(args[1:3], "little")
    if mode not in b"\x00\x01\x20\x21" or not columns:
        return
    high = 24 if mode & 0x20 else 8
    image = Image.frombytes("1", (high, columns), args[3:]).transpose(Image.Transpose.TRANSPOSE)
    machine.canvas.inline(of_image(image).grow(1 if mode & 1 else 2, 24 // high))


def graphics(machine: Machine, args: bytes) -> None:
    """GS ( L and GS 8 L: function 112 stores a raster image, 50 (or 2) prints it."""
    function, data = args[1:2], args[2:]
    canvas = machine.canvas
    if function == b"p" and len(data) > _RASTER_HEAD:
        wide, high = int.from_bytes(data[4:6], "little"), int.from_bytes(data[6:8], "little")
        rows = -(-wide // 8) * high
        if wide and high and len(data) >= _RASTER_HEAD + rows:
            image = unpack(data[_RASTER_HEAD:], wide, high).crop(canvas.area)
            canvas.stored = image.grow(1 + (data[1] == _TWICE), 1 + (data[2] == _TWICE))
    elif function in {b"2", b"\x02"}:
        if canvas.stored:
            canvas.block(canvas.stored)
        canvas.stored = None
    elif function not in {b"0", b"1", b"\x00", b"\x01"}:
        canvas.note(f"GS ( L function {function!r} is not drawn")


_TWICE = 2
_RASTER_HEAD = 8  # a bx by c xL xH yL yH


def short_graphics(machine: Machine, args: bytes) -> None:
    graphics(machine, args[2:])


def long_graphics(machine: Machine, args: bytes) -> None:
    graphics(machine, args[4:])


def symbol(machine: Machine, args: bytes) -> None:
    """GS ( k with cn 49, the QR code: 67 module size, 69 correction, 80 store, 81 print."""
    kind, function, data = args[2:3], args[3:4], args[4:]
    canvas = machine.canvas
    if not machine.native_qr or kind != b"1":
        canvas.note("a two-dimensional symbol that this printer does not have is not printed")
    elif function == b"C" and data:
        canvas.qr_size = min(max(data[0], 1), 16)
    elif function == b"E" and data[:1] in {b"0", b"1", b"2", b"3"}:
        canvas.qr_level = "LMQH"[data[0] - 0x30]
    elif function == b"P":
        canvas.qr_data = data[1:]
    elif function == b"Q" and canvas.qr_data:
        canvas.qr()


def barcode(machine: Machine, args: bytes) -> None:
    """GS k: function A (m up to 6, NUL ends it) has the same order of kinds as B (m from 65)."""
    old = args[0] <= 6  # noqa: PLR2004 - the ranges of m in the reference
    kind = args[0] + 65 if old else args[0]
    machine.canvas.barcode(kind, args[1:-1] if old else args[2:])


def bar_height(machine: Machine, args: bytes) -> None:
    machine.canvas.bar_height = args[0] or machine.canvas.bar_height


def bar_width(machine: Machine, args: bytes) -> None:
    machine.canvas.bar_width = min(max(args[0], 1), 6)


def bar_text(machine: Machine, args: bytes) -> None:
    machine.canvas.bar_text = args[0] & 3


def bar_font(machine: Machine, args: bytes) -> None:
    machine.canvas.bar_font = args[0] & 1


def cut(machine: Machine, args: bytes) -> Awaitable[None] | None:
    """GS V: functions B to D feed n dots first. The way from head to cutter is not modelled."""
    return machine.cut(args[1] if len(args) > 1 else 0)


def plain_cut(machine: Machine, _: bytes) -> Awaitable[None] | None:
    return machine.cut(0)


def kick(machine: Machine, _: bytes) -> None:
    machine.kick()


def automatic_status(machine: Machine, args: bytes) -> None:
    machine.push_status(args[0])


def status(machine: Machine, args: bytes) -> None:
    machine.answer(machine.sensor(args[0]))


def identify(machine: Machine, args: bytes) -> None:
    machine.answer(machine.identity(args[0]))


def process_id(machine: Machine, args: bytes) -> None:
    """GS ( H function 48: `37 22 d1 d2 d3 d4 00` once everything before it is printed."""
    readable = all(0x20 <= byte <= 0x7E for byte in args[4:])  # noqa: PLR2004 - range in the reference
    if machine.process_ids and args[2:4] == b"00" and len(args) == _PROCESS_ID and readable:
        machine.promise(args[4:])


_PROCESS_ID = 8


def skip(_: Machine, __: bytes) -> None:
    """Nothing to see."""


def not_drawn(machine: Machine, _: bytes) -> None:
    machine.canvas.note("page mode, own characters and stored images are not drawn")
