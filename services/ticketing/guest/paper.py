"""Tickets on paper: a PDF with three on each sheet of A4, to be cut or not, or with one on A6."""

from __future__ import annotations

from io import BytesIO
from typing import Final, Literal

import segno
from reportlab.lib.pagesizes import A4, A6
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from services.ticketing import codes
from services.ticketing.guest import fonts
from services.ticketing.guest.bought import Bought, Ticket, day, hours

_ON_SHEET: Final = 3
_MARGIN: Final = 15 * mm
_QR: Final = 62 * mm
_WIDTH, _HEIGHT = A4
_STRIP: Final = _HEIGHT / _ON_SHEET
_TEXT: Final = _WIDTH - 3 * _MARGIN - _QR


Size = Literal["a4", "a6"]
_LARGE: Final = 76 * mm  # on A6
_NARROW: Final = 8 * mm  # its margin


def tickets_pdf(bought: Bought, size: Size = "a4") -> bytes:
    """The valid tickets. The same tickets make the same bytes."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4 if size == "a4" else A6, invariant=1)
    canvas.setTitle(bought.name)
    canvas.setAuthor("Roadcase")
    on_sheet = _ON_SHEET if size == "a4" else 1
    for place, ticket in enumerate(bought.valid):
        row = place % on_sheet
        if place and not row:
            canvas.showPage()
        if size == "a4":
            _draw(canvas, bought, ticket, _HEIGHT - row * _STRIP)
        else:
            _draw_small(canvas, bought, ticket)
    canvas.save()
    return out.getvalue()


def _draw_small(canvas: Canvas, bought: Bought, ticket: Ticket) -> None:
    """One ticket on a sheet of A6, its symbol as wide as the sheet allows."""
    width, height = A6
    text = width - 2 * _NARROW
    y = height - _NARROW - _LARGE
    _draw_qr(canvas, ticket.signed or "", (width - _LARGE) / 2, y, _LARGE)
    canvas.setFont("Courier-Bold", 16)
    canvas.drawCentredString(width / 2, y - 7 * mm, codes.show(ticket.code))
    y -= 14 * mm
    for line in fonts.lines(bought.name, 13, text, 2):
        fonts.draw(canvas, _NARROW, y, line, 13)
        y -= 5.5 * mm
    price = str(ticket.price) if ticket.price.minor else "free"
    said = [f"{day(bought)}, {hours(bought)}", f"{ticket.kind}, {price}"]
    said += [ticket.time.day, ticket.time.hours] if ticket.time else []
    said += [f"Seat {ticket.seat}"] if ticket.seat else []
    for each in said:
        for line in fonts.lines(each, 10, text, 2):
            fonts.draw(canvas, _NARROW, y, line, 10)
            y -= 4.5 * mm


def _draw(canvas: Canvas, bought: Bought, ticket: Ticket, top: float) -> None:
    canvas.setStrokeGray(0.75)
    canvas.setDash(2, 2)
    canvas.line(0, top - _STRIP, _WIDTH, top - _STRIP)
    y = top - _MARGIN - 5 * mm
    for line in fonts.lines(bought.name, 18, _TEXT, 3):
        fonts.draw(canvas, _MARGIN, y, line, 18)
        y -= 8 * mm
    for line in (f"{day(bought)}, {hours(bought)}", bought.zone):
        fonts.draw(canvas, _MARGIN, y, line, 10)
        y -= 5 * mm
    y -= 2 * mm
    price = str(ticket.price) if ticket.price.minor else "free"
    for line in (*fonts.lines(ticket.kind, 12, _TEXT, 2), price):
        fonts.draw(canvas, _MARGIN, y, line, 12)
        y -= 6 * mm
    for line in (ticket.time.day, ticket.time.hours) if ticket.time else ():
        fonts.draw(canvas, _MARGIN, y - 2 * mm, line, 14)
        y -= 7 * mm
    if ticket.seat:
        for line in fonts.lines(f"Seat {ticket.seat}", 16, _TEXT, 2):
            fonts.draw(canvas, _MARGIN, y - 2 * mm, line, 16)
            y -= 8 * mm
    canvas.setFont("Courier-Bold", 22)
    canvas.drawString(_MARGIN, top - _STRIP + _MARGIN, codes.show(ticket.code))
    _draw_qr(canvas, ticket.signed or "", _WIDTH - _MARGIN - _QR, top - (_STRIP + _QR) / 2, _QR)


def _draw_qr(canvas: Canvas, text: str, x: float, y: float, side: float) -> None:
    """Dark modules as rectangles, those beside each other as one, so that no gap shows."""
    code = segno.make(text, error="m", boost_error=False)
    rows = [list(row) for row in code.matrix_iter(border=0)]
    size = side / len(rows)
    canvas.setFillGray(0)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        at = 0
        while at < len(row):
            end = at
            while end < len(row) and row[end]:
                end += 1
            if end > at:
                top = y + side - (number + 1) * size
                path.rect(x + at * size, top, (end - at) * size, size)
            at = end + 1
    canvas.drawPath(path, stroke=0, fill=1)
