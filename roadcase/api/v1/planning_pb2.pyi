import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OccurrenceState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OCCURRENCE_STATE_UNSPECIFIED: _ClassVar[OccurrenceState]
    OCCURRENCE_STATE_DRAFT: _ClassVar[OccurrenceState]
    OCCURRENCE_STATE_PLANNED: _ClassVar[OccurrenceState]
    OCCURRENCE_STATE_ANNOUNCED: _ClassVar[OccurrenceState]
    OCCURRENCE_STATE_ON_SALE: _ClassVar[OccurrenceState]
    OCCURRENCE_STATE_DOORS: _ClassVar[OccurrenceState]
    OCCURRENCE_STATE_LIVE: _ClassVar[OccurrenceState]
    OCCURRENCE_STATE_CLOSED: _ClassVar[OccurrenceState]
    OCCURRENCE_STATE_SETTLED: _ClassVar[OccurrenceState]
    OCCURRENCE_STATE_CANCELLED: _ClassVar[OccurrenceState]

class InterruptionReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INTERRUPTION_REASON_UNSPECIFIED: _ClassVar[InterruptionReason]
    INTERRUPTION_REASON_WEATHER: _ClassVar[InterruptionReason]
    INTERRUPTION_REASON_POWER: _ClassVar[InterruptionReason]
    INTERRUPTION_REASON_SAFETY: _ClassVar[InterruptionReason]
    INTERRUPTION_REASON_ARTIST: _ClassVar[InterruptionReason]
    INTERRUPTION_REASON_OTHER: _ClassVar[InterruptionReason]
OCCURRENCE_STATE_UNSPECIFIED: OccurrenceState
OCCURRENCE_STATE_DRAFT: OccurrenceState
OCCURRENCE_STATE_PLANNED: OccurrenceState
OCCURRENCE_STATE_ANNOUNCED: OccurrenceState
OCCURRENCE_STATE_ON_SALE: OccurrenceState
OCCURRENCE_STATE_DOORS: OccurrenceState
OCCURRENCE_STATE_LIVE: OccurrenceState
OCCURRENCE_STATE_CLOSED: OccurrenceState
OCCURRENCE_STATE_SETTLED: OccurrenceState
OCCURRENCE_STATE_CANCELLED: OccurrenceState
INTERRUPTION_REASON_UNSPECIFIED: InterruptionReason
INTERRUPTION_REASON_WEATHER: InterruptionReason
INTERRUPTION_REASON_POWER: InterruptionReason
INTERRUPTION_REASON_SAFETY: InterruptionReason
INTERRUPTION_REASON_ARTIST: InterruptionReason
INTERRUPTION_REASON_OTHER: InterruptionReason

class AdvanceOccurrenceRequest(_message.Message):
    __slots__ = ("occurrence", "to")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    to: OccurrenceState
    def __init__(self, occurrence: _Optional[str] = ..., to: _Optional[_Union[OccurrenceState, str]] = ...) -> None: ...

class AdvanceOccurrenceResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class PauseSalesRequest(_message.Message):
    __slots__ = ("occurrence", "reason")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    reason: str
    def __init__(self, occurrence: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class PauseSalesResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReopenSalesRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class ReopenSalesResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class PostponeOccurrenceRequest(_message.Message):
    __slots__ = ("occurrence", "postponement", "reason")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POSTPONEMENT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    postponement: str
    reason: str
    def __init__(self, occurrence: _Optional[str] = ..., postponement: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class PostponeOccurrenceResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class InterruptOccurrenceRequest(_message.Message):
    __slots__ = ("occurrence", "why", "text")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    why: InterruptionReason
    text: str
    def __init__(self, occurrence: _Optional[str] = ..., why: _Optional[_Union[InterruptionReason, str]] = ..., text: _Optional[str] = ...) -> None: ...

class InterruptOccurrenceResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ResumeOccurrenceRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class ResumeOccurrenceResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class AbandonOccurrenceRequest(_message.Message):
    __slots__ = ("occurrence", "reason", "keep_money")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    KEEP_MONEY_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    reason: str
    keep_money: bool
    def __init__(self, occurrence: _Optional[str] = ..., reason: _Optional[str] = ..., keep_money: _Optional[bool] = ...) -> None: ...

class AbandonOccurrenceResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CancelOccurrenceRequest(_message.Message):
    __slots__ = ("occurrence", "reason", "keep_money")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    KEEP_MONEY_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    reason: str
    keep_money: bool
    def __init__(self, occurrence: _Optional[str] = ..., reason: _Optional[str] = ..., keep_money: _Optional[bool] = ...) -> None: ...

class CancelOccurrenceResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SetClearanceRequest(_message.Message):
    __slots__ = ("occurrence", "clearance", "granted", "blocks", "reason", "code", "legal")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    CLEARANCE_FIELD_NUMBER: _ClassVar[int]
    GRANTED_FIELD_NUMBER: _ClassVar[int]
    BLOCKS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    LEGAL_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    clearance: str
    granted: bool
    blocks: _containers.RepeatedScalarFieldContainer[OccurrenceState]
    reason: str
    code: str
    legal: bool
    def __init__(self, occurrence: _Optional[str] = ..., clearance: _Optional[str] = ..., granted: _Optional[bool] = ..., blocks: _Optional[_Iterable[_Union[OccurrenceState, str]]] = ..., reason: _Optional[str] = ..., code: _Optional[str] = ..., legal: _Optional[bool] = ...) -> None: ...

class SetClearanceResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class OverrideClearanceRequest(_message.Message):
    __slots__ = ("occurrence", "clearance", "reason", "until")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    CLEARANCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    clearance: str
    reason: str
    until: _timestamp_pb2.Timestamp
    def __init__(self, occurrence: _Optional[str] = ..., clearance: _Optional[str] = ..., reason: _Optional[str] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OverrideClearanceResponse(_message.Message):
    __slots__ = ("missing",)
    MISSING_FIELD_NUMBER: _ClassVar[int]
    missing: int
    def __init__(self, missing: _Optional[int] = ...) -> None: ...

class SetHousePolicyRequest(_message.Message):
    __slots__ = ("override_people",)
    OVERRIDE_PEOPLE_FIELD_NUMBER: _ClassVar[int]
    override_people: int
    def __init__(self, override_people: _Optional[int] = ...) -> None: ...

class SetHousePolicyResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetOccurrenceRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class Occurrence(_message.Message):
    __slots__ = ("occurrence", "title", "state", "revision", "series", "venue", "steps", "selling", "paused", "postponed", "interrupted", "ended", "clearances", "manifest")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    SERIES_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    SELLING_FIELD_NUMBER: _ClassVar[int]
    PAUSED_FIELD_NUMBER: _ClassVar[int]
    POSTPONED_FIELD_NUMBER: _ClassVar[int]
    INTERRUPTED_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    CLEARANCES_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    title: str
    state: OccurrenceState
    revision: int
    series: str
    venue: str
    steps: _containers.RepeatedCompositeFieldContainer[ScheduledStep]
    selling: bool
    paused: str
    postponed: str
    interrupted: str
    ended: str
    clearances: _containers.RepeatedCompositeFieldContainer[Clearance]
    manifest: str
    def __init__(self, occurrence: _Optional[str] = ..., title: _Optional[str] = ..., state: _Optional[_Union[OccurrenceState, str]] = ..., revision: _Optional[int] = ..., series: _Optional[str] = ..., venue: _Optional[str] = ..., steps: _Optional[_Iterable[_Union[ScheduledStep, _Mapping]]] = ..., selling: _Optional[bool] = ..., paused: _Optional[str] = ..., postponed: _Optional[str] = ..., interrupted: _Optional[str] = ..., ended: _Optional[str] = ..., clearances: _Optional[_Iterable[_Union[Clearance, _Mapping]]] = ..., manifest: _Optional[str] = ...) -> None: ...

class ScheduledStep(_message.Message):
    __slots__ = ("state", "at", "blocked_by")
    STATE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    BLOCKED_BY_FIELD_NUMBER: _ClassVar[int]
    state: OccurrenceState
    at: _timestamp_pb2.Timestamp
    blocked_by: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, state: _Optional[_Union[OccurrenceState, str]] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., blocked_by: _Optional[_Iterable[str]] = ...) -> None: ...

class Clearance(_message.Message):
    __slots__ = ("clearance", "granted", "blocks", "reason", "code", "legal", "source", "overrides", "missing")
    CLEARANCE_FIELD_NUMBER: _ClassVar[int]
    GRANTED_FIELD_NUMBER: _ClassVar[int]
    BLOCKS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    LEGAL_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    OVERRIDES_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    clearance: str
    granted: bool
    blocks: _containers.RepeatedScalarFieldContainer[OccurrenceState]
    reason: str
    code: str
    legal: bool
    source: str
    overrides: _containers.RepeatedCompositeFieldContainer[ClearanceOverride]
    missing: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, clearance: _Optional[str] = ..., granted: _Optional[bool] = ..., blocks: _Optional[_Iterable[_Union[OccurrenceState, str]]] = ..., reason: _Optional[str] = ..., code: _Optional[str] = ..., legal: _Optional[bool] = ..., source: _Optional[str] = ..., overrides: _Optional[_Iterable[_Union[ClearanceOverride, _Mapping]]] = ..., missing: _Optional[_Iterable[str]] = ...) -> None: ...

class ClearanceOverride(_message.Message):
    __slots__ = ("by", "reason", "until")
    BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    by: str
    reason: str
    until: _timestamp_pb2.Timestamp
    def __init__(self, by: _Optional[str] = ..., reason: _Optional[str] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListOccurrencesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListOccurrencesResponse(_message.Message):
    __slots__ = ("occurrences", "next_page_token")
    OCCURRENCES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    occurrences: _containers.RepeatedCompositeFieldContainer[Occurrence]
    next_page_token: str
    def __init__(self, occurrences: _Optional[_Iterable[_Union[Occurrence, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
