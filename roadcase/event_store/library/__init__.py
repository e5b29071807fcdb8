"""The `eventsourcing` library on our log: `PERSISTENCE_MODULE=roadcase.event_store.library`.

Two uses. An `Application` of the library keeps its own aggregates in a log of ours, chained and
verified like all else, in streams `library/<application>/<originator id>`. Or, with a mapper made
from `StreamMapper`, it opens a service's own streams, and may only read them.

    ROADCASE_POSTGRES_URL  the database
    ROADCASE_SERVICE       whose log
    ROADCASE_APPLICATION   the name in the streams; by default the application's, in lower case
    ORIGINATOR_ID_TYPE     uuid (default) or text
"""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.utils import Environment, EnvType, resolve_topic

from roadcase.event_store.library.recorders import (
    PostgresAggregateRecorder,
    PostgresRecorder,
    ServiceRecorder,
    SnapshotRecorder,
)
from roadcase.event_store.library.session import Session
from roadcase.event_store.library.streams import Fact, Stream, StreamMapper, projector

__all__ = ["Fact", "Factory", "PostgresRecorder", "Stream", "StreamMapper", "projector"]

R = TypeVar("R", bound=PostgresAggregateRecorder)
_ID_TYPES: dict[str, type[UUID | str]] = {"uuid": UUID, "text": str}


class Factory(InfrastructureFactory[PostgresRecorder]):
    """Makes recorders on one log. The library constructs it from its `Environment`."""

    POSTGRES_URL = "ROADCASE_POSTGRES_URL"
    SERVICE = "ROADCASE_SERVICE"
    APPLICATION = "ROADCASE_APPLICATION"
    ORIGINATOR_ID_TYPE = "ORIGINATOR_ID_TYPE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        url, service = self.env.get(self.POSTGRES_URL), self.env.get(self.SERVICE)
        id_type = self.env.get(self.ORIGINATOR_ID_TYPE, "uuid")
        problems = []
        if not url:
            problems.append(f"{self.POSTGRES_URL} is not set")
        if not service:
            problems.append(f"{self.SERVICE} is not set")
        if id_type not in _ID_TYPES:
            problems.append(f"{self.ORIGINATOR_ID_TYPE} is {id_type!r}, not uuid or text")
        if problems or not url or not service:
            raise OSError("; ".join(problems))
        self._id_type = _ID_TYPES[id_type]
        self._session = Session(url, service)

    def aggregate_recorder(self, purpose: str = "events") -> PostgresAggregateRecorder:
        if purpose == "snapshots":
            return self._make(SnapshotRecorder)
        return self._make(PostgresAggregateRecorder)

    def application_recorder(self) -> PostgresRecorder:
        return self._make(self._named(self.APPLICATION_RECORDER_TOPIC) or self._by_mapper())

    def process_recorder(self) -> PostgresRecorder:
        return self._make(self._named(self.PROCESS_RECORDER_TOPIC) or PostgresRecorder)

    def tracking_recorder(
        self, tracking_recorder_class: type[PostgresRecorder] | None = None
    ) -> PostgresRecorder:
        named = tracking_recorder_class or self._named(self.TRACKING_RECORDER_TOPIC)
        return self._make(named or PostgresRecorder)

    def close(self) -> None:
        if hasattr(self, "_session"):  # the library closes what it could not construct, too
            self._session.close()

    def _named(self, key: str) -> type[PostgresRecorder] | None:
        topic = self.env.get(key)
        named: type[PostgresRecorder] | None = resolve_topic(topic) if topic else None
        return named

    def _by_mapper(self) -> type[PostgresRecorder]:
        topic = self.env.get(self.MAPPER_TOPIC)
        mapper: Any = resolve_topic(topic) if topic else None
        reads_ours = isinstance(mapper, type) and issubclass(mapper, StreamMapper)
        return ServiceRecorder if reads_ours else PostgresRecorder

    def _make(self, recorder: type[R]) -> R:
        name = self.env.get(self.APPLICATION) or self.env.name.lower() or "application"
        return recorder(self._session, name, self._id_type)
