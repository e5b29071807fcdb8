import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from roadcase.api.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StopSalesRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class StopSalesResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ResumeSalesRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class ResumeSalesResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class PreviewMassCancelRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class PreviewMassCancelResponse(_message.Message):
    __slots__ = ("orders", "tickets", "placed", "back")
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    TICKETS_FIELD_NUMBER: _ClassVar[int]
    PLACED_FIELD_NUMBER: _ClassVar[int]
    BACK_FIELD_NUMBER: _ClassVar[int]
    orders: int
    tickets: int
    placed: int
    back: _containers.RepeatedCompositeFieldContainer[_common_pb2.Money]
    def __init__(self, orders: _Optional[int] = ..., tickets: _Optional[int] = ..., placed: _Optional[int] = ..., back: _Optional[_Iterable[_Union[_common_pb2.Money, _Mapping]]] = ...) -> None: ...

class StartMassCancelRequest(_message.Message):
    __slots__ = ("process", "occurrence", "reason", "keep_money")
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    KEEP_MONEY_FIELD_NUMBER: _ClassVar[int]
    process: str
    occurrence: str
    reason: str
    keep_money: bool
    def __init__(self, process: _Optional[str] = ..., occurrence: _Optional[str] = ..., reason: _Optional[str] = ..., keep_money: _Optional[bool] = ...) -> None: ...

class StartMassCancelResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetMassCancelRequest(_message.Message):
    __slots__ = ("process",)
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    process: str
    def __init__(self, process: _Optional[str] = ...) -> None: ...

class GetMassCancelResponse(_message.Message):
    __slots__ = ("occurrence", "reason", "finished", "orders", "refused", "back", "started_at", "finished_at")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    BACK_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    FINISHED_AT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    reason: str
    finished: bool
    orders: int
    refused: int
    back: _containers.RepeatedCompositeFieldContainer[_common_pb2.Money]
    started_at: _timestamp_pb2.Timestamp
    finished_at: _timestamp_pb2.Timestamp
    def __init__(self, occurrence: _Optional[str] = ..., reason: _Optional[str] = ..., finished: _Optional[bool] = ..., orders: _Optional[int] = ..., refused: _Optional[int] = ..., back: _Optional[_Iterable[_Union[_common_pb2.Money, _Mapping]]] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., finished_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListMassCancelledRequest(_message.Message):
    __slots__ = ("process", "page_size", "page_token")
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    process: str
    page_size: int
    page_token: str
    def __init__(self, process: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListMassCancelledResponse(_message.Message):
    __slots__ = ("orders", "next_page_token")
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    orders: _containers.RepeatedCompositeFieldContainer[MassCancelledOrder]
    next_page_token: str
    def __init__(self, orders: _Optional[_Iterable[_Union[MassCancelledOrder, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class MassCancelledOrder(_message.Message):
    __slots__ = ("order", "outcome", "amount", "why")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    order: str
    outcome: str
    amount: _common_pb2.Money
    why: str
    def __init__(self, order: _Optional[str] = ..., outcome: _Optional[str] = ..., amount: _Optional[_Union[_common_pb2.Money, _Mapping]] = ..., why: _Optional[str] = ...) -> None: ...
