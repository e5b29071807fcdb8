import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class JobKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JOB_KIND_UNSPECIFIED: _ClassVar[JobKind]
    JOB_KIND_TICKET: _ClassVar[JobKind]
    JOB_KIND_SLIP: _ClassVar[JobKind]

class JobState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JOB_STATE_UNSPECIFIED: _ClassVar[JobState]
    JOB_STATE_QUEUED: _ClassVar[JobState]
    JOB_STATE_SENDING: _ClassVar[JobState]
    JOB_STATE_PRINTED: _ClassVar[JobState]
    JOB_STATE_IN_DOUBT: _ClassVar[JobState]
    JOB_STATE_ABANDONED: _ClassVar[JobState]
JOB_KIND_UNSPECIFIED: JobKind
JOB_KIND_TICKET: JobKind
JOB_KIND_SLIP: JobKind
JOB_STATE_UNSPECIFIED: JobState
JOB_STATE_QUEUED: JobState
JOB_STATE_SENDING: JobState
JOB_STATE_PRINTED: JobState
JOB_STATE_IN_DOUBT: JobState
JOB_STATE_ABANDONED: JobState

class BindRoleRequest(_message.Message):
    __slots__ = ("role", "device", "address", "profile", "resend")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    RESEND_FIELD_NUMBER: _ClassVar[int]
    role: str
    device: str
    address: str
    profile: str
    resend: int
    def __init__(self, role: _Optional[str] = ..., device: _Optional[str] = ..., address: _Optional[str] = ..., profile: _Optional[str] = ..., resend: _Optional[int] = ...) -> None: ...

class BindRoleResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ConfirmJobRequest(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: str
    def __init__(self, job: _Optional[str] = ...) -> None: ...

class ConfirmJobResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReprintJobRequest(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: str
    def __init__(self, job: _Optional[str] = ...) -> None: ...

class ReprintJobResponse(_message.Message):
    __slots__ = ("copy",)
    COPY_FIELD_NUMBER: _ClassVar[int]
    copy: int
    def __init__(self, copy: _Optional[int] = ...) -> None: ...

class AbandonJobRequest(_message.Message):
    __slots__ = ("job", "reason")
    JOB_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    job: str
    reason: str
    def __init__(self, job: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class AbandonJobResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListRolesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListRolesResponse(_message.Message):
    __slots__ = ("roles",)
    ROLES_FIELD_NUMBER: _ClassVar[int]
    roles: _containers.RepeatedCompositeFieldContainer[Role]
    def __init__(self, roles: _Optional[_Iterable[_Union[Role, _Mapping]]] = ...) -> None: ...

class Role(_message.Message):
    __slots__ = ("role", "device", "resend", "queued", "sending", "printed", "in_doubt", "abandoned", "copies")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    RESEND_FIELD_NUMBER: _ClassVar[int]
    QUEUED_FIELD_NUMBER: _ClassVar[int]
    SENDING_FIELD_NUMBER: _ClassVar[int]
    PRINTED_FIELD_NUMBER: _ClassVar[int]
    IN_DOUBT_FIELD_NUMBER: _ClassVar[int]
    ABANDONED_FIELD_NUMBER: _ClassVar[int]
    COPIES_FIELD_NUMBER: _ClassVar[int]
    role: str
    device: str
    resend: int
    queued: int
    sending: int
    printed: int
    in_doubt: int
    abandoned: int
    copies: int
    def __init__(self, role: _Optional[str] = ..., device: _Optional[str] = ..., resend: _Optional[int] = ..., queued: _Optional[int] = ..., sending: _Optional[int] = ..., printed: _Optional[int] = ..., in_doubt: _Optional[int] = ..., abandoned: _Optional[int] = ..., copies: _Optional[int] = ...) -> None: ...

class ListPrintersRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListPrintersResponse(_message.Message):
    __slots__ = ("printers",)
    PRINTERS_FIELD_NUMBER: _ClassVar[int]
    printers: _containers.RepeatedCompositeFieldContainer[Printer]
    def __init__(self, printers: _Optional[_Iterable[_Union[Printer, _Mapping]]] = ...) -> None: ...

class Printer(_message.Message):
    __slots__ = ("device", "address", "profile", "online", "paper", "cover", "seen_at", "printed", "doubts")
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    ONLINE_FIELD_NUMBER: _ClassVar[int]
    PAPER_FIELD_NUMBER: _ClassVar[int]
    COVER_FIELD_NUMBER: _ClassVar[int]
    SEEN_AT_FIELD_NUMBER: _ClassVar[int]
    PRINTED_FIELD_NUMBER: _ClassVar[int]
    DOUBTS_FIELD_NUMBER: _ClassVar[int]
    device: str
    address: str
    profile: str
    online: bool
    paper: str
    cover: str
    seen_at: _timestamp_pb2.Timestamp
    printed: int
    doubts: int
    def __init__(self, device: _Optional[str] = ..., address: _Optional[str] = ..., profile: _Optional[str] = ..., online: _Optional[bool] = ..., paper: _Optional[str] = ..., cover: _Optional[str] = ..., seen_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., printed: _Optional[int] = ..., doubts: _Optional[int] = ...) -> None: ...

class ListJobsRequest(_message.Message):
    __slots__ = ("state", "page_size", "page_token")
    STATE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    state: JobState
    page_size: int
    page_token: str
    def __init__(self, state: _Optional[_Union[JobState, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListJobsResponse(_message.Message):
    __slots__ = ("jobs", "next_page_token")
    JOBS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    jobs: _containers.RepeatedCompositeFieldContainer[Job]
    next_page_token: str
    def __init__(self, jobs: _Optional[_Iterable[_Union[Job, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Job(_message.Message):
    __slots__ = ("job", "role", "occurrence", "order", "ticket", "state", "device", "attempt", "copy", "evidence", "why", "requested_at", "sent_at", "ended_at", "kind", "text", "trigger", "reason")
    JOB_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    TICKET_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    COPY_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_AT_FIELD_NUMBER: _ClassVar[int]
    SENT_AT_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    job: str
    role: str
    occurrence: str
    order: str
    ticket: str
    state: JobState
    device: str
    attempt: int
    copy: int
    evidence: str
    why: str
    requested_at: _timestamp_pb2.Timestamp
    sent_at: _timestamp_pb2.Timestamp
    ended_at: _timestamp_pb2.Timestamp
    kind: JobKind
    text: str
    trigger: str
    reason: str
    def __init__(self, job: _Optional[str] = ..., role: _Optional[str] = ..., occurrence: _Optional[str] = ..., order: _Optional[str] = ..., ticket: _Optional[str] = ..., state: _Optional[_Union[JobState, str]] = ..., device: _Optional[str] = ..., attempt: _Optional[int] = ..., copy: _Optional[int] = ..., evidence: _Optional[str] = ..., why: _Optional[str] = ..., requested_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sent_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ended_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., kind: _Optional[_Union[JobKind, str]] = ..., text: _Optional[str] = ..., trigger: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...
