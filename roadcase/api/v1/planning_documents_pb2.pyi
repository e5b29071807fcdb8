import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from roadcase.api.v1 import planning_plans_pb2 as _planning_plans_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DocumentKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DOCUMENT_KIND_UNSPECIFIED: _ClassVar[DocumentKind]
    DOCUMENT_KIND_TEMPLATE: _ClassVar[DocumentKind]
    DOCUMENT_KIND_VENUE: _ClassVar[DocumentKind]
    DOCUMENT_KIND_KIT: _ClassVar[DocumentKind]
    DOCUMENT_KIND_VENDORS: _ClassVar[DocumentKind]
DOCUMENT_KIND_UNSPECIFIED: DocumentKind
DOCUMENT_KIND_TEMPLATE: DocumentKind
DOCUMENT_KIND_VENUE: DocumentKind
DOCUMENT_KIND_KIT: DocumentKind
DOCUMENT_KIND_VENDORS: DocumentKind

class PublishDocumentRequest(_message.Message):
    __slots__ = ("content",)
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    def __init__(self, content: _Optional[bytes] = ...) -> None: ...

class PublishDocumentResponse(_message.Message):
    __slots__ = ("problems", "kind", "name", "version")
    PROBLEMS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    problems: _containers.RepeatedCompositeFieldContainer[_planning_plans_pb2.ManifestProblem]
    kind: DocumentKind
    name: str
    version: int
    def __init__(self, problems: _Optional[_Iterable[_Union[_planning_plans_pb2.ManifestProblem, _Mapping]]] = ..., kind: _Optional[_Union[DocumentKind, str]] = ..., name: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class GetDocumentRequest(_message.Message):
    __slots__ = ("kind", "name", "version")
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    kind: DocumentKind
    name: str
    version: int
    def __init__(self, kind: _Optional[_Union[DocumentKind, str]] = ..., name: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class Document(_message.Message):
    __slots__ = ("kind", "name", "version", "title", "digest", "published_at", "content")
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_AT_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    kind: DocumentKind
    name: str
    version: int
    title: str
    digest: str
    published_at: _timestamp_pb2.Timestamp
    content: bytes
    def __init__(self, kind: _Optional[_Union[DocumentKind, str]] = ..., name: _Optional[str] = ..., version: _Optional[int] = ..., title: _Optional[str] = ..., digest: _Optional[str] = ..., published_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., content: _Optional[bytes] = ...) -> None: ...

class ListDocumentsRequest(_message.Message):
    __slots__ = ("kind", "page_size", "page_token")
    KIND_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    kind: DocumentKind
    page_size: int
    page_token: str
    def __init__(self, kind: _Optional[_Union[DocumentKind, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDocumentsResponse(_message.Message):
    __slots__ = ("documents", "next_page_token")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[Document]
    next_page_token: str
    def __init__(self, documents: _Optional[_Iterable[_Union[Document, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
