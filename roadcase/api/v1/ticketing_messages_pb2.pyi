import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NoticeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTICE_KIND_UNSPECIFIED: _ClassVar[NoticeKind]
    NOTICE_KIND_WORDS: _ClassVar[NoticeKind]
    NOTICE_KIND_CHANGE: _ClassVar[NoticeKind]
    NOTICE_KIND_CANCELLATION: _ClassVar[NoticeKind]
    NOTICE_KIND_REMINDER: _ClassVar[NoticeKind]
    NOTICE_KIND_POSTPONEMENT: _ClassVar[NoticeKind]

class PostponedAnswer(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    POSTPONED_ANSWER_UNSPECIFIED: _ClassVar[PostponedAnswer]
    POSTPONED_ANSWER_KEEP: _ClassVar[PostponedAnswer]
    POSTPONED_ANSWER_REFUND: _ClassVar[PostponedAnswer]
NOTICE_KIND_UNSPECIFIED: NoticeKind
NOTICE_KIND_WORDS: NoticeKind
NOTICE_KIND_CHANGE: NoticeKind
NOTICE_KIND_CANCELLATION: NoticeKind
NOTICE_KIND_REMINDER: NoticeKind
NOTICE_KIND_POSTPONEMENT: NoticeKind
POSTPONED_ANSWER_UNSPECIFIED: PostponedAnswer
POSTPONED_ANSWER_KEEP: PostponedAnswer
POSTPONED_ANSWER_REFUND: PostponedAnswer

class PostponeNightRequest(_message.Message):
    __slots__ = ("occurrence", "postponement", "starts_at", "ends_at", "answer_until", "default", "subject", "text")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POSTPONEMENT_FIELD_NUMBER: _ClassVar[int]
    STARTS_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    ANSWER_UNTIL_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    postponement: str
    starts_at: str
    ends_at: str
    answer_until: _timestamp_pb2.Timestamp
    default: PostponedAnswer
    subject: str
    text: str
    def __init__(self, occurrence: _Optional[str] = ..., postponement: _Optional[str] = ..., starts_at: _Optional[str] = ..., ends_at: _Optional[str] = ..., answer_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., default: _Optional[_Union[PostponedAnswer, str]] = ..., subject: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class PostponeNightResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class AnswerPostponementRequest(_message.Message):
    __slots__ = ("occurrence", "order", "answer")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    answer: PostponedAnswer
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., answer: _Optional[_Union[PostponedAnswer, str]] = ...) -> None: ...

class AnswerPostponementResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

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
    __slots__ = ("occurrence", "kind", "subject", "text", "order", "starts_at", "ends_at", "answer_until", "default")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    STARTS_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    ANSWER_UNTIL_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    kind: NoticeKind
    subject: str
    text: str
    order: str
    starts_at: str
    ends_at: str
    answer_until: _timestamp_pb2.Timestamp
    default: PostponedAnswer
    def __init__(self, occurrence: _Optional[str] = ..., kind: _Optional[_Union[NoticeKind, str]] = ..., subject: _Optional[str] = ..., text: _Optional[str] = ..., order: _Optional[str] = ..., starts_at: _Optional[str] = ..., ends_at: _Optional[str] = ..., answer_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., default: _Optional[_Union[PostponedAnswer, str]] = ...) -> None: ...

class PreviewMessageResponse(_message.Message):
    __slots__ = ("subject", "text", "html")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    HTML_FIELD_NUMBER: _ClassVar[int]
    subject: str
    text: str
    html: str
    def __init__(self, subject: _Optional[str] = ..., text: _Optional[str] = ..., html: _Optional[str] = ...) -> None: ...
