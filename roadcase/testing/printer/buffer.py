"""The receive buffer: bounded, in order, and it knows which connection sent what."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from roadcase.escpos.parser import Urgent


@dataclass(eq=False)
class Link:
    """One connection. `send` loses what it is given once the peer is gone."""

    send: Callable[[bytes], None]
    abort: Callable[[], None]
    urgent: Urgent = field(default_factory=Urgent)
    automatic: int = 0  # the mask of GS a
    told: bytes = b""
    open: bool = True


class Buffer:
    """Takes `capacity` bytes; a sender waits for room. `awake` is set whenever something came."""

    def __init__(self, capacity: int, awake: asyncio.Event) -> None:
        self.size = 0
        self._capacity = capacity
        self._awake = awake
        self._parts: deque[tuple[Link, bytes]] = deque()
        self._room = asyncio.Event()

    def __bool__(self) -> bool:
        return bool(self._parts)

    async def put(self, link: Link, data: bytes) -> None:
        """Gives up when the link is reset while it waits."""
        while data and link.open:
            room = self._capacity - self.size
            if room > 0:
                self._parts.append((link, data[:room]))
                self.size += len(data[:room])
                data = data[room:]
                self._awake.set()
            else:
                self._room.clear()
                await self._room.wait()

    def end(self, link: Link) -> None:
        """Marks that nothing more comes from this link."""
        self._parts.append((link, b""))
        self._awake.set()

    def take(self, most: int) -> tuple[Link, bytes]:
        """The oldest bytes of one link; none at all where it ended."""
        link, data = self._parts.popleft()
        if data[most:]:
            self._parts.appendleft((link, data[most:]))
        self.size -= len(data[:most])
        self._room.set()
        return link, data[:most]

    def clear(self) -> None:
        self._parts.clear()
        self.size = 0
        self._room.set()

    def stir(self) -> None:
        """Makes whoever waits for room look again."""
        self._room.set()
