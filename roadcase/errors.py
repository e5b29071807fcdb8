"""
Every error raised on purpose:

* RoadcaseError
  + Invalid          the request makes no sense          HTTP 400   INVALID_ARGUMENT
  + Unauthenticated  no token, or not a valid one        HTTP 401   UNAUTHENTICATED
  + Forbidden        the token lacks the scope           HTTP 403   PERMISSION_DENIED
  + NotFound         no such thing, or not yours         HTTP 404   NOT_FOUND
  + Refused          a business rule said no             HTTP 409   FAILED_PRECONDITION
  + KeyReused        same idempotency key, other body    HTTP 422   ALREADY_EXISTS
  + Overloaded       the inbox is full, retry later      HTTP 429   RESOURCE_EXHAUSTED
  + Unavailable      a server we need is away            HTTP 503   UNAVAILABLE
    - LogBlocked     writing is refused until mended     HTTP 503   UNAVAILABLE
      . LogRegressed the stream is ahead of the log
      . LogDiverged  stream and log tell different stories
    - NotTried       one before it in its chain failed   HTTP 503   UNAVAILABLE
  + DeadlineExceeded the caller's time ran out           HTTP 504   DEADLINE_EXCEEDED
  + Conflict         the log already has this version    HTTP 409   ABORTED
  + LogCorrupt       the hash chain does not hold        HTTP 500   DATA_LOSS
  + UnknownTopic     an event newer than this program    HTTP 500   INTERNAL     (roadcase.codec)

HTTP and gRPC statuses are mapped in `roadcase.http` and `roadcase.rpc`, one table each.
"""

from __future__ import annotations


class RoadcaseError(Exception):
    """Base of every error raised on purpose. Its docstring is the default message."""

    code = "roadcase.error"

    def __init__(self, message: str | None = None, **facts: object) -> None:
        super().__init__(message or (self.__doc__ or "").strip())
        self.facts = facts


class Invalid(RoadcaseError):
    """The request makes no sense."""

    code = "roadcase.invalid"


class Unauthenticated(RoadcaseError):
    """There is no valid token on this call."""

    code = "roadcase.unauthenticated"


class Forbidden(RoadcaseError):
    """The token does not allow this."""

    code = "roadcase.forbidden"


class NotFound(RoadcaseError):
    """There is no such thing."""

    code = "roadcase.not_found"


class Refused(RoadcaseError):
    """A business rule said no."""

    code = "roadcase.refused"


class KeyReused(RoadcaseError):
    """This idempotency key was already used for a different request."""

    code = "roadcase.key_reused"


class Overloaded(RoadcaseError):
    """Too many requests are waiting; try again shortly with the same idempotency key."""

    code = "roadcase.overloaded"


class Unavailable(RoadcaseError):
    """A server this service needs is away; try again with the same idempotency key."""

    code = "roadcase.unavailable"


class NotTried(Unavailable):
    """Not decided, because a command before it in its chain was not taken; ask again."""

    code = "roadcase.not_tried"


class LogBlocked(Unavailable):
    """Writing is refused until the log is mended."""

    code = "roadcase.log_blocked"


class LogRegressed(LogBlocked):
    """The stream is ahead of the log: the database was restored from an older copy.

    Run `roadcase log heal` to import the missing tail from the stream.
    """

    code = "roadcase.log_regressed"


class LogDiverged(LogBlocked):
    """The stream and the log hold different events at the same position.

    Run `roadcase log heal` to choose which of the two is kept.
    """

    code = "roadcase.log_diverged"


class DeadlineExceeded(RoadcaseError):
    """The caller's deadline passed before the command was decided; nothing was written."""

    code = "roadcase.deadline_exceeded"


class Conflict(RoadcaseError):
    """The log already has an event with this stream and version."""

    code = "roadcase.conflict"


class LogCorrupt(RoadcaseError):
    """The hash chain of the log does not hold."""

    code = "roadcase.log_corrupt"
