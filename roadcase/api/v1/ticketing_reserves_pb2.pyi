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

class VoucherEffect(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VOUCHER_EFFECT_UNSPECIFIED: _ClassVar[VoucherEffect]
    VOUCHER_EFFECT_SET: _ClassVar[VoucherEffect]
    VOUCHER_EFFECT_SUBTRACT: _ClassVar[VoucherEffect]
    VOUCHER_EFFECT_PERCENT: _ClassVar[VoucherEffect]

class AllotmentKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ALLOTMENT_KIND_UNSPECIFIED: _ClassVar[AllotmentKind]
    ALLOTMENT_KIND_HOUSE: _ClassVar[AllotmentKind]
    ALLOTMENT_KIND_PRESS: _ClassVar[AllotmentKind]
    ALLOTMENT_KIND_ARTIST: _ClassVar[AllotmentKind]
    ALLOTMENT_KIND_SPONSOR: _ClassVar[AllotmentKind]
VOUCHER_EFFECT_UNSPECIFIED: VoucherEffect
VOUCHER_EFFECT_SET: VoucherEffect
VOUCHER_EFFECT_SUBTRACT: VoucherEffect
VOUCHER_EFFECT_PERCENT: VoucherEffect
ALLOTMENT_KIND_UNSPECIFIED: AllotmentKind
ALLOTMENT_KIND_HOUSE: AllotmentKind
ALLOTMENT_KIND_PRESS: AllotmentKind
ALLOTMENT_KIND_ARTIST: AllotmentKind
ALLOTMENT_KIND_SPONSOR: AllotmentKind

class Voucher(_message.Message):
    __slots__ = ("code", "effect", "amount", "permille", "ticket_types", "uses", "least", "per_person", "budget", "valid_until", "keeps", "used_for_good", "retired")
    CODE_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PERMILLE_FIELD_NUMBER: _ClassVar[int]
    TICKET_TYPES_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    LEAST_FIELD_NUMBER: _ClassVar[int]
    PER_PERSON_FIELD_NUMBER: _ClassVar[int]
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    KEEPS_FIELD_NUMBER: _ClassVar[int]
    USED_FOR_GOOD_FIELD_NUMBER: _ClassVar[int]
    RETIRED_FIELD_NUMBER: _ClassVar[int]
    code: str
    effect: VoucherEffect
    amount: _common_pb2.Money
    permille: int
    ticket_types: _containers.RepeatedScalarFieldContainer[str]
    uses: int
    least: int
    per_person: int
    budget: _common_pb2.Money
    valid_until: _timestamp_pb2.Timestamp
    keeps: bool
    used_for_good: bool
    retired: bool
    def __init__(self, code: _Optional[str] = ..., effect: _Optional[_Union[VoucherEffect, str]] = ..., amount: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., permille: _Optional[int] = ..., ticket_types: _Optional[_Iterable[str]] = ..., uses: _Optional[int] = ..., least: _Optional[int] = ..., per_person: _Optional[int] = ..., budget: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., valid_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., keeps: _Optional[bool] = ..., used_for_good: _Optional[bool] = ..., retired: _Optional[bool] = ...) -> None: ...

class SetVoucherRequest(_message.Message):
    __slots__ = ("occurrence", "voucher")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    VOUCHER_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    voucher: Voucher
    def __init__(self, occurrence: _Optional[str] = ..., voucher: _Optional[_Union[Voucher, _Mapping]] = ...) -> None: ...

class SetVoucherResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListVouchersRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class ListVouchersResponse(_message.Message):
    __slots__ = ("vouchers",)
    VOUCHERS_FIELD_NUMBER: _ClassVar[int]
    vouchers: _containers.RepeatedCompositeFieldContainer[UsedVoucher]
    def __init__(self, vouchers: _Optional[_Iterable[_Union[UsedVoucher, _Mapping]]] = ...) -> None: ...

class UsedVoucher(_message.Message):
    __slots__ = ("voucher", "sold")
    VOUCHER_FIELD_NUMBER: _ClassVar[int]
    SOLD_FIELD_NUMBER: _ClassVar[int]
    voucher: Voucher
    sold: int
    def __init__(self, voucher: _Optional[_Union[Voucher, _Mapping]] = ..., sold: _Optional[int] = ...) -> None: ...

class SetSeriesVoucherRequest(_message.Message):
    __slots__ = ("voucher",)
    VOUCHER_FIELD_NUMBER: _ClassVar[int]
    voucher: Voucher
    def __init__(self, voucher: _Optional[_Union[Voucher, _Mapping]] = ...) -> None: ...

class SetSeriesVoucherResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListSeriesVouchersRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListSeriesVouchersResponse(_message.Message):
    __slots__ = ("vouchers",)
    VOUCHERS_FIELD_NUMBER: _ClassVar[int]
    vouchers: _containers.RepeatedCompositeFieldContainer[UsedSeriesVoucher]
    def __init__(self, vouchers: _Optional[_Iterable[_Union[UsedSeriesVoucher, _Mapping]]] = ...) -> None: ...

class UsedSeriesVoucher(_message.Message):
    __slots__ = ("voucher", "used", "reserved", "spent")
    VOUCHER_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    RESERVED_FIELD_NUMBER: _ClassVar[int]
    SPENT_FIELD_NUMBER: _ClassVar[int]
    voucher: Voucher
    used: int
    reserved: int
    spent: _common_pb2.Money
    def __init__(self, voucher: _Optional[_Union[Voucher, _Mapping]] = ..., used: _Optional[int] = ..., reserved: _Optional[int] = ..., spent: _Optional[_Union[_common_pb2.Money, _Mapping]] = ...) -> None: ...

class Allotment(_message.Message):
    __slots__ = ("id", "name", "pool", "kind", "release_at", "codes")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    POOL_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    RELEASE_AT_FIELD_NUMBER: _ClassVar[int]
    CODES_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    pool: str
    kind: AllotmentKind
    release_at: _timestamp_pb2.Timestamp
    codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., pool: _Optional[str] = ..., kind: _Optional[_Union[AllotmentKind, str]] = ..., release_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., codes: _Optional[_Iterable[str]] = ...) -> None: ...

class SetAllotmentRequest(_message.Message):
    __slots__ = ("occurrence", "allotment", "units")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ALLOTMENT_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    allotment: Allotment
    units: int
    def __init__(self, occurrence: _Optional[str] = ..., allotment: _Optional[_Union[Allotment, _Mapping]] = ..., units: _Optional[int] = ...) -> None: ...

class SetAllotmentResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReleaseAllotmentRequest(_message.Message):
    __slots__ = ("occurrence", "allotment", "units")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ALLOTMENT_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    allotment: str
    units: int
    def __init__(self, occurrence: _Optional[str] = ..., allotment: _Optional[str] = ..., units: _Optional[int] = ...) -> None: ...

class ReleaseAllotmentResponse(_message.Message):
    __slots__ = ("units",)
    UNITS_FIELD_NUMBER: _ClassVar[int]
    units: int
    def __init__(self, units: _Optional[int] = ...) -> None: ...

class ListAllotmentsRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class ListAllotmentsResponse(_message.Message):
    __slots__ = ("allotments",)
    ALLOTMENTS_FIELD_NUMBER: _ClassVar[int]
    allotments: _containers.RepeatedCompositeFieldContainer[UsedAllotment]
    def __init__(self, allotments: _Optional[_Iterable[_Union[UsedAllotment, _Mapping]]] = ...) -> None: ...

class UsedAllotment(_message.Message):
    __slots__ = ("allotment", "sold", "closed")
    ALLOTMENT_FIELD_NUMBER: _ClassVar[int]
    SOLD_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    allotment: Allotment
    sold: int
    closed: bool
    def __init__(self, allotment: _Optional[_Union[Allotment, _Mapping]] = ..., sold: _Optional[int] = ..., closed: _Optional[bool] = ...) -> None: ...

class GiveTicketsRequest(_message.Message):
    __slots__ = ("occurrence", "order", "lines", "giver", "reason", "allotment", "subject", "contact")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    GIVER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ALLOTMENT_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    lines: _containers.RepeatedCompositeFieldContainer[_ticketing_pb2.Line]
    giver: str
    reason: str
    allotment: str
    subject: str
    contact: _people_pb2.Contact
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[_ticketing_pb2.Line, _Mapping]]] = ..., giver: _Optional[str] = ..., reason: _Optional[str] = ..., allotment: _Optional[str] = ..., subject: _Optional[str] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ...) -> None: ...
