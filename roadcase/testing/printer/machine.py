"""
The printer behind the socket: a bounded buffer, one engine that works it off, and the answers.

The engine stands still while the printer is off line, as Epson's printers do; real-time orders are
carried out all the same, as they arrive. A ticket exists when the paper has moved, not before.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import Self

from roadcase.errors import Invalid
from roadcase.escpos.canvas import Canvas
from roadcase.escpos.commands import COMMANDS
from roadcase.escpos.paper import LONGEST
from roadcase.escpos.parser import Order, Parser
from roadcase.testing.printer.buffer import Buffer, Link
from roadcase.testing.printer.motor import DOTS_PER_MM, Motor
from roadcase.testing.printer.profiles import Profile
from roadcase.testing.printer.roll import Roll
from roadcase.testing.printer.state import State

log = logging.getLogger(__name__)

_BITE = 4096  # bytes that the engine takes out of the buffer at once
_AHEAD = 0.02  # seconds that the engine may be ahead of the paper
_LENGTHS = {opcode: command.length for opcode, command in COMMANDS.items()}
_KINDS = 200  # unknown opcodes that are counted one by one
_CLEAR_RESPONSE = b"\x37\x25\x00"
_ENQ_CLEAR = 2


class Machine:
    """`capacity` is the size of the receive buffer in bytes."""

    def __init__(self, profile: Profile, roll: Roll, *, speed: float, capacity: int) -> None:
        self.profile = profile
        self.native_qr, self.process_ids = profile.native_qr, profile.process_ids
        self.state = State(profile, speed=speed, keep_buffer=profile.keeps_buffer)
        self.sensor, self.identity = self.state.sensor, self.state.identity
        self.canvas = Canvas(profile.width)
        self.counts: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self._roll = roll
        self._motor = Motor()
        self._parser = Parser(_LENGTHS)
        self._awake = asyncio.Event()  # there is something new: bytes, or another state
        self._buffer = Buffer(capacity, self._awake)
        self._links: set[Link] = set()
        self._source: Link | None = None  # whose bytes the engine works on
        self._promised: asyncio.Task[None] | None = None
        self._engine: asyncio.Task[None] | None = None
        self._job: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        self._restart()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in (self._engine, self._promised):
            if task:
                task.cancel()
                await asyncio.wait([task])
        self._roll.close()

    def connect(self, link: Link) -> None:
        self.counts["connections"] += 1
        self._links.add(link)

    def hang_up(self, link: Link) -> None:
        """What the link sent is still printed. An order that it did not finish is forgotten."""
        link.open = False
        self._links.discard(link)
        self._buffer.end(link)

    def disconnect(self) -> None:
        """Resets every connection."""
        for link in self._links:
            link.open = False
            link.abort()
        self._buffer.stir()

    def hear(self, link: Link, data: bytes) -> int:
        """Carries out the real-time orders in `data`, at once. Returns how many bytes they are."""
        if self.state.hang:
            return 0
        orders = link.urgent.find(data)
        for order in orders:
            self._urgent(link, order)
        return sum(map(len, orders))

    async def receive(self, link: Link, data: bytes) -> None:
        """Puts `data` into the buffer and waits while it is full."""
        self.counts["bytes"] += len(data)
        if self.state.blocked and not self.state.keep_buffer:
            self.counts["bytes_discarded"] += len(data)
        else:
            await self._buffer.put(link, data)

    def changed(self) -> None:
        """To be called after a change of `state`: it takes effect."""
        if self._halted:
            self._motor.stop()
        else:
            self._motor.start()
        if self.state.blocked and not self.state.keep_buffer:
            self.clear_buffer()
        for link in self._links:
            if link.automatic and not self.state.hang:
                self._tell(link)
        self._awake.set()

    def clear_buffer(self) -> None:
        """Nothing of what was received and is not printed yet ever will be."""
        self.counts["bytes_discarded"] += self._buffer.size + self._parser.pending
        self._buffer.clear()
        self._parser.forget()
        self.canvas.drop_line()
        if self._promised:
            self._promised.cancel()
        self._restart()

    def power_cycle(self) -> None:
        """Off and on again: buffer, settings and connections are lost. Paper stays as it is."""
        self.counts["power_cycles"] += 1
        self.disconnect()
        self.clear_buffer()
        self._motor.forget()
        self.canvas.initialise()
        self.state.error = self.state.hang = False
        self.changed()

    def answer(self, data: bytes) -> None:
        """Answers the connection whose order is being carried out."""
        if self._source and self._source.open:
            self._source.send(data)

    def push_status(self, mask: int) -> None:
        """GS a: tells the status now and whenever it changes, until the mask is 0 or ESC @."""
        if self._source:
            self._source.automatic, self._source.told = mask, b""
            if mask:
                self._tell(self._source)

    def kick(self) -> None:
        self.counts["drawer_kicks"] += 1

    def promise(self, process_id: bytes) -> None:
        """
        GS ( H: answers with `process_id` when everything before it has come out.

        Only the latest is answered if one more arrives before that.
        """
        if self._promised and not self._promised.done():
            self._promised.cancel()
            self.counts["process_ids_superseded"] += 1
        if self._source and self._motor.left:
            self._promised = asyncio.create_task(self._keep_promise(self._source, process_id))
        elif self._source:
            self._report_printed(self._source, process_id)

    async def cut(self, feed: int) -> None:
        """Feeds, waits for the paper to come out, and drops the ticket."""
        before = self.canvas.height
        self.canvas.print_line(feed)
        self._move(self.canvas.height - before)
        await self._motor.reach(self._motor.asked)
        self.tear("cut")

    def tear(self, how: str = "torn") -> None:
        """Takes off what hangs out. Nothing happens if nothing does."""
        if not self.canvas.height:
            return
        sheet = self.canvas.take()
        job, self._job = self._job, Counter()
        if self.state.lie:
            self.counts["tickets_not_printed"] += 1
            return
        self.counts["tickets"] += 1
        kicks = self.counts["drawer_kicks"]
        self._roll.keep(
            sheet, how=how, bytes=job["bytes"], unknown=job["unknown"], drawer_kicks=kicks
        )

    def status(self) -> dict[str, object]:
        """Everything an onlooker can know, ready for JSON."""
        state = {name: value for name, value in vars(self.state).items() if name != "profile"}
        return {
            "model": self.profile.model,
            "width": self.canvas.width,
            **state,
            "last": self._roll.last,
            "hanging_dots": self.canvas.height,
            "buffered": self._buffer.size + self._parser.pending,
            "connected": len(self._links),
            "counts": dict(self.counts),
            "unknown": dict(self.unknown),
        }

    @property
    def _halted(self) -> bool:
        return self.state.stopped or self.state.hang

    def _restart(self) -> None:
        if self._engine:
            self._engine.cancel()
        self._engine = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            while self._halted or not self._buffer:
                self._awake.clear()
                await self._awake.wait()
            link, data = self._buffer.take(_BITE)
            if data:
                await self._work_off(link, data)
            else:
                self.counts["cut_short"] += self._parser.forget()

    async def _work_off(self, link: Link, data: bytes) -> None:
        self._source = link
        for order in self._parser.feed(data):
            while self._halted:
                self._awake.clear()
                await self._awake.wait()
            await self._carry_out(order)
        await asyncio.sleep(0)  # lets the sockets have their turn

    async def _carry_out(self, order: Order) -> None:
        before = self.canvas.height
        self._job["bytes"] += len(order.opcode) + len(order.args)
        if not order.known:
            self._puzzled(order)
            return
        try:
            act = COMMANDS[order.opcode].act(self, order.args)
            if act is not None:
                await act
        except Invalid as wrong:
            self.canvas.note(str(wrong))
        if self.canvas.height > before:
            self._move(self.canvas.height - before)
            await self._motor.reach(self._motor.asked - _AHEAD)
            if self.canvas.height > LONGEST:  # torn off
                self.tear()

    def _puzzled(self, order: Order) -> None:
        opcode = order.opcode.hex(" ")
        self._job["unknown"] += 1
        if len(self.unknown) < _KINDS or opcode in self.unknown:
            self.unknown[opcode] += 1
        self.counts["unknown"] += 1
        log.info("unknown order %s", opcode)

    def _move(self, dots: int) -> None:
        if dots <= 0:
            return
        self._motor.move(dots, self.state.speed)
        if self.state.roll_mm is not None:
            self.state.roll_mm = max(0.0, self.state.roll_mm - dots / DOTS_PER_MM)
            if not self.state.roll_mm:
                self.state.paper, self.state.roll_mm = "out", None
                self.counts["rolls_used_up"] += 1
                self.changed()

    def _urgent(self, link: Link, order: bytes) -> None:
        if order.startswith(b"\x10\x04"):
            link.send(self.state.real_time(order[2]))
        elif order.startswith(b"\x10\x14\x01"):
            self.kick()
        elif order.startswith(b"\x10\x14\x08"):
            self.clear_buffer()
            link.send(_CLEAR_RESPONSE)
        elif self.state.error and order[2]:  # DLE ENQ 1 goes on, DLE ENQ 2 starts anew
            self.state.error = False
            if order[2] == _ENQ_CLEAR:
                self.clear_buffer()
            self.changed()

    def _tell(self, link: Link) -> None:
        now = self.state.automatic()
        if now != link.told:
            link.told = now
            link.send(now)

    async def _keep_promise(self, link: Link, process_id: bytes) -> None:
        await self._motor.reach(self._motor.asked)
        self._report_printed(link, process_id)

    def _report_printed(self, link: Link, process_id: bytes) -> None:
        sent = link.open and not self.state.ack_drop
        if self.state.ack_drop:
            self.state.ack_drop -= 1
        if sent:
            link.send(b"\x37\x22" + process_id + b"\0")
        self.counts["process_ids" if sent else "process_ids_lost"] += 1
        self._roll.note("process_id", id=process_id.decode("latin-1"), sent=sent)
