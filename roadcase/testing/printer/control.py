"""
The control port: a few lines of HTTP to break the printer with and to look inside.

    GET  /status                       everything it knows, as JSON
    POST /faults?paper=out&speed=20    sets faults (the names and values are State's)
    POST /power-cycle                  buffer, settings and connections are lost
    POST /tear                         takes off the paper that hangs out uncut

Every answer is the status. A form in the body does the same as the query. What a browser sends from
another page is refused, so no web page can reach a printer that a developer runs.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from roadcase.errors import Invalid, NotFound
from roadcase.testing.printer.machine import Machine

_MAX_BODY = 4096
_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found"}


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return read


def _switch(text: str) -> bool:
    return _one_of("on", "off")(text) == "on"


def _amount(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise ValueError(text)
    return number


def _count(text: str) -> int:
    return int(_amount(text))


def _or_none(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: None if text == "none" else read(text)


_FAULTS: Mapping[str, Callable[[str], Any]] = {
    "paper": _one_of("ok", "near_end", "out"),
    "cover": _one_of("open", "closed"),
    "drawer": _one_of("open", "closed"),
    "online": _switch,
    "error": _switch,
    "keep_buffer": _switch,
    "lie": _switch,
    "hang": _switch,
    "ack_drop": _count,
    "drop_after": _or_none(_count),
    "roll_mm": _or_none(_amount),
    "speed": _amount,
}


def set_faults(machine: Machine, wanted: Mapping[str, str]) -> None:
    """All of them or none. Raises Invalid for a name or a value that there is not."""
    read = {}
    for name, text in wanted.items():
        if name not in _FAULTS:
            raise Invalid(f"no fault is called {name}: there are {', '.join(_FAULTS)}")
        try:
            read[name] = _FAULTS[name](text)
        except ValueError as wrong:
            raise Invalid(f"{name} cannot be {text!r}") from wrong
    for name, value in read.items():
        setattr(machine.state, name, value)
    machine.changed()


class Control:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one request and closes."""
        try:
            code, body = await self._answer(reader)
            text = json.dumps(body, ensure_ascii=False).encode() + b"\n"
            writer.write(
                f"HTTP/1.1 {code} {_REASONS[code]}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n".encode()
                + text
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, object]]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request, *lines = head.split("\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        if "origin" in headers:
            return 403, {"error": "not from a web page"}
        try:
            method, target = request.split(" ")[:2]
            length = min(int(headers.get("content-length", "0")), _MAX_BODY)
            body = (await reader.readexactly(length)).decode()
            self._act(method, target, body)
        except NotFound as wrong:
            return 404, {"error": str(wrong)}
        except (Invalid, ValueError) as wrong:
            return 400, {"error": str(wrong)}
        return 200, self._machine.status()

    def _act(self, method: str, target: str, body: str) -> None:
        url = urlsplit(target)
        acts: Mapping[tuple[str, str], Callable[[], None]] = {
            ("GET", "/status"): lambda: None,
            ("POST", "/faults"): lambda: set_faults(
                self._machine, dict(parse_qsl(url.query) + parse_qsl(body))
            ),
            ("POST", "/power-cycle"): self._machine.power_cycle,
            ("POST", "/tear"): self._machine.tear,
        }
        act = acts.get((method, url.path))
        if act is None:
            raise NotFound(f"no such thing as {method} {url.path}")
        act()
