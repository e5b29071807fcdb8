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

class EntryRule(_message.Message):
    __slots__ = ("ticket_type", "no_reentry", "multiple", "once_per_day", "max_entries", "minutes_between", "valid_from", "valid_until", "no_exits", "attention", "text", "hand_out", "is_handed_out", "needs_answers")
    TICKET_TYPE_FIELD_NUMBER: _ClassVar[int]
    NO_REENTRY_FIELD_NUMBER: _ClassVar[int]
    MULTIPLE_FIELD_NUMBER: _ClassVar[int]
    ONCE_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    MAX_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    MINUTES_BETWEEN_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    NO_EXITS_FIELD_NUMBER: _ClassVar[int]
    ATTENTION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    HAND_OUT_FIELD_NUMBER: _ClassVar[int]
    IS_HANDED_OUT_FIELD_NUMBER: _ClassVar[int]
    NEEDS_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    ticket_type: str
    no_reentry: bool
    multiple: bool
    once_per_day: bool
    max_entries: int
    minutes_between: int
    valid_from: _timestamp_pb2.Timestamp
    valid_until: _timestamp_pb2.Timestamp
    no_exits: bool
    attention: bool
    text: str
    hand_out: _containers.RepeatedCompositeFieldContainer[_ticketing_pb2.ThingToHandOut]
    is_handed_out: bool
    needs_answers: bool
    def __init__(self, ticket_type: _Optional[str] = ..., no_reentry: _Optional[bool] = ..., multiple: _Optional[bool] = ..., once_per_day: _Optional[bool] = ..., max_entries: _Optional[int] = ..., minutes_between: _Optional[int] = ..., valid_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., valid_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., no_exits: _Optional[bool] = ..., attention: _Optional[bool] = ..., text: _Optional[str] = ..., hand_out: _Optional[_Iterable[_Union[_ticketing_pb2.ThingToHandOut, _Mapping]]] = ..., is_handed_out: _Optional[bool] = ..., needs_answers: _Optional[bool] = ...) -> None: ...

class GateTakes(_message.Message):
    __slots__ = ("gate", "ticket_types")
    GATE_FIELD_NUMBER: _ClassVar[int]
    TICKET_TYPES_FIELD_NUMBER: _ClassVar[int]
    gate: str
    ticket_types: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, gate: _Optional[str] = ..., ticket_types: _Optional[_Iterable[str]] = ...) -> None: ...

class SetAdmissionRequest(_message.Message):
    __slots__ = ("occurrence", "zone", "occupancy_max", "gates", "rules")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    OCCUPANCY_MAX_FIELD_NUMBER: _ClassVar[int]
    GATES_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    zone: str
    occupancy_max: int
    gates: _containers.RepeatedCompositeFieldContainer[GateTakes]
    rules: _containers.RepeatedCompositeFieldContainer[EntryRule]
    def __init__(self, occurrence: _Optional[str] = ..., zone: _Optional[str] = ..., occupancy_max: _Optional[int] = ..., gates: _Optional[_Iterable[_Union[GateTakes, _Mapping]]] = ..., rules: _Optional[_Iterable[_Union[EntryRule, _Mapping]]] = ...) -> None: ...

class SetAdmissionResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetOccupancyRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class GateCounts(_message.Message):
    __slots__ = ("gate", "entered", "left", "refused")
    GATE_FIELD_NUMBER: _ClassVar[int]
    ENTERED_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    gate: str
    entered: int
    left: int
    refused: int
    def __init__(self, gate: _Optional[str] = ..., entered: _Optional[int] = ..., left: _Optional[int] = ..., refused: _Optional[int] = ...) -> None: ...

class GetOccupancyResponse(_message.Message):
    __slots__ = ("occupancy", "counted", "occupancy_max", "gates")
    OCCUPANCY_FIELD_NUMBER: _ClassVar[int]
    COUNTED_FIELD_NUMBER: _ClassVar[int]
    OCCUPANCY_MAX_FIELD_NUMBER: _ClassVar[int]
    GATES_FIELD_NUMBER: _ClassVar[int]
    occupancy: int
    counted: int
    occupancy_max: int
    gates: _containers.RepeatedCompositeFieldContainer[GateCounts]
    def __init__(self, occupancy: _Optional[int] = ..., counted: _Optional[int] = ..., occupancy_max: _Optional[int] = ..., gates: _Optional[_Iterable[_Union[GateCounts, _Mapping]]] = ...) -> None: ...

class AnnulScanRequest(_message.Message):
    __slots__ = ("occurrence", "nonce", "device")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    nonce: str
    device: str
    def __init__(self, occurrence: _Optional[str] = ..., nonce: _Optional[str] = ..., device: _Optional[str] = ...) -> None: ...

class AnnulScanResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class BlockTicketRequest(_message.Message):
    __slots__ = ("occurrence", "ticket", "why")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    TICKET_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    ticket: str
    why: str
    def __init__(self, occurrence: _Optional[str] = ..., ticket: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class BlockTicketResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class UnblockTicketRequest(_message.Message):
    __slots__ = ("occurrence", "ticket")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    TICKET_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    ticket: str
    def __init__(self, occurrence: _Optional[str] = ..., ticket: _Optional[str] = ...) -> None: ...

class UnblockTicketResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class HandOverRequest(_message.Message):
    __slots__ = ("occurrence", "ticket", "item", "gate", "device")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    TICKET_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    ticket: str
    item: str
    gate: str
    device: str
    def __init__(self, occurrence: _Optional[str] = ..., ticket: _Optional[str] = ..., item: _Optional[str] = ..., gate: _Optional[str] = ..., device: _Optional[str] = ...) -> None: ...

class HandOverResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CountGuestsRequest(_message.Message):
    __slots__ = ("occurrence", "gate", "nonce", "direction", "guests", "device")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    GUESTS_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    gate: str
    nonce: str
    direction: _ticketing_pb2.Direction
    guests: int
    device: str
    def __init__(self, occurrence: _Optional[str] = ..., gate: _Optional[str] = ..., nonce: _Optional[str] = ..., direction: _Optional[_Union[_ticketing_pb2.Direction, str]] = ..., guests: _Optional[int] = ..., device: _Optional[str] = ...) -> None: ...

class CountGuestsResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class PayAndEnterRequest(_message.Message):
    __slots__ = ("occurrence", "gate", "nonce", "device", "order", "hold", "payment_reference", "amount")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    gate: str
    nonce: str
    device: str
    order: str
    hold: str
    payment_reference: str
    amount: _common_pb2.Money
    def __init__(self, occurrence: _Optional[str] = ..., gate: _Optional[str] = ..., nonce: _Optional[str] = ..., device: _Optional[str] = ..., order: _Optional[str] = ..., hold: _Optional[str] = ..., payment_reference: _Optional[str] = ..., amount: _Optional[_Union[_common_pb2.Money, _Mapping]] = ...) -> None: ...

class PayAndEnterResponse(_message.Message):
    __slots__ = ("answers",)
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[_ticketing_pb2.CheckInResponse]
    def __init__(self, answers: _Optional[_Iterable[_Union[_ticketing_pb2.CheckInResponse, _Mapping]]] = ...) -> None: ...

class FindGuestsRequest(_message.Message):
    __slots__ = ("occurrence", "text")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    text: str
    def __init__(self, occurrence: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class FoundGuest(_message.Message):
    __slots__ = ("ticket", "ticket_type", "code", "name", "state", "inside")
    TICKET_FIELD_NUMBER: _ClassVar[int]
    TICKET_TYPE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    INSIDE_FIELD_NUMBER: _ClassVar[int]
    ticket: str
    ticket_type: str
    code: str
    name: str
    state: str
    inside: bool
    def __init__(self, ticket: _Optional[str] = ..., ticket_type: _Optional[str] = ..., code: _Optional[str] = ..., name: _Optional[str] = ..., state: _Optional[str] = ..., inside: _Optional[bool] = ...) -> None: ...

class FindGuestsResponse(_message.Message):
    __slots__ = ("guests",)
    GUESTS_FIELD_NUMBER: _ClassVar[int]
    guests: _containers.RepeatedCompositeFieldContainer[FoundGuest]
    def __init__(self, guests: _Optional[_Iterable[_Union[FoundGuest, _Mapping]]] = ...) -> None: ...
