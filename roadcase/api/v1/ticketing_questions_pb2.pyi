import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from roadcase.api.v1 import people_pb2 as _people_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class QuestionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    QUESTION_KIND_UNSPECIFIED: _ClassVar[QuestionKind]
    QUESTION_KIND_TEXT: _ClassVar[QuestionKind]
    QUESTION_KIND_CHOICE: _ClassVar[QuestionKind]
    QUESTION_KIND_DATE: _ClassVar[QuestionKind]
    QUESTION_KIND_CONSENT: _ClassVar[QuestionKind]
QUESTION_KIND_UNSPECIFIED: QuestionKind
QUESTION_KIND_TEXT: QuestionKind
QUESTION_KIND_CHOICE: QuestionKind
QUESTION_KIND_DATE: QuestionKind
QUESTION_KIND_CONSENT: QuestionKind

class Question(_message.Message):
    __slots__ = ("id", "text", "kind", "choices", "per_ticket", "ticket_types", "required", "retired")
    ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    PER_TICKET_FIELD_NUMBER: _ClassVar[int]
    TICKET_TYPES_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    RETIRED_FIELD_NUMBER: _ClassVar[int]
    id: str
    text: str
    kind: QuestionKind
    choices: _containers.RepeatedScalarFieldContainer[str]
    per_ticket: bool
    ticket_types: _containers.RepeatedScalarFieldContainer[str]
    required: bool
    retired: bool
    def __init__(self, id: _Optional[str] = ..., text: _Optional[str] = ..., kind: _Optional[_Union[QuestionKind, str]] = ..., choices: _Optional[_Iterable[str]] = ..., per_ticket: _Optional[bool] = ..., ticket_types: _Optional[_Iterable[str]] = ..., required: _Optional[bool] = ..., retired: _Optional[bool] = ...) -> None: ...

class SetQuestionsRequest(_message.Message):
    __slots__ = ("occurrence", "questions")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    questions: _containers.RepeatedCompositeFieldContainer[Question]
    def __init__(self, occurrence: _Optional[str] = ..., questions: _Optional[_Iterable[_Union[Question, _Mapping]]] = ...) -> None: ...

class SetQuestionsResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListQuestionsRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class ListQuestionsResponse(_message.Message):
    __slots__ = ("questions",)
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    questions: _containers.RepeatedCompositeFieldContainer[Question]
    def __init__(self, questions: _Optional[_Iterable[_Union[Question, _Mapping]]] = ...) -> None: ...

class Answer(_message.Message):
    __slots__ = ("question", "ticket", "text")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    TICKET_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    question: str
    ticket: int
    text: str
    def __init__(self, question: _Optional[str] = ..., ticket: _Optional[int] = ..., text: _Optional[str] = ...) -> None: ...

class AnswerQuestionsRequest(_message.Message):
    __slots__ = ("occurrence", "order", "answers", "contact")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    answers: _containers.RepeatedCompositeFieldContainer[Answer]
    contact: _people_pb2.Contact
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ..., answers: _Optional[_Iterable[_Union[Answer, _Mapping]]] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ...) -> None: ...

class AnswerQuestionsResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetAnswersRequest(_message.Message):
    __slots__ = ("occurrence", "order")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    order: str
    def __init__(self, occurrence: _Optional[str] = ..., order: _Optional[str] = ...) -> None: ...

class GetAnswersResponse(_message.Message):
    __slots__ = ("answers", "answered_at", "erased")
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_AT_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[Answer]
    answered_at: _timestamp_pb2.Timestamp
    erased: bool
    def __init__(self, answers: _Optional[_Iterable[_Union[Answer, _Mapping]]] = ..., answered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., erased: _Optional[bool] = ...) -> None: ...
