from roadcase.api.v1 import common_pb2 as _common_pb2
from roadcase.api.v1 import ticketing_pb2 as _ticketing_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RefundStep(_message.Message):
    __slots__ = ("hours", "fixed", "permille")
    HOURS_FIELD_NUMBER: _ClassVar[int]
    FIXED_FIELD_NUMBER: _ClassVar[int]
    PERMILLE_FIELD_NUMBER: _ClassVar[int]
    hours: int
    fixed: _common_pb2.Money
    permille: int
    def __init__(self, hours: _Optional[int] = ..., fixed: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., permille: _Optional[int] = ...) -> None: ...

class SetRefundPolicyRequest(_message.Message):
    __slots__ = ("occurrence", "policy", "steps", "fees", "after_entry")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    FEES_FIELD_NUMBER: _ClassVar[int]
    AFTER_ENTRY_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    policy: str
    steps: _containers.RepeatedCompositeFieldContainer[RefundStep]
    fees: bool
    after_entry: bool
    def __init__(self, occurrence: _Optional[str] = ..., policy: _Optional[str] = ..., steps: _Optional[_Iterable[_Union[RefundStep, _Mapping]]] = ..., fees: _Optional[bool] = ..., after_entry: _Optional[bool] = ...) -> None: ...

class SetRefundPolicyResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class QuoteRefundRequest(_message.Message):
    __slots__ = ("occurrence", "order", "tickets")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    tickets: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., tickets: _Optional[_Iterable[str]] = ...) -> None: ...

class QuoteRefundResponse(_message.Message):
    __slots__ = ("amount", "tickets")
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    amount: _common_pb2.Money
    tickets: _containers.RepeatedCompositeFieldContainer[_ticketing_pb2.RefundedTicket]
    def __init__(self, amount: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., tickets: _Optional[_Iterable[_Union[_ticketing_pb2.RefundedTicket, _Mapping]]] = ...) -> None: ...
