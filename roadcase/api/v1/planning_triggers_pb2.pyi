import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListFiringsRequest(_message.Message):
    __slots__ = ("occurrence", "page_size", "page_token")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    page_size: int
    page_token: str
    def __init__(self, occurrence: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListFiringsResponse(_message.Message):
    __slots__ = ("firings", "next_page_token")
    FIRINGS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    firings: _containers.RepeatedCompositeFieldContainer[Firing]
    next_page_token: str
    def __init__(self, firings: _Optional[_Iterable[_Union[Firing, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Firing(_message.Message):
    __slots__ = ("service", "firing", "trigger", "fact", "reason", "fired_at", "actions", "condition_failed")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    FIRING_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_FIELD_NUMBER: _ClassVar[int]
    FACT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FIRED_AT_FIELD_NUMBER: _ClassVar[int]
    ACTIONS_FIELD_NUMBER: _ClassVar[int]
    CONDITION_FAILED_FIELD_NUMBER: _ClassVar[int]
    service: str
    firing: str
    trigger: str
    fact: str
    reason: str
    fired_at: _timestamp_pb2.Timestamp
    actions: _containers.RepeatedCompositeFieldContainer[FiredAction]
    condition_failed: bool
    def __init__(self, service: _Optional[str] = ..., firing: _Optional[str] = ..., trigger: _Optional[str] = ..., fact: _Optional[str] = ..., reason: _Optional[str] = ..., fired_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actions: _Optional[_Iterable[_Union[FiredAction, _Mapping]]] = ..., condition_failed: _Optional[bool] = ...) -> None: ...

class FiredAction(_message.Message):
    __slots__ = ("does", "service", "about")
    DOES_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    ABOUT_FIELD_NUMBER: _ClassVar[int]
    does: str
    service: str
    about: str
    def __init__(self, does: _Optional[str] = ..., service: _Optional[str] = ..., about: _Optional[str] = ...) -> None: ...
