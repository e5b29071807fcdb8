"""Text of any script on paper, with the fonts that come with our libraries and the machine's own.

Latin, Cyrillic and Greek are text, in fonts that the PDF carries. What has to be shaped, or is read
from right to left, is drawn as outlines (`faces`), in the order in which it is read (`bidi`). For
Chinese, Japanese and Korean without a font on this machine, the PDF names fonts that viewers bring.
What none has is a question mark: the code and the QR code say who comes in.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from services.ticketing.guest import bidi
from services.ticketing.guest.faces import NOTO_SANS, Face, face_of

_ASIAN: Final = (
    ("HeiseiMin-W3", ((0x3000, 0x30FF), (0xFF00, 0xFFEF))),
    ("HYSMyeongJo-Medium", ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF))),
    ("STSong-Light", ((0x2E80, 0x9FFF),)),
)
_PLAIN: Final = ((0x20, 0x58F), (0x1E00, 0x1FFF), (0x2010, 0x2BFF))  # needs no shaping
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = "\u200c\u200d"  # they say how letters beside them look
_UNKNOWN: Final = "?"
_NON_ZERO: Final = 1  # the rule that outlines of fonts are filled by (PDF 32000-1, 8.5.3.3)

Font = str | Face  # the name of a font whose text a PDF holds, or one whose outlines are drawn


class Run(NamedTuple):
    """Text in its order of reading, of one font and one direction (see `bidi.levels`)."""

    font: Font
    text: str
    level: int = 0

    @property
    def right_to_left(self) -> bool:
        return bool(self.level % 2)


@cache
def _fonts() -> tuple[TTFont, ...]:
    found = TTFont("Vera", "Vera.ttf"), TTFont("NotoSans", str(NOTO_SANS))
    for font in (*found, *(UnicodeCIDFont(name) for name, _ in _ASIAN)):
        pdfmetrics.registerFont(font)
    return found


@cache
def _font_of(char: str, level: int) -> Font | None:
    fonts = _fonts()
    if not level % 2 and _within(char, _PLAIN) and not _is_mark(char):
        for font in fonts:
            if ord(char) in font.face.charToGlyph:
                return str(font.fontName)
    if face := face_of(char):
        return face
    return next((name for name, blocks in _ASIAN if _within(char, blocks)), None)


def _within(char: str, blocks: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(char) <= last for first, last in blocks)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M") or char in _JOINERS


@lru_cache(maxsize=1024)
def runs(text: str) -> tuple[Run, ...]:
    """The text as it is drawn from left to right: each part in a font that has its glyphs."""
    shown = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", text)
        if char in _JOINERS or char.isspace() or unicodedata.category(char) not in _HIDDEN
    )
    found: list[Run] = []
    for char, level in zip(shown, bidi.levels(shown), strict=True):
        if char not in _JOINERS and _is_mark(char) and found and isinstance(found[-1].font, str):
            found[-1] = found[-1]._replace(font=_with_mark(found[-1], char))
        font = _following(found[-1].font if found else None, char, level)
        if font is not None or char not in _JOINERS:
            found.append(Run(font or "Vera", char if font else _UNKNOWN, level))
    joined = [
        Run(font, "".join(run.text for run in of), level)
        for (font, level), of in groupby(found, lambda run: (run.font, run.level))
    ]
    return tuple(bidi.visual(joined, lambda run: run.level))


def _with_mark(letter: Run, mark: str) -> Font:
    """A font that moves the mark to where it belongs on this letter, if there is one."""
    face = face_of(mark)
    return face if face and face.has(letter.text) else letter.font


def _following(before: Font | None, char: str, level: int) -> Font | None:
    """A mark stays with its letter, a space or a sign with its word, where one font has both."""
    stays = _is_mark(char) or (level % 2 and not char.isalnum())
    if stays and isinstance(before, Face) and (char in _JOINERS or before.has(char)):
        return before
    return None if char in _JOINERS else _font_of(char, level)


def _width(run: Run, size: float) -> float:
    if isinstance(run.font, Face):
        glyphs = run.font.shape(run.text, right_to_left=run.right_to_left)
        return float(sum(glyph.advance for glyph in glyphs) * size / run.font.units)
    return float(pdfmetrics.stringWidth(run.text, run.font, size))


def width(text: str, size: float) -> float:
    return sum(_width(run, size) for run in runs(text))


def draw(canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
    for run in runs(text):
        if isinstance(run.font, Face):
            _draw_outlines(canvas, (x, y), run, run.font, size)
        else:
            canvas.setFont(run.font, size)
            canvas.drawString(x, y, run.text)
        x += _width(run, size)


def _draw_outlines(
    canvas: Canvas, at: tuple[float, float], run: Run, face: Face, size: float
) -> None:
    x, y = at
    scale = size / face.units
    path = canvas.beginPath()
    for glyph in face.shape(run.text, right_to_left=run.right_to_left):
        left, base = x + glyph.x * scale, y + glyph.y * scale
        for step, points in face.outline(glyph.id):
            placed = [(base if n % 2 else left) + each * scale for n, each in enumerate(points)]
            getattr(path, step)(*placed)
        x += glyph.advance * scale
    canvas.drawPath(path, stroke=0, fill=1, fillMode=_NON_ZERO)


@lru_cache(maxsize=256)
def lines(text: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """At most so many lines, each no wider than `room`; what does not fit ends in dots."""
    found, line = [], ""
    for char in text:
        if not _is_mark(char) and width(line + char, size) > room:
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
    return tuple(found)
