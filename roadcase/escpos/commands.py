"""
Every ESC/POS order that the printer knows: its opcode, how long it is, and what it does.

Opcodes and lengths are those of Epson's ESC/POS command reference.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from roadcase.escpos import actions, parser
from roadcase.escpos.parser import DLE, ESC, FS, GS, Length, area, counted, fixed

if TYPE_CHECKING:
    from roadcase.escpos.machine import Machine

Action = Callable[["Machine", bytes], Awaitable[None] | None]


class Command(NamedTuple):
    length: Length
    act: Action


COMMANDS: Mapping[bytes, Command] = {
    b"": Command(fixed(0), actions.text),
    b"\x00": Command(fixed(0), actions.skip),
    b"\x07": Command(fixed(0), actions.skip),
    b"\t": Command(fixed(0), actions.tab),
    b"\n": Command(fixed(0), actions.line_feed),
    b"\x0c": Command(fixed(0), actions.skip),
    b"\r": Command(fixed(0), actions.skip),
    b"\x18": Command(fixed(0), actions.skip),
    DLE + b"\x04": Command(
        fixed(1), actions.skip
    ),  # carried out when it arrived: see parser.Urgent
    DLE + b"\x05": Command(fixed(1), actions.skip),
    DLE + b"\x14\x01": Command(fixed(2), actions.skip),
    DLE + b"\x14\x02": Command(fixed(2), actions.skip),
    DLE + b"\x14\x08": Command(fixed(7), actions.skip),
    ESC + b"\x0c": Command(fixed(0), actions.not_drawn),
    ESC + b" ": Command(fixed(1), actions.gap),
    ESC + b"!": Command(fixed(1), actions.print_mode),
    ESC + b"$": Command(fixed(2), actions.absolute),
    ESC + b"%": Command(fixed(1), actions.skip),
    ESC + b"&": Command(parser.own_glyphs, actions.not_drawn),
    ESC + b"(A": Command(counted(), actions.skip),
    ESC + b"*": Command(parser.bit_image, actions.bit_image),
    ESC + b"-": Command(fixed(1), actions.underline),
    ESC + b"2": Command(fixed(0), actions.default_spacing),
    ESC + b"3": Command(fixed(1), actions.spacing),
    ESC + b"=": Command(fixed(1), actions.skip),
    ESC + b"?": Command(fixed(1), actions.skip),
    ESC + b"@": Command(fixed(0), actions.initialise),
    ESC + b"B": Command(fixed(2), actions.skip),
    ESC + b"D": Command(parser.until_nul(33), actions.tab_stops),
    ESC + b"E": Command(fixed(1), actions.bold),
    ESC + b"G": Command(fixed(1), actions.bold),
    ESC + b"J": Command(fixed(1), actions.feed_dots),
    ESC + b"L": Command(fixed(0), actions.not_drawn),
    ESC + b"M": Command(fixed(1), actions.font),
    ESC + b"R": Command(fixed(1), actions.national),
    ESC + b"S": Command(fixed(0), actions.skip),
    ESC + b"T": Command(fixed(1), actions.not_drawn),
    ESC + b"U": Command(fixed(1), actions.skip),
    ESC + b"V": Command(fixed(1), actions.turn),
    ESC + b"W": Command(fixed(8), actions.not_drawn),
    ESC + b"\\": Command(fixed(2), actions.relative),
    ESC + b"a": Command(fixed(1), actions.align),
    ESC + b"c3": Command(fixed(1), actions.skip),
    ESC + b"c4": Command(fixed(1), actions.skip),
    ESC + b"c5": Command(fixed(1), actions.skip),
    ESC + b"d": Command(fixed(1), actions.feed_lines),
    ESC + b"i": Command(fixed(0), actions.plain_cut),
    ESC + b"m": Command(fixed(0), actions.plain_cut),
    ESC + b"p": Command(fixed(3), actions.kick),
    ESC + b"r": Command(fixed(1), actions.skip),
    ESC + b"t": Command(fixed(1), actions.code_page),
    ESC + b"{": Command(fixed(1), actions.upside_down),
    FS + b"!": Command(fixed(1), actions.skip),
    FS + b"&": Command(fixed(0), actions.not_drawn),
    FS + b"(A": Command(counted(), actions.skip),
    FS + b"-": Command(fixed(1), actions.skip),
    FS + b".": Command(fixed(0), actions.skip),
    FS + b"C": Command(fixed(1), actions.skip),
    FS + b"S": Command(fixed(2), actions.skip),
    FS + b"W": Command(fixed(1), actions.skip),
    FS + b"p": Command(fixed(2), actions.not_drawn),
    FS + b"q": Command(parser.stored_images, actions.not_drawn),
    GS + b"!": Command(fixed(1), actions.size),
    GS + b"$": Command(fixed(2), actions.skip),
    GS + b"(A": Command(counted(), actions.skip),
    GS + b"(D": Command(counted(), actions.skip),
    GS + b"(E": Command(counted(), actions.skip),
    GS + b"(H": Command(counted(), actions.process_id),
    GS + b"(K": Command(counted(), actions.skip),
    GS + b"(L": Command(counted(), actions.short_graphics),
    GS + b"(N": Command(counted(), actions.skip),
    GS + b"(k": Command(counted(), actions.symbol),
    GS + b"*": Command(area(2, dots=8, size=1), actions.not_drawn),
    GS + b"/": Command(fixed(1), actions.not_drawn),
    GS + b"8L": Command(counted(size=4), actions.long_graphics),
    GS + b":": Command(fixed(0), actions.skip),
    GS + b"B": Command(fixed(1), actions.invert),
    GS + b"H": Command(fixed(1), actions.bar_text),
    GS + b"I": Command(fixed(1), actions.identify),
    GS + b"L": Command(fixed(2), actions.left_margin),
    GS + b"P": Command(fixed(2), actions.skip),
    GS + b"T": Command(fixed(1), actions.skip),
    GS + b"V": Command(parser.cut, actions.cut),
    GS + b"W": Command(fixed(2), actions.area_width),
    GS + b"\\": Command(fixed(2), actions.skip),
    GS + b"^": Command(fixed(3), actions.skip),
    GS + b"a": Command(fixed(1), actions.automatic_status),
    GS + b"b": Command(fixed(1), actions.skip),
    GS + b"f": Command(fixed(1), actions.bar_font),
    GS + b"h": Command(fixed(1), actions.bar_height),
    GS + b"k": Command(parser.barcode, actions.barcode),
    GS + b"r": Command(fixed(1), actions.status),
    GS + b"v0": Command(area(5), actions.raster),
    GS + b"w": Command(fixed(1), actions.bar_width),
}
