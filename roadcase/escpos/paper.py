"""A picture of what bytes print, drawn at once: no printer, no socket, no motor."""

from __future__ import annotations

from typing import Final

from roadcase.errors import Invalid
from roadcase.escpos.canvas import Canvas, Sheet
from roadcase.escpos.commands import COMMANDS
from roadcase.escpos.parser import Parser

LONGEST: Final = 24_000  # dots: 3 m
_LENGTHS: Final = {opcode: command.length for opcode, command in COMMANDS.items()}


class TooLong(Invalid):
    """This would be metres of paper."""

    code = "roadcase.paper_too_long"


def draw(data: bytes, width: int, *, native_qr: bool = True, longest: int = LONGEST) -> Sheet:
    """What these bytes print on paper `width` dots wide, up to the first cut if there is one.

    The same as the virtual printer makes of them. `longest` is in dots. Raises TooLong.
    """
    paper = _Paper(width, native_qr=native_qr)
    for order in Parser(_LENGTHS).feed(data):
        if not order.known:
            continue
        try:
            COMMANDS[order.opcode].act(paper, order.args)
        except Invalid as wrong:
            paper.canvas.note(str(wrong))
        if paper.canvas.height > longest:
            raise TooLong(dots=paper.canvas.height)
        if paper.sheet:
            return paper.sheet
    return paper.canvas.take()


class _Paper:
    """Only paper: it has no drawer, no sensors, and nobody hears its answers."""

    process_ids = False

    def __init__(self, width: int, *, native_qr: bool) -> None:
        self.canvas = Canvas(width)
        self.native_qr = native_qr
        self.sheet: Sheet | None = None

    def cut(self, feed: int) -> None:
        self.canvas.print_line(feed)
        if self.canvas.height:
            self.sheet = self.canvas.take()

    def kick(self) -> None:
        pass

    def answer(self, data: bytes) -> None:
        pass

    def sensor(self, number: int) -> bytes:  # noqa: ARG002 - there is none
        return b""

    def identity(self, number: int) -> bytes:  # noqa: ARG002 - nor a name
        return b""

    def push_status(self, mask: int) -> None:
        pass

    def promise(self, process_id: bytes) -> None:
        pass
