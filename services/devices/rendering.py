"""From a ticket or slip to the bytes of an ESC/POS printer: the same for the same profile.

python-escpos encodes. Its own choice of code pages depends on what was printed before, so each
rendering gets a fresh one; its tables are shared.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple

from escpos.capabilities import Profile as EscposProfile  # type: ignore[import-untyped]
from escpos.constants import QR_ECLEVEL_M  # type: ignore[import-untyped]
from escpos.magicencode import Encoder, MagicEncode  # type: ignore[import-untyped]
from escpos.printer import Dummy  # type: ignore[import-untyped]

from services.devices.events import Document, OccurrenceNamed, Slip, Ticket
from services.devices.profiles import PROFILES, Profile
from services.devices.text import amount, paragraphs, printable, wrapped

CUT: Final = b"\x1dV\x42\x00"  # GS V 66 0: feed to the cutter, cut
APART: Final = b"\x1b@" + CUT  # parts what a broken job left in the printer from the next one
_REAL_TIME: Final = re.compile(rb"\x10[\x04\x05\x14]")
_CODE: Final = 10  # characters of a ticket's own code, shown in two halves
_WIDE: Final = 576
_SLIP: Final = 200  # lines that a slip has at most: 75 cm of paper


class Unprintable(Exception):
    """These bytes would make the printer do something else than print."""


class Named(NamedTuple):
    """A ticket or slip with the names of event and type that are known, and which copy it is."""

    document: Document
    occurrence: OccurrenceNamed | None
    ticket_type: str | None
    copy: int = 1


def render(named: Named, profile_name: str) -> bytes:
    """Raises Unprintable, which a test tries hard to see and no document ever should."""
    document = named.document
    if isinstance(document, Slip):
        data = _slip(document, named.occurrence, named.copy, profile_name)
    else:
        data = _ticket(document, named, profile_name)
    if _REAL_TIME.search(data):
        raise Unprintable(document.occurrence)
    return data


def _ticket(ticket: Ticket, named: Named, profile_name: str) -> bytes:
    head = _head(
        named.occurrence or ticket.occurrence,
        named.ticket_type or ticket.ticket_type,
        amount(ticket.price),
        named.copy,
        profile_name,
    )
    return head + _rest(ticket, named.copy, profile_name)


def _slip(slip: Slip, occurrence: OccurrenceNamed | None, copy: int, profile_name: str) -> bytes:
    """Which night, what is said, and what fired it. No symbol: it lets nobody in."""
    paper, profile = _paper(profile_name), PROFILES[profile_name]
    paper.hw("INIT")
    paper.set(align="center")
    if copy > 1:
        _mark(paper, copy)
    paper.set(bold=True)
    for line in wrapped(occurrence.name if occurrence else slip.occurrence, profile.columns, 3):
        _line(paper, line)
    paper.set(align="left", bold=False)
    _line(paper, "-" * profile.columns)
    for line in paragraphs(slip.text, profile.columns, _SLIP):
        _line(paper, line)
    _line(paper, "-" * profile.columns)
    for line in wrapped(f"{slip.trigger}: {slip.reason}", profile.columns, 4):
        _line(paper, line)
    if copy > 1:
        paper.set(align="center")
        _mark(paper, copy)
    _end(paper, profile)
    data: bytes = paper.output
    return data


def process_id(number: int) -> bytes:
    """GS ( H, function 48: answer with these four characters when all before it is on paper.

    Epson: `1D 28 48 06 00 30 30 d1 d2 d3 d4`, each d from 20 to 7E; the answer is `37 22 d1..d4 00`
    (ESC/POS reference, "GS ( H").
    """
    return b"\x1d(H\x06\x0000" + digits(number)


def digits(number: int) -> bytes:
    """Four characters of base 94: 78 million in a row differ."""
    return bytes(0x21 + number // 94**place % 94 for place in (3, 2, 1, 0))


@lru_cache(maxsize=256)
def _head(
    occurrence: OccurrenceNamed | str, ticket_type: str, price: str, copy: int, profile_name: str
) -> bytes:
    """What all tickets of a type have in common. It leaves the printer at its default style."""
    paper, columns = _paper(profile_name), PROFILES[profile_name].columns
    known = occurrence if isinstance(occurrence, OccurrenceNamed) else None
    title = occurrence if isinstance(occurrence, str) else occurrence.name
    paper.hw("INIT")
    paper.set(align="center")
    if copy > 1:
        _mark(paper, copy)
    paper.set(double_width=True, double_height=True, bold=True)
    for line in wrapped(title, columns // 2, 3):
        paper.textln(line)
    paper.set(normal_textsize=True, bold=False)
    if known and known.starts_at:
        paper.textln(f"{known.starts_at:%Y-%m-%d %H:%M}")
    paper.set(bold=True)
    for line in wrapped(ticket_type, columns, 2):
        paper.textln(line)
    paper.textln(price)
    paper.set(bold=False)
    data: bytes = paper.output
    return data


def _rest(ticket: Ticket, copy: int, profile_name: str) -> bytes:
    paper, profile = _paper(profile_name), PROFILES[profile_name]
    _qr(paper, ticket.code, profile)
    paper.set(bold=True, double_height=True)
    for line in wrapped(_code(ticket.code), profile.columns, 8):
        _line(paper, line)
    if ticket.seat:
        for line in wrapped(f"Seat {ticket.seat}", profile.columns, 3):
            _line(paper, line)
    paper.set(normal_textsize=True, bold=False)
    for line in wrapped(f"Order {ticket.order}  {ticket.number}/{ticket.of}", profile.columns, 3):
        _line(paper, line)
    if copy > 1:
        _mark(paper, copy)
    _end(paper, profile)
    data: bytes = paper.output
    return data


def _line(paper: Any, text: str) -> None:
    """Plain ASCII means the same in every code page: choosing one takes longer than all else."""
    if text.isascii():
        paper._raw(text.encode() + b"\n")  # noqa: SLF001
    else:
        paper.textln(text)


def _mark(paper: Any, copy: int) -> None:
    paper.set(double_width=True, double_height=True, bold=True, invert=True)
    paper.textln(f" COPY {copy} ")
    paper.set(normal_textsize=True, bold=False, invert=False)


def _qr(paper: Any, code: str, profile: Profile) -> None:
    size = 10 if profile.width >= _WIDE else 8
    if len(code) > 2 * _CODE:  # a signed ticket has far more modules
        size = 5 if profile.width >= _WIDE else 4
    if profile.native_qr:
        paper.textln("")
        paper.qr(code, ec=QR_ECLEVEL_M, size=size, native=True)
        paper.textln("")
    else:
        paper.qr(code, ec=QR_ECLEVEL_M, size=size, image_arguments={"center": False})


def _code(code: str) -> str:
    return f"{code[:5]}-{code[5:]}" if len(code) == _CODE and code.isalnum() else printable(code)


def _end(paper: Any, profile: Profile) -> None:
    if profile.cutter:
        paper._raw(CUT)  # noqa: SLF001 - python-escpos feeds six lines before it cuts
    else:
        paper.print_and_feed(4)


def _paper(profile_name: str) -> Any:
    paper = Dummy(profile=_escpos(profile_name))
    pages = PROFILES[profile_name].pages
    encoder = Encoder(dict(pages))
    encoder.available_characters = _tables(profile_name)
    paper.magic = MagicEncode(paper, encoder=encoder)
    return paper


@lru_cache
def _tables(profile_name: str) -> dict[str, dict[str, int]]:
    encoder = Encoder(dict(PROFILES[profile_name].pages))
    return {page: encoder._get_codepage_char_map(page) for page in encoder.codepages}  # noqa: SLF001


@lru_cache
def _escpos(profile_name: str) -> EscposProfile:
    """Our overlay as python-escpos takes it: with the width, without which it only warns."""
    profile = PROFILES[profile_name]
    known = EscposProfile(features={"paperFullCut": profile.cutter})
    known.profile_data = {
        "name": profile_name,
        "codePages": {number: page for page, number in profile.pages.items()},
        "fonts": {"0": {"name": "Font A", "columns": profile.columns}},
        "media": {"dpi": 203, "width": {"pixels": profile.width}},
        "colors": {"0": "black"},
    }
    return known
