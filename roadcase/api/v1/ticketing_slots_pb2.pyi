import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from roadcase.api.v1 import common_pb2 as _common_pb2
from roadcase.api.v1 import ticketing_pb2 as _ticketing_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SlotRule(_message.Message):
    __slots__ = ("first_day", "last_day", "closed", "first", "until", "every", "capacity", "breaks", "early", "grace")
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    FIRST_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    EVERY_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    BREAKS_FIELD_NUMBER: _ClassVar[int]
    EARLY_FIELD_NUMBER: _ClassVar[int]
    GRACE_FIELD_NUMBER: _ClassVar[int]
    first_day: str
    last_day: str
    closed: _containers.RepeatedScalarFieldContainer[str]
    first: str
    until: str
    every: int
    capacity: int
    breaks: _containers.RepeatedCompositeFieldContainer[SlotBreak]
    early: int
    grace: int
    def __init__(self, first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., closed: _Optional[_Iterable[str]] = ..., first: _Optional[str] = ..., until: _Optional[str] = ..., every: _Optional[int] = ..., capacity: _Optional[int] = ..., breaks: _Optional[_Iterable[_Union[SlotBreak, _Mapping]]] = ..., early: _Optional[int] = ..., grace: _Optional[int] = ...) -> None: ...

class SlotBreak(_message.Message):
    __slots__ = ("starts", "ends")
    STARTS_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    starts: str
    ends: str
    def __init__(self, starts: _Optional[str] = ..., ends: _Optional[str] = ...) -> None: ...

class MakeSlotsRequest(_message.Message):
    __slots__ = ("occurrence", "rule", "offer")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    OFFER_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    rule: SlotRule
    offer: _ticketing_pb2.TicketType
    def __init__(self, occurrence: _Optional[str] = ..., rule: _Optional[_Union[SlotRule, _Mapping]] = ..., offer: _Optional[_Union[_ticketing_pb2.TicketType, _Mapping]] = ...) -> None: ...

class MakeSlotsResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListSlotsRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class Slot(_message.Message):
    __slots__ = ("ticket_type", "name", "starts_at", "ends_at", "starts", "ends", "valid_from", "valid_until", "left", "price", "fee")
    TICKET_TYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STARTS_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    STARTS_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    ticket_type: str
    name: str
    starts_at: str
    ends_at: str
    starts: _timestamp_pb2.Timestamp
    ends: _timestamp_pb2.Timestamp
    valid_from: _timestamp_pb2.Timestamp
    valid_until: _timestamp_pb2.Timestamp
    left: int
    price: _common_pb2.Money
    fee: _common_pb2.Money
    def __init__(self, ticket_type: _Optional[str] = ..., name: _Optional[str] = ..., starts_at: _Optional[str] = ..., ends_at: _Optional[str] = ..., starts: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., valid_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., valid_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., left: _Optional[int] = ..., price: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., fee: _Optional[_Union[_common_pb2.Money, _Mapping]] = ...) -> None: ...

class MadeSlots(_message.Message):
    __slots__ = ("slots", "rule", "number", "missing", "twice")
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    TWICE_FIELD_NUMBER: _ClassVar[int]
    slots: str
    rule: SlotRule
    number: int
    missing: _containers.RepeatedScalarFieldContainer[str]
    twice: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, slots: _Optional[str] = ..., rule: _Optional[_Union[SlotRule, _Mapping]] = ..., number: _Optional[int] = ..., missing: _Optional[_Iterable[str]] = ..., twice: _Optional[_Iterable[str]] = ...) -> None: ...

class ListSlotsResponse(_message.Message):
    __slots__ = ("slots", "rules")
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    slots: _containers.RepeatedCompositeFieldContainer[Slot]
    rules: _containers.RepeatedCompositeFieldContainer[MadeSlots]
    def __init__(self, slots: _Optional[_Iterable[_Union[Slot, _Mapping]]] = ..., rules: _Optional[_Iterable[_Union[MadeSlots, _Mapping]]] = ...) -> None: ...
