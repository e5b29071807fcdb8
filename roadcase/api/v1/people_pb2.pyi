import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ErasureReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ERASURE_REASON_UNSPECIFIED: _ClassVar[ErasureReason]
    ERASURE_REASON_ASKED: _ClassVar[ErasureReason]
    ERASURE_REASON_EXPIRED: _ClassVar[ErasureReason]
ERASURE_REASON_UNSPECIFIED: ErasureReason
ERASURE_REASON_ASKED: ErasureReason
ERASURE_REASON_EXPIRED: ErasureReason

class ErasePersonRequest(_message.Message):
    __slots__ = ("email", "phone", "subject", "reason")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    email: str
    phone: str
    subject: str
    reason: ErasureReason
    def __init__(self, email: _Optional[str] = ..., phone: _Optional[str] = ..., subject: _Optional[str] = ..., reason: _Optional[_Union[ErasureReason, str]] = ...) -> None: ...

class ErasePersonResponse(_message.Message):
    __slots__ = ("subject", "erased_at")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    ERASED_AT_FIELD_NUMBER: _ClassVar[int]
    subject: str
    erased_at: _timestamp_pb2.Timestamp
    def __init__(self, subject: _Optional[str] = ..., erased_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Contact(_message.Message):
    __slots__ = ("email", "phone", "name")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    email: str
    phone: str
    name: str
    def __init__(self, email: _Optional[str] = ..., phone: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...
