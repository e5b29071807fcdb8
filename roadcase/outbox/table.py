"""The outbox as a read model: what waits, what is parked and why, what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar

from roadcase.decider import Event
from roadcase.outbox.events import (
    MessageDoubted,
    MessageDropped,
    MessageFailed,
    MessageHandedOver,
    MessageQueued,
    MessageRetried,
    MessageSent,
)
from roadcase.projection import Fold, Keyed, Row, Stamp

_message = attrgetter("message")


class Outbox:
    """One row for each message. It wants to be looked at when it is `due_at`; null: not any more.

    The table only says where to look: whether a message may be sent is decided by its stream.
    """

    name: ClassVar[str] = "outbox"
    key: ClassVar[tuple[str, ...]] = ("message",)
    schema: ClassVar[str] = """
        CREATE TABLE outbox (
            tenant text, message text, kind text NOT NULL, about jsonb NOT NULL,
            recipient bytea NOT NULL, state text NOT NULL, attempt bigint NOT NULL,
            queued_at timestamptz NOT NULL, due_at timestamptz, sent_at timestamptz, reason text,
            PRIMARY KEY (tenant, message));
        CREATE INDEX outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            MessageQueued: _queued,
            MessageHandedOver: _handed_over,
            MessageSent: _sent,
            MessageFailed: _failed,
            MessageDoubted: _doubted,
            MessageRetried: _retried,
            MessageDropped: _dropped,
        }
        return {event: [(_message, fold)] for event, fold in folds.items()}


def _queued(_row: Row | None, event: MessageQueued, _stamp: Stamp) -> Row:
    return {
        "message": event.message,
        "kind": event.kind,
        "about": event.about,
        "recipient": event.recipient,
        "state": "waiting",
        "attempt": 0,
        "queued_at": event.queued_at,
        "due_at": event.queued_at,
        "sent_at": None,
        "reason": None,
    }


def _now(row: Row | None, **fields: Any) -> Row:
    assert row is not None, "a message is queued before anything becomes of it"
    return {**row, **fields}


def _handed_over(row: Row | None, event: MessageHandedOver, _stamp: Stamp) -> Row:
    return _now(row, state="handed_over", attempt=event.attempt, due_at=event.until)


def _sent(row: Row | None, _event: MessageSent, stamp: Stamp) -> Row:
    return _now(row, state="sent", due_at=None, sent_at=stamp.at, reason=None)


def _failed(row: Row | None, event: MessageFailed, _stamp: Stamp) -> Row:
    state = "waiting" if event.again_at else "parked"
    return _now(row, state=state, attempt=event.attempt, due_at=event.again_at, reason=event.reason)


def _doubted(row: Row | None, event: MessageDoubted, _stamp: Stamp) -> Row:
    return _now(row, state="in_doubt", due_at=None, reason=event.reason)


def _retried(row: Row | None, event: MessageRetried, _stamp: Stamp) -> Row:
    return _now(row, state="waiting", due_at=event.at)


def _dropped(row: Row | None, event: MessageDropped, _stamp: Stamp) -> Row:
    return _now(row, state="dropped", due_at=None, reason=event.why)
