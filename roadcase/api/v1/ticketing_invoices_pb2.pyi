import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListInvoiceRequestsRequest(_message.Message):
    __slots__ = ("occurrence", "open", "page_size", "page_token")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    open: bool
    page_size: int
    page_token: str
    def __init__(self, occurrence: _Optional[str] = ..., open: _Optional[bool] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListInvoiceRequestsResponse(_message.Message):
    __slots__ = ("requests", "next_page_token")
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[InvoiceRequest]
    next_page_token: str
    def __init__(self, requests: _Optional[_Iterable[_Union[InvoiceRequest, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class InvoiceRequest(_message.Message):
    __slots__ = ("order", "requested_at", "name", "address", "vat_id", "number", "issued_at", "unreadable")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_AT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    VAT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_FIELD_NUMBER: _ClassVar[int]
    UNREADABLE_FIELD_NUMBER: _ClassVar[int]
    order: str
    requested_at: _timestamp_pb2.Timestamp
    name: str
    address: str
    vat_id: str
    number: str
    issued_at: _timestamp_pb2.Timestamp
    unreadable: bool
    def __init__(self, order: _Optional[str] = ..., requested_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., name: _Optional[str] = ..., address: _Optional[str] = ..., vat_id: _Optional[str] = ..., number: _Optional[str] = ..., issued_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., unreadable: _Optional[bool] = ...) -> None: ...

class RecordInvoiceRequest(_message.Message):
    __slots__ = ("occurrence", "order", "number")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    number: str
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., number: _Optional[str] = ...) -> None: ...

class RecordInvoiceResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
