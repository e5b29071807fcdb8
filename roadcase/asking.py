"""Asks a service for what a reaction does because of events of one stream, for all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import islice, repeat
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from roadcase.asked import Chain, Context
from roadcase.decider import Command, Heard
from roadcase.dispatch import Dispatcher
from roadcase.errors import NotTried, Overloaded, Unavailable
from roadcase.event_store.records import Record, meta_of, tenant_of
from roadcase.reaction import Reaction

if TYPE_CHECKING:
    from roadcase.tracing import Tracing


class Asking:
    """For one reaction: call it with events of one stream, in their order."""

    def __init__(
        self, reaction: Reaction, dispatch: Dispatcher, tracing: Tracing | None = None
    ) -> None:
        self._reaction = reaction
        self._dispatch = dispatch
        self._tracing = tracing
        self._decoder: msgspec.json.Decoder[Heard] = msgspec.json.Decoder(reaction.hears)

    async def __call__(self, records: list[Record]) -> tuple[int, Exception | None]:
        """How many events were taken, and what the next met; None if it was not tried.

        One commit for all of them. None is decided after one that is refused, so they take effect
        in order, as if each had waited for the one before. Raises Unavailable, Overloaded.
        """
        if self._tracing is None:
            return await self._ask(records, repeat(None))
        with self._tracing.heard(self._reaction.name, records) as spans:
            return await self._ask(records, spans)

    async def _ask(
        self, records: list[Record], spans: Iterable[str | None]
    ) -> tuple[int, Exception | None]:
        chain, asked, fault = Chain(), list[list[tuple[Command, Context]]](), None
        for record, span in zip(records, spans, strict=False):
            try:
                asked.append(self._commands(record, chain, span))
            except Exception as error:  # noqa: BLE001 - it is parked with this reason
                fault = error
                break
        if not any(asked):  # most events of most topics ask for nothing
            return len(asked), fault
        faults = list[BaseException]()
        answers = iter(
            await asyncio.gather(
                *(self._one(*each, faults) for commands in asked for each in commands),
                return_exceptions=True,
            )
        )
        for taken, commands in enumerate(asked):
            failed = [
                each for each in islice(answers, len(commands)) if isinstance(each, BaseException)
            ]
            if failed:
                return taken, _told(failed[0])
        return len(asked), fault

    async def _one(self, command: Command, context: Context, faults: list[BaseException]) -> None:
        """The chain holds back what is behind a refusal; this, what never came into the inbox."""
        if faults:
            raise NotTried
        try:
            await self._dispatch(command, context)
        except BaseException as error:
            faults.append(error)
            raise

    def _commands(
        self, record: Record, chain: Chain, span: str | None
    ) -> list[tuple[Command, Context]]:
        """What to ask because of an event. Raises whatever is wrong with it."""
        if not (commands := self._reaction.do(self._decoder.decode(record.payload))):
            return []
        meta = meta_of(record)
        context = Context(
            tenant=tenant_of(record.stream),
            actor=f"reaction:{self._reaction.name}",
            correlation=meta.correlation or meta.id,
            causation=meta.id,
            traceparent=span or meta.traceparent,
            chain=chain,
        )
        return [
            (command, replace(context, key=f"rx:{self._reaction.name}:{meta.id}:{number}"))
            for number, command in enumerate(commands)
        ]


def _told(error: BaseException) -> Exception | None:
    """Why an event cannot be taken; None if it was not tried. Raises what is to be waited out."""
    if isinstance(error, NotTried):
        return None
    if not isinstance(error, Exception) or isinstance(error, Unavailable | Overloaded):
        raise error
    return error
