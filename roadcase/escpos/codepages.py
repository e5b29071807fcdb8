"""
What a byte of text looks like: the character tables that ESC t selects.

Numbers as in Epson's ESC/POS reference, "ESC t: select character code table".
"""

from __future__ import annotations

from functools import lru_cache

_CODECS = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    14: "cp737",
    15: "iso8859-7",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    21: "iso8859-11",
    32: "cp720",
    33: "cp775",
    34: "cp855",
    35: "cp861",
    36: "cp862",
    37: "cp864",
    38: "cp869",
    39: "iso8859-2",
    40: "iso8859-15",
    45: "cp1250",
    46: "cp1251",
    47: "cp1253",
    48: "cp1254",
    49: "cp1255",
    50: "cp1256",
    51: "cp1257",
    52: "cp1258",
    53: "kz1048",
}
_KATAKANA = 1
_RULES = "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯"
_SIGNS = "═╞╪╡◢◣◥◤♠♥♦♣●○╱╲╳円年月日時分秒〒市区町村人▒ "  # noqa: RUF001 - the printer's own line art


@lru_cache
def table(page: int) -> str | None:
    """The 256 characters of code page `page`, or None for a page that is not known here."""
    if page == _KATAKANA:
        kana = "".join(map(chr, range(0xFF61, 0xFFA0)))
        return "".join(map(chr, range(128))) + _RULES + "\xa0" + kana + _SIGNS
    codec = _CODECS.get(page)
    if codec is None:
        return None
    return "".join(bytes([byte]).decode(codec, "replace") for byte in range(256))
