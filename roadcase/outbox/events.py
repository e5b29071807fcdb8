"""The facts of a message's life."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from roadcase.decider import Event

State = Literal["waiting", "handed_over", "sent", "parked", "in_doubt", "dropped"]


class MessageQueued(Event, frozen=True, kw_only=True):
    """Somebody is to be told. `kind` and `about` say what; `recipient` is a sealed contact."""

    topic = "roadcase.message_queued.v1"

    message: str
    kind: str
    about: dict[str, str]
    recipient: bytes
    queued_at: datetime


class MessageHandedOver(Event, frozen=True, kw_only=True):
    """A mail server gets its bytes now. Until what came of it is known, it may have been sent."""

    topic = "roadcase.message_handed_over.v1"

    message: str
    attempt: int
    until: datetime


class MessageSent(Event, frozen=True, kw_only=True):
    """A mail server took it over, and said so with `answer`."""

    topic = "roadcase.message_sent.v1"

    message: str
    attempt: int
    answer: str


class MessageFailed(Event, frozen=True, kw_only=True):
    """It was not sent, for certain. It is tried again at `again_at`; None: it is parked."""

    topic = "roadcase.message_failed.v1"

    message: str
    attempt: int
    reason: str
    again_at: datetime | None = None


class MessageDoubted(Event, frozen=True, kw_only=True):
    """It may have been sent or not. It waits for a person's decision."""

    topic = "roadcase.message_doubted.v1"

    message: str
    attempt: int
    reason: str


class MessageRetried(Event, frozen=True, kw_only=True):
    """A person lets it be sent, or sent again."""

    topic = "roadcase.message_retried.v1"

    message: str
    why: str
    at: datetime


class MessageDropped(Event, frozen=True, kw_only=True):
    """It will not be sent any more."""

    topic = "roadcase.message_dropped.v1"

    message: str
    why: str
