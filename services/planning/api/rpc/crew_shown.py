"""From rows of crew to messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roadcase.api.v1 import people_pb2
from roadcase.api.v1 import planning_crew_pb2 as pb
from roadcase.keyring import Contact
from services.planning import queries
from services.planning.api.rpc.translate import to_moment


def member(row: Mapping[str, Any], contact: Contact | None) -> pb.CrewMember:
    found = pb.CrewMember(
        person=row["person"],
        certificates={name: day or "" for name, day in row["certificates"].items()},
        travel_minutes=row["travel_minutes"],
        shares_contact=row["shares_contact"],
        engagements=[_engagement(each) for each in row["engagements"].values()],
    )
    if contact is not None:
        told = {name: getattr(contact, name) for name in ("email", "phone", "name")}
        found.contact.CopyFrom(people_pb2.Contact(**told))
    return found


def _engagement(about: dict[str, Any]) -> pb.CrewEngagement:
    return pb.CrewEngagement(
        occurrence=about["occurrence"],
        position=about["position"],
        shifts=_shifts(about),
        override_by=about["override_by"] or "",
        override_reason=about["override_reason"] or "",
    )


def _shifts(row: dict[str, Any]) -> list[pb.CrewShift]:
    return [
        pb.CrewShift(begins=to_moment(each.begins), ends=to_moment(each.ends))
        for each in queries.shifts_of(row)
    ]


def position(row: dict[str, Any]) -> pb.CrewPosition:
    return pb.CrewPosition(
        position=row["position"],
        role=row["role"],
        title=row["title"],
        shifts=_shifts(row),
        certificates=row["certificates"],
        state=_state(row),
        person=row["person"] or "",
        invited=row["invited"],
        declined=row["declined"],
        lacks=row["lacks"],
    )


def _state(row: Mapping[str, Any]) -> Any:
    if row["person"] is None:
        return pb.CREW_POSITION_STATE_INVITED if row["invited"] else pb.CREW_POSITION_STATE_OPEN
    if row["offered"]:
        return pb.CREW_POSITION_STATE_OFFERED
    return pb.CREW_POSITION_STATE_ACCEPTED


def entry(row: Mapping[str, Any]) -> pb.ClockEntry:
    return pb.ClockEntry(
        entry=row["number"],
        position=row["position"],
        person=row["person"],
        begins=to_moment(row["begins"]),
        ends=to_moment(row["ends"]) if row["ends"] else None,
        corrected_by=row["corrected_by"] or "",
        reason=row["reason"] or "",
    )
