"""The rules of a message: when it may be sent, when it is tried again, and when no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict, Field

from roadcase.decider import Command, Decider, Event
from roadcase.errors import NotFound, Refused
from roadcase.outbox.events import (
    MessageDoubted,
    MessageDropped,
    MessageFailed,
    MessageHandedOver,
    MessageQueued,
    MessageRetried,
    MessageSent,
    State,
)

GIVE_UP: Final = timedelta(hours=24)  # after it was queued, or a person let it be retried
LONGEST_PAUSE: Final = timedelta(hours=1)
PATIENCE: Final = timedelta(minutes=2)  # for a server's answer: longer than any of our timeouts


class NoMessage(NotFound):
    """There is no such message."""

    code = "roadcase.no_message"


class MessageNotParked(Refused):
    """Only a message that is parked or in doubt waits for a decision."""

    code = "roadcase.message_not_parked"


class QueueMessage(Command):
    """Let somebody be told. Asked twice for the same `message`, they are told once."""

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    message: str
    kind: str
    about: dict[str, str]
    recipient: bytes


class HandOver(Command):
    """Nothing becomes of it unless this attempt is the next one and the message waits."""

    message: str
    attempt: int


class RecordSent(Command):
    message: str
    attempt: int
    answer: str


class RecordFailed(Command):
    """`final`: it makes no sense to try again."""

    message: str
    attempt: int
    reason: str
    final: bool = False


class RecordDoubt(Command):
    message: str
    attempt: int
    reason: str


class RetryMessage(Command):
    message: str
    why: Annotated[str, Field(min_length=1, max_length=200)]


class DropMessage(Command):
    message: str
    why: Annotated[str, Field(min_length=1, max_length=200)]


@dataclass(slots=True)
class Message:
    """`attempt`: the last one that began. `since`: when it was queued, or retried by a person."""

    state: State | None = None
    attempt: int = 0
    since: datetime | None = None


def queue(message: Message, cmd: QueueMessage, at: datetime) -> Iterator[Event]:
    if message.state is None:
        yield MessageQueued(**cmd.model_dump(), queued_at=at)


def hand_over(message: Message, cmd: HandOver, at: datetime) -> Iterator[Event]:
    if message.state == "waiting" and cmd.attempt == message.attempt + 1:
        yield MessageHandedOver(message=cmd.message, attempt=cmd.attempt, until=at + PATIENCE)


def sent(message: Message, cmd: RecordSent, _at: datetime) -> Iterator[Event]:
    """An answer that comes late still settles a doubt."""
    if message.state in ("handed_over", "in_doubt") and cmd.attempt == message.attempt:
        yield MessageSent(**cmd.model_dump())


def failed(message: Message, cmd: RecordFailed, at: datetime) -> Iterator[Event]:
    before = message.state == "waiting" and cmd.attempt == message.attempt + 1
    during = message.state == "handed_over" and cmd.attempt == message.attempt
    if before or during:
        pause = min(LONGEST_PAUSE, timedelta(seconds=4.0 ** min(cmd.attempt - 1, 10)))
        assert message.since is not None
        over = cmd.final or at + pause > message.since + GIVE_UP
        yield MessageFailed(
            message=cmd.message,
            attempt=cmd.attempt,
            reason=cmd.reason,
            again_at=None if over else at + pause,
        )


def doubt(message: Message, cmd: RecordDoubt, _at: datetime) -> Iterator[Event]:
    if message.state == "handed_over" and cmd.attempt == message.attempt:
        yield MessageDoubted(**cmd.model_dump())


def retry(message: Message, cmd: RetryMessage, at: datetime) -> Iterator[Event]:
    _must_wait_for_a_person(message, cmd.message)
    yield MessageRetried(message=cmd.message, why=cmd.why, at=at)


def drop(message: Message, cmd: DropMessage, _at: datetime) -> Iterator[Event]:
    if message.state != "waiting":
        _must_wait_for_a_person(message, cmd.message)
    yield MessageDropped(message=cmd.message, why=cmd.why)


def _must_wait_for_a_person(message: Message, name: str) -> None:
    if message.state is None:
        raise NoMessage(message=name)
    if message.state not in ("parked", "in_doubt"):
        raise MessageNotParked(message=name, state=message.state)


def _queued(message: Message, event: MessageQueued) -> None:
    message.state, message.since = "waiting", event.queued_at


def _handed_over(message: Message, event: MessageHandedOver) -> None:
    message.state, message.attempt = "handed_over", event.attempt


def _sent(message: Message, _event: MessageSent) -> None:
    message.state = "sent"


def _failed(message: Message, event: MessageFailed) -> None:
    message.state = "waiting" if event.again_at else "parked"
    message.attempt = event.attempt


def _doubted(message: Message, _event: MessageDoubted) -> None:
    message.state = "in_doubt"


def _retried(message: Message, event: MessageRetried) -> None:
    message.state, message.since = "waiting", event.at


def _dropped(message: Message, _event: MessageDropped) -> None:
    message.state = "dropped"


EVOLVE: Final[Mapping[type[Event], Callable[[Message, Any], None]]] = {
    MessageQueued: _queued,
    MessageHandedOver: _handed_over,
    MessageSent: _sent,
    MessageFailed: _failed,
    MessageDoubted: _doubted,
    MessageRetried: _retried,
    MessageDropped: _dropped,
}


def evolve(message: Message, event: Event) -> None:
    EVOLVE[type(event)](message, event)


MESSAGES: Final = Decider(
    category="message",
    key="message",
    initial=Message,
    evolve=evolve,
    events=tuple(EVOLVE),
    commands={
        QueueMessage: queue,
        HandOver: hand_over,
        RecordSent: sent,
        RecordFailed: failed,
        RecordDoubt: doubt,
        RetryMessage: retry,
        DropMessage: drop,
    },
)
