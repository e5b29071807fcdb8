"""Fonts for text that needs shaping, by HarfBuzz: letters that join, marks that move, any format.

What comes as packages is looked through first: Arabic, Devanagari, Thai, and Latin and its like
(Noto, under the Open Font License). Then what the machine has, as Debian installs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

_SYSTEM: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_OURS: Final = (
    ("fontpkg_noto_sans_arabic", "files", "NotoSansArabic[wdth,wght].ttf"),
    ("fontpkg_noto_sans_devanagari", "files", "NotoSansDevanagari[wdth,wght].ttf"),
    ("fontpkg_noto_sans_thai", "files", "NotoSansThai[wdth,wght].ttf"),
    ("fontpkg_noto_sans", "files", "NotoSans[wdth,wght].ttf"),
)
_LAST: Final = ("barcode", "fonts", "DejaVuSansMono.ttf")
_KINDS: Final = frozenset({".ttf", ".otf", ".ttc"})
_PLAIN: Final = ("DejaVuSans", "DroidSansFallbackFull", "DroidSansFallback", "FreeSans", "unifont")
_SPECIAL: Final = ("Mono", "Display", "UI", "Color", "Condensed", "Looped")
_MOST: Final = 400  # files that are looked into

NOTO_SANS: Final = Path(str(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf"))

Step = tuple[str, tuple[float, ...]]  # of a path: its operator, and points in units of the font


class Glyph(NamedTuple):
    """One glyph of shaped text, in units of its font."""

    id: int
    advance: int
    x: int
    y: int


class Face:
    """One font. Its outlines are drawn as paths, so that its file need not go into a PDF."""

    def __init__(self, path: Path) -> None:
        face = _harfbuzz().Face(_harfbuzz().Blob.from_file_path(str(path)))
        self.name = path.stem
        self.units = face.upem
        self._font = _harfbuzz().Font(face)

    def has(self, char: str) -> bool:
        return self._font.get_nominal_glyph(ord(char)) is not None

    @lru_cache(maxsize=1024)  # noqa: B019 - faces live as long as the process
    def shape(self, text: str, *, right_to_left: bool) -> tuple[Glyph, ...]:
        """The glyphs from left to right."""
        buffer = _harfbuzz().Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if right_to_left else "ltr"
        _harfbuzz().shape(self._font, buffer)
        return tuple(
            Glyph(info.codepoint, at.x_advance, at.x_offset, at.y_offset)
            for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        )

    @lru_cache(maxsize=2048)  # noqa: B019
    def outline(self, glyph: int) -> tuple[Step, ...]:
        steps: list[Step] = []
        self._font.draw_glyph(glyph, _pen(), steps)
        return tuple(steps)


@cache
def face_of(char: str) -> Face | None:
    """The first font that has it."""
    return next((face for face in _faces() if face.has(char)), None)


def _faces() -> Iterator[Face]:
    """Those that are open, and then more, until whoever asks has seen enough."""
    opened, rest = _known()
    yield from tuple(opened)
    for path in rest:
        try:
            face = Face(path)
        except (OSError, ValueError, _harfbuzz().HarfBuzzError):
            continue  # not here, or not a font
        opened.append(face)
        yield face


@cache
def _known() -> tuple[list[Face], Iterator[Path]]:
    return [], iter([*map(_file, _OURS), *_on_the_machine()[:_MOST], _file(_LAST)])


def _file(of: tuple[str, ...]) -> Path:
    package, *parts = of
    return Path(str(files(package).joinpath(*parts)))


def _on_the_machine() -> list[Path]:
    """Upright fonts of regular weight, the plainest first."""
    found = [path for folder in _SYSTEM for path in folder.rglob("*") if path.suffix in _KINDS]
    return sorted(filter(_is_plain, found), key=_order)


def _is_plain(path: Path) -> bool:
    regular = path.stem.endswith("-Regular") or path.stem in _PLAIN
    return regular and not any(word in path.stem for word in _SPECIAL)


def _order(path: Path) -> tuple[bool, bool, str]:
    return not path.stem.startswith("NotoSans"), path.stem not in _PLAIN, path.stem


@cache
def _harfbuzz() -> Any:
    """Loaded when a name needs it first: most do not."""
    return import_module("uharfbuzz")


@cache
def _pen() -> Any:
    pen = _harfbuzz().DrawFuncs()
    pen.set_move_to_func(lambda x, y, steps: steps.append(("moveTo", (x, y))))
    pen.set_line_to_func(lambda x, y, steps: steps.append(("lineTo", (x, y))))
    pen.set_cubic_to_func(
        lambda a, b, c, d, x, y, steps: steps.append(("curveTo", (a, b, c, d, x, y)))
    )
    pen.set_close_path_func(lambda steps: steps.append(("close", ())))
    return pen
