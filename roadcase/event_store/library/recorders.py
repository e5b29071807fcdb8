"""The library's recorders on our log. They append by the same coroutine as dispatch does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.persistence import (
    AggregateRecorder,
    ListenNotifySubscription,
    Notification,
    NotSupportedError,
    OperationalError,
    ProcessRecorder,
    StoredEvent,
)
from eventsourcing.persistence import Tracking as LibraryTracking

from roadcase.clock import now
from roadcase.event_store.library.session import Session
from roadcase.event_store.port import CommitUnknown
from roadcase.event_store.records import Entry, Meta, Record, Tracking
from roadcase.ids import stream_id, uuid7s

LIBRARY = "library"  # in place of a tenant
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_encode = msgspec.json.Encoder().encode
_EVENTS = """
    SELECT stream, version, topic, {state} FROM {table}
    WHERE stream = $1 AND version > $2 AND version <= $3 ORDER BY version {order} LIMIT $4::bigint
"""
_NOTIFICATIONS = """
    SELECT stream, version, topic, payload, position FROM {service}.events
    WHERE position >= $1 AND position <= $2 AND {ours}
    AND (cardinality($3::text[]) = 0 OR topic = ANY ($3)) ORDER BY position LIMIT $4::bigint
"""


class PostgresAggregateRecorder(AggregateRecorder):
    """Events of aggregates, in streams `library/<application>/<originator id>`."""

    def __init__(self, session: Session, application: str, id_type: type[UUID | str]) -> None:
        self.session = session
        self.application = application
        self._id_type = id_type

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        self.session.run(self._append(stored_events, None))
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        query = _EVENTS.format(
            state="payload",
            table=f"{self.session.service}.events",
            order="DESC" if desc else "ASC",
        )
        return self._select(query, originator_id, gt, lte, limit)

    def _select(
        self,
        query: str,
        originator_id: UUID | str,
        gt: int | None,
        lte: int | None,
        limit: int | None,
    ) -> list[StoredEvent]:
        values = (
            self._stream_of(originator_id),
            _LOWEST if gt is None else gt,
            _HIGHEST if lte is None else lte,
            limit,
        )
        rows = self.session.run(self.session.fetch(query, *values))
        return [StoredEvent(originator_id, *row[1:]) for row in rows]

    def _stream_of(self, originator_id: UUID | str) -> str:
        return stream_id(LIBRARY, self.application, str(originator_id))

    async def _append(
        self, stored_events: Sequence[StoredEvent], tracking: LibraryTracking | None
    ) -> list[int]:
        """Append as dispatch does; a broken commit is looked up, never guessed."""
        ours = None
        if tracking is not None:
            consumer = self._consumer(tracking.application_name)
            ours = Tracking(consumer, tracking.notification_id)
        records: list[Record] = []
        try:
            async with self.session.log.writer() as writer:
                at = max(now(), writer.head.at)
                ids = uuid7s(len(stored_events) + 1)
                actor = f"{LIBRARY}/{self.application}"
                entries = [
                    Entry(
                        self._stream_of(event.originator_id),
                        event.originator_version,
                        event.topic,
                        event.state,
                        _encode(Meta(id=event_id, at=at, actor=actor, command=ids[-1])),
                    )
                    for event, event_id in zip(stored_events, ids, strict=False)
                ]
                records = await writer.append(entries, at=at, tracking=ours)
        except CommitUnknown:
            if not await self.session.log.holds(records[-1].position, records[-1].hash):
                raise
        return [record.position for record in records]

    def _consumer(self, upstream: str) -> str:
        return f"{LIBRARY}/{self.application}/{upstream}"


class SnapshotRecorder(PostgresAggregateRecorder):
    """Snapshots, in a table of their own: they are no events and have no position."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        rows = [
            (self._stream_of(each.originator_id), each.originator_version, each.topic, each.state)
            for each in stored_events
        ]
        statement = f"INSERT INTO {self.session.service}.snapshots VALUES ($1, $2, $3, $4)"
        self.session.run(self.session.execute_many(statement, list(rows)))
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        query = _EVENTS.format(
            state="state",
            table=f"{self.session.service}.snapshots",
            order="DESC" if desc else "ASC",
        )
        return self._select(query, originator_id, gt, lte, limit)


class PostgresRecorder(PostgresAggregateRecorder, ProcessRecorder):
    """Events with positions, and tracking in the same transaction.

    A notification's id is its position in the log; others write there too, so ids have gaps.
    """

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        return self.session.run(self._append(stored_events, kwargs.get("tracking")))

    def insert_tracking(self, tracking: LibraryTracking) -> None:
        self.session.run(self._append([], tracking))

    def max_tracking_id(self, application_name: str) -> int | None:
        query = f"SELECT position FROM {self.session.service}.tracking WHERE consumer = $1"
        return self._number(query, self._consumer(application_name))

    def max_notification_id(self) -> int | None:
        return self._number(
            f"SELECT position FROM {self.session.service}.events "
            f"WHERE {self._ours()} ORDER BY position DESC LIMIT 1"
        )

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        query = _NOTIFICATIONS.format(service=self.session.service, ours=self._ours())
        first = (start or 0) + (0 if inclusive_of_start or start is None else 1)
        last = _HIGHEST if stop is None else stop
        rows = self.session.run(self.session.fetch(query, first, last, list(topics), limit))
        return [
            Notification(self._id_of(stream), version, topic, state, id=position)
            for stream, version, topic, state, position in rows
        ]

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> LogSubscription:
        return LogSubscription(self, gt, topics)

    def _ours(self) -> str:
        """The condition for streams of this application. Its name was checked by `stream_id`."""
        return f"starts_with(stream, '{self._stream_of('_')[:-1]}')"

    def _id_of(self, stream: str) -> UUID | str:
        return self._id_type(stream.rpartition("/")[2])

    def _number(self, query: str, *values: object) -> int | None:
        rows = self.session.run(self.session.fetch(query, *values))
        return rows[0][0] if rows else None


class ServiceRecorder(PostgresRecorder):
    """A service's own streams, by their full names. Only dispatch writes those."""

    async def _append(self, *_: object) -> list[int]:
        raise NotSupportedError(
            f"the streams of {self.session.service} are written by its commands; "
            "this application may only read them"
        )

    def _stream_of(self, originator_id: UUID | str) -> str:
        return str(originator_id)

    def _id_of(self, stream: str) -> str:
        return stream

    def _ours(self) -> str:
        return f"NOT starts_with(stream, '{LIBRARY}/')"


class LogSubscription(ListenNotifySubscription[PostgresRecorder]):
    """Goes on as events are committed. Raises OperationalError when PostgreSQL goes away."""

    _line: Any = None  # the thread that `__init__` starts may stop us before we listen

    def __init__(self, recorder: PostgresRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        session = recorder.session
        try:
            self._line = session.run(session.listen(self._has_been_notified.set, self._lost))
        except BaseException:
            self.stop()
            self._pull_thread.join()
            raise
        self._has_been_notified.set()  # what was committed before we listened
        if self._has_been_stopped:
            self.stop()

    def stop(self) -> None:
        super().stop()
        if self._line is not None:
            self._recorder.session.hang_up(self._line)

    def _lost(self) -> None:
        if not self._has_been_stopped:
            self._thread_error = OperationalError("the connection that listened was lost")
            super().stop()
