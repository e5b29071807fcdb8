"""What commands of the floor share: how one is asked, told and shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

import typer

from roadcase.cli.common import answer, out, run
from roadcase.cli.planning import connected
from roadcase.client.floor import Floor
from roadcase.money import Money

Told = Mapping[str, Any]
Event = Annotated[str, typer.Argument(help="The metadata.name of the event.")]


class Door(NamedTuple):
    """Where to ask, for whom, with which scopes, and how to answer."""

    server: str
    tenant: str
    scopes: tuple[str, ...]
    as_json: bool

    def ask(self, work: Callable[[Floor], Awaitable[Told]], show: Callable[[Told], None]) -> None:
        """Do it, tell what became of it, and end."""

        async def asked() -> None:
            async with connected(Floor, self.server, self.tenant, self.scopes) as floor:
                told = await work(floor)
            answer(told, as_json=self.as_json, shown=lambda: show(told))

        run(asked())

    def do(self, work: Callable[[Floor], Awaitable[None]], words: str, **told: Any) -> None:
        """Of what has no answer but that it is done."""

        async def done(floor: Floor) -> Told:
            await work(floor)
            return told

        self.ask(done, lambda _told: out.print(words, highlight=False))


def word(name: str, prefix: str) -> str:
    """`KIT_BOOKING_STATE_BOOKED` → `booked`."""
    return name.removeprefix(prefix).lower()


def at(moment: Any) -> str:
    """A moment of a message, in UTC; empty if it has none."""
    return moment.ToJsonString() if moment.ByteSize() else ""


def amount(of: Any) -> str:
    return str(Money(of.minor, of.currency)) if of.currency else ""


def utc(moment: datetime) -> datetime:
    """As it is typed: without a zone it is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
