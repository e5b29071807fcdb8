from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NoticeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTICE_KIND_UNSPECIFIED: _ClassVar[NoticeKind]
    NOTICE_KIND_WORDS: _ClassVar[NoticeKind]
    NOTICE_KIND_CHANGE: _ClassVar[NoticeKind]
    NOTICE_KIND_CANCELLATION: _ClassVar[NoticeKind]
    NOTICE_KIND_REMINDER: _ClassVar[NoticeKind]
NOTICE_KIND_UNSPECIFIED: NoticeKind
NOTICE_KIND_WORDS: NoticeKind
NOTICE_KIND_CHANGE: NoticeKind
NOTICE_KIND_CANCELLATION: NoticeKind
NOTICE_KIND_REMINDER: NoticeKind

class SetReminderRequest(_message.Message):
    __slots__ = ("occurrence", "hours", "subject", "text")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    hours: int
    subject: str
    text: str
    def __init__(self, occurrence: _Optional[str] = ..., hours: _Optional[int] = ..., subject: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class SetReminderResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class TellGuestsRequest(_message.Message):
    __slots__ = ("occurrence", "notice", "kind", "subject", "text")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    notice: str
    kind: NoticeKind
    subject: str
    text: str
    def __init__(self, occurrence: _Optional[str] = ..., notice: _Optional[str] = ..., kind: _Optional[_Union[NoticeKind, str]] = ..., subject: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class TellGuestsResponse(_message.Message):
    __slots__ = ("guests",)
    GUESTS_FIELD_NUMBER: _ClassVar[int]
    guests: int
    def __init__(self, guests: _Optional[int] = ...) -> None: ...

class PreviewMessageRequest(_message.Message):
    __slots__ = ("occurrence", "kind", "subject", "text", "order")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    kind: NoticeKind
    subject: str
    text: str
    order: str
    def __init__(self, occurrence: _Optional[str] = ..., kind: _Optional[_Union[NoticeKind, str]] = ..., subject: _Optional[str] = ..., text: _Optional[str] = ..., order: _Optional[str] = ...) -> None: ...

class PreviewMessageResponse(_message.Message):
    __slots__ = ("subject", "text", "html")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    HTML_FIELD_NUMBER: _ClassVar[int]
    subject: str
    text: str
    html: str
    def __init__(self, subject: _Optional[str] = ..., text: _Optional[str] = ..., html: _Optional[str] = ...) -> None: ...
