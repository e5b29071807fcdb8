"""A service's own streams as the library's `Application` sees them: facts to fold, never to save.

class Tickets(StreamMapper):
deciders = (BOX_OFFICE,)

app = Application[str]({..., "MAPPER_TOPIC": get_topic(Tickets)})
show = app.repository.get("acme/show/x", projector_func=projector(BOX_OFFICE))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    Cipher,
    Compressor,
    Mapper,
    NotSupportedError,
    StoredEvent,
    Transcoder,
)

from roadcase.codec import Codec
from roadcase.decider import Decider, Event

S = TypeVar("S")


@dataclass(frozen=True)
class Fact:
    """An event of ours and its place in its stream, which is its originator."""

    originator_id: str
    originator_version: int
    event: Event


@dataclass
class Stream(Generic[S]):
    """A stream folded up to `version`."""

    id: str
    version: int
    state: S


class StreamMapper(Mapper[str]):
    """Decodes what our services wrote. Name their deciders in a subclass; see above.

    Our payloads are plain JSON: a transcoder, compressor or cipher of the library plays no part.
    """

    deciders: ClassVar[Sequence[Decider[Any]]] = ()

    def __init__(
        self,
        transcoder: Transcoder,
        compressor: Compressor | None = None,
        cipher: Cipher | None = None,
    ) -> None:
        super().__init__(transcoder, compressor, cipher)
        events = [event for decider in self.deciders for event in decider.events]
        upcasts = {topic: up for each in self.deciders for topic, up in each.upcasts.items()}
        self._codec = Codec(events, upcasts)

    def to_domain_event(self, stored_event: StoredEvent) -> Fact:
        event = self._codec.decode(stored_event.topic, stored_event.state)
        return Fact(str(stored_event.originator_id), stored_event.originator_version, event)

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        raise NotSupportedError(
            f"{domain_event.originator_id} is written by commands; "
            "this application may only read it"
        )


def projector(
    decider: Decider[S],
) -> Callable[[Stream[S] | None, Iterable[Fact]], Stream[S] | None]:
    """A projector function for `repository.get`, which folds as dispatch does."""

    def project(stream: Stream[S] | None, facts: Iterable[Fact]) -> Stream[S] | None:
        for fact in facts:
            if stream is None:
                stream = Stream(fact.originator_id, 0, decider.initial())
            decider.evolve(stream.state, fact.event)
            stream.version = fact.originator_version
        return stream

    return project
