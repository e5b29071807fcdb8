import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ScheduleFiringState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCHEDULE_FIRING_STATE_UNSPECIFIED: _ClassVar[ScheduleFiringState]
    SCHEDULE_FIRING_STATE_RUNNING: _ClassVar[ScheduleFiringState]
    SCHEDULE_FIRING_STATE_WAITING: _ClassVar[ScheduleFiringState]
    SCHEDULE_FIRING_STATE_MISSED: _ClassVar[ScheduleFiringState]
    SCHEDULE_FIRING_STATE_CANCELLED: _ClassVar[ScheduleFiringState]
    SCHEDULE_FIRING_STATE_DONE: _ClassVar[ScheduleFiringState]
    SCHEDULE_FIRING_STATE_FAILED: _ClassVar[ScheduleFiringState]
SCHEDULE_FIRING_STATE_UNSPECIFIED: ScheduleFiringState
SCHEDULE_FIRING_STATE_RUNNING: ScheduleFiringState
SCHEDULE_FIRING_STATE_WAITING: ScheduleFiringState
SCHEDULE_FIRING_STATE_MISSED: ScheduleFiringState
SCHEDULE_FIRING_STATE_CANCELLED: ScheduleFiringState
SCHEDULE_FIRING_STATE_DONE: ScheduleFiringState
SCHEDULE_FIRING_STATE_FAILED: ScheduleFiringState

class ListSchedulesRequest(_message.Message):
    __slots__ = ("owner", "page_size", "page_token")
    OWNER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    owner: str
    page_size: int
    page_token: str
    def __init__(self, owner: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSchedulesResponse(_message.Message):
    __slots__ = ("schedules", "next_page_token")
    SCHEDULES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    schedules: _containers.RepeatedCompositeFieldContainer[Schedule]
    next_page_token: str
    def __init__(self, schedules: _Optional[_Iterable[_Union[Schedule, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Schedule(_message.Message):
    __slots__ = ("schedule", "owner", "zone", "jobs", "overlap", "catch_up_seconds", "jitter_seconds", "paused", "made", "missed", "failed")
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    JOBS_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_FIELD_NUMBER: _ClassVar[int]
    CATCH_UP_SECONDS_FIELD_NUMBER: _ClassVar[int]
    JITTER_SECONDS_FIELD_NUMBER: _ClassVar[int]
    PAUSED_FIELD_NUMBER: _ClassVar[int]
    MADE_FIELD_NUMBER: _ClassVar[int]
    MISSED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    schedule: str
    owner: str
    zone: str
    jobs: _containers.RepeatedCompositeFieldContainer[ScheduledJob]
    overlap: str
    catch_up_seconds: int
    jitter_seconds: int
    paused: str
    made: int
    missed: int
    failed: int
    def __init__(self, schedule: _Optional[str] = ..., owner: _Optional[str] = ..., zone: _Optional[str] = ..., jobs: _Optional[_Iterable[_Union[ScheduledJob, _Mapping]]] = ..., overlap: _Optional[str] = ..., catch_up_seconds: _Optional[int] = ..., jitter_seconds: _Optional[int] = ..., paused: _Optional[str] = ..., made: _Optional[int] = ..., missed: _Optional[int] = ..., failed: _Optional[int] = ...) -> None: ...

class ScheduledJob(_message.Message):
    __slots__ = ("job", "when", "does")
    JOB_FIELD_NUMBER: _ClassVar[int]
    WHEN_FIELD_NUMBER: _ClassVar[int]
    DOES_FIELD_NUMBER: _ClassVar[int]
    job: str
    when: str
    does: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, job: _Optional[str] = ..., when: _Optional[str] = ..., does: _Optional[_Iterable[str]] = ...) -> None: ...

class ListScheduleFiringsRequest(_message.Message):
    __slots__ = ("schedule", "page_size", "page_token")
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    schedule: str
    page_size: int
    page_token: str
    def __init__(self, schedule: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListScheduleFiringsResponse(_message.Message):
    __slots__ = ("firings", "next_page_token")
    FIRINGS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    firings: _containers.RepeatedCompositeFieldContainer[ScheduleFiring]
    next_page_token: str
    def __init__(self, firings: _Optional[_Iterable[_Union[ScheduleFiring, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ScheduleFiring(_message.Message):
    __slots__ = ("firing", "job", "occurrence", "nominal", "state", "why", "told")
    FIRING_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    NOMINAL_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    TOLD_FIELD_NUMBER: _ClassVar[int]
    firing: str
    job: str
    occurrence: str
    nominal: _timestamp_pb2.Timestamp
    state: ScheduleFiringState
    why: str
    told: _containers.RepeatedCompositeFieldContainer[ToldAudience]
    def __init__(self, firing: _Optional[str] = ..., job: _Optional[str] = ..., occurrence: _Optional[str] = ..., nominal: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., state: _Optional[_Union[ScheduleFiringState, str]] = ..., why: _Optional[str] = ..., told: _Optional[_Iterable[_Union[ToldAudience, _Mapping]]] = ...) -> None: ...

class ToldAudience(_message.Message):
    __slots__ = ("audience", "told", "unreached")
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    TOLD_FIELD_NUMBER: _ClassVar[int]
    UNREACHED_FIELD_NUMBER: _ClassVar[int]
    audience: str
    told: int
    unreached: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, audience: _Optional[str] = ..., told: _Optional[int] = ..., unreached: _Optional[_Iterable[str]] = ...) -> None: ...

class PauseScheduleRequest(_message.Message):
    __slots__ = ("schedule", "reason")
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    schedule: str
    reason: str
    def __init__(self, schedule: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class PauseScheduleResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ResumeScheduleRequest(_message.Message):
    __slots__ = ("schedule", "reason")
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    schedule: str
    reason: str
    def __init__(self, schedule: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ResumeScheduleResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class BackfillScheduleRequest(_message.Message):
    __slots__ = ("schedule", "backfill", "since", "until")
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    BACKFILL_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    schedule: str
    backfill: str
    since: _timestamp_pb2.Timestamp
    until: _timestamp_pb2.Timestamp
    def __init__(self, schedule: _Optional[str] = ..., backfill: _Optional[str] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class BackfillScheduleResponse(_message.Message):
    __slots__ = ("firings",)
    FIRINGS_FIELD_NUMBER: _ClassVar[int]
    firings: int
    def __init__(self, firings: _Optional[int] = ...) -> None: ...
