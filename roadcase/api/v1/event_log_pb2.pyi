import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WatchStart(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WATCH_START_UNSPECIFIED: _ClassVar[WatchStart]
    WATCH_START_BEGINNING: _ClassVar[WatchStart]
    WATCH_START_NOW: _ClassVar[WatchStart]
WATCH_START_UNSPECIFIED: WatchStart
WATCH_START_BEGINNING: WatchStart
WATCH_START_NOW: WatchStart

class WatchRequest(_message.Message):
    __slots__ = ("service", "cursor", "start", "categories", "topics", "streams", "plain_cursors")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    STREAMS_FIELD_NUMBER: _ClassVar[int]
    PLAIN_CURSORS_FIELD_NUMBER: _ClassVar[int]
    service: str
    cursor: str
    start: WatchStart
    categories: _containers.RepeatedScalarFieldContainer[str]
    topics: _containers.RepeatedScalarFieldContainer[str]
    streams: _containers.RepeatedScalarFieldContainer[str]
    plain_cursors: bool
    def __init__(self, service: _Optional[str] = ..., cursor: _Optional[str] = ..., start: _Optional[_Union[WatchStart, str]] = ..., categories: _Optional[_Iterable[str]] = ..., topics: _Optional[_Iterable[str]] = ..., streams: _Optional[_Iterable[str]] = ..., plain_cursors: _Optional[bool] = ...) -> None: ...

class LogEntry(_message.Message):
    __slots__ = ("log_entry_id", "cursor", "previous_cursor", "topic", "stream", "version", "recorded_at", "payload", "meta")
    LOG_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_CURSOR_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    log_entry_id: str
    cursor: str
    previous_cursor: str
    topic: str
    stream: str
    version: int
    recorded_at: _timestamp_pb2.Timestamp
    payload: bytes
    meta: LogEntryMeta
    def __init__(self, log_entry_id: _Optional[str] = ..., cursor: _Optional[str] = ..., previous_cursor: _Optional[str] = ..., topic: _Optional[str] = ..., stream: _Optional[str] = ..., version: _Optional[int] = ..., recorded_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., payload: _Optional[bytes] = ..., meta: _Optional[_Union[LogEntryMeta, _Mapping]] = ...) -> None: ...

class LogEntryMeta(_message.Message):
    __slots__ = ("actor", "command_id", "correlation_id", "causation_id", "traceparent")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    CAUSATION_ID_FIELD_NUMBER: _ClassVar[int]
    TRACEPARENT_FIELD_NUMBER: _ClassVar[int]
    actor: str
    command_id: str
    correlation_id: str
    causation_id: str
    traceparent: str
    def __init__(self, actor: _Optional[str] = ..., command_id: _Optional[str] = ..., correlation_id: _Optional[str] = ..., causation_id: _Optional[str] = ..., traceparent: _Optional[str] = ...) -> None: ...
