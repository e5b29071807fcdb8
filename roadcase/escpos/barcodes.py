"""
Barcodes and QR codes that the printer draws itself, as rows of modules.

CODE128 follows the code sets that the sender chose (ISO/IEC 15417, and Epson's `{A {B {C` escapes)
because they decide how wide the symbol is. The others have one encoding only and come from zxing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import segno
import zxingcpp

from roadcase.errors import Invalid
from roadcase.escpos.ink import Ink

if TYPE_CHECKING:
    from typing_extensions import Buffer

_BARS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231"
    "113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211"
    "212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131"
    "113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111"
    "314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211"
    "241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214"
    "2112322331112"
)
_CODES = [_BARS[n : n + 6] for n in range(0, 636, 6)] + [_BARS[636:]]
_STOP = 106
_START = {"A": 103, "B": 104, "C": 105}
_SHIFT = 98
_FUNCTIONS = {"1": 102, "2": 97, "3": 96}
_SWITCH = {"A": 101, "B": 100, "C": 99}
_FUNCTION_4 = {"A": 101, "B": 100}
_TWO_DIGITS = 100
_DIGITS = b"1" + b"0" * 255  # zxing draws black as 0

_FORMATS: Mapping[int, zxingcpp.BarcodeFormat] = {
    65: zxingcpp.BarcodeFormat.UPCA,
    66: zxingcpp.BarcodeFormat.UPCE,
    67: zxingcpp.BarcodeFormat.EAN13,
    68: zxingcpp.BarcodeFormat.EAN8,
    69: zxingcpp.BarcodeFormat.Code39,
    70: zxingcpp.BarcodeFormat.ITF,
    71: zxingcpp.BarcodeFormat.Codabar,
    72: zxingcpp.BarcodeFormat.Code93,
}
CODE128, CODE128_AUTO = 73, 79
_UPC_E, _CODE39 = 66, 69


@lru_cache(maxsize=256)
def linear(kind: int, data: bytes) -> tuple[Ink, str]:
    """
    One row of modules and the readable text of a barcode. `kind` is the m of GS k, 65 up.

    Raises Invalid for data that the symbology cannot hold, and for a kind not drawn here.
    """
    if kind == CODE128:
        return _code128(data)
    if kind == CODE128_AUTO:
        return _code128(b"{B" + data.replace(b"{", b"{{"))
    if kind not in _FORMATS:
        raise Invalid(f"barcode kind {kind} is not drawn")
    text = data.decode("latin-1")
    if kind == _UPC_E:
        text = _upc_e(text)
    if kind == _CODE39:
        text = text.strip("*")
    symbol = _zxing(text, _FORMATS[kind])
    return Ink(symbol.width, symbol.rows[:1]), text


@lru_cache(maxsize=64)
def qr(data: bytes, level: str) -> Ink:
    """A QR code (model 2) of one dot per module, without a quiet zone."""
    if data.isascii():
        return _zxing(data.decode(), zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    try:  # raw bytes without an ECI mark, as a printer sends them: zxing would add the mark
        code = segno.make(data, error=level, boost_error=False, micro=False)
    except ValueError as wrong:
        raise Invalid(str(wrong)) from wrong
    return _modules(
        b"".join(bytes(0x30 + bit for bit in row) for row in code.matrix), len(code.matrix)
    )


def _zxing(text: str, kind: zxingcpp.BarcodeFormat, **options: str) -> Ink:
    try:
        image = zxingcpp.create_barcode(text, kind, **options).to_image(
            scale=1, add_quiet_zones=False
        )
    except ValueError as wrong:
        raise Invalid(str(wrong)) from wrong
    dots = memoryview(cast("Buffer", image)).tobytes()
    return _modules(dots.translate(_DIGITS), image.shape[1])


def _modules(digits: bytes, width: int) -> Ink:
    rows = range(0, len(digits), width)
    return Ink(width, [int(digits[row : row + width], 2) for row in rows])


def _code128(data: bytes) -> tuple[Ink, str]:
    text = data.decode("latin-1")
    if text[:1] != "{" or text[1:2] not in _START:
        raise Invalid("CODE128 data starts with {A, {B or {C")
    values, shown = _values(text)
    check = (values[0] + sum(n * value for n, value in enumerate(values))) % 103
    bars = "".join(_CODES[value] for value in [*values, check, _STOP])
    digits = b"".join((b"0" if n % 2 else b"1") * int(width) for n, width in enumerate(bars))
    return _modules(digits, len(digits)), shown


def _values(text: str) -> tuple[list[int], str]:
    code_set, shifted, shown = text[1], False, ""
    values = [_START[code_set]]
    at = 2
    while at < len(text):
        char = text[at]
        at += 1
        if char == "{":
            mark, at = text[at : at + 1], at + 1
            if mark != "{" or code_set == "C":
                values.append(_control(mark, code_set))
                code_set = mark if mark in _SWITCH else code_set
                shifted = mark == "S"
                continue
        values.append(_value(char, _other(code_set) if shifted else code_set))
        shown += f"{ord(char):02d}" if code_set == "C" else char
        shifted = False
    return values, shown


def _other(code_set: str) -> str:
    return "A" if code_set == "B" else "B"


def _control(mark: str, code_set: str) -> int:
    """The symbol value of `{mark`. FNC1 works in every set, the others in A and B only."""
    if mark in _SWITCH and mark != code_set:
        return _SWITCH[mark]
    if mark == "1":
        return _FUNCTIONS[mark]
    if code_set != "C":
        if mark == "S":
            return _SHIFT
        if mark == "4":
            return _FUNCTION_4[code_set]
        if mark in _FUNCTIONS:
            return _FUNCTIONS[mark]
    raise Invalid(f"CODE128 has no {{{mark} in code set {code_set}")


def _value(char: str, code_set: str) -> int:
    """Set C takes bytes 0 to 99, each a pair of digits (Epson GS k, CODE128)."""
    code = ord(char)
    if code_set == "C" and code < _TWO_DIGITS:
        return code
    if code_set == "B" and 0x20 <= code < 0x80:  # noqa: PLR2004 - the ASCII ranges of the standard
        return code - 0x20
    if code_set == "A" and code < 0x60:  # noqa: PLR2004
        return code - 0x20 if code >= 0x20 else code + 0x40  # noqa: PLR2004
    raise Invalid(f"CODE128 set {code_set} has no character {code:#04x}")


def _upc_e(digits: str) -> str:
    """GS k takes UPC-E as 6, 7 or 8 digits or as the 11 or 12 of UPC-A, which it shortens."""
    if len(digits) not in {11, 12}:
        return digits.zfill(7)
    maker, item = digits[1:6], digits[6:11]
    if maker[2] in "012" and maker[3:] == "00" and item[:2] == "00":
        short = maker[:2] + item[2:] + maker[2]
    elif maker[3:] == "00" and item[:3] == "000":
        short = maker[:3] + item[3:] + "3"
    elif maker[4] == "0" and item[:4] == "0000":
        short = maker[:4] + item[4:] + "4"
    elif item[:4] == "0000" and item[4] in "56789":
        short = maker + item[4]
    else:
        raise Invalid("this number cannot be shortened to UPC-E")
    return digits[0] + short
