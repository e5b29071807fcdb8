"""Events to bytes and back: JSON payloads, literal topics, upcasting of what is written no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from roadcase.decider import Decider, Event, Upcast
from roadcase.errors import RoadcaseError

_encode = msgspec.json.Encoder().encode
_fields = msgspec.json.Decoder(dict[str, Any])


class UnknownTopic(RoadcaseError):
    """The log holds an event that this version of the service does not know.

    A newer version wrote it: run that version, or add the event's upcaster.
    """

    code = "roadcase.unknown_topic"


class Codec:
    """Decodes every event ever written by a service; encodes those written today."""

    def __init__(
        self, events: Iterable[type[Event]], upcasts: Mapping[str, Upcast] | None = None
    ) -> None:
        self._decoders = {event.topic: msgspec.json.Decoder(event) for event in events}
        self._readers = {each.type: each.decode for each in self._decoders.values()}
        self._upcasts = dict(upcasts or {})

    @staticmethod
    def encode(event: Event) -> bytes:
        return _encode(event)

    def written(self, event: Event) -> tuple[bytes, Event]:
        """The bytes of an event, and the event as every later reader will read it from them.

        Raises TypeError or ValueError for one that could not be read again: a log must not hold it.
        """
        read = self._readers.get(type(event))
        if read is None:
            raise TypeError(f"{event.topic} is not among the events of any decider here")
        payload = _encode(event)
        return payload, read(payload)

    def decode(self, topic: str, payload: bytes) -> Event:
        """Raises UnknownTopic, or msgspec.DecodeError for a payload that is not such an event."""
        decoder = self._decoders.get(topic)
        if decoder is not None:
            return decoder.decode(payload)
        upcast = self._upcasts.get(topic)
        if upcast is None:
            raise UnknownTopic(topic=topic)
        fields: dict[str, Any] = _fields.decode(payload)
        while upcast is not None:
            topic, fields = upcast(fields)
            upcast = self._upcasts.get(topic)
        decoder = self._decoders.get(topic)
        if decoder is None:
            raise UnknownTopic(topic=topic)
        return decoder.decode(_encode(fields))

    def knows(self, topic: str) -> bool:
        return topic in self._decoders or topic in self._upcasts


def codec_of(deciders: Iterable[Decider[Any]]) -> Codec:
    """The codec of all events that these deciders may meet."""
    deciders = list(deciders)
    return Codec(
        [event for decider in deciders for event in decider.events],
        {topic: up for decider in deciders for topic, up in decider.upcasts.items()},
    )
