import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from roadcase.api.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SalesChannel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SALES_CHANNEL_UNSPECIFIED: _ClassVar[SalesChannel]
    SALES_CHANNEL_WEB: _ClassVar[SalesChannel]
    SALES_CHANNEL_DROP: _ClassVar[SalesChannel]
    SALES_CHANNEL_TILL: _ClassVar[SalesChannel]
    SALES_CHANNEL_ORDER: _ClassVar[SalesChannel]
SALES_CHANNEL_UNSPECIFIED: SalesChannel
SALES_CHANNEL_WEB: SalesChannel
SALES_CHANNEL_DROP: SalesChannel
SALES_CHANNEL_TILL: SalesChannel
SALES_CHANNEL_ORDER: SalesChannel

class PauseChannelRequest(_message.Message):
    __slots__ = ("occurrence", "channel")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    channel: SalesChannel
    def __init__(self, occurrence: _Optional[str] = ..., channel: _Optional[_Union[SalesChannel, str]] = ...) -> None: ...

class PauseChannelResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class OpenChannelRequest(_message.Message):
    __slots__ = ("occurrence", "channel")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    channel: SalesChannel
    def __init__(self, occurrence: _Optional[str] = ..., channel: _Optional[_Union[SalesChannel, str]] = ...) -> None: ...

class OpenChannelResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetBoxOfficeRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class BoxOffice(_message.Message):
    __slots__ = ("name", "starts_at", "ends_at", "zone", "pools", "ticket_types", "paused")
    NAME_FIELD_NUMBER: _ClassVar[int]
    STARTS_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    POOLS_FIELD_NUMBER: _ClassVar[int]
    TICKET_TYPES_FIELD_NUMBER: _ClassVar[int]
    PAUSED_FIELD_NUMBER: _ClassVar[int]
    name: str
    starts_at: str
    ends_at: str
    zone: str
    pools: _containers.RepeatedCompositeFieldContainer[PoolState]
    ticket_types: _containers.RepeatedCompositeFieldContainer[TicketTypeState]
    paused: _containers.RepeatedScalarFieldContainer[SalesChannel]
    def __init__(self, name: _Optional[str] = ..., starts_at: _Optional[str] = ..., ends_at: _Optional[str] = ..., zone: _Optional[str] = ..., pools: _Optional[_Iterable[_Union[PoolState, _Mapping]]] = ..., ticket_types: _Optional[_Iterable[_Union[TicketTypeState, _Mapping]]] = ..., paused: _Optional[_Iterable[_Union[SalesChannel, str]]] = ...) -> None: ...

class PoolState(_message.Message):
    __slots__ = ("pool", "capacity", "taken", "free")
    POOL_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    pool: str
    capacity: int
    taken: int
    free: int
    def __init__(self, pool: _Optional[str] = ..., capacity: _Optional[int] = ..., taken: _Optional[int] = ..., free: _Optional[int] = ...) -> None: ...

class TicketTypeState(_message.Message):
    __slots__ = ("id", "name", "price", "active", "sold", "held", "left", "sale_from", "sale_until", "per_person_max", "draws", "hidden")
    class DrawsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    SOLD_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    SALE_FROM_FIELD_NUMBER: _ClassVar[int]
    SALE_UNTIL_FIELD_NUMBER: _ClassVar[int]
    PER_PERSON_MAX_FIELD_NUMBER: _ClassVar[int]
    DRAWS_FIELD_NUMBER: _ClassVar[int]
    HIDDEN_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    price: _common_pb2.Money
    active: bool
    sold: int
    held: int
    left: int
    sale_from: _timestamp_pb2.Timestamp
    sale_until: _timestamp_pb2.Timestamp
    per_person_max: int
    draws: _containers.ScalarMap[str, int]
    hidden: bool
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., price: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., active: _Optional[bool] = ..., sold: _Optional[int] = ..., held: _Optional[int] = ..., left: _Optional[int] = ..., sale_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sale_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., per_person_max: _Optional[int] = ..., draws: _Optional[_Mapping[str, int]] = ..., hidden: _Optional[bool] = ...) -> None: ...
