"""Text of any script on paper, with the fonts that come with our libraries and the machine's own.

A PDF carries the glyphs it shows, so each character is drawn in the first font that has it: Vera
(Latin), DejaVu (Cyrillic, Greek, Arabic and more), then the names of fonts that viewers bring for
Chinese, Japanese and Korean. What none has is a question mark: the code and the QR code say who
comes in. Right-to-left text is put in the order in which it is read.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

_SYSTEM: Final = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
_ASIAN: Final = (
    ("HeiseiKakuGo-W5", ((0x3000, 0x30FF), (0xFF00, 0xFFEF))),
    ("HYGothic-Medium", ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF))),
    ("STSong-Light", ((0x2E80, 0x9FFF),)),
)
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RIGHT: Final = frozenset({"R", "AL"})


class Run(NamedTuple):
    font: str
    text: str


@cache
def _fonts() -> tuple[TTFont, ...]:
    found = []
    ours = [("Vera", "Vera.ttf"), ("DejaVuSans", str(_SYSTEM))]
    ours.append(("DejaVuSansMono", str(files("barcode") / "fonts" / "DejaVuSansMono.ttf")))
    for name, file in ours:
        try:
            font = TTFont(name, file)
        except (TTFError, OSError):
            continue  # not on this machine
        pdfmetrics.registerFont(font)
        found.append(font)
    for name, _ in _ASIAN:
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    return tuple(found)


@cache
def _font_of(char: str) -> str | None:
    for font in _fonts():
        if ord(char) in font.face.charToGlyph:
            return str(font.fontName)
    for name, blocks in _ASIAN:
        if any(first <= ord(char) <= last for first, last in blocks):
            return name
    return None


def runs(text: str) -> list[Run]:
    """The text as it is drawn from left to right: each part in a font that has its glyphs."""
    shown = [char for char in unicodedata.normalize("NFC", text)
             if unicodedata.category(char) not in _HIDDEN]  # fmt: skip
    fonts = [(_font_of(char), char) for char in _ordered(shown)]
    drawn = [(font or "Vera", char if font else "?") for font, char in fonts]
    return [
        Run(font, "".join(char for _, char in of)) for font, of in groupby(drawn, lambda d: d[0])
    ]


def _ordered(chars: list[str]) -> list[str]:
    """Right-to-left text reversed, the numbers and foreign words in it not."""
    kinds = [unicodedata.bidirectional(char) for char in chars]
    first = next((kind for kind in kinds if kind == "L" or kind in _RIGHT), "L")
    if first == "L" and not _RIGHT.intersection(kinds):
        return chars
    words = ["".join(of) for _, of in groupby(chars, str.isspace)]
    turned = [
        word[::-1] if any(unicodedata.bidirectional(char) in _RIGHT for char in word) else word
        for word in words
    ]
    return list("".join(turned[::-1] if first in _RIGHT else turned))


def width(text: str, size: float) -> float:
    return float(sum(pdfmetrics.stringWidth(run.text, run.font, size) for run in runs(text)))


def draw(canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
    for run in runs(text):
        canvas.setFont(run.font, size)
        canvas.drawString(x, y, run.text)
        x += pdfmetrics.stringWidth(run.text, run.font, size)


def lines(text: str, size: float, room: float, most: int) -> list[str]:
    """At most so many lines, each no wider than `room`; what does not fit ends in dots."""
    found, line = [], ""
    for char in text:
        if width(line + char, size) > room:
            cut = line.rfind(" ") + 1 or len(line)
            found.append(line[:cut].rstrip())
            line = line[cut:]
        line += char
    found.append(line)
    if len(found) > most:
        last = found[most - 1]
        while last and width(last + "…", size) > room:
            last = last[:-1]
        found = [*found[: most - 1], last + "…"]
    return found
