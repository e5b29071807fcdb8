import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from roadcase.api.v1 import planning_documents_pb2 as _planning_documents_pb2
from roadcase.api.v1 import planning_plans_pb2 as _planning_plans_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListTemplatesRequest(_message.Message):
    __slots__ = ("kind", "page_size", "page_token", "name")
    KIND_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    kind: _planning_documents_pb2.DocumentKind
    page_size: int
    page_token: str
    name: str
    def __init__(self, kind: _Optional[_Union[_planning_documents_pb2.DocumentKind, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class ListTemplatesResponse(_message.Message):
    __slots__ = ("templates", "next_page_token")
    TEMPLATES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    templates: _containers.RepeatedCompositeFieldContainer[Template]
    next_page_token: str
    def __init__(self, templates: _Optional[_Iterable[_Union[Template, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Template(_message.Message):
    __slots__ = ("kind", "name", "title", "versions", "instances")
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    INSTANCES_FIELD_NUMBER: _ClassVar[int]
    kind: _planning_documents_pb2.DocumentKind
    name: str
    title: str
    versions: _containers.RepeatedCompositeFieldContainer[TemplateVersion]
    instances: _containers.RepeatedCompositeFieldContainer[TemplateInstance]
    def __init__(self, kind: _Optional[_Union[_planning_documents_pb2.DocumentKind, str]] = ..., name: _Optional[str] = ..., title: _Optional[str] = ..., versions: _Optional[_Iterable[_Union[TemplateVersion, _Mapping]]] = ..., instances: _Optional[_Iterable[_Union[TemplateInstance, _Mapping]]] = ...) -> None: ...

class TemplateVersion(_message.Message):
    __slots__ = ("version", "digest", "published_at", "instances", "inputs")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_AT_FIELD_NUMBER: _ClassVar[int]
    INSTANCES_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    version: int
    digest: str
    published_at: _timestamp_pb2.Timestamp
    instances: int
    inputs: _containers.RepeatedCompositeFieldContainer[TemplateInput]
    def __init__(self, version: _Optional[int] = ..., digest: _Optional[str] = ..., published_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., instances: _Optional[int] = ..., inputs: _Optional[_Iterable[_Union[TemplateInput, _Mapping]]] = ...) -> None: ...

class TemplateInput(_message.Message):
    __slots__ = ("key", "type", "description", "required", "default", "allowed")
    KEY_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    key: str
    type: str
    description: str
    required: bool
    default: str
    allowed: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, key: _Optional[str] = ..., type: _Optional[str] = ..., description: _Optional[str] = ..., required: _Optional[bool] = ..., default: _Optional[str] = ..., allowed: _Optional[_Iterable[str]] = ...) -> None: ...

class TemplateInstance(_message.Message):
    __slots__ = ("kind", "name", "title", "version", "revision")
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    kind: str
    name: str
    title: str
    version: int
    revision: int
    def __init__(self, kind: _Optional[str] = ..., name: _Optional[str] = ..., title: _Optional[str] = ..., version: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class PlanUpgradeRequest(_message.Message):
    __slots__ = ("kind", "name", "version", "page_size", "page_token")
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    kind: _planning_documents_pb2.DocumentKind
    name: str
    version: int
    page_size: int
    page_token: str
    def __init__(self, kind: _Optional[_Union[_planning_documents_pb2.DocumentKind, str]] = ..., name: _Optional[str] = ..., version: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class PlanUpgradeResponse(_message.Message):
    __slots__ = ("effects", "next_page_token")
    EFFECTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    effects: _containers.RepeatedCompositeFieldContainer[UpgradeEffect]
    next_page_token: str
    def __init__(self, effects: _Optional[_Iterable[_Union[UpgradeEffect, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpgradeEffect(_message.Message):
    __slots__ = ("instance", "made", "refused", "why")
    INSTANCE_FIELD_NUMBER: _ClassVar[int]
    MADE_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    instance: TemplateInstance
    made: _planning_plans_pb2.MakePlanResponse
    refused: str
    why: str
    def __init__(self, instance: _Optional[_Union[TemplateInstance, _Mapping]] = ..., made: _Optional[_Union[_planning_plans_pb2.MakePlanResponse, _Mapping]] = ..., refused: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...
