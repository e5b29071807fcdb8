from roadcase.api.v1 import common_pb2 as _common_pb2
from roadcase.api.v1 import people_pb2 as _people_pb2
from roadcase.api.v1 import ticketing_pb2 as _ticketing_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExchangeState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXCHANGE_STATE_UNSPECIFIED: _ClassVar[ExchangeState]
    EXCHANGE_STATE_STARTED: _ClassVar[ExchangeState]
    EXCHANGE_STATE_CONFIRMED: _ClassVar[ExchangeState]
    EXCHANGE_STATE_DONE: _ClassVar[ExchangeState]
    EXCHANGE_STATE_REFUSED: _ClassVar[ExchangeState]
EXCHANGE_STATE_UNSPECIFIED: ExchangeState
EXCHANGE_STATE_STARTED: ExchangeState
EXCHANGE_STATE_CONFIRMED: ExchangeState
EXCHANGE_STATE_DONE: ExchangeState
EXCHANGE_STATE_REFUSED: ExchangeState

class QuoteExchangeRequest(_message.Message):
    __slots__ = ("occurrence", "order", "tickets", "to", "lines")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    tickets: _containers.RepeatedScalarFieldContainer[str]
    to: str
    lines: _containers.RepeatedCompositeFieldContainer[_ticketing_pb2.Line]
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., tickets: _Optional[_Iterable[str]] = ..., to: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[_ticketing_pb2.Line, _Mapping]]] = ...) -> None: ...

class QuoteExchangeResponse(_message.Message):
    __slots__ = ("worth", "total", "more", "back")
    WORTH_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    MORE_FIELD_NUMBER: _ClassVar[int]
    BACK_FIELD_NUMBER: _ClassVar[int]
    worth: _common_pb2.Money
    total: _common_pb2.Money
    more: _common_pb2.Money
    back: _common_pb2.Money
    def __init__(self, worth: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., total: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., more: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., back: _Optional[_Union[_common_pb2.Money, _Mapping]] = ...) -> None: ...

class ExchangeTicketsRequest(_message.Message):
    __slots__ = ("process", "occurrence", "order", "tickets", "to", "new_order", "lines", "paid", "payment_reference", "subject", "contact")
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    NEW_ORDER_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    PAID_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    process: str
    occurrence: str
    order: str
    tickets: _containers.RepeatedScalarFieldContainer[str]
    to: str
    new_order: str
    lines: _containers.RepeatedCompositeFieldContainer[_ticketing_pb2.Line]
    paid: _common_pb2.Money
    payment_reference: str
    subject: str
    contact: _people_pb2.Contact
    def __init__(self, process: _Optional[str] = ..., occurrence: _Optional[str] = ..., order: _Optional[str] = ..., tickets: _Optional[_Iterable[str]] = ..., to: _Optional[str] = ..., new_order: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[_ticketing_pb2.Line, _Mapping]]] = ..., paid: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., payment_reference: _Optional[str] = ..., subject: _Optional[str] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ...) -> None: ...

class GetExchangeRequest(_message.Message):
    __slots__ = ("process",)
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    process: str
    def __init__(self, process: _Optional[str] = ...) -> None: ...

class Exchange(_message.Message):
    __slots__ = ("process", "state", "why", "total", "back")
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    BACK_FIELD_NUMBER: _ClassVar[int]
    process: str
    state: ExchangeState
    why: str
    total: _common_pb2.Money
    back: _common_pb2.Money
    def __init__(self, process: _Optional[str] = ..., state: _Optional[_Union[ExchangeState, str]] = ..., why: _Optional[str] = ..., total: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., back: _Optional[_Union[_common_pb2.Money, _Mapping]] = ...) -> None: ...
