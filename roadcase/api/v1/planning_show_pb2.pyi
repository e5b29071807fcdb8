import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CueState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CUE_STATE_UNSPECIFIED: _ClassVar[CueState]
    CUE_STATE_WAITING: _ClassVar[CueState]
    CUE_STATE_RUNNING: _ClassVar[CueState]
    CUE_STATE_FINISHED: _ClassVar[CueState]
    CUE_STATE_SKIPPED: _ClassVar[CueState]
CUE_STATE_UNSPECIFIED: CueState
CUE_STATE_WAITING: CueState
CUE_STATE_RUNNING: CueState
CUE_STATE_FINISHED: CueState
CUE_STATE_SKIPPED: CueState

class StartShowRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class StartShowResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StartCueRequest(_message.Message):
    __slots__ = ("occurrence", "cue")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    CUE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    cue: str
    def __init__(self, occurrence: _Optional[str] = ..., cue: _Optional[str] = ...) -> None: ...

class StartCueResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FinishCueRequest(_message.Message):
    __slots__ = ("occurrence", "cue")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    CUE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    cue: str
    def __init__(self, occurrence: _Optional[str] = ..., cue: _Optional[str] = ...) -> None: ...

class FinishCueResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SkipCueRequest(_message.Message):
    __slots__ = ("occurrence", "cue")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    CUE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    cue: str
    def __init__(self, occurrence: _Optional[str] = ..., cue: _Optional[str] = ...) -> None: ...

class SkipCueResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DelayShowRequest(_message.Message):
    __slots__ = ("occurrence", "minutes", "reason")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    minutes: int
    reason: str
    def __init__(self, occurrence: _Optional[str] = ..., minutes: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class DelayShowResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetRundownRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class WatchRundownRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class CueAct(_message.Message):
    __slots__ = ("to", "do", "target")
    TO_FIELD_NUMBER: _ClassVar[int]
    DO_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    to: str
    do: str
    target: str
    def __init__(self, to: _Optional[str] = ..., do: _Optional[str] = ..., target: _Optional[str] = ...) -> None: ...

class Cue(_message.Message):
    __slots__ = ("key", "title", "hard", "state", "minutes", "planned_at", "starts_at", "ends_at", "gap_seconds", "overlap_seconds", "who", "acts")
    KEY_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    HARD_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    PLANNED_AT_FIELD_NUMBER: _ClassVar[int]
    STARTS_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    GAP_SECONDS_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_SECONDS_FIELD_NUMBER: _ClassVar[int]
    WHO_FIELD_NUMBER: _ClassVar[int]
    ACTS_FIELD_NUMBER: _ClassVar[int]
    key: str
    title: str
    hard: bool
    state: CueState
    minutes: int
    planned_at: _timestamp_pb2.Timestamp
    starts_at: _timestamp_pb2.Timestamp
    ends_at: _timestamp_pb2.Timestamp
    gap_seconds: int
    overlap_seconds: int
    who: _containers.RepeatedScalarFieldContainer[str]
    acts: _containers.RepeatedCompositeFieldContainer[CueAct]
    def __init__(self, key: _Optional[str] = ..., title: _Optional[str] = ..., hard: _Optional[bool] = ..., state: _Optional[_Union[CueState, str]] = ..., minutes: _Optional[int] = ..., planned_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., starts_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., gap_seconds: _Optional[int] = ..., overlap_seconds: _Optional[int] = ..., who: _Optional[_Iterable[str]] = ..., acts: _Optional[_Iterable[_Union[CueAct, _Mapping]]] = ...) -> None: ...

class Rundown(_message.Message):
    __slots__ = ("occurrence", "revision", "title", "zone", "cues", "late_seconds", "curfew", "delay")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    CUES_FIELD_NUMBER: _ClassVar[int]
    LATE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    CURFEW_FIELD_NUMBER: _ClassVar[int]
    DELAY_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    revision: int
    title: str
    zone: str
    cues: _containers.RepeatedCompositeFieldContainer[Cue]
    late_seconds: int
    curfew: _timestamp_pb2.Timestamp
    delay: str
    def __init__(self, occurrence: _Optional[str] = ..., revision: _Optional[int] = ..., title: _Optional[str] = ..., zone: _Optional[str] = ..., cues: _Optional[_Iterable[_Union[Cue, _Mapping]]] = ..., late_seconds: _Optional[int] = ..., curfew: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delay: _Optional[str] = ...) -> None: ...
