"""
The paper in standard mode: where text, images and symbols land, and the picture they make.

Rules are those of Epson's ESC/POS reference: a line is collected until it is fed, its alignment and
upside-down mode count for the whole line, and it takes the larger of its height and the spacing.
"""

from __future__ import annotations

from typing import NamedTuple

from roadcase.errors import Invalid
from roadcase.escpos import barcodes, codepages
from roadcase.escpos.glyphs import Style, face, run
from roadcase.escpos.ink import Ink, blank, join, pack, png

SPACING = 30  # dots: ESC 2
_TABS = range(8, 256, 8)


class Sheet(NamedTuple):
    """What was printed since the last cut. `codes` are the contents of symbols drawn by name."""

    png: bytes
    height: int
    lines: list[str]
    codes: list[str]
    notes: list[str]


class Canvas:
    """`width` is in dots. `height` is how far the paper has come out since the last cut."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.height = 0
        self._strips: list[bytes] = []
        self._lines: list[str] = []
        self._codes: list[str] = []
        self._notes: list[str] = []
        self.initialise()

    def initialise(self) -> None:
        """ESC @: drops the line that is not printed yet and every setting."""
        self.style = Style()
        self.align = 0
        self.spacing = SPACING
        self.upside_down = False
        self.left, self._area = 0, self.width
        self.tabs: list[int] = list(_TABS)
        self.page = 0
        self.bar_width, self.bar_height, self.bar_text, self.bar_font = 3, 162, 0, 0
        self.qr_size, self.qr_level, self.qr_data = 3, "L", b""
        self.stored: Ink | None = None
        self.drop_line()

    def drop_line(self) -> None:
        """Forgets the line that is not printed yet."""
        self._x = 0
        self._line: list[tuple[int, Ink]] = []
        self._text = ""

    @property
    def area(self) -> int:
        """Printable dots from the left margin on."""
        return max(1, min(self._area, self.width - self.left))

    def set_area(self, width: int) -> None:
        self._area = width

    @property
    def line_empty(self) -> bool:
        return not self._line

    def note(self, text: str) -> None:
        """Remembers something that a reader of the ticket should know."""
        if text not in self._notes:
            self._notes.append(text)

    def text(self, data: bytes) -> None:
        table = codepages.table(self.page)
        if table is None:
            self.note(f"code page {self.page} is not known, CP437 is used")
            table = codepages.table(0) or ""
        self._set(data.decode() if data.isascii() else "".join([table[byte] for byte in data]))

    def _set(self, text: str) -> None:
        look = face(self.style)
        while text:
            fit = (self.area - self._x) // look.width
            if fit < 1 and self._x:
                self.feed_line()
                continue
            part, text = text[: max(fit, 1)], text[max(fit, 1) :]
            ink = run(part, self.style).crop(self.area)
            self._line.append((self._x, ink))
            self._x += ink.width
            self._text += part
            if look.missing and not look.missing.isdisjoint(part):
                self.note("a character that the font does not have is drawn as a box")

    def tab(self) -> None:
        """HT: to the next tab stop. Without one it does nothing."""
        cell = face(self.style).width
        stop = next((stop * cell for stop in self.tabs if stop * cell > self._x), None)
        if stop is not None and stop < self.area:
            self.move_to(stop)

    def move_to(self, x: int) -> None:
        r"""ESC $ and ESC \: positions outside of the area are ignored."""
        if 0 <= x <= self.area:
            self._text += " " * max(0, (x - self._x) // face(self.style).width)
            self._x = x

    def move_by(self, dots: int) -> None:
        self.move_to(self._x + dots)

    def inline(self, ink: Ink) -> None:
        """ESC *: an image that stands in the line like a letter."""
        fit = min(ink.width, self.area - self._x)
        if fit > 0:
            self._line.append((self._x, ink.crop(fit)))
            self._x += fit

    def feed_line(self) -> None:
        """LF: prints the line and moves on by the line spacing."""
        self.print_line(self.spacing)

    def print_line(self, feed: int) -> None:
        """Prints the line. The paper moves `feed` dots, or by the line's height if that is more."""
        if self._line:
            line = self._joined()
            self._put(line)
            self._feed(feed - line.height)
            self._lines.append(self._text)
        elif feed:
            self._feed(feed)
            self._lines.append("")
        self.drop_line()

    def _joined(self) -> Ink:
        """The line's pieces, standing on one base line."""
        if len(self._line) == 1 and not self._line[0][0]:
            line = self._line[0][1]
        else:
            wide = max(x + ink.width for x, ink in self._line)
            high = max(ink.height for _, ink in self._line)
            line = join(wide, high, [(x, high - ink.height, ink) for x, ink in self._line])
        return line.turn() if self.upside_down else line

    def block(self, ink: Ink) -> None:
        """An image on a line of its own. What is wider than the area is cut off."""
        if self._line:
            self.print_line(0)
        self._put(ink.crop(self.area))

    def qr(self) -> None:
        """GS ( k: prints the stored QR code."""
        code = barcodes.qr(self.qr_data, self.qr_level)
        if code.width * self.qr_size > self.area:
            raise Invalid("a QR code wider than the paper is not printed")
        self.block(code.grow(self.qr_size, self.qr_size))
        self._codes.append(self.qr_data.decode("utf-8", "replace"))

    def barcode(self, kind: int, data: bytes) -> None:
        """GS k. Raises Invalid for data it cannot hold and for a symbol that is too wide."""
        row, shown = barcodes.linear(kind, data)
        if row.width * self.bar_width > self.area:
            raise Invalid("a barcode wider than the paper is not printed")
        bars = row.grow(self.bar_width, self.bar_height)
        label = run(shown, Style(font=self.bar_font)).centre(bars.width)
        if shown and self.bar_text & 1:
            self.block(label)
        self.block(bars)
        if shown and self.bar_text & 2:
            self.block(label)
        self._codes.append(shown)

    def take(self) -> Sheet:
        """Cuts the paper: hands out what is on it and starts a new one."""
        picture = png(self.width, self.height, b"".join(self._strips))
        sheet = Sheet(picture, self.height, self._lines, self._codes, self._notes)
        self.height = 0
        self._strips, self._lines, self._codes, self._notes = [], [], [], []
        return sheet

    def _put(self, ink: Ink) -> None:
        """Prints `ink` where the alignment wants it, and moves by its height."""
        spare = max(0, self.area - ink.width)
        left = self.left + (0, spare // 2, spare)[self.align]
        self._strips.append(pack(self.width, Ink(left + ink.width, ink.rows)))
        self.height += ink.height

    def _feed(self, dots: int) -> None:
        if dots > 0:
            self._strips.append(blank(self.width, dots))
            self.height += dots
