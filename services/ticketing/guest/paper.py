"""Tickets on paper: a PDF with three on each sheet, to be cut or not."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import segno
from reportlab.lib.pagesizes import A4
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


def tickets_pdf(bought: Bought) -> bytes:
    """The valid tickets. The same tickets make the same bytes."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(bought.name)
    canvas.setAuthor("Roadcase")
    for place, ticket in enumerate(bought.valid):
        row = place % _ON_SHEET
        if place and not row:
            canvas.showPage()
        _draw(canvas, bought, ticket, _HEIGHT - row * _STRIP)
    canvas.save()
    return out.getvalue()


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
    _draw_qr(canvas, ticket.signed or "", _WIDTH - _MARGIN - _QR, top - (_STRIP + _QR) / 2)


def _draw_qr(canvas: Canvas, text: str, x: float, y: float) -> None:
    """Dark modules as rectangles, those beside each other as one, so that no gap shows."""
    code = segno.make(text, error="m", boost_error=False)
    rows = [list(row) for row in code.matrix_iter(border=0)]
    size = _QR / len(rows)
    canvas.setFillGray(0)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        at = 0
        while at < len(row):
            end = at
            while end < len(row) and row[end]:
                end += 1
            if end > at:
                top = y + _QR - (number + 1) * size
                path.rect(x + at * size, top, (end - at) * size, size)
            at = end + 1
    canvas.drawPath(path, stroke=0, fill=1)
