import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class KitBookingState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    KIT_BOOKING_STATE_UNSPECIFIED: _ClassVar[KitBookingState]
    KIT_BOOKING_STATE_WANTED: _ClassVar[KitBookingState]
    KIT_BOOKING_STATE_BOOKED: _ClassVar[KitBookingState]
    KIT_BOOKING_STATE_REFUSED: _ClassVar[KitBookingState]
    KIT_BOOKING_STATE_FREED: _ClassVar[KitBookingState]
KIT_BOOKING_STATE_UNSPECIFIED: KitBookingState
KIT_BOOKING_STATE_WANTED: KitBookingState
KIT_BOOKING_STATE_BOOKED: KitBookingState
KIT_BOOKING_STATE_REFUSED: KitBookingState
KIT_BOOKING_STATE_FREED: KitBookingState

class KitNeed(_message.Message):
    __slots__ = ("item", "quantity")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    item: str
    quantity: int
    def __init__(self, item: _Optional[str] = ..., quantity: _Optional[int] = ...) -> None: ...

class KitPieces(_message.Message):
    __slots__ = ("item", "quantity", "serials", "container")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SERIALS_FIELD_NUMBER: _ClassVar[int]
    CONTAINER_FIELD_NUMBER: _ClassVar[int]
    item: str
    quantity: int
    serials: _containers.RepeatedScalarFieldContainer[str]
    container: str
    def __init__(self, item: _Optional[str] = ..., quantity: _Optional[int] = ..., serials: _Optional[_Iterable[str]] = ..., container: _Optional[str] = ...) -> None: ...

class BookKitRequest(_message.Message):
    __slots__ = ("booking", "begins", "ends", "needs")
    BOOKING_FIELD_NUMBER: _ClassVar[int]
    BEGINS_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    booking: str
    begins: _timestamp_pb2.Timestamp
    ends: _timestamp_pb2.Timestamp
    needs: _containers.RepeatedCompositeFieldContainer[KitNeed]
    def __init__(self, booking: _Optional[str] = ..., begins: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., needs: _Optional[_Iterable[_Union[KitNeed, _Mapping]]] = ...) -> None: ...

class BookKitResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FreeKitRequest(_message.Message):
    __slots__ = ("booking", "why")
    BOOKING_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    booking: str
    why: str
    def __init__(self, booking: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class FreeKitResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SendToRepairRequest(_message.Message):
    __slots__ = ("repair", "item", "quantity", "serials", "begins", "ends", "reason")
    REPAIR_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SERIALS_FIELD_NUMBER: _ClassVar[int]
    BEGINS_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    repair: str
    item: str
    quantity: int
    serials: _containers.RepeatedScalarFieldContainer[str]
    begins: _timestamp_pb2.Timestamp
    ends: _timestamp_pb2.Timestamp
    reason: str
    def __init__(self, repair: _Optional[str] = ..., item: _Optional[str] = ..., quantity: _Optional[int] = ..., serials: _Optional[_Iterable[str]] = ..., begins: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class SendToRepairResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class EndRepairRequest(_message.Message):
    __slots__ = ("repair",)
    REPAIR_FIELD_NUMBER: _ClassVar[int]
    repair: str
    def __init__(self, repair: _Optional[str] = ...) -> None: ...

class EndRepairResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CheckOutKitRequest(_message.Message):
    __slots__ = ("booking", "pieces")
    BOOKING_FIELD_NUMBER: _ClassVar[int]
    PIECES_FIELD_NUMBER: _ClassVar[int]
    booking: str
    pieces: _containers.RepeatedCompositeFieldContainer[KitPieces]
    def __init__(self, booking: _Optional[str] = ..., pieces: _Optional[_Iterable[_Union[KitPieces, _Mapping]]] = ...) -> None: ...

class CheckOutKitResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CheckOutContainerRequest(_message.Message):
    __slots__ = ("booking", "container")
    BOOKING_FIELD_NUMBER: _ClassVar[int]
    CONTAINER_FIELD_NUMBER: _ClassVar[int]
    booking: str
    container: str
    def __init__(self, booking: _Optional[str] = ..., container: _Optional[str] = ...) -> None: ...

class CheckOutContainerResponse(_message.Message):
    __slots__ = ("pieces", "missing")
    PIECES_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    pieces: _containers.RepeatedCompositeFieldContainer[KitPieces]
    missing: _containers.RepeatedCompositeFieldContainer[KitPieces]
    def __init__(self, pieces: _Optional[_Iterable[_Union[KitPieces, _Mapping]]] = ..., missing: _Optional[_Iterable[_Union[KitPieces, _Mapping]]] = ...) -> None: ...

class CheckInKitRequest(_message.Message):
    __slots__ = ("booking", "pieces")
    BOOKING_FIELD_NUMBER: _ClassVar[int]
    PIECES_FIELD_NUMBER: _ClassVar[int]
    booking: str
    pieces: KitPieces
    def __init__(self, booking: _Optional[str] = ..., pieces: _Optional[_Union[KitPieces, _Mapping]] = ...) -> None: ...

class CheckInKitResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListKitRequest(_message.Message):
    __slots__ = ("begins", "ends")
    BEGINS_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    begins: _timestamp_pb2.Timestamp
    ends: _timestamp_pb2.Timestamp
    def __init__(self, begins: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListKitResponse(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[KitItem]
    def __init__(self, items: _Optional[_Iterable[_Union[KitItem, _Mapping]]] = ...) -> None: ...

class KitItem(_message.Message):
    __slots__ = ("item", "title", "owned", "booked", "in_repair", "late", "free", "short")
    class ShortEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    ITEM_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    OWNED_FIELD_NUMBER: _ClassVar[int]
    BOOKED_FIELD_NUMBER: _ClassVar[int]
    IN_REPAIR_FIELD_NUMBER: _ClassVar[int]
    LATE_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    SHORT_FIELD_NUMBER: _ClassVar[int]
    item: str
    title: str
    owned: int
    booked: int
    in_repair: int
    late: int
    free: int
    short: _containers.ScalarMap[str, int]
    def __init__(self, item: _Optional[str] = ..., title: _Optional[str] = ..., owned: _Optional[int] = ..., booked: _Optional[int] = ..., in_repair: _Optional[int] = ..., late: _Optional[int] = ..., free: _Optional[int] = ..., short: _Optional[_Mapping[str, int]] = ...) -> None: ...

class GetKitBookingRequest(_message.Message):
    __slots__ = ("booking",)
    BOOKING_FIELD_NUMBER: _ClassVar[int]
    booking: str
    def __init__(self, booking: _Optional[str] = ...) -> None: ...

class KitBooking(_message.Message):
    __slots__ = ("booking", "planned", "state", "begins", "ends", "needs", "conflicts", "out", "missing", "overdue")
    BOOKING_FIELD_NUMBER: _ClassVar[int]
    PLANNED_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    BEGINS_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    CONFLICTS_FIELD_NUMBER: _ClassVar[int]
    OUT_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    booking: str
    planned: bool
    state: KitBookingState
    begins: _timestamp_pb2.Timestamp
    ends: _timestamp_pb2.Timestamp
    needs: _containers.RepeatedCompositeFieldContainer[KitNeed]
    conflicts: _containers.RepeatedCompositeFieldContainer[KitConflict]
    out: _containers.RepeatedCompositeFieldContainer[KitPieces]
    missing: _containers.RepeatedCompositeFieldContainer[KitPieces]
    overdue: bool
    def __init__(self, booking: _Optional[str] = ..., planned: _Optional[bool] = ..., state: _Optional[_Union[KitBookingState, str]] = ..., begins: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., needs: _Optional[_Iterable[_Union[KitNeed, _Mapping]]] = ..., conflicts: _Optional[_Iterable[_Union[KitConflict, _Mapping]]] = ..., out: _Optional[_Iterable[_Union[KitPieces, _Mapping]]] = ..., missing: _Optional[_Iterable[_Union[KitPieces, _Mapping]]] = ..., overdue: _Optional[bool] = ...) -> None: ...

class KitConflict(_message.Message):
    __slots__ = ("item", "wanted", "free", "taken", "free_from")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    WANTED_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    FREE_FROM_FIELD_NUMBER: _ClassVar[int]
    item: str
    wanted: int
    free: int
    taken: _containers.RepeatedCompositeFieldContainer[KitTaken]
    free_from: _timestamp_pb2.Timestamp
    def __init__(self, item: _Optional[str] = ..., wanted: _Optional[int] = ..., free: _Optional[int] = ..., taken: _Optional[_Iterable[_Union[KitTaken, _Mapping]]] = ..., free_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class KitTaken(_message.Message):
    __slots__ = ("booking", "repair", "quantity", "begins", "ends")
    BOOKING_FIELD_NUMBER: _ClassVar[int]
    REPAIR_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    BEGINS_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    booking: str
    repair: str
    quantity: int
    begins: _timestamp_pb2.Timestamp
    ends: _timestamp_pb2.Timestamp
    def __init__(self, booking: _Optional[str] = ..., repair: _Optional[str] = ..., quantity: _Optional[int] = ..., begins: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListKitBookingsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListKitBookingsResponse(_message.Message):
    __slots__ = ("bookings", "next_page_token")
    BOOKINGS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    bookings: _containers.RepeatedCompositeFieldContainer[KitBooking]
    next_page_token: str
    def __init__(self, bookings: _Optional[_Iterable[_Union[KitBooking, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
