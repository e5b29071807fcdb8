import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChangeClass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANGE_CLASS_UNSPECIFIED: _ClassVar[ChangeClass]
    CHANGE_CLASS_SAFE: _ClassVar[ChangeClass]
    CHANGE_CLASS_NOTIFY: _ClassVar[ChangeClass]
    CHANGE_CLASS_APPROVAL: _ClassVar[ChangeClass]
    CHANGE_CLASS_BLOCKED: _ClassVar[ChangeClass]
    CHANGE_CLASS_DESTRUCTIVE: _ClassVar[ChangeClass]

class RescheduleDefault(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESCHEDULE_DEFAULT_UNSPECIFIED: _ClassVar[RescheduleDefault]
    RESCHEDULE_DEFAULT_KEEP: _ClassVar[RescheduleDefault]
    RESCHEDULE_DEFAULT_REFUND: _ClassVar[RescheduleDefault]
CHANGE_CLASS_UNSPECIFIED: ChangeClass
CHANGE_CLASS_SAFE: ChangeClass
CHANGE_CLASS_NOTIFY: ChangeClass
CHANGE_CLASS_APPROVAL: ChangeClass
CHANGE_CLASS_BLOCKED: ChangeClass
CHANGE_CLASS_DESTRUCTIVE: ChangeClass
RESCHEDULE_DEFAULT_UNSPECIFIED: RescheduleDefault
RESCHEDULE_DEFAULT_KEEP: RescheduleDefault
RESCHEDULE_DEFAULT_REFUND: RescheduleDefault

class CheckManifestRequest(_message.Message):
    __slots__ = ("manifest",)
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    manifest: bytes
    def __init__(self, manifest: _Optional[bytes] = ...) -> None: ...

class CheckManifestResponse(_message.Message):
    __slots__ = ("problems",)
    PROBLEMS_FIELD_NUMBER: _ClassVar[int]
    problems: _containers.RepeatedCompositeFieldContainer[ManifestProblem]
    def __init__(self, problems: _Optional[_Iterable[_Union[ManifestProblem, _Mapping]]] = ...) -> None: ...

class ManifestProblem(_message.Message):
    __slots__ = ("file", "line", "column", "path", "code", "message")
    FILE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    file: str
    line: int
    column: int
    path: str
    code: str
    message: str
    def __init__(self, file: _Optional[str] = ..., line: _Optional[int] = ..., column: _Optional[int] = ..., path: _Optional[str] = ..., code: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class MakePlanRequest(_message.Message):
    __slots__ = ("manifest", "answer_until", "default")
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    ANSWER_UNTIL_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_FIELD_NUMBER: _ClassVar[int]
    manifest: bytes
    answer_until: _timestamp_pb2.Timestamp
    default: RescheduleDefault
    def __init__(self, manifest: _Optional[bytes] = ..., answer_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., default: _Optional[_Union[RescheduleDefault, str]] = ...) -> None: ...

class MakePlanResponse(_message.Message):
    __slots__ = ("problems", "plan", "occurrence", "base_revision", "changes", "effects", "gates", "drift", "not_acted_on", "nights", "lost", "follows", "steps", "triggers", "money")
    PROBLEMS_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    BASE_REVISION_FIELD_NUMBER: _ClassVar[int]
    CLASS_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    EFFECTS_FIELD_NUMBER: _ClassVar[int]
    GATES_FIELD_NUMBER: _ClassVar[int]
    DRIFT_FIELD_NUMBER: _ClassVar[int]
    NOT_ACTED_ON_FIELD_NUMBER: _ClassVar[int]
    NIGHTS_FIELD_NUMBER: _ClassVar[int]
    LOST_FIELD_NUMBER: _ClassVar[int]
    FOLLOWS_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    TRIGGERS_FIELD_NUMBER: _ClassVar[int]
    MONEY_FIELD_NUMBER: _ClassVar[int]
    problems: _containers.RepeatedCompositeFieldContainer[ManifestProblem]
    plan: bytes
    occurrence: str
    base_revision: int
    changes: _containers.RepeatedCompositeFieldContainer[ManifestChange]
    effects: _containers.RepeatedCompositeFieldContainer[PlanEffect]
    gates: _containers.RepeatedCompositeFieldContainer[PlanGate]
    drift: _containers.RepeatedCompositeFieldContainer[ManifestDrift]
    not_acted_on: _containers.RepeatedScalarFieldContainer[str]
    nights: _containers.RepeatedCompositeFieldContainer[NightEffect]
    lost: _containers.RepeatedCompositeFieldContainer[LostChange]
    follows: str
    steps: _containers.RepeatedCompositeFieldContainer[PlannedStep]
    triggers: _containers.RepeatedCompositeFieldContainer[PlannedTrigger]
    money: _containers.RepeatedCompositeFieldContainer[PlanAmount]
    def __init__(self, problems: _Optional[_Iterable[_Union[ManifestProblem, _Mapping]]] = ..., plan: _Optional[bytes] = ..., occurrence: _Optional[str] = ..., base_revision: _Optional[int] = ..., changes: _Optional[_Iterable[_Union[ManifestChange, _Mapping]]] = ..., effects: _Optional[_Iterable[_Union[PlanEffect, _Mapping]]] = ..., gates: _Optional[_Iterable[_Union[PlanGate, _Mapping]]] = ..., drift: _Optional[_Iterable[_Union[ManifestDrift, _Mapping]]] = ..., not_acted_on: _Optional[_Iterable[str]] = ..., nights: _Optional[_Iterable[_Union[NightEffect, _Mapping]]] = ..., lost: _Optional[_Iterable[_Union[LostChange, _Mapping]]] = ..., follows: _Optional[str] = ..., steps: _Optional[_Iterable[_Union[PlannedStep, _Mapping]]] = ..., triggers: _Optional[_Iterable[_Union[PlannedTrigger, _Mapping]]] = ..., money: _Optional[_Iterable[_Union[PlanAmount, _Mapping]]] = ..., **kwargs) -> None: ...

class PlanAmount(_message.Message):
    __slots__ = ("what", "amount")
    WHAT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    what: str
    amount: str
    def __init__(self, what: _Optional[str] = ..., amount: _Optional[str] = ...) -> None: ...

class PlannedTrigger(_message.Message):
    __slots__ = ("key", "when", "does")
    KEY_FIELD_NUMBER: _ClassVar[int]
    WHEN_FIELD_NUMBER: _ClassVar[int]
    DOES_FIELD_NUMBER: _ClassVar[int]
    key: str
    when: str
    does: _containers.RepeatedCompositeFieldContainer[PlanEffect]
    def __init__(self, key: _Optional[str] = ..., when: _Optional[str] = ..., does: _Optional[_Iterable[_Union[PlanEffect, _Mapping]]] = ...) -> None: ...

class PlannedStep(_message.Message):
    __slots__ = ("step", "at", "local")
    STEP_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    LOCAL_FIELD_NUMBER: _ClassVar[int]
    step: str
    at: _timestamp_pb2.Timestamp
    local: str
    def __init__(self, step: _Optional[str] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., local: _Optional[str] = ...) -> None: ...

class NightEffect(_message.Message):
    __slots__ = ("occurrence", "what", "changes", "sold", "nearest", "stays")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    CLASS_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    SOLD_FIELD_NUMBER: _ClassVar[int]
    NEAREST_FIELD_NUMBER: _ClassVar[int]
    STAYS_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    what: str
    changes: _containers.RepeatedCompositeFieldContainer[ManifestChange]
    sold: int
    nearest: str
    stays: bool
    def __init__(self, occurrence: _Optional[str] = ..., what: _Optional[str] = ..., changes: _Optional[_Iterable[_Union[ManifestChange, _Mapping]]] = ..., sold: _Optional[int] = ..., nearest: _Optional[str] = ..., stays: _Optional[bool] = ..., **kwargs) -> None: ...

class LostChange(_message.Message):
    __slots__ = ("date", "change")
    DATE_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    date: str
    change: str
    def __init__(self, date: _Optional[str] = ..., change: _Optional[str] = ...) -> None: ...

class ManifestChange(_message.Message):
    __slots__ = ("path", "old", "new", "code", "why")
    PATH_FIELD_NUMBER: _ClassVar[int]
    OLD_FIELD_NUMBER: _ClassVar[int]
    NEW_FIELD_NUMBER: _ClassVar[int]
    CLASS_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    path: str
    old: str
    new: str
    code: str
    why: str
    def __init__(self, path: _Optional[str] = ..., old: _Optional[str] = ..., new: _Optional[str] = ..., code: _Optional[str] = ..., why: _Optional[str] = ..., **kwargs) -> None: ...

class PlanEffect(_message.Message):
    __slots__ = ("service", "does")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    DOES_FIELD_NUMBER: _ClassVar[int]
    service: str
    does: str
    def __init__(self, service: _Optional[str] = ..., does: _Optional[str] = ...) -> None: ...

class PlanGate(_message.Message):
    __slots__ = ("clearance", "blocks", "code", "reason", "legal")
    CLEARANCE_FIELD_NUMBER: _ClassVar[int]
    BLOCKS_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_FIELD_NUMBER: _ClassVar[int]
    clearance: str
    blocks: _containers.RepeatedScalarFieldContainer[str]
    code: str
    reason: str
    legal: bool
    def __init__(self, clearance: _Optional[str] = ..., blocks: _Optional[_Iterable[str]] = ..., code: _Optional[str] = ..., reason: _Optional[str] = ..., legal: _Optional[bool] = ...) -> None: ...

class ManifestDrift(_message.Message):
    __slots__ = ("what", "declared", "found")
    WHAT_FIELD_NUMBER: _ClassVar[int]
    DECLARED_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    what: str
    declared: str
    found: str
    def __init__(self, what: _Optional[str] = ..., declared: _Optional[str] = ..., found: _Optional[str] = ...) -> None: ...

class ApplyPlanRequest(_message.Message):
    __slots__ = ("plan", "approve", "draft")
    PLAN_FIELD_NUMBER: _ClassVar[int]
    APPROVE_FIELD_NUMBER: _ClassVar[int]
    DRAFT_FIELD_NUMBER: _ClassVar[int]
    plan: bytes
    approve: bool
    draft: bool
    def __init__(self, plan: _Optional[bytes] = ..., approve: _Optional[bool] = ..., draft: _Optional[bool] = ...) -> None: ...

class ApplyPlanResponse(_message.Message):
    __slots__ = ("occurrence", "revision")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    revision: int
    def __init__(self, occurrence: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class GetDriftRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class GetDriftResponse(_message.Message):
    __slots__ = ("drift",)
    DRIFT_FIELD_NUMBER: _ClassVar[int]
    drift: _containers.RepeatedCompositeFieldContainer[ManifestDrift]
    def __init__(self, drift: _Optional[_Iterable[_Union[ManifestDrift, _Mapping]]] = ...) -> None: ...
