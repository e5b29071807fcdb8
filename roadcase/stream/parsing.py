"""What a NATS server sends, cut into messages; those taken straight never go through nats-py.

https://docs.nats.io/reference/reference-protocols/nats-protocol: a line, which for MSG and HMSG
ends with the number of bytes that follow it. nats-py looks for each kind of line with an expression
of its own and moves what follows twice, which takes three times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nats.errors import ProtocolError
from nats.protocol.parser import Parser

Take = Callable[[bytes, bytes, bytes | None, bytes], None]
"""Is given a message as it came: its subject, where its answer goes, its headers, its data."""
_END = b"\r\n"
_WITH_HEADERS = b"HMSG"
_TOKENS = {b"MSG": 4, _WITH_HEADERS: 5}  # one more in a message that is to be answered


class StraightParser(Parser):
    """Gives messages of the subscriptions in `straight` to who takes them, the rest to nats-py."""

    def __init__(self, client: object, straight: Mapping[int, Take]) -> None:
        self._straight = straight
        self._resets = 0
        super().__init__(client)

    def reset(self) -> None:
        """What came until now was of a connection that is gone."""
        super().reset()
        self._rest = b""  # the beginning of something that has not come as a whole
        self._resets += 1

    async def parse(self, data: bytes = b"") -> None:
        data, self._rest = self._rest + data, b""
        at, resets = 0, self._resets
        while at < len(data):
            end = data.find(_END, at)
            line = data[at:end].split(b" ")
            start = stop = end + len(_END)
            tokens = _TOKENS.get(line[0], 0) if end > 0 else 0
            if tokens:
                stop += _number(line[-1]) + len(_END)
            if end < 0 or stop > len(data):
                self._rest = data[at:]
                return
            more = len(line) - tokens
            take = self._straight.get(_number(line[2])) if tokens and more in {0, 1} else None
            if take is not None:
                body = start + _number(line[-2]) if line[0] == _WITH_HEADERS else start
                headers, payload = data[start:body] or None, data[body : stop - len(_END)]
                take(line[1], line[3] if more else b"", headers, payload)
            else:
                await super().parse(data[at:stop])
                if resets != self._resets:
                    return
            at = stop


def _number(token: bytes) -> int:
    try:
        return int(token)
    except ValueError as error:
        raise ProtocolError(f"nats: {token!r} is not a number") from error
