import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from roadcase.api.v1 import common_pb2 as _common_pb2
from roadcase.api.v1 import people_pb2 as _people_pb2
from roadcase.api.v1 import ticketing_questions_pb2 as _ticketing_questions_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Channel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANNEL_UNSPECIFIED: _ClassVar[Channel]
    CHANNEL_WEB: _ClassVar[Channel]
    CHANNEL_DROP: _ClassVar[Channel]
    CHANNEL_TILL: _ClassVar[Channel]

class Delivery(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELIVERY_UNSPECIFIED: _ClassVar[Delivery]
    DELIVERY_PHONE: _ClassVar[Delivery]
    DELIVERY_PRINT: _ClassVar[Delivery]

class Direction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DIRECTION_UNSPECIFIED: _ClassVar[Direction]
    DIRECTION_ENTRY: _ClassVar[Direction]
    DIRECTION_EXIT: _ClassVar[Direction]

class ScanResult(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCAN_RESULT_UNSPECIFIED: _ClassVar[ScanResult]
    SCAN_RESULT_ADMITTED: _ClassVar[ScanResult]
    SCAN_RESULT_EXITED: _ClassVar[ScanResult]
    SCAN_RESULT_REFUSED: _ClassVar[ScanResult]
CHANNEL_UNSPECIFIED: Channel
CHANNEL_WEB: Channel
CHANNEL_DROP: Channel
CHANNEL_TILL: Channel
DELIVERY_UNSPECIFIED: Delivery
DELIVERY_PHONE: Delivery
DELIVERY_PRINT: Delivery
DIRECTION_UNSPECIFIED: Direction
DIRECTION_ENTRY: Direction
DIRECTION_EXIT: Direction
SCAN_RESULT_UNSPECIFIED: ScanResult
SCAN_RESULT_ADMITTED: ScanResult
SCAN_RESULT_EXITED: ScanResult
SCAN_RESULT_REFUSED: ScanResult

class OpenBoxOfficeRequest(_message.Message):
    __slots__ = ("occurrence", "name", "starts_at", "ends_at", "zone", "pools", "ticket_types", "per_order_max", "per_person_max")
    class PoolsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STARTS_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    POOLS_FIELD_NUMBER: _ClassVar[int]
    TICKET_TYPES_FIELD_NUMBER: _ClassVar[int]
    PER_ORDER_MAX_FIELD_NUMBER: _ClassVar[int]
    PER_PERSON_MAX_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    name: str
    starts_at: str
    ends_at: str
    zone: str
    pools: _containers.ScalarMap[str, int]
    ticket_types: _containers.RepeatedCompositeFieldContainer[TicketType]
    per_order_max: int
    per_person_max: int
    def __init__(self, occurrence: _Optional[str] = ..., name: _Optional[str] = ..., starts_at: _Optional[str] = ..., ends_at: _Optional[str] = ..., zone: _Optional[str] = ..., pools: _Optional[_Mapping[str, int]] = ..., ticket_types: _Optional[_Iterable[_Union[TicketType, _Mapping]]] = ..., per_order_max: _Optional[int] = ..., per_person_max: _Optional[int] = ...) -> None: ...

class OpenBoxOfficeResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ChangeBoxOfficeRequest(_message.Message):
    __slots__ = ("occurrence", "name", "starts_at", "ends_at", "zone", "pools", "ticket_types", "per_order_max", "per_person_max")
    class PoolsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STARTS_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    POOLS_FIELD_NUMBER: _ClassVar[int]
    TICKET_TYPES_FIELD_NUMBER: _ClassVar[int]
    PER_ORDER_MAX_FIELD_NUMBER: _ClassVar[int]
    PER_PERSON_MAX_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    name: str
    starts_at: str
    ends_at: str
    zone: str
    pools: _containers.ScalarMap[str, int]
    ticket_types: _containers.RepeatedCompositeFieldContainer[TicketType]
    per_order_max: int
    per_person_max: int
    def __init__(self, occurrence: _Optional[str] = ..., name: _Optional[str] = ..., starts_at: _Optional[str] = ..., ends_at: _Optional[str] = ..., zone: _Optional[str] = ..., pools: _Optional[_Mapping[str, int]] = ..., ticket_types: _Optional[_Iterable[_Union[TicketType, _Mapping]]] = ..., per_order_max: _Optional[int] = ..., per_person_max: _Optional[int] = ...) -> None: ...

class ChangeBoxOfficeResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class TicketType(_message.Message):
    __slots__ = ("id", "name", "price", "seller", "draws", "sale_from", "sale_until", "per_order_min", "per_order_max", "per_person_max", "addon_to", "bundle", "levels", "lowest_price", "admits", "fee", "presales", "unlocked_by", "policy", "approval", "deliver", "no_show_minutes", "valid_from", "valid_until")
    class DrawsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class AddonToEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Span
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Span, _Mapping]] = ...) -> None: ...
    class BundleEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    SELLER_FIELD_NUMBER: _ClassVar[int]
    DRAWS_FIELD_NUMBER: _ClassVar[int]
    SALE_FROM_FIELD_NUMBER: _ClassVar[int]
    SALE_UNTIL_FIELD_NUMBER: _ClassVar[int]
    PER_ORDER_MIN_FIELD_NUMBER: _ClassVar[int]
    PER_ORDER_MAX_FIELD_NUMBER: _ClassVar[int]
    PER_PERSON_MAX_FIELD_NUMBER: _ClassVar[int]
    ADDON_TO_FIELD_NUMBER: _ClassVar[int]
    BUNDLE_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    LOWEST_PRICE_FIELD_NUMBER: _ClassVar[int]
    ADMITS_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    PRESALES_FIELD_NUMBER: _ClassVar[int]
    UNLOCKED_BY_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    APPROVAL_FIELD_NUMBER: _ClassVar[int]
    DELIVER_FIELD_NUMBER: _ClassVar[int]
    NO_SHOW_MINUTES_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    price: _common_pb2.Money
    seller: str
    draws: _containers.ScalarMap[str, int]
    sale_from: _timestamp_pb2.Timestamp
    sale_until: _timestamp_pb2.Timestamp
    per_order_min: int
    per_order_max: int
    per_person_max: int
    addon_to: _containers.MessageMap[str, Span]
    bundle: _containers.ScalarMap[str, int]
    levels: _containers.RepeatedCompositeFieldContainer[PriceLevel]
    lowest_price: _common_pb2.Money
    admits: int
    fee: Fee
    presales: _containers.RepeatedCompositeFieldContainer[Presale]
    unlocked_by: _containers.RepeatedScalarFieldContainer[str]
    policy: str
    approval: bool
    deliver: Delivery
    no_show_minutes: int
    valid_from: _timestamp_pb2.Timestamp
    valid_until: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., price: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., seller: _Optional[str] = ..., draws: _Optional[_Mapping[str, int]] = ..., sale_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sale_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., per_order_min: _Optional[int] = ..., per_order_max: _Optional[int] = ..., per_person_max: _Optional[int] = ..., addon_to: _Optional[_Mapping[str, Span]] = ..., bundle: _Optional[_Mapping[str, int]] = ..., levels: _Optional[_Iterable[_Union[PriceLevel, _Mapping]]] = ..., lowest_price: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., admits: _Optional[int] = ..., fee: _Optional[_Union[Fee, _Mapping]] = ..., presales: _Optional[_Iterable[_Union[Presale, _Mapping]]] = ..., unlocked_by: _Optional[_Iterable[str]] = ..., policy: _Optional[str] = ..., approval: _Optional[bool] = ..., deliver: _Optional[_Union[Delivery, str]] = ..., no_show_minutes: _Optional[int] = ..., valid_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., valid_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PriceLevel(_message.Message):
    __slots__ = ("id", "price", "until", "quantity")
    ID_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    id: str
    price: _common_pb2.Money
    until: _timestamp_pb2.Timestamp
    quantity: int
    def __init__(self, id: _Optional[str] = ..., price: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., quantity: _Optional[int] = ...) -> None: ...

class Fee(_message.Message):
    __slots__ = ("fixed", "permille", "borne_by_organiser")
    FIXED_FIELD_NUMBER: _ClassVar[int]
    PERMILLE_FIELD_NUMBER: _ClassVar[int]
    BORNE_BY_ORGANISER_FIELD_NUMBER: _ClassVar[int]
    fixed: _common_pb2.Money
    permille: int
    borne_by_organiser: bool
    def __init__(self, fixed: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., permille: _Optional[int] = ..., borne_by_organiser: _Optional[bool] = ...) -> None: ...

class Presale(_message.Message):
    __slots__ = ("members", "codes", "sale_from", "sale_until")
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    CODES_FIELD_NUMBER: _ClassVar[int]
    SALE_FROM_FIELD_NUMBER: _ClassVar[int]
    SALE_UNTIL_FIELD_NUMBER: _ClassVar[int]
    members: bool
    codes: _containers.RepeatedScalarFieldContainer[str]
    sale_from: _timestamp_pb2.Timestamp
    sale_until: _timestamp_pb2.Timestamp
    def __init__(self, members: _Optional[bool] = ..., codes: _Optional[_Iterable[str]] = ..., sale_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sale_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Span(_message.Message):
    __slots__ = ("least", "most")
    LEAST_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    least: int
    most: int
    def __init__(self, least: _Optional[int] = ..., most: _Optional[int] = ...) -> None: ...

class Line(_message.Message):
    __slots__ = ("ticket_type", "quantity", "price", "seats", "accessible")
    TICKET_TYPE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    SEATS_FIELD_NUMBER: _ClassVar[int]
    ACCESSIBLE_FIELD_NUMBER: _ClassVar[int]
    ticket_type: str
    quantity: int
    price: _common_pb2.Money
    seats: _containers.RepeatedScalarFieldContainer[str]
    accessible: int
    def __init__(self, ticket_type: _Optional[str] = ..., quantity: _Optional[int] = ..., price: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., seats: _Optional[_Iterable[str]] = ..., accessible: _Optional[int] = ...) -> None: ...

class HoldTicketsRequest(_message.Message):
    __slots__ = ("occurrence", "hold", "lines", "subject", "channel", "seconds", "contact", "codes", "promo", "member", "allotment", "seats_apart")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CODES_FIELD_NUMBER: _ClassVar[int]
    PROMO_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    ALLOTMENT_FIELD_NUMBER: _ClassVar[int]
    SEATS_APART_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    hold: str
    lines: _containers.RepeatedCompositeFieldContainer[Line]
    subject: str
    channel: Channel
    seconds: int
    contact: _people_pb2.Contact
    codes: _containers.RepeatedScalarFieldContainer[str]
    promo: str
    member: bool
    allotment: str
    seats_apart: bool
    def __init__(self, occurrence: _Optional[str] = ..., hold: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[Line, _Mapping]]] = ..., subject: _Optional[str] = ..., channel: _Optional[_Union[Channel, str]] = ..., seconds: _Optional[int] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ..., codes: _Optional[_Iterable[str]] = ..., promo: _Optional[str] = ..., member: _Optional[bool] = ..., allotment: _Optional[str] = ..., seats_apart: _Optional[bool] = ...) -> None: ...

class HoldTicketsResponse(_message.Message):
    __slots__ = ("hold", "until", "total", "lines")
    HOLD_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    hold: str
    until: _timestamp_pb2.Timestamp
    total: _common_pb2.Money
    lines: _containers.RepeatedCompositeFieldContainer[QuotedLine]
    def __init__(self, hold: _Optional[str] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., total: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[QuotedLine, _Mapping]]] = ...) -> None: ...

class QuotedLine(_message.Message):
    __slots__ = ("ticket_type", "quantity", "price", "fee", "tier", "voucher", "listed", "seats")
    TICKET_TYPE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    VOUCHER_FIELD_NUMBER: _ClassVar[int]
    LISTED_FIELD_NUMBER: _ClassVar[int]
    SEATS_FIELD_NUMBER: _ClassVar[int]
    ticket_type: str
    quantity: int
    price: _common_pb2.Money
    fee: _common_pb2.Money
    tier: str
    voucher: str
    listed: _common_pb2.Money
    seats: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, ticket_type: _Optional[str] = ..., quantity: _Optional[int] = ..., price: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., fee: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., tier: _Optional[str] = ..., voucher: _Optional[str] = ..., listed: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., seats: _Optional[_Iterable[str]] = ...) -> None: ...

class ExtendHoldRequest(_message.Message):
    __slots__ = ("occurrence", "hold")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    hold: str
    def __init__(self, occurrence: _Optional[str] = ..., hold: _Optional[str] = ...) -> None: ...

class ExtendHoldResponse(_message.Message):
    __slots__ = ("until",)
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    until: _timestamp_pb2.Timestamp
    def __init__(self, until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReleaseHoldRequest(_message.Message):
    __slots__ = ("occurrence", "hold")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    hold: str
    def __init__(self, occurrence: _Optional[str] = ..., hold: _Optional[str] = ...) -> None: ...

class ReleaseHoldResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ConfirmOrderRequest(_message.Message):
    __slots__ = ("occurrence", "order", "hold", "payment_reference", "amount", "subject", "contact", "answers", "other_seats")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    OTHER_SEATS_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    hold: str
    payment_reference: str
    amount: _common_pb2.Money
    subject: str
    contact: _people_pb2.Contact
    answers: _containers.RepeatedCompositeFieldContainer[_ticketing_questions_pb2.Answer]
    other_seats: bool
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., hold: _Optional[str] = ..., payment_reference: _Optional[str] = ..., amount: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., subject: _Optional[str] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ..., answers: _Optional[_Iterable[_Union[_ticketing_questions_pb2.Answer, _Mapping]]] = ..., other_seats: _Optional[bool] = ...) -> None: ...

class SellTicketsRequest(_message.Message):
    __slots__ = ("occurrence", "order", "lines", "payment_reference", "amount", "subject", "channel", "contact", "answers", "codes", "promo", "member", "allotment", "seats_apart")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    CODES_FIELD_NUMBER: _ClassVar[int]
    PROMO_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    ALLOTMENT_FIELD_NUMBER: _ClassVar[int]
    SEATS_APART_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    lines: _containers.RepeatedCompositeFieldContainer[Line]
    payment_reference: str
    amount: _common_pb2.Money
    subject: str
    channel: Channel
    contact: _people_pb2.Contact
    answers: _containers.RepeatedCompositeFieldContainer[_ticketing_questions_pb2.Answer]
    codes: _containers.RepeatedScalarFieldContainer[str]
    promo: str
    member: bool
    allotment: str
    seats_apart: bool
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[Line, _Mapping]]] = ..., payment_reference: _Optional[str] = ..., amount: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., subject: _Optional[str] = ..., channel: _Optional[_Union[Channel, str]] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ..., answers: _Optional[_Iterable[_Union[_ticketing_questions_pb2.Answer, _Mapping]]] = ..., codes: _Optional[_Iterable[str]] = ..., promo: _Optional[str] = ..., member: _Optional[bool] = ..., allotment: _Optional[str] = ..., seats_apart: _Optional[bool] = ...) -> None: ...

class SellStreamRequest(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[SellStreamItem]
    def __init__(self, items: _Optional[_Iterable[_Union[SellStreamItem, _Mapping]]] = ...) -> None: ...

class SellStreamItem(_message.Message):
    __slots__ = ("idempotency_key", "sale")
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    SALE_FIELD_NUMBER: _ClassVar[int]
    idempotency_key: str
    sale: SellTicketsRequest
    def __init__(self, idempotency_key: _Optional[str] = ..., sale: _Optional[_Union[SellTicketsRequest, _Mapping]] = ...) -> None: ...

class SellStreamResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[SellStreamResult]
    def __init__(self, results: _Optional[_Iterable[_Union[SellStreamResult, _Mapping]]] = ...) -> None: ...

class SellStreamResult(_message.Message):
    __slots__ = ("idempotency_key", "order", "error", "replayed")
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    idempotency_key: str
    order: Order
    error: _common_pb2.Error
    replayed: bool
    def __init__(self, idempotency_key: _Optional[str] = ..., order: _Optional[_Union[Order, _Mapping]] = ..., error: _Optional[_Union[_common_pb2.Error, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class Order(_message.Message):
    __slots__ = ("order", "tickets")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    order: str
    tickets: _containers.RepeatedCompositeFieldContainer[Ticket]
    def __init__(self, order: _Optional[str] = ..., tickets: _Optional[_Iterable[_Union[Ticket, _Mapping]]] = ...) -> None: ...

class Ticket(_message.Message):
    __slots__ = ("ticket", "ticket_type", "price", "code", "fee", "admits", "addon_to", "seat")
    TICKET_FIELD_NUMBER: _ClassVar[int]
    TICKET_TYPE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    ADMITS_FIELD_NUMBER: _ClassVar[int]
    ADDON_TO_FIELD_NUMBER: _ClassVar[int]
    SEAT_FIELD_NUMBER: _ClassVar[int]
    ticket: str
    ticket_type: str
    price: _common_pb2.Money
    code: str
    fee: _common_pb2.Money
    admits: int
    addon_to: str
    seat: str
    def __init__(self, ticket: _Optional[str] = ..., ticket_type: _Optional[str] = ..., price: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., code: _Optional[str] = ..., fee: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., admits: _Optional[int] = ..., addon_to: _Optional[str] = ..., seat: _Optional[str] = ...) -> None: ...

class CancelOrderRequest(_message.Message):
    __slots__ = ("occurrence", "order", "tickets", "reason")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    tickets: _containers.RepeatedScalarFieldContainer[str]
    reason: str
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., tickets: _Optional[_Iterable[str]] = ..., reason: _Optional[str] = ...) -> None: ...

class CancelOrderResponse(_message.Message):
    __slots__ = ("tickets",)
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    tickets: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, tickets: _Optional[_Iterable[str]] = ...) -> None: ...

class RefundTicketsRequest(_message.Message):
    __slots__ = ("occurrence", "order", "tickets", "reason", "refund_reference", "amount", "by_policy")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFUND_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    BY_POLICY_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    tickets: _containers.RepeatedScalarFieldContainer[str]
    reason: str
    refund_reference: str
    amount: _common_pb2.Money
    by_policy: bool
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., tickets: _Optional[_Iterable[str]] = ..., reason: _Optional[str] = ..., refund_reference: _Optional[str] = ..., amount: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., by_policy: _Optional[bool] = ...) -> None: ...

class RefundTicketsResponse(_message.Message):
    __slots__ = ("tickets",)
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    tickets: _containers.RepeatedCompositeFieldContainer[RefundedTicket]
    def __init__(self, tickets: _Optional[_Iterable[_Union[RefundedTicket, _Mapping]]] = ...) -> None: ...

class RefundedTicket(_message.Message):
    __slots__ = ("ticket", "amount", "paid", "why")
    TICKET_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PAID_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ticket: str
    amount: _common_pb2.Money
    paid: _common_pb2.Money
    why: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, ticket: _Optional[str] = ..., amount: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., paid: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., why: _Optional[_Iterable[str]] = ...) -> None: ...

class GetAvailabilityRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class Availability(_message.Message):
    __slots__ = ("pools", "types")
    POOLS_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    pools: _containers.RepeatedCompositeFieldContainer[PoolAvailability]
    types: _containers.RepeatedCompositeFieldContainer[TypeAvailability]
    def __init__(self, pools: _Optional[_Iterable[_Union[PoolAvailability, _Mapping]]] = ..., types: _Optional[_Iterable[_Union[TypeAvailability, _Mapping]]] = ...) -> None: ...

class PoolAvailability(_message.Message):
    __slots__ = ("pool", "capacity", "held", "sold", "free", "kept")
    POOL_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    SOLD_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    pool: str
    capacity: int
    held: int
    sold: int
    free: int
    kept: int
    def __init__(self, pool: _Optional[str] = ..., capacity: _Optional[int] = ..., held: _Optional[int] = ..., sold: _Optional[int] = ..., free: _Optional[int] = ..., kept: _Optional[int] = ...) -> None: ...

class TypeAvailability(_message.Message):
    __slots__ = ("id", "name", "price", "fee", "tier", "lowest_price", "left")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    LOWEST_PRICE_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    price: _common_pb2.Money
    fee: _common_pb2.Money
    tier: str
    lowest_price: _common_pb2.Money
    left: int
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., price: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., fee: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., tier: _Optional[str] = ..., lowest_price: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., left: _Optional[int] = ...) -> None: ...

class GetLinksRequest(_message.Message):
    __slots__ = ("occurrence", "order")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ...) -> None: ...

class Links(_message.Message):
    __slots__ = ("shop", "order")
    SHOP_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    shop: str
    order: str
    def __init__(self, shop: _Optional[str] = ..., order: _Optional[str] = ...) -> None: ...

class CheckInRequest(_message.Message):
    __slots__ = ("occurrence", "gate", "nonce", "direction", "shown", "claimed_at", "device", "guests")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_AT_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    GUESTS_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    gate: str
    nonce: str
    direction: Direction
    shown: str
    claimed_at: _timestamp_pb2.Timestamp
    device: str
    guests: int
    def __init__(self, occurrence: _Optional[str] = ..., gate: _Optional[str] = ..., nonce: _Optional[str] = ..., direction: _Optional[_Union[Direction, str]] = ..., shown: _Optional[str] = ..., claimed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., device: _Optional[str] = ..., guests: _Optional[int] = ...) -> None: ...

class ThingToHandOut(_message.Message):
    __slots__ = ("item", "name")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    item: str
    name: str
    def __init__(self, item: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class CheckInResponse(_message.Message):
    __slots__ = ("result", "reason", "detail", "ticket", "since", "since_gate", "message", "inside", "admits", "attention", "text", "hand_out", "seat")
    RESULT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    TICKET_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    SINCE_GATE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    INSIDE_FIELD_NUMBER: _ClassVar[int]
    ADMITS_FIELD_NUMBER: _ClassVar[int]
    ATTENTION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    HAND_OUT_FIELD_NUMBER: _ClassVar[int]
    SEAT_FIELD_NUMBER: _ClassVar[int]
    result: ScanResult
    reason: str
    detail: str
    ticket: str
    since: _timestamp_pb2.Timestamp
    since_gate: str
    message: str
    inside: int
    admits: int
    attention: bool
    text: str
    hand_out: _containers.RepeatedCompositeFieldContainer[ThingToHandOut]
    seat: str
    def __init__(self, result: _Optional[_Union[ScanResult, str]] = ..., reason: _Optional[str] = ..., detail: _Optional[str] = ..., ticket: _Optional[str] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., since_gate: _Optional[str] = ..., message: _Optional[str] = ..., inside: _Optional[int] = ..., admits: _Optional[int] = ..., attention: _Optional[bool] = ..., text: _Optional[str] = ..., hand_out: _Optional[_Iterable[_Union[ThingToHandOut, _Mapping]]] = ..., seat: _Optional[str] = ...) -> None: ...
