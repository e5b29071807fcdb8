import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
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

class PlacedState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PLACED_STATE_UNSPECIFIED: _ClassVar[PlacedState]
    PLACED_STATE_REQUESTED: _ClassVar[PlacedState]
    PLACED_STATE_UNPAID: _ClassVar[PlacedState]
    PLACED_STATE_PAID: _ClassVar[PlacedState]
    PLACED_STATE_DECLINED: _ClassVar[PlacedState]
    PLACED_STATE_RELEASED: _ClassVar[PlacedState]
    PLACED_STATE_EXPIRED: _ClassVar[PlacedState]
PLACED_STATE_UNSPECIFIED: PlacedState
PLACED_STATE_REQUESTED: PlacedState
PLACED_STATE_UNPAID: PlacedState
PLACED_STATE_PAID: PlacedState
PLACED_STATE_DECLINED: PlacedState
PLACED_STATE_RELEASED: PlacedState
PLACED_STATE_EXPIRED: PlacedState

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
    __slots__ = ("amount", "tickets", "stay")
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    STAY_FIELD_NUMBER: _ClassVar[int]
    amount: _common_pb2.Money
    tickets: _containers.RepeatedCompositeFieldContainer[_ticketing_pb2.RefundedTicket]
    stay: _containers.RepeatedCompositeFieldContainer[RatedTicket]
    def __init__(self, amount: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., tickets: _Optional[_Iterable[_Union[_ticketing_pb2.RefundedTicket, _Mapping]]] = ..., stay: _Optional[_Iterable[_Union[RatedTicket, _Mapping]]] = ...) -> None: ...

class RatedTicket(_message.Message):
    __slots__ = ("ticket", "before", "price")
    TICKET_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    ticket: str
    before: _common_pb2.Money
    price: _common_pb2.Money
    def __init__(self, ticket: _Optional[str] = ..., before: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., price: _Optional[_Union[_common_pb2.Money, _Mapping]] = ...) -> None: ...

class PlaceOrderRequest(_message.Message):
    __slots__ = ("occurrence", "order", "lines", "subject", "contact", "pay_until", "codes", "promo", "member", "allotment", "seats_apart")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    PAY_UNTIL_FIELD_NUMBER: _ClassVar[int]
    CODES_FIELD_NUMBER: _ClassVar[int]
    PROMO_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    ALLOTMENT_FIELD_NUMBER: _ClassVar[int]
    SEATS_APART_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    lines: _containers.RepeatedCompositeFieldContainer[_ticketing_pb2.Line]
    subject: str
    contact: _people_pb2.Contact
    pay_until: _timestamp_pb2.Timestamp
    codes: _containers.RepeatedScalarFieldContainer[str]
    promo: str
    member: bool
    allotment: str
    seats_apart: bool
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[_ticketing_pb2.Line, _Mapping]]] = ..., subject: _Optional[str] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ..., pay_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., codes: _Optional[_Iterable[str]] = ..., promo: _Optional[str] = ..., member: _Optional[bool] = ..., allotment: _Optional[str] = ..., seats_apart: _Optional[bool] = ...) -> None: ...

class PlaceOrderResponse(_message.Message):
    __slots__ = ("until", "total", "approval")
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    APPROVAL_FIELD_NUMBER: _ClassVar[int]
    until: _timestamp_pb2.Timestamp
    total: _common_pb2.Money
    approval: bool
    def __init__(self, until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., total: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., approval: _Optional[bool] = ...) -> None: ...

class ApproveOrderRequest(_message.Message):
    __slots__ = ("occurrence", "order", "pay_until")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    PAY_UNTIL_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    pay_until: _timestamp_pb2.Timestamp
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., pay_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ApproveOrderResponse(_message.Message):
    __slots__ = ("tickets",)
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    tickets: _containers.RepeatedCompositeFieldContainer[_ticketing_pb2.Ticket]
    def __init__(self, tickets: _Optional[_Iterable[_Union[_ticketing_pb2.Ticket, _Mapping]]] = ...) -> None: ...

class DeclineOrderRequest(_message.Message):
    __slots__ = ("occurrence", "order", "reason")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    reason: str
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class DeclineOrderResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListPlacedOrdersRequest(_message.Message):
    __slots__ = ("occurrence", "state", "page_size", "page_token")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    state: PlacedState
    page_size: int
    page_token: str
    def __init__(self, occurrence: _Optional[str] = ..., state: _Optional[_Union[PlacedState, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPlacedOrdersResponse(_message.Message):
    __slots__ = ("orders", "next_page_token")
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    orders: _containers.RepeatedCompositeFieldContainer[PlacedOrder]
    next_page_token: str
    def __init__(self, orders: _Optional[_Iterable[_Union[PlacedOrder, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class PlacedOrder(_message.Message):
    __slots__ = ("order", "state", "total", "placed_at", "until", "reason")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    PLACED_AT_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    order: str
    state: PlacedState
    total: _common_pb2.Money
    placed_at: _timestamp_pb2.Timestamp
    until: _timestamp_pb2.Timestamp
    reason: str
    def __init__(self, order: _Optional[str] = ..., state: _Optional[_Union[PlacedState, str]] = ..., total: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., placed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class TransferTicketRequest(_message.Message):
    __slots__ = ("occurrence", "order", "ticket", "transfer", "contact")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TICKET_FIELD_NUMBER: _ClassVar[int]
    TRANSFER_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    ticket: str
    transfer: str
    contact: _people_pb2.Contact
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., ticket: _Optional[str] = ..., transfer: _Optional[str] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ...) -> None: ...

class TransferTicketResponse(_message.Message):
    __slots__ = ("order", "tickets")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    order: str
    tickets: _containers.RepeatedCompositeFieldContainer[_ticketing_pb2.Ticket]
    def __init__(self, order: _Optional[str] = ..., tickets: _Optional[_Iterable[_Union[_ticketing_pb2.Ticket, _Mapping]]] = ...) -> None: ...

class RenameTicketRequest(_message.Message):
    __slots__ = ("occurrence", "order", "ticket", "contact")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TICKET_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    ticket: str
    contact: _people_pb2.Contact
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., ticket: _Optional[str] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ...) -> None: ...

class RenameTicketResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ResendOrderRequest(_message.Message):
    __slots__ = ("occurrence", "order", "resend")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    RESEND_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    resend: str
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., resend: _Optional[str] = ...) -> None: ...

class ResendOrderResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
