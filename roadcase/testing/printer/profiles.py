"""Which printer is played: what it calls itself, how wide it prints and what it can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """
    One model. `width` is in dots, 8 to the millimetre.

    `keeps_buffer`: data already received survives paper end and an open cover, and is printed
    after the reload, as Epson printers do. Many clones throw it away.
    `process_ids` and `native_qr`: clones skip GS ( H and GS ( k without an answer or a symbol.
    """

    maker: str
    model: str
    width: int
    process_ids: bool = True
    native_qr: bool = True
    keeps_buffer: bool = True


PROFILES: Mapping[str, Profile] = {
    "epson-80": Profile(maker="EPSON", model="TM-m30", width=576),
    "epson-58": Profile(maker="EPSON", model="TM-P20", width=384),
    "clone-80": Profile(
        maker="GENERIC", model="POS-80", width=576, process_ids=False, keeps_buffer=False
    ),
    "clone-58": Profile(
        maker="GENERIC",
        model="POS-58",
        width=384,
        process_ids=False,
        native_qr=False,
        keeps_buffer=False,
    ),
}
