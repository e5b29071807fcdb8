"""What orders are carried out on: a paper, and what else a printer has."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from roadcase.escpos.canvas import Canvas


class Machine(Protocol):
    """A printer as orders know it. `native_qr`: it draws QR codes itself."""

    @property
    def canvas(self) -> Canvas: ...

    @property
    def native_qr(self) -> bool: ...

    @property
    def process_ids(self) -> bool:
        """Whether it answers GS ( H."""

    def cut(self, feed: int) -> Awaitable[None] | None:
        """Feed so many dots, and cut."""

    def kick(self) -> None:
        """Open the drawer."""

    def answer(self, data: bytes) -> None:
        """Answer whoever sent the order."""

    def sensor(self, number: int) -> bytes:
        """GS r: 1 paper, 2 drawer."""

    def identity(self, number: int) -> bytes:
        """GS I: what it calls itself; nothing for a number that is not known."""

    def push_status(self, mask: int) -> None:
        """GS a: tell the status now and whenever it changes, until the mask is 0."""

    def promise(self, process_id: bytes) -> None:
        """GS ( H: answer with `process_id` when everything before it has come out."""
