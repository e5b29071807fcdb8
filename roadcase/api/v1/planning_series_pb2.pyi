import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from roadcase.api.v1 import planning_plans_pb2 as _planning_plans_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EditNightRequest(_message.Message):
    __slots__ = ("series", "date", "patch", "answer_until", "default")
    SERIES_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    PATCH_FIELD_NUMBER: _ClassVar[int]
    ANSWER_UNTIL_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_FIELD_NUMBER: _ClassVar[int]
    series: str
    date: str
    patch: bytes
    answer_until: _timestamp_pb2.Timestamp
    default: _planning_plans_pb2.RescheduleDefault
    def __init__(self, series: _Optional[str] = ..., date: _Optional[str] = ..., patch: _Optional[bytes] = ..., answer_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., default: _Optional[_Union[_planning_plans_pb2.RescheduleDefault, str]] = ...) -> None: ...

class EditFollowingRequest(_message.Message):
    __slots__ = ("series", "date", "patch", "name", "answer_until", "default")
    SERIES_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    PATCH_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ANSWER_UNTIL_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_FIELD_NUMBER: _ClassVar[int]
    series: str
    date: str
    patch: bytes
    name: str
    answer_until: _timestamp_pb2.Timestamp
    default: _planning_plans_pb2.RescheduleDefault
    def __init__(self, series: _Optional[str] = ..., date: _Optional[str] = ..., patch: _Optional[bytes] = ..., name: _Optional[str] = ..., answer_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., default: _Optional[_Union[_planning_plans_pb2.RescheduleDefault, str]] = ...) -> None: ...

class EditAllRequest(_message.Message):
    __slots__ = ("series", "patch", "answer_until", "default")
    SERIES_FIELD_NUMBER: _ClassVar[int]
    PATCH_FIELD_NUMBER: _ClassVar[int]
    ANSWER_UNTIL_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_FIELD_NUMBER: _ClassVar[int]
    series: str
    patch: bytes
    answer_until: _timestamp_pb2.Timestamp
    default: _planning_plans_pb2.RescheduleDefault
    def __init__(self, series: _Optional[str] = ..., patch: _Optional[bytes] = ..., answer_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., default: _Optional[_Union[_planning_plans_pb2.RescheduleDefault, str]] = ...) -> None: ...

class ListSeriesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSeriesResponse(_message.Message):
    __slots__ = ("series", "next_page_token")
    SERIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    series: _containers.RepeatedCompositeFieldContainer[SeriesState]
    next_page_token: str
    def __init__(self, series: _Optional[_Iterable[_Union[SeriesState, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SeriesState(_message.Message):
    __slots__ = ("series", "title", "revision", "made_revision", "made_until", "refused", "kept")
    class RefusedEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class KeptEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SERIES_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    MADE_REVISION_FIELD_NUMBER: _ClassVar[int]
    MADE_UNTIL_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    series: str
    title: str
    revision: int
    made_revision: int
    made_until: str
    refused: _containers.ScalarMap[str, str]
    kept: _containers.ScalarMap[str, str]
    def __init__(self, series: _Optional[str] = ..., title: _Optional[str] = ..., revision: _Optional[int] = ..., made_revision: _Optional[int] = ..., made_until: _Optional[str] = ..., refused: _Optional[_Mapping[str, str]] = ..., kept: _Optional[_Mapping[str, str]] = ...) -> None: ...
