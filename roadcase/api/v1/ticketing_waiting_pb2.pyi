import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from roadcase.api.v1 import people_pb2 as _people_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WaitingState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WAITING_STATE_UNSPECIFIED: _ClassVar[WaitingState]
    WAITING_STATE_WAITING: _ClassVar[WaitingState]
    WAITING_STATE_KEPT: _ClassVar[WaitingState]
    WAITING_STATE_PASSED: _ClassVar[WaitingState]
    WAITING_STATE_OFFERED: _ClassVar[WaitingState]
    WAITING_STATE_BOUGHT: _ClassVar[WaitingState]
    WAITING_STATE_LAPSED: _ClassVar[WaitingState]
    WAITING_STATE_LEFT: _ClassVar[WaitingState]
WAITING_STATE_UNSPECIFIED: WaitingState
WAITING_STATE_WAITING: WaitingState
WAITING_STATE_KEPT: WaitingState
WAITING_STATE_PASSED: WaitingState
WAITING_STATE_OFFERED: WaitingState
WAITING_STATE_BOUGHT: WaitingState
WAITING_STATE_LAPSED: WaitingState
WAITING_STATE_LEFT: WaitingState

class JoinWaitingListRequest(_message.Message):
    __slots__ = ("occurrence", "entry", "ticket_types", "quantity", "priority", "subject", "contact")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    TICKET_TYPES_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    entry: str
    ticket_types: _containers.RepeatedScalarFieldContainer[str]
    quantity: int
    priority: int
    subject: str
    contact: _people_pb2.Contact
    def __init__(self, occurrence: _Optional[str] = ..., entry: _Optional[str] = ..., ticket_types: _Optional[_Iterable[str]] = ..., quantity: _Optional[int] = ..., priority: _Optional[int] = ..., subject: _Optional[str] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ...) -> None: ...

class JoinWaitingListResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class LeaveWaitingListRequest(_message.Message):
    __slots__ = ("occurrence", "entry")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    entry: str
    def __init__(self, occurrence: _Optional[str] = ..., entry: _Optional[str] = ...) -> None: ...

class LeaveWaitingListResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetWaitingRequest(_message.Message):
    __slots__ = ("occurrence", "entry")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    entry: str
    def __init__(self, occurrence: _Optional[str] = ..., entry: _Optional[str] = ...) -> None: ...

class WaitingEntry(_message.Message):
    __slots__ = ("entry", "state", "ticket_types", "quantity", "priority", "joined_at", "offer", "until")
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TICKET_TYPES_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    JOINED_AT_FIELD_NUMBER: _ClassVar[int]
    OFFER_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    entry: str
    state: WaitingState
    ticket_types: _containers.RepeatedScalarFieldContainer[str]
    quantity: int
    priority: int
    joined_at: _timestamp_pb2.Timestamp
    offer: str
    until: _timestamp_pb2.Timestamp
    def __init__(self, entry: _Optional[str] = ..., state: _Optional[_Union[WaitingState, str]] = ..., ticket_types: _Optional[_Iterable[str]] = ..., quantity: _Optional[int] = ..., priority: _Optional[int] = ..., joined_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., offer: _Optional[str] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListWaitingRequest(_message.Message):
    __slots__ = ("occurrence", "page_size", "page_token")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    page_size: int
    page_token: str
    def __init__(self, occurrence: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListWaitingResponse(_message.Message):
    __slots__ = ("entries", "next_page_token")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[WaitingEntry]
    next_page_token: str
    def __init__(self, entries: _Optional[_Iterable[_Union[WaitingEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
