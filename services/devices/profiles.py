"""What each model of printer can do: our overlay over what python-escpos knows of printers.

Widths are those of the makers' specifications at 203 dpi. Code page numbers are Epson's (ESC/POS
reference, "ESC t"); a page is listed only where all models of the profile have it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

# Characters are looked for from the top: Western Europe with the euro first.
EPSON_PAGES: Final[Mapping[str, int]] = {
    "CP1252": 16,
    "CP858": 19,
    "CP437": 0,
    "CP852": 18,
    "CP1250": 45,
    "CP866": 17,
    "CP1251": 46,
    "CP1253": 47,
    "CP1254": 48,
    "CP1257": 51,
}
CLONE_PAGES: Final[Mapping[str, int]] = {"CP437": 0, "CP850": 2, "CP1252": 16, "CP858": 19}


@dataclass(frozen=True)
class Profile:
    """`width` in dots, `columns` of font A.

    `process_ids`: answers GS ( H, so that prints can be confirmed. `native_qr`: draws QR codes
    itself. `cutter`: cuts, so that a job is over before the next one starts.
    """

    width: int
    columns: int
    process_ids: bool = True
    native_qr: bool = True
    cutter: bool = True
    pages: Mapping[str, int] = field(default_factory=lambda: EPSON_PAGES)


PROFILES: Final[Mapping[str, Profile]] = {
    "epson-80": Profile(width=576, columns=48),  # TM-m30, TM-T88V to VII
    "epson-58": Profile(width=384, columns=32),  # TM-m10, TM-m30 with narrow paper
    "epson-58-no-cutter": Profile(width=384, columns=32, cutter=False),  # TM-P20
    "clone-80": Profile(width=576, columns=48, process_ids=False, pages=CLONE_PAGES),
    "clone-58": Profile(
        width=384, columns=32, process_ids=False, native_qr=False, cutter=False, pages=CLONE_PAGES
    ),  # ZJ-5870 and its like
}
