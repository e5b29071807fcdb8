"""A box office that planning declares: opened, or changed until it is like that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from roadcase.decider import Event
from services.ticketing.commands import (
    ChangeBoxOffice,
    OpenBoxOffice,
    PlanBoxOffice,
    PostponeNight,
    ReleaseAllotment,
    TicketType,
)
from services.ticketing.commands.planned import PlannedType
from services.ticketing.domain.allotments import release_allotment
from services.ticketing.domain.offering import change, open_
from services.ticketing.domain.office import BoxOffice, Commands, Evolve, instant
from services.ticketing.domain.postponing import postpone_again
from services.ticketing.events import (
    NightPostponed,
    NoticeGiven,
    PlanFollowed,
    PostponementClosed,
    SalesResumed,
    SalesStopped,
)

_ASKS: Final = (PostponementClosed, NightPostponed, NoticeGiven)
_KNOWN: Final = frozenset(PlannedType.model_fields)


def plan(office: BoxOffice, cmd: PlanBoxOffice, at: datetime) -> Iterator[Event]:
    declared = _digest(cmd)
    if office.opened is None:
        yield from open_(office, _opening(office, cmd), at)
    elif office.planned is None or office.planned.declared != declared:
        yield from _changed(office, cmd, at)
        yield from _dropped(office, cmd, at)
    elif _returns(office, cmd, at):
        yield from postpone_again(office, _postponed(cmd, at), at)
    was_selling = office.planned.selling if office.planned else True
    if cmd.selling != was_selling and cmd.selling == office.stopped:
        stops = SalesResumed if cmd.selling else SalesStopped
        yield stops(occurrence=cmd.occurrence)
    followed = PlanFollowed(
        occurrence=cmd.occurrence,
        ticket_types=tuple(each.id for each in cmd.ticket_types),
        allotments=cmd.allotments,
        selling=cmd.selling,
        reschedule=cmd.reschedule.id if cmd.reschedule else None,
        declared=declared,
    )
    if followed != office.planned:
        yield followed


def _digest(cmd: PlanBoxOffice) -> str:
    """Of what it is to be like, whether it sells or not."""
    whole = cmd.model_dump_json(exclude={"selling", "reschedule"})
    return sha256(whole.encode()).hexdigest()


def _opening(office: BoxOffice, cmd: PlanBoxOffice) -> OpenBoxOffice:
    return OpenBoxOffice.model_construct(
        **_about(cmd), pools=cmd.pools, ticket_types=_types(office, cmd)
    )


def _about(cmd: PlanBoxOffice) -> dict[str, Any]:
    names = ("occurrence", "name", "starts_at", "ends_at", "zone")
    limits = ("per_order_max", "per_person_max")
    return {name: getattr(cmd, name) for name in (*names, *limits)}


def _changed(office: BoxOffice, cmd: PlanBoxOffice, at: datetime) -> Iterator[Event]:
    """Guests are asked about a new time once, whatever else changes with it."""
    assert office.opened is not None
    limits = {name: getattr(cmd, name) or 0 for name in ("per_order_max", "per_person_max")}
    changing = ChangeBoxOffice.model_construct(
        **{**_about(cmd), **limits}, pools=cmd.pools, ticket_types=_types(office, cmd)
    )
    asks: list[Event] = []
    if (
        cmd.reschedule is not None
        and cmd.reschedule.id not in office.notices.postponed
        and (cmd.starts_at, cmd.zone) != (office.opened.starts_at, office.opened.zone)
        and at < instant(cmd.starts_at, cmd.zone)
    ):
        postponed = postpone_again(office, _postponed(cmd, at), at)
        asks = [event for event in postponed if isinstance(event, _ASKS)]
    yield from change(office, changing, at)
    yield from asks


def _returns(office: BoxOffice, cmd: PlanBoxOffice, at: datetime) -> bool:
    """Whether guests are to be asked about the time that they knew before it was postponed."""
    asked = cmd.reschedule
    if asked is None or not asked.returns or asked.id in office.notices.postponed:
        return False
    return at < instant(cmd.starts_at, cmd.zone)


def _postponed(cmd: PlanBoxOffice, at: datetime) -> PostponeNight:
    """Heard of after the last moment to answer: guests have until the new time."""
    assert cmd.reschedule is not None
    until = cmd.reschedule.answer_until
    return PostponeNight(
        occurrence=cmd.occurrence,
        postponement=cmd.reschedule.id,
        starts_at=cmd.starts_at,
        ends_at=cmd.ends_at,
        answer_until=until if at < until else instant(cmd.starts_at, cmd.zone),
        default=cmd.reschedule.default,
    )


def _types(office: BoxOffice, cmd: PlanBoxOffice) -> tuple[TicketType, ...]:
    """Those that are named; and those that were and are not any more, as sold no longer."""
    named = {each.id for each in cmd.ticket_types}
    before = office.planned.ticket_types if office.planned else ()
    gone = (id_ for id_ in before if id_ not in named and office.types[id_].active)
    return (
        *(_type(office, each) for each in cmd.ticket_types),
        *(_kept(office, id_, active=False) for id_ in gone),
    )


def _type(office: BoxOffice, planned: PlannedType) -> TicketType:
    terms = {name: getattr(planned, name) for name in _KNOWN if name != "id"}
    return _kept(office, planned.id, **terms, active=True)


def _kept(office: BoxOffice, id_: str, **terms: Any) -> TicketType:
    """The type as it is, with these terms."""
    known = office.types.get(id_)
    fields = (name for name in TicketType.model_fields if name != "id")
    before = {name: getattr(known, name) for name in fields} if known else {}
    return TicketType.model_construct(id=id_, **{**before, **terms})


def _dropped(office: BoxOffice, cmd: PlanBoxOffice, at: datetime) -> Iterator[Event]:
    for id_ in office.planned.allotments if office.planned else ():
        allotment = office.reserves.allotments.get(id_)
        if id_ not in cmd.allotments and allotment is not None and not allotment.closed:
            released = ReleaseAllotment(occurrence=cmd.occurrence, allotment=id_)
            yield from release_allotment(office, released, at)


def _followed(office: BoxOffice, event: PlanFollowed) -> None:
    for id_ in office.planned.allotments if office.planned else ():
        if id_ not in event.allotments and id_ in office.reserves.allotments:
            office.reserves.allotments[id_].plan = ""  # named again, it begins anew
    office.planned = event


EVOLVE: Final[Evolve] = {PlanFollowed: _followed}
COMMANDS: Final[Commands] = {PlanBoxOffice: plan}
