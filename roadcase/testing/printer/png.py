"""Black on white at 8 dots to the millimetre, as rows of bits and as PNG."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

from PIL import Image

_PER_METRE = 8000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FILTER = 8  # bits: every row of a PNG starts with a byte that names its filter, 0 is none


def rows(width: int, height: int, inks: Iterable[tuple[int, int, Image.Image]]) -> bytes:
    """
    A strip of paper as PNG rows. `inks` are mode 1 images, 1 being black, and where they go.

    Strips are packed one by one: blank paper costs nothing then, and it is most of a ticket.
    """
    strip = Image.new("1", (_FILTER + width, height), 1)
    strip.paste(0, (0, 0, _FILTER, height))
    for x, y, image in inks:
        strip.paste(0, (_FILTER + x, y), image)
    return strip.tobytes()


def blank(width: int, height: int) -> bytes:
    return (b"\0" + b"\xff" * (-(-width // 8))) * height


def png(width: int, height: int, strips: bytes) -> bytes:
    """The file for `height` rows made by `rows` and `blank`."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        (b"pHYs", struct.pack(">IIB", _PER_METRE, _PER_METRE, 1)),
        (b"IDAT", zlib.compress(strips, 1)),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
