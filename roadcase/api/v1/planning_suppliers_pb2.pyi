import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from roadcase.api.v1 import common_pb2 as _common_pb2
from roadcase.api.v1 import people_pb2 as _people_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SupplierStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUPPLIER_STATUS_UNSPECIFIED: _ClassVar[SupplierStatus]
    SUPPLIER_STATUS_APPLIED: _ClassVar[SupplierStatus]
    SUPPLIER_STATUS_VETTED: _ClassVar[SupplierStatus]
    SUPPLIER_STATUS_SUSPENDED: _ClassVar[SupplierStatus]

class Conduct(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONDUCT_UNSPECIFIED: _ClassVar[Conduct]
    CONDUCT_ON_TIME: _ClassVar[Conduct]
    CONDUCT_LATE: _ClassVar[Conduct]
    CONDUCT_NO_SHOW: _ClassVar[Conduct]
    CONDUCT_COMPLAINT: _ClassVar[Conduct]
SUPPLIER_STATUS_UNSPECIFIED: SupplierStatus
SUPPLIER_STATUS_APPLIED: SupplierStatus
SUPPLIER_STATUS_VETTED: SupplierStatus
SUPPLIER_STATUS_SUSPENDED: SupplierStatus
CONDUCT_UNSPECIFIED: Conduct
CONDUCT_ON_TIME: Conduct
CONDUCT_LATE: Conduct
CONDUCT_NO_SHOW: Conduct
CONDUCT_COMPLAINT: Conduct

class AddSupplierRequest(_message.Message):
    __slots__ = ("supplier", "title", "offers", "registration", "contact")
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    REGISTRATION_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    supplier: str
    title: str
    offers: str
    registration: str
    contact: _people_pb2.Contact
    def __init__(self, supplier: _Optional[str] = ..., title: _Optional[str] = ..., offers: _Optional[str] = ..., registration: _Optional[str] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ...) -> None: ...

class AddSupplierResponse(_message.Message):
    __slots__ = ("alike",)
    ALIKE_FIELD_NUMBER: _ClassVar[int]
    alike: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, alike: _Optional[_Iterable[str]] = ...) -> None: ...

class VetSupplierRequest(_message.Message):
    __slots__ = ("supplier", "note")
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    supplier: str
    note: str
    def __init__(self, supplier: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class VetSupplierResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SuspendSupplierRequest(_message.Message):
    __slots__ = ("supplier", "reason")
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    supplier: str
    reason: str
    def __init__(self, supplier: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class SuspendSupplierResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SupplierDocument(_message.Message):
    __slots__ = ("document", "kind", "reference", "valid_from", "valid_until", "expired")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    EXPIRED_FIELD_NUMBER: _ClassVar[int]
    document: str
    kind: str
    reference: str
    valid_from: str
    valid_until: str
    expired: bool
    def __init__(self, document: _Optional[str] = ..., kind: _Optional[str] = ..., reference: _Optional[str] = ..., valid_from: _Optional[str] = ..., valid_until: _Optional[str] = ..., expired: _Optional[bool] = ...) -> None: ...

class FileSupplierDocumentRequest(_message.Message):
    __slots__ = ("supplier", "document")
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    supplier: str
    document: SupplierDocument
    def __init__(self, supplier: _Optional[str] = ..., document: _Optional[_Union[SupplierDocument, _Mapping]] = ...) -> None: ...

class FileSupplierDocumentResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WithdrawSupplierDocumentRequest(_message.Message):
    __slots__ = ("supplier", "document", "reason")
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    supplier: str
    document: str
    reason: str
    def __init__(self, supplier: _Optional[str] = ..., document: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class WithdrawSupplierDocumentResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class NoteSupplierRequest(_message.Message):
    __slots__ = ("supplier", "note", "what", "occurrence", "text")
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    supplier: str
    note: str
    what: Conduct
    occurrence: str
    text: str
    def __init__(self, supplier: _Optional[str] = ..., note: _Optional[str] = ..., what: _Optional[_Union[Conduct, str]] = ..., occurrence: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class NoteSupplierResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetSupplierRequest(_message.Message):
    __slots__ = ("supplier",)
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    supplier: str
    def __init__(self, supplier: _Optional[str] = ...) -> None: ...

class SupplierStall(_message.Message):
    __slots__ = ("occurrence", "stall")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    STALL_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    stall: str
    def __init__(self, occurrence: _Optional[str] = ..., stall: _Optional[str] = ...) -> None: ...

class Supplier(_message.Message):
    __slots__ = ("supplier", "title", "offers", "status", "reason", "documents", "score", "conduct", "stalls", "changed_at", "registration", "reachable")
    class ConductEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    CONDUCT_FIELD_NUMBER: _ClassVar[int]
    STALLS_FIELD_NUMBER: _ClassVar[int]
    CHANGED_AT_FIELD_NUMBER: _ClassVar[int]
    REGISTRATION_FIELD_NUMBER: _ClassVar[int]
    REACHABLE_FIELD_NUMBER: _ClassVar[int]
    supplier: str
    title: str
    offers: str
    status: SupplierStatus
    reason: str
    documents: _containers.RepeatedCompositeFieldContainer[SupplierDocument]
    score: int
    conduct: _containers.ScalarMap[str, int]
    stalls: _containers.RepeatedCompositeFieldContainer[SupplierStall]
    changed_at: _timestamp_pb2.Timestamp
    registration: str
    reachable: bool
    def __init__(self, supplier: _Optional[str] = ..., title: _Optional[str] = ..., offers: _Optional[str] = ..., status: _Optional[_Union[SupplierStatus, str]] = ..., reason: _Optional[str] = ..., documents: _Optional[_Iterable[_Union[SupplierDocument, _Mapping]]] = ..., score: _Optional[int] = ..., conduct: _Optional[_Mapping[str, int]] = ..., stalls: _Optional[_Iterable[_Union[SupplierStall, _Mapping]]] = ..., changed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., registration: _Optional[str] = ..., reachable: _Optional[bool] = ...) -> None: ...

class ListSuppliersRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSuppliersResponse(_message.Message):
    __slots__ = ("suppliers", "next_page_token")
    SUPPLIERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    suppliers: _containers.RepeatedCompositeFieldContainer[Supplier]
    next_page_token: str
    def __init__(self, suppliers: _Optional[_Iterable[_Union[Supplier, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class BookStallRequest(_message.Message):
    __slots__ = ("occurrence", "stall", "supplier")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    STALL_FIELD_NUMBER: _ClassVar[int]
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    stall: str
    supplier: str
    def __init__(self, occurrence: _Optional[str] = ..., stall: _Optional[str] = ..., supplier: _Optional[str] = ...) -> None: ...

class BookStallResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FreeStallRequest(_message.Message):
    __slots__ = ("occurrence", "stall")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    STALL_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    stall: str
    def __init__(self, occurrence: _Optional[str] = ..., stall: _Optional[str] = ...) -> None: ...

class FreeStallResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReportTakingsRequest(_message.Message):
    __slots__ = ("occurrence", "stall", "report", "takings")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    STALL_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    TAKINGS_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    stall: str
    report: str
    takings: _common_pb2.Money
    def __init__(self, occurrence: _Optional[str] = ..., stall: _Optional[str] = ..., report: _Optional[str] = ..., takings: _Optional[_Union[_common_pb2.Money, _Mapping]] = ...) -> None: ...

class ReportTakingsResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WaiveStallFeeRequest(_message.Message):
    __slots__ = ("occurrence", "stall", "reason")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    STALL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    stall: str
    reason: str
    def __init__(self, occurrence: _Optional[str] = ..., stall: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class WaiveStallFeeResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetMarketRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class StallFee(_message.Message):
    __slots__ = ("fixed", "share", "floor", "cap")
    FIXED_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    FLOOR_FIELD_NUMBER: _ClassVar[int]
    CAP_FIELD_NUMBER: _ClassVar[int]
    fixed: _common_pb2.Money
    share: int
    floor: _common_pb2.Money
    cap: _common_pb2.Money
    def __init__(self, fixed: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., share: _Optional[int] = ..., floor: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., cap: _Optional[_Union[_common_pb2.Money, _Mapping]] = ...) -> None: ...

class Stall(_message.Message):
    __slots__ = ("stall", "planned", "booked", "documents", "fee", "takings", "waived", "lost", "waits")
    STALL_FIELD_NUMBER: _ClassVar[int]
    PLANNED_FIELD_NUMBER: _ClassVar[int]
    BOOKED_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    TAKINGS_FIELD_NUMBER: _ClassVar[int]
    WAIVED_FIELD_NUMBER: _ClassVar[int]
    LOST_FIELD_NUMBER: _ClassVar[int]
    WAITS_FIELD_NUMBER: _ClassVar[int]
    stall: str
    planned: str
    booked: str
    documents: _containers.RepeatedScalarFieldContainer[str]
    fee: StallFee
    takings: _common_pb2.Money
    waived: str
    lost: str
    waits: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, stall: _Optional[str] = ..., planned: _Optional[str] = ..., booked: _Optional[str] = ..., documents: _Optional[_Iterable[str]] = ..., fee: _Optional[_Union[StallFee, _Mapping]] = ..., takings: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., waived: _Optional[str] = ..., lost: _Optional[str] = ..., waits: _Optional[_Iterable[str]] = ...) -> None: ...

class StallCharge(_message.Message):
    __slots__ = ("charge", "stall", "supplier", "amount", "fixed", "share", "reversed")
    CHARGE_FIELD_NUMBER: _ClassVar[int]
    STALL_FIELD_NUMBER: _ClassVar[int]
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    FIXED_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    REVERSED_FIELD_NUMBER: _ClassVar[int]
    charge: str
    stall: str
    supplier: str
    amount: _common_pb2.Money
    fixed: _common_pb2.Money
    share: _common_pb2.Money
    reversed: str
    def __init__(self, charge: _Optional[str] = ..., stall: _Optional[str] = ..., supplier: _Optional[str] = ..., amount: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., fixed: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., share: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., reversed: _Optional[str] = ...) -> None: ...

class Market(_message.Message):
    __slots__ = ("occurrence", "first_day", "last_day", "closed", "stalls", "charges")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    STALLS_FIELD_NUMBER: _ClassVar[int]
    CHARGES_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    first_day: str
    last_day: str
    closed: bool
    stalls: _containers.RepeatedCompositeFieldContainer[Stall]
    charges: _containers.RepeatedCompositeFieldContainer[StallCharge]
    def __init__(self, occurrence: _Optional[str] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., closed: _Optional[bool] = ..., stalls: _Optional[_Iterable[_Union[Stall, _Mapping]]] = ..., charges: _Optional[_Iterable[_Union[StallCharge, _Mapping]]] = ...) -> None: ...
