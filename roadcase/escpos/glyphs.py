"""
Draws runs of text in dots: font A is 12 by 24, font B is 9 by 17, as on Epson's TM printers.

The letters are DejaVu Sans Mono, which python-barcode carries in its wheel, so no system font is
needed. Each glyph is drawn once per style and kept as digits, row by row. A row of a run is then a
join of digits, which is what makes hundreds of tickets per second possible.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFont

from roadcase.escpos.boxes import box
from roadcase.escpos.ink import Ink, of_image

_SIZES = ((12, 24, 20, 19), (9, 17, 15, 14))  # width, height, points, baseline of fonts A and B
_HALF = 112  # of 255: from this much cover on, a shrunken dot is black
_HEX = 16
_NOWHERE = "\U0010ffff"  # no font draws this code point


class Style(NamedTuple):
    """How characters look. `wide` and `high` multiply the dots (1 to 8), `gap` is in dots."""

    font: int = 0
    wide: int = 1
    high: int = 1
    bold: bool = False
    underline: int = 0
    inverted: bool = False
    turned: bool = False
    gap: int = 0


class Face:
    """One style's glyphs. `missing` names the characters its font cannot draw."""

    def __init__(self, style: Style) -> None:
        width, height, points, self._baseline = _SIZES[style.font]
        self._style = style
        self._scale = max(style.wide, style.high)
        self._drawn = (width * self._scale, height * self._scale)
        self._cell = (width * style.wide, height * style.high)
        self._font = _font(points * self._scale)
        self._box = _signature(self._font, _NOWHERE)
        self._cells: dict[str, list[str]] = {}
        self.missing: set[str] = set()
        across, self.height = self._cell[::-1] if style.turned else self._cell
        self.width = across + style.gap * style.wide
        self._base = 2 if self.width % 4 else _HEX

    def run(self, text: str) -> Ink:
        for char in set(text) - self._cells.keys():
            self._cells[char] = self._digits(of_image(self._draw(char)))
        rows = zip(*[self._cells[char] for char in text], strict=True)
        return Ink(self.width * len(text), [int("".join(row), self._base) for row in rows])

    def _digits(self, cell: Ink) -> list[str]:
        """Hexadecimal where the cells' width allows, else binary."""
        if self._base == _HEX:
            return [f"{row:0{self.width // 4}x}" for row in cell.rows]
        return [f"{row:0{self.width}b}" for row in cell.rows]

    def _draw(self, char: str) -> Image.Image:
        style = self._style
        ruled = box(char, self._cell)
        if not ruled and char != " " and _signature(self._font, char) == self._box:
            self.missing.add(char)
        glyph = ruled or self._outline(char)
        if style.bold:
            thick = Image.new("1", glyph.size)
            thick.paste(glyph, (style.wide, 0))
            glyph = ImageChops.logical_or(glyph, thick)
        if style.turned:
            glyph = glyph.transpose(Image.Transpose.ROTATE_270)
        cell = Image.new("1", (self.width, self.height))
        cell.paste(glyph, (0, 0))
        if style.inverted:  # inverted characters are never underlined (ESC -)
            negative = Image.new("1", cell.size, 1)
            negative.paste(0, (0, 0), cell)
            return negative
        if style.underline and not style.turned:
            top = self.height - style.underline
            cell.paste(1, (0, top, self.width, self.height))
        return cell

    def _outline(self, char: str) -> Image.Image:
        image = Image.new("1", self._drawn)
        pen = ImageDraw.Draw(image)
        pen.fontmode = "1"
        pen.text((0, self._baseline * self._scale), char, fill=1, font=self._font, anchor="ls")
        if self._drawn == self._cell:
            return image
        grey = image.convert("L").resize(self._cell, Image.Resampling.BOX)
        return grey.point([0] * _HALF + [255] * (256 - _HALF), "1")


@lru_cache(maxsize=64)
def face(style: Style) -> Face:
    return Face(style)


@lru_cache(maxsize=1024)
def run(text: str, style: Style) -> Ink:
    """`text` in `style`."""
    return face(style).run(text)


@lru_cache(maxsize=32)
def _font(points: int) -> ImageFont.FreeTypeFont:
    data = (files("barcode") / "fonts" / "DejaVuSansMono.ttf").read_bytes()
    return ImageFont.truetype(BytesIO(data), points, layout_engine=ImageFont.Layout.BASIC)


def _signature(font: ImageFont.FreeTypeFont, char: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(char, mode="1")
    return mask.size, bytes(mask)
