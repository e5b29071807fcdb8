import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SeatKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEAT_KIND_UNSPECIFIED: _ClassVar[SeatKind]
    SEAT_KIND_PLAIN: _ClassVar[SeatKind]
    SEAT_KIND_ACCESSIBLE: _ClassVar[SeatKind]
    SEAT_KIND_COMPANION: _ClassVar[SeatKind]

class SeatState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEAT_STATE_UNSPECIFIED: _ClassVar[SeatState]
    SEAT_STATE_FREE: _ClassVar[SeatState]
    SEAT_STATE_HELD: _ClassVar[SeatState]
    SEAT_STATE_SOLD: _ClassVar[SeatState]
    SEAT_STATE_BLOCKED: _ClassVar[SeatState]
SEAT_KIND_UNSPECIFIED: SeatKind
SEAT_KIND_PLAIN: SeatKind
SEAT_KIND_ACCESSIBLE: SeatKind
SEAT_KIND_COMPANION: SeatKind
SEAT_STATE_UNSPECIFIED: SeatState
SEAT_STATE_FREE: SeatState
SEAT_STATE_HELD: SeatState
SEAT_STATE_SOLD: SeatState
SEAT_STATE_BLOCKED: SeatState

class Seat(_message.Message):
    __slots__ = ("name", "kind", "rank", "gap", "seat", "state")
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    SEAT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    name: str
    kind: SeatKind
    rank: int
    gap: bool
    seat: str
    state: SeatState
    def __init__(self, name: _Optional[str] = ..., kind: _Optional[_Union[SeatKind, str]] = ..., rank: _Optional[int] = ..., gap: _Optional[bool] = ..., seat: _Optional[str] = ..., state: _Optional[_Union[SeatState, str]] = ...) -> None: ...

class SeatRow(_message.Message):
    __slots__ = ("name", "seats", "x", "y")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SEATS_FIELD_NUMBER: _ClassVar[int]
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    name: str
    seats: _containers.RepeatedCompositeFieldContainer[Seat]
    x: int
    y: int
    def __init__(self, name: _Optional[str] = ..., seats: _Optional[_Iterable[_Union[Seat, _Mapping]]] = ..., x: _Optional[int] = ..., y: _Optional[int] = ...) -> None: ...

class SeatArea(_message.Message):
    __slots__ = ("name", "rows")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    name: str
    rows: _containers.RepeatedCompositeFieldContainer[SeatRow]
    def __init__(self, name: _Optional[str] = ..., rows: _Optional[_Iterable[_Union[SeatRow, _Mapping]]] = ...) -> None: ...

class SetSeatingPlanRequest(_message.Message):
    __slots__ = ("occurrence", "pool", "areas", "focus_x", "focus_y", "kept_until", "blocked")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POOL_FIELD_NUMBER: _ClassVar[int]
    AREAS_FIELD_NUMBER: _ClassVar[int]
    FOCUS_X_FIELD_NUMBER: _ClassVar[int]
    FOCUS_Y_FIELD_NUMBER: _ClassVar[int]
    KEPT_UNTIL_FIELD_NUMBER: _ClassVar[int]
    BLOCKED_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    pool: str
    areas: _containers.RepeatedCompositeFieldContainer[SeatArea]
    focus_x: int
    focus_y: int
    kept_until: _timestamp_pb2.Timestamp
    blocked: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, occurrence: _Optional[str] = ..., pool: _Optional[str] = ..., areas: _Optional[_Iterable[_Union[SeatArea, _Mapping]]] = ..., focus_x: _Optional[int] = ..., focus_y: _Optional[int] = ..., kept_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., blocked: _Optional[_Iterable[str]] = ...) -> None: ...

class SetSeatingPlanResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetSeatingPlanRequest(_message.Message):
    __slots__ = ("occurrence", "pool")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POOL_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    pool: str
    def __init__(self, occurrence: _Optional[str] = ..., pool: _Optional[str] = ...) -> None: ...

class GetSeatingPlanResponse(_message.Message):
    __slots__ = ("areas", "focus_x", "focus_y", "kept_until")
    AREAS_FIELD_NUMBER: _ClassVar[int]
    FOCUS_X_FIELD_NUMBER: _ClassVar[int]
    FOCUS_Y_FIELD_NUMBER: _ClassVar[int]
    KEPT_UNTIL_FIELD_NUMBER: _ClassVar[int]
    areas: _containers.RepeatedCompositeFieldContainer[SeatArea]
    focus_x: int
    focus_y: int
    kept_until: _timestamp_pb2.Timestamp
    def __init__(self, areas: _Optional[_Iterable[_Union[SeatArea, _Mapping]]] = ..., focus_x: _Optional[int] = ..., focus_y: _Optional[int] = ..., kept_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
