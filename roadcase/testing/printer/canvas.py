"""
The paper in standard mode: where text, images and symbols land, and the picture they make.

Rules are those of Epson's ESC/POS reference: a line is collected until it is fed, its alignment and
upside-down mode count for the whole line, and it takes the larger of its height and the spacing.
"""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image

from roadcase.errors import Invalid
from roadcase.testing.printer import barcodes, codepages, png
from roadcase.testing.printer.glyphs import Style, face, run

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
        self.stored: Image.Image | None = None
        self.drop_line()

    def drop_line(self) -> None:
        """Forgets the line that is not printed yet."""
        self._x = 0
        self._line: list[tuple[int, Image.Image]] = []
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
            image = run(part, self.style)
            self._line.append((self._x, image))
            self._x += image.width
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

    def inline(self, image: Image.Image) -> None:
        """ESC *: an image that stands in the line like a letter."""
        fit = min(image.width, self.area - self._x)
        if fit > 0:
            self._line.append((self._x, image.crop((0, 0, fit, image.height))))
            self._x += fit

    def feed_line(self) -> None:
        """LF: prints the line and moves on by the line spacing."""
        self.print_line(self.spacing)

    def print_line(self, feed: int) -> None:
        """Prints the line. The paper moves `feed` dots, or by the line's height if that is more."""
        if self._line:
            inks = self._inks()
            high = max(y + image.height for _, y, image in inks)
            self._strip(high, inks)
            self._feed(feed - high)
            self._lines.append(self._text)
        elif feed:
            self._feed(feed)
            self._lines.append("")
        self.drop_line()

    def _inks(self) -> list[tuple[int, int, Image.Image]]:
        """The line's pieces, standing on one base line, where the alignment puts them."""
        wide = max(x + image.width for x, image in self._line)
        high = max(image.height for _, image in self._line)
        if self.upside_down:
            line = Image.new("1", (wide, high))
            for x, image in self._line:
                line.paste(1, (x, high - image.height), image)
            return [(self._start(wide), 0, line.transpose(Image.Transpose.ROTATE_180))]
        left = self._start(wide)
        return [(left + x, high - image.height, image) for x, image in self._line]

    def block(self, image: Image.Image) -> None:
        """An image on a line of its own. What is wider than the area is cut off."""
        if self._line:
            self.print_line(0)
        fitting = image.crop((0, 0, min(image.width, self.area), image.height))
        self._strip(image.height, [(self._start(fitting.width), 0, fitting)])

    def qr(self) -> None:
        """GS ( k: prints the stored QR code."""
        code = barcodes.qr(self.qr_data, self.qr_level)
        side = code.width * self.qr_size
        if side > self.area:
            raise Invalid("a QR code wider than the paper is not printed")
        self.block(code.resize((side, side), Image.Resampling.NEAREST))
        self._codes.append(self.qr_data.decode("utf-8", "replace"))

    def barcode(self, kind: int, data: bytes) -> None:
        """GS k. Raises Invalid for data it cannot hold and for a symbol that is too wide."""
        modules, shown = barcodes.linear(kind, data)
        wide = len(modules) * self.bar_width
        if wide > self.area:
            raise Invalid("a barcode wider than the paper is not printed")
        row = Image.frombytes("L", (len(modules), 1), modules.replace(b"\x01", b"\xff"))
        bars = row.resize((wide, self.bar_height), Image.Resampling.NEAREST).convert("1")
        label = run(shown, Style(font=self.bar_font)) if shown else None
        above, below = self.bar_text & 1, self.bar_text & 2
        for image in (label if above else None, bars, label if below else None):
            if image:
                self.block(self._centred(image, wide))
        self._codes.append(shown)

    def take(self) -> Sheet:
        """Cuts the paper: hands out what is on it and starts a new one."""
        picture = png.png(self.width, self.height, b"".join(self._strips))
        sheet = Sheet(picture, self.height, self._lines, self._codes, self._notes)
        self.height = 0
        self._strips, self._lines, self._codes, self._notes = [], [], [], []
        return sheet

    def _start(self, width: int) -> int:
        spare = max(0, self.area - width)
        return self.left + (0, spare // 2, spare)[self.align]

    def _strip(self, height: int, inks: list[tuple[int, int, Image.Image]]) -> None:
        self._strips.append(png.rows(self.width, height, inks))
        self.height += height

    def _feed(self, dots: int) -> None:
        if dots > 0:
            self._strips.append(png.blank(self.width, dots))
            self.height += dots

    @staticmethod
    def _centred(image: Image.Image, wide: int) -> Image.Image:
        if image.width >= wide:
            return image
        room = Image.new("1", (wide, image.height))
        room.paste(image, ((wide - image.width) // 2, 0))
        return room
