"""
What can be wrong with the printer, and the status bytes that tell it.

Bits are those of Epson's ESC/POS reference: DLE EOT (real-time status), GS r (sensors), GS a
(automatic status back) and GS I (printer ID).
"""

from __future__ import annotations

from dataclasses import dataclass

from roadcase.testing.printer.profiles import Profile

_FIXED = 0x12  # bits 1 and 4 of every DLE EOT answer
_NEAR_END, _END = 0x0C, 0x60  # DLE EOT 4


@dataclass
class State:
    """
    The faults that are set, all of them by the control port.

    paper          ok, near_end or out
    cover          open or closed
    online         off is the operator's switch
    drawer         open or closed: the level of the drawer's pin, it does not move by itself
    error          on is a cutter jam: DLE ENQ 1 or 2 recovers from it
    keep_buffer    off throws received data away while paper or cover stop the printer
    lie            on answers everything and puts nothing on paper
    hang           on takes bytes in, does nothing and answers nothing
    ack_drop       the next so many GS ( H answers get lost
    drop_after     the connection is reset after so many more bytes of a job, once
    roll_mm        so much paper is left, then it is out; none is endless
    speed          millimetres per second, 0 is as fast as it goes
    """

    profile: Profile
    speed: float = 200.0
    paper: str = "ok"
    cover: str = "closed"
    online: bool = True
    drawer: str = "closed"
    error: bool = False
    keep_buffer: bool = True
    lie: bool = False
    hang: bool = False
    ack_drop: int = 0
    drop_after: int | None = None
    roll_mm: float | None = None

    @property
    def stopped(self) -> bool:
        """Off line: what waits in the buffer is not printed."""
        return self.blocked or self.error or not self.online

    @property
    def blocked(self) -> bool:
        """Off line for want of paper or with the cover open."""
        return self.paper == "out" or self.cover == "open"

    def real_time(self, number: int) -> bytes:
        """DLE EOT 1 printer, 2 cause of being off line, 3 cause of the error, 4 paper."""
        paper = _NEAR_END if self.paper != "ok" else 0
        answers = {
            1: self._pin() | 0x08 * self.stopped,
            2: 0x04 * (self.cover == "open") | 0x20 * (self.paper == "out") | 0x40 * self.error,
            3: 0x08 * self.error,
            4: paper | _END * (self.paper == "out"),
        }
        return bytes([_FIXED | answers[number]])

    def automatic(self) -> bytes:
        """The four bytes of GS a."""
        near, out = self.paper != "ok", self.paper == "out"
        first = 0x10 | self._pin() | 0x08 * self.stopped | 0x20 * (self.cover == "open")
        return bytes([first, 0x08 * self.error, 0x03 * near | 0x0C * out, 0x0F])

    def sensor(self, number: int) -> bytes:
        """GS r: 1 paper, 2 drawer."""
        if number in b"\x011":
            near, out = self.paper != "ok", self.paper == "out"
            return bytes([0x03 * near | 0x0C * out])
        return bytes([self._pin() >> 2]) if number in b"\x022" else b""

    def identity(self, number: int) -> bytes:
        """GS I: one byte for 1 to 3, `5F text 00` from 65 on. Nothing for what is not known."""
        short = {1: b"\x20", 2: b"\x02", 3: b"\x01"}
        words = {65: "1.00", 66: self.profile.maker, 67: self.profile.model, 68: "VIRTUAL1"}
        if number in words:
            return b"_" + words[number].encode() + b"\0"
        return short.get(number & 0x0F if number in b"123" else number, b"")

    def _pin(self) -> int:
        """The drawer's pin 3, high while it is closed."""
        return 0x04 * (self.drawer == "closed")
