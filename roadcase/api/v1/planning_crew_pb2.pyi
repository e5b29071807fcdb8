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

class CrewPositionState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CREW_POSITION_STATE_UNSPECIFIED: _ClassVar[CrewPositionState]
    CREW_POSITION_STATE_OPEN: _ClassVar[CrewPositionState]
    CREW_POSITION_STATE_INVITED: _ClassVar[CrewPositionState]
    CREW_POSITION_STATE_ACCEPTED: _ClassVar[CrewPositionState]
    CREW_POSITION_STATE_OFFERED: _ClassVar[CrewPositionState]
CREW_POSITION_STATE_UNSPECIFIED: CrewPositionState
CREW_POSITION_STATE_OPEN: CrewPositionState
CREW_POSITION_STATE_INVITED: CrewPositionState
CREW_POSITION_STATE_ACCEPTED: CrewPositionState
CREW_POSITION_STATE_OFFERED: CrewPositionState

class RegisterMemberRequest(_message.Message):
    __slots__ = ("person", "contact", "travel_minutes", "shares_contact")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    TRAVEL_MINUTES_FIELD_NUMBER: _ClassVar[int]
    SHARES_CONTACT_FIELD_NUMBER: _ClassVar[int]
    person: str
    contact: _people_pb2.Contact
    travel_minutes: int
    shares_contact: bool
    def __init__(self, person: _Optional[str] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ..., travel_minutes: _Optional[int] = ..., shares_contact: _Optional[bool] = ...) -> None: ...

class RegisterMemberResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RecordCertificateRequest(_message.Message):
    __slots__ = ("person", "certificate", "valid_until")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    person: str
    certificate: str
    valid_until: str
    def __init__(self, person: _Optional[str] = ..., certificate: _Optional[str] = ..., valid_until: _Optional[str] = ...) -> None: ...

class RecordCertificateResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WithdrawCertificateRequest(_message.Message):
    __slots__ = ("person", "certificate")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    person: str
    certificate: str
    def __init__(self, person: _Optional[str] = ..., certificate: _Optional[str] = ...) -> None: ...

class WithdrawCertificateResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListMembersRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListMembersResponse(_message.Message):
    __slots__ = ("members", "next_page_token")
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    members: _containers.RepeatedCompositeFieldContainer[CrewMember]
    next_page_token: str
    def __init__(self, members: _Optional[_Iterable[_Union[CrewMember, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CrewMember(_message.Message):
    __slots__ = ("person", "contact", "certificates", "travel_minutes", "shares_contact", "engagements")
    class CertificatesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    PERSON_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATES_FIELD_NUMBER: _ClassVar[int]
    TRAVEL_MINUTES_FIELD_NUMBER: _ClassVar[int]
    SHARES_CONTACT_FIELD_NUMBER: _ClassVar[int]
    ENGAGEMENTS_FIELD_NUMBER: _ClassVar[int]
    person: str
    contact: _people_pb2.Contact
    certificates: _containers.ScalarMap[str, str]
    travel_minutes: int
    shares_contact: bool
    engagements: _containers.RepeatedCompositeFieldContainer[CrewEngagement]
    def __init__(self, person: _Optional[str] = ..., contact: _Optional[_Union[_people_pb2.Contact, _Mapping]] = ..., certificates: _Optional[_Mapping[str, str]] = ..., travel_minutes: _Optional[int] = ..., shares_contact: _Optional[bool] = ..., engagements: _Optional[_Iterable[_Union[CrewEngagement, _Mapping]]] = ...) -> None: ...

class CrewEngagement(_message.Message):
    __slots__ = ("occurrence", "position", "shifts", "override_by", "override_reason")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    SHIFTS_FIELD_NUMBER: _ClassVar[int]
    OVERRIDE_BY_FIELD_NUMBER: _ClassVar[int]
    OVERRIDE_REASON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    position: str
    shifts: _containers.RepeatedCompositeFieldContainer[CrewShift]
    override_by: str
    override_reason: str
    def __init__(self, occurrence: _Optional[str] = ..., position: _Optional[str] = ..., shifts: _Optional[_Iterable[_Union[CrewShift, _Mapping]]] = ..., override_by: _Optional[str] = ..., override_reason: _Optional[str] = ...) -> None: ...

class CrewShift(_message.Message):
    __slots__ = ("begins", "ends")
    BEGINS_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    begins: _timestamp_pb2.Timestamp
    ends: _timestamp_pb2.Timestamp
    def __init__(self, begins: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class InvitePersonRequest(_message.Message):
    __slots__ = ("occurrence", "position", "person")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    position: str
    person: str
    def __init__(self, occurrence: _Optional[str] = ..., position: _Optional[str] = ..., person: _Optional[str] = ...) -> None: ...

class InvitePersonResponse(_message.Message):
    __slots__ = ("link",)
    LINK_FIELD_NUMBER: _ClassVar[int]
    link: str
    def __init__(self, link: _Optional[str] = ...) -> None: ...

class AcceptPositionRequest(_message.Message):
    __slots__ = ("occurrence", "position", "person", "override_reason")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    OVERRIDE_REASON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    position: str
    person: str
    override_reason: str
    def __init__(self, occurrence: _Optional[str] = ..., position: _Optional[str] = ..., person: _Optional[str] = ..., override_reason: _Optional[str] = ...) -> None: ...

class AcceptPositionResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DeclineInvitationRequest(_message.Message):
    __slots__ = ("occurrence", "position", "person")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    position: str
    person: str
    def __init__(self, occurrence: _Optional[str] = ..., position: _Optional[str] = ..., person: _Optional[str] = ...) -> None: ...

class DeclineInvitationResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class OfferSwapRequest(_message.Message):
    __slots__ = ("occurrence", "position", "person")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    position: str
    person: str
    def __init__(self, occurrence: _Optional[str] = ..., position: _Optional[str] = ..., person: _Optional[str] = ...) -> None: ...

class OfferSwapResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WithdrawSwapRequest(_message.Message):
    __slots__ = ("occurrence", "position", "person")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    position: str
    person: str
    def __init__(self, occurrence: _Optional[str] = ..., position: _Optional[str] = ..., person: _Optional[str] = ...) -> None: ...

class WithdrawSwapResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class VacatePositionRequest(_message.Message):
    __slots__ = ("occurrence", "position", "why")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    position: str
    why: str
    def __init__(self, occurrence: _Optional[str] = ..., position: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class VacatePositionResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ClockInRequest(_message.Message):
    __slots__ = ("occurrence", "position", "person")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    position: str
    person: str
    def __init__(self, occurrence: _Optional[str] = ..., position: _Optional[str] = ..., person: _Optional[str] = ...) -> None: ...

class ClockInResponse(_message.Message):
    __slots__ = ("entry",)
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    entry: int
    def __init__(self, entry: _Optional[int] = ...) -> None: ...

class ClockOutRequest(_message.Message):
    __slots__ = ("occurrence", "position", "person")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    position: str
    person: str
    def __init__(self, occurrence: _Optional[str] = ..., position: _Optional[str] = ..., person: _Optional[str] = ...) -> None: ...

class ClockOutResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CorrectClockRequest(_message.Message):
    __slots__ = ("occurrence", "entry", "begins", "ends", "reason")
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    BEGINS_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    entry: int
    begins: _timestamp_pb2.Timestamp
    ends: _timestamp_pb2.Timestamp
    reason: str
    def __init__(self, occurrence: _Optional[str] = ..., entry: _Optional[int] = ..., begins: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class CorrectClockResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetCrewRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class GetCrewResponse(_message.Message):
    __slots__ = ("positions", "clock")
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    positions: _containers.RepeatedCompositeFieldContainer[CrewPosition]
    clock: _containers.RepeatedCompositeFieldContainer[ClockEntry]
    def __init__(self, positions: _Optional[_Iterable[_Union[CrewPosition, _Mapping]]] = ..., clock: _Optional[_Iterable[_Union[ClockEntry, _Mapping]]] = ...) -> None: ...

class CrewPosition(_message.Message):
    __slots__ = ("position", "role", "title", "shifts", "certificates", "state", "person", "invited", "declined", "lacks")
    class LacksEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    SHIFTS_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATES_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    INVITED_FIELD_NUMBER: _ClassVar[int]
    DECLINED_FIELD_NUMBER: _ClassVar[int]
    LACKS_FIELD_NUMBER: _ClassVar[int]
    position: str
    role: str
    title: str
    shifts: _containers.RepeatedCompositeFieldContainer[CrewShift]
    certificates: _containers.RepeatedScalarFieldContainer[str]
    state: CrewPositionState
    person: str
    invited: _containers.RepeatedScalarFieldContainer[str]
    declined: _containers.RepeatedScalarFieldContainer[str]
    lacks: _containers.ScalarMap[str, str]
    def __init__(self, position: _Optional[str] = ..., role: _Optional[str] = ..., title: _Optional[str] = ..., shifts: _Optional[_Iterable[_Union[CrewShift, _Mapping]]] = ..., certificates: _Optional[_Iterable[str]] = ..., state: _Optional[_Union[CrewPositionState, str]] = ..., person: _Optional[str] = ..., invited: _Optional[_Iterable[str]] = ..., declined: _Optional[_Iterable[str]] = ..., lacks: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ClockEntry(_message.Message):
    __slots__ = ("entry", "position", "person", "begins", "ends", "corrected_by", "reason")
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    BEGINS_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    CORRECTED_BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    entry: int
    position: str
    person: str
    begins: _timestamp_pb2.Timestamp
    ends: _timestamp_pb2.Timestamp
    corrected_by: str
    reason: str
    def __init__(self, entry: _Optional[int] = ..., position: _Optional[str] = ..., person: _Optional[str] = ..., begins: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., corrected_by: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class GetCallSheetRequest(_message.Message):
    __slots__ = ("occurrence",)
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    occurrence: str
    def __init__(self, occurrence: _Optional[str] = ...) -> None: ...

class GetCallSheetResponse(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...
