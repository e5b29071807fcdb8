"""Sends what the outbox holds: looks at what is due, writes it, hands it over, records the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from roadcase.asked import Context, Outcome
from roadcase.clock import Clock, now
from roadcase.decider import Command
from roadcase.doors import Dispatch
from roadcase.errors import NotFound, Overloaded, RoadcaseError, Unavailable
from roadcase.outbox.mail import Mail, address_of, encoded
from roadcase.outbox.messages import (
    DropMessage,
    HandOver,
    RecordDoubt,
    RecordFailed,
    RecordSent,
)
from roadcase.outbox.smtp import MaybeSent, NotSent, Smtp
from roadcase.said import Said
from roadcase.views import Views

_LOOK: Final = 0.5  # seconds between looks at what is due
_LONGEST_PAUSE: Final = 30.0  # seconds, while there is no mail server
_MANY: Final = 50
_log = logging.getLogger(__name__)


class Waiting(NamedTuple):
    """A message that is due."""

    tenant: str
    message: str
    kind: str
    about: dict[str, str]
    recipient: bytes
    state: str
    attempt: int
    queued_at: datetime


Write = Callable[[Waiting], Awaitable[Mail | None]]  # None: there is nothing to tell any more
Open = Callable[[str, bytes], Awaitable[str | None]]  # tenant, sealed: the address; None: erased
_COLUMNS: Final = ", ".join(Waiting._fields)


class Nowhere:
    """The worker of an outbox without a mail server: what is queued waits."""

    def __init__(self) -> None:
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        await self._stopped.wait()

    def stop(self) -> None:
        self._stopped.set()


class Sender:
    """The worker of one service's outbox. Several may run: each message is one's at a time.

    `write` says what each kind of message reads like, from read models, when it is sent. `open_`
    opens a sealed contact only then; neither the address nor the text is kept.
    """

    def __init__(
        self,
        dispatch: Dispatch,
        views: Views,
        smtp: Smtp,
        *,
        sender: str,
        write: Mapping[str, Write],
        open_: Open,
        clock: Clock = now,
    ) -> None:
        self._dispatch = dispatch
        self._views = views
        self._smtp = smtp
        self._sender = address_of(sender)
        self._write = write
        self._open = open_
        self._clock = clock
        self._pause = _LOOK
        self._said = Said(_log)
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        self._stopped.set()

    async def run(self) -> None:
        async with self._views:
            while not self._stopped.is_set():
                try:
                    await self._look()
                except (Unavailable, Overloaded) as error:
                    self._said.because("the outbox waits", error)
                try:
                    await asyncio.wait_for(self._stopped.wait(), self._pause)
                except TimeoutError:
                    continue

    async def _look(self) -> None:
        await self._views.as_of("outbox")  # raises Unavailable while the table is being made
        rows = await self._views.fetch(
            f"SELECT {_COLUMNS} FROM outbox WHERE due_at <= $1 ORDER BY due_at LIMIT {_MANY}",
            self._clock(),
        )
        for row in rows:
            if self._stopped.is_set():
                return
            await self._take(Waiting(**row))
            if self._pause > _LOOK:
                return  # no server: the others need not find out each for itself

    async def _take(self, waiting: Waiting) -> None:
        if waiting.state == "handed_over":
            reason = "whoever sent it was gone before the mail server's answer was recorded"
            attempt = waiting.attempt
            await self._ask(
                waiting,
                RecordDoubt(message=waiting.message, attempt=attempt, reason=reason),
            )
            _log.error("message %s of %s is in doubt", waiting.message, waiting.tenant)
            return
        attempt = waiting.attempt + 1
        try:
            await self._send(waiting, attempt)
        except MaybeSent as error:
            _log.error("message %s of %s is in doubt", waiting.message, waiting.tenant)
            await self._ask(
                waiting, RecordDoubt(message=waiting.message, attempt=attempt, reason=str(error))
            )
        except NotSent as error:
            await self._failed(waiting, attempt, str(error), final=error.final)
            self._pause = min(_LONGEST_PAUSE, self._pause * 2) if error.away else _LOOK
        else:
            self._pause = _LOOK

    async def _send(self, waiting: Waiting, attempt: int) -> None:
        written = await self._written(waiting)
        if written is None:
            why = "there is nobody or nothing to tell any more"
            await self._ask(waiting, DropMessage(message=waiting.message, why=why))
            return
        recipient, raw = written

        async def claim() -> bool:
            asked = HandOver(message=waiting.message, attempt=attempt)
            return bool((await self._ask(waiting, asked)).events)

        answer = await self._smtp.send(self._sender, recipient, raw, claim)
        if answer is not None:
            asked = RecordSent(message=waiting.message, attempt=attempt, answer=answer)
            await self._ask_until_answered(waiting, asked)

    async def _written(self, waiting: Waiting) -> tuple[str, bytes] | None:
        """The address and the message. Raises NotSent for what cannot be written."""
        try:
            address = await self._open(waiting.tenant, waiting.recipient)
            mail = await self._mail(waiting) if address is not None else None
            if address is None or mail is None:
                return None
            recipient = address_of(address)
        except (Unavailable, Overloaded, NotSent):
            raise
        except NotFound as error:  # read models come later than events
            raise NotSent(str(error)) from error
        except RoadcaseError as error:
            raise NotSent(f"{error.code}: {error}", final=True) from error
        except Exception as error:
            _log.exception("message %s cannot be written", waiting.message)
            raise NotSent(f"it cannot be written: {type(error).__name__}") from error
        name = f"{waiting.tenant}/{waiting.message}"
        raw = await asyncio.to_thread(
            encoded,
            mail,
            sender=self._sender,
            recipient=recipient,
            name=name,
            at=waiting.queued_at,
        )
        return recipient, raw

    async def _mail(self, waiting: Waiting) -> Mail | None:
        write = self._write.get(waiting.kind)
        if write is None:
            raise NotSent(f"this version has no message {waiting.kind}")
        return await write(waiting)

    async def _failed(self, waiting: Waiting, attempt: int, reason: str, *, final: bool) -> None:
        _log.warning("message %s was not sent: %s", waiting.message, reason)
        await self._ask_until_answered(
            waiting,
            RecordFailed(message=waiting.message, attempt=attempt, reason=reason, final=final),
        )

    async def _ask(self, waiting: Waiting, command: Command) -> Outcome:
        return await self._dispatch(command, Context(tenant=waiting.tenant, actor="outbox"))

    async def _ask_until_answered(self, waiting: Waiting, command: Any) -> None:
        """What is known must not be lost because PostgreSQL is away for a moment."""
        while True:
            try:
                await self._ask(waiting, command)
            except (Unavailable, Overloaded) as error:
                self._said.because("the outbox waits", error)
                await asyncio.sleep(_LOOK)
            else:
                return
