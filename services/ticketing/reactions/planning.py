"""What ticketing does when it hears planning: box offices are as they are declared."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Literal

import msgspec

from roadcase.decider import Command, Heard
from roadcase.fields import revealed
from roadcase.money import Money
from roadcase.reaction import Reaction
from services.ticketing.commands import (
    PlanBoxOffice,
    SetAllotment,
    StartMassCancel,
    TellGuests,
)


class PriceUntil(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    price: Money
    until: datetime


class MembersFirst(msgspec.Struct, frozen=True, kw_only=True):
    sale_from: datetime | None = None
    sale_until: datetime | None = None


class PlannedType(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    price: Money
    seller: str
    draws: dict[str, int]
    admits: int = 1
    per_person_max: int | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    levels: tuple[PriceUntil, ...] = ()
    presales: tuple[MembersFirst, ...] = ()
    no_show_after: int | None = None


class PlannedAllotment(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    pool: str
    units: int
    kind: Literal["house", "press", "artist", "sponsor", "other"] = "other"
    release_at: datetime | None = None


class Reschedule(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    answer_until: datetime
    default: Literal["keep", "refund"] = "keep"
    returns: bool = False


class PlannedBoxOffice(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    pools: dict[str, int]
    ticket_types: tuple[PlannedType, ...] = ()
    allotments: tuple[PlannedAllotment, ...] = ()
    per_order_max: int | None = None
    per_person_max: int | None = None


class BoxOfficePlanned(Heard, frozen=True, kw_only=True):
    topics = ("planning.box_office_planned.v1",)

    occurrence: str
    box_office: PlannedBoxOffice
    selling: bool = False
    reschedule: Reschedule | None = None


class NightEnded(Heard, frozen=True, kw_only=True):
    topics = ("planning.occurrence_cancelled.v1", "planning.occurrence_abandoned.v1")

    occurrence: str
    reason: str
    money_back: bool
    has_box_office: bool


class NightPostponed(Heard, frozen=True, kw_only=True):
    topics = ("planning.occurrence_postponed.v1",)

    occurrence: str
    postponement: str
    reason: str
    has_box_office: bool


class NightMoved(Heard, frozen=True, kw_only=True):
    topics = ("planning.occurrence_moved.v1",)

    occurrence: str
    move: str
    venue: str | None
    has_box_office: bool


def plan_box_office(event: BoxOfficePlanned) -> list[Command]:
    """The office first, which has the pools; then what is kept aside of them."""
    planned = event.box_office
    about = msgspec.structs.asdict(planned)
    about["name"] = revealed(planned.name, event.occurrence)
    about["ticket_types"] = [_type(each) for each in planned.ticket_types]
    about["allotments"] = tuple(each.id for each in planned.allotments)
    asked = msgspec.structs.asdict(event.reschedule) if event.reschedule else None
    office = PlanBoxOffice.model_validate(
        {
            "occurrence": event.occurrence,
            "selling": event.selling,
            "reschedule": asked,
            **about,
        }
    )
    return [office, *(_allotment(event.occurrence, each) for each in planned.allotments)]


def _type(planned: PlannedType) -> dict[str, Any]:
    about = msgspec.structs.asdict(planned)
    about["name"] = revealed(planned.name, planned.id)
    about["levels"] = [msgspec.structs.asdict(each) for each in planned.levels]
    about["presales"] = [
        {"members": True, **msgspec.structs.asdict(each)} for each in planned.presales
    ]
    return about


def _allotment(occurrence: str, planned: PlannedAllotment) -> SetAllotment:
    about = msgspec.structs.asdict(planned)
    about["name"] = revealed(planned.name, planned.id)
    plan = sha256(msgspec.json.encode(planned)).hexdigest()
    return SetAllotment(occurrence=occurrence, allotment=about.pop("id"), plan=plan, **about)


def cancel_night(event: NightEnded) -> list[Command]:
    """Every order ends, with its money back or without. A night that sold nothing has none."""
    if not event.has_box_office:
        return []
    return [
        StartMassCancel(
            process=_id("planned", event.occurrence, 40),
            occurrence=event.occurrence,
            reason=event.reason,
            money_back=event.money_back,
        )
    ]


def tell_postponed(event: NightPostponed) -> list[Command]:
    if not event.has_box_office:
        return []
    text = (
        "{night} cannot take place as planned: "
        f"{_plain(event.reason)}\n\nThere is no new date yet. Your tickets stay valid, "
        "and you will be asked what you want when there is one."
    )
    notice = _id("postponed", event.postponement, 64)
    return [_told(event.occurrence, notice, "{night} is postponed", text)]


def tell_moved(event: NightMoved) -> list[Command]:
    if not event.has_box_office or event.venue is None:
        return []
    text = (
        f"{{night}} takes place at another venue:\n\n{_plain(event.venue)}\n\nTickets stay valid."
    )
    return [_told(event.occurrence, event.move, "{night} is somewhere else", text)]


def _told(occurrence: str, notice: str, subject: str, text: str) -> TellGuests:
    return TellGuests(
        occurrence=occurrence, notice=notice, kind="words", subject=subject, text=text
    )


def _id(kind: str, name: str, longest: int) -> str:
    """An id of our own. A long name is cut, and told from others that begin alike."""
    whole = f"{kind}-{name}"
    if len(whole) <= longest:
        return whole
    return f"{whole[: longest - 17]}-{sha256(name.encode()).hexdigest()[:16]}"


def _plain(words: str) -> str:
    """What somebody wrote is no field of ours."""
    return words.translate({ord("{"): "(", ord("}"): ")"})


REACTIONS: Final = (
    Reaction("plan-box-offices", BoxOfficePlanned, plan_box_office, from_start=True),
    Reaction("cancel-nights", NightEnded, cancel_night, from_start=True),
    Reaction("tell-postponed", NightPostponed, tell_postponed, from_start=True),
    Reaction("tell-moved", NightMoved, tell_moved, from_start=True),
)
