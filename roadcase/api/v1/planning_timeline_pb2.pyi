import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DeadlineStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEADLINE_STATUS_UNSPECIFIED: _ClassVar[DeadlineStatus]
    DEADLINE_STATUS_AHEAD: _ClassVar[DeadlineStatus]
    DEADLINE_STATUS_DONE: _ClassVar[DeadlineStatus]
    DEADLINE_STATUS_PAST: _ClassVar[DeadlineStatus]
    DEADLINE_STATUS_BLOCKED: _ClassVar[DeadlineStatus]
    DEADLINE_STATUS_OFF: _ClassVar[DeadlineStatus]
DEADLINE_STATUS_UNSPECIFIED: DeadlineStatus
DEADLINE_STATUS_AHEAD: DeadlineStatus
DEADLINE_STATUS_DONE: DeadlineStatus
DEADLINE_STATUS_PAST: DeadlineStatus
DEADLINE_STATUS_BLOCKED: DeadlineStatus
DEADLINE_STATUS_OFF: DeadlineStatus

class GetTimelineRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class Timeline(_message.Message):
    __slots__ = ("occurrence", "zone", "series", "deadlines")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    SERIES_FIELD_NUMBER: _ClassVar[int]
    DEADLINES_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    zone: str
    series: str
    deadlines: _containers.RepeatedCompositeFieldContainer[Deadline]
    def __init__(self, occurrence: _Optional[str] = ..., zone: _Optional[str] = ..., series: _Optional[str] = ..., deadlines: _Optional[_Iterable[_Union[Deadline, _Mapping]]] = ...) -> None: ...

class Deadline(_message.Message):
    __slots__ = ("at", "local", "kind", "what", "source", "relative", "by", "status", "why")
    AT_FIELD_NUMBER: _ClassVar[int]
    LOCAL_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    RELATIVE_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    at: _timestamp_pb2.Timestamp
    local: str
    kind: str
    what: str
    source: str
    relative: str
    by: str
    status: DeadlineStatus
    why: str
    def __init__(self, at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., local: _Optional[str] = ..., kind: _Optional[str] = ..., what: _Optional[str] = ..., source: _Optional[str] = ..., relative: _Optional[str] = ..., by: _Optional[str] = ..., status: _Optional[_Union[DeadlineStatus, str]] = ..., why: _Optional[str] = ...) -> None: ...
