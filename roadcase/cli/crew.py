"""`roadcase crew`: who works where, the call sheet, the clock."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from roadcase.api.v1 import planning_crew_pb2 as pb
from roadcase.cli.common import Json, table
from roadcase.cli.floor import Door, Event, Told, at, word
from roadcase.cli.planning import Server, Tenant
from roadcase.client.floor import Floor
from roadcase.errors import Invalid

app = typer.Typer(help="Crew: positions, invitations, call sheet, clock.", no_args_is_help=True)
SCOPES = ("planning:crew", "planning:read")
Position = Annotated[str, typer.Argument(help="Such as door-1.")]
Person = Annotated[str, typer.Argument(help="Their id.")]


class Way(StrEnum):
    """Which way the clock goes."""

    IN = "in"
    OUT = "out"


class Deed(StrEnum):
    """What becomes of a certificate."""

    RECORD = "record"
    WITHDRAW = "withdraw"


class Turn(StrEnum):
    """What becomes of a swap."""

    OFFER = "offer"
    WITHDRAW = "withdraw"


@app.command()
def add(
    person: Person,
    *,
    name: Annotated[str, typer.Option(help="Is sealed for them, as all that follows.")] = "",
    email: Annotated[str, typer.Option(help="Where invitations go.")] = "",
    phone: Annotated[str, typer.Option(help="With the country: +49 170 1234567.")] = "",
    shares: Annotated[bool, typer.Option("--shares", help="Others of a crew may see it.")] = False,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Somebody who works, or what has changed about them: in full."""
    request = pb.RegisterMemberRequest(person=person, shares_contact=shares)
    request.contact.name, request.contact.email, request.contact.phone = name, email, phone
    Door(server, tenant, SCOPES, as_json).do(
        lambda floor: floor.register_member(request), f"{person} can be asked", person=person
    )


@app.command()
def members(*, tenant: Tenant = "", server: Server = "", as_json: Json = False) -> None:
    """All who can be asked to work: their certificates, and where they work."""

    async def work(floor: Floor) -> Told:
        return {"members": [_member(each) async for each in floor.members()]}

    def show(told: Told) -> None:
        table("Members", told["members"])

    Door(server, tenant, (*SCOPES, "people:read"), as_json).ask(work, show)


@app.command()
def certificate(
    deed: Annotated[Deed, typer.Argument()],
    person: Person,
    certificate: Annotated[str, typer.Argument(help="As manifests name it: first aid.")],
    *,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Its last day; left out: it has none."),
    ] = None,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """What somebody has shown that they may do, or that it does not count any more."""
    last = str(until.date()) if until else ""
    if last and deed is Deed.WITHDRAW:
        raise Invalid("--until goes with record: what is withdrawn has no last day", field="until")

    async def work(floor: Floor) -> None:
        if deed is Deed.RECORD:
            await floor.record_certificate(person, certificate, last)
        else:
            await floor.withdraw_certificate(person, certificate)

    Door(server, tenant, SCOPES, as_json).do(
        work,
        f"{certificate} of {person} is {'recorded' if deed is Deed.RECORD else 'withdrawn'}",
        person=person,
        certificate=certificate,
        valid_until=last,
        recorded=deed is Deed.RECORD,
    )


@app.command("list")
def list_(event: Event, *, tenant: Tenant = "", server: Server = "", as_json: Json = False) -> None:
    """Who has which position, who is asked, what is missing, and the clock."""

    async def work(floor: Floor) -> Told:
        found = await floor.crew(event)
        positions = [_position(each) for each in found.positions]
        return {
            "occurrence": event,
            "positions": positions,
            "clock": [_entry(each) for each in found.clock],
        }

    def show(told: Told) -> None:
        table(f"Crew of {event}", told["positions"])
        if told["clock"]:
            table("Clock", told["clock"])

    Door(server, tenant, SCOPES, as_json).ask(work, show)


@app.command()
def invite(
    event: Event,
    position: Position,
    person: Person,
    *,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Ask somebody to take a position. They answer at the link, whoever has it."""

    async def work(floor: Floor) -> Told:
        link = await floor.invite(event, position, person)
        return {"occurrence": event, "position": position, "person": person, "link": link}

    def show(told: Told) -> None:
        typer.echo(f"{person} is asked, and answers at {told['link']}")

    Door(server, tenant, SCOPES, as_json).ask(work, show)


@app.command()
def swap(
    turn: Annotated[Turn, typer.Argument()],
    event: Event,
    position: Position,
    person: Person,
    *,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """They would give their position to somebody else who is asked, or keep it after all."""

    async def work(floor: Floor) -> None:
        asked = floor.offer_swap if turn is Turn.OFFER else floor.withdraw_swap
        await asked(event, position, person)

    Door(server, tenant, SCOPES, as_json).do(
        work,
        f"{person} {'offers' if turn is Turn.OFFER else 'keeps'} {position}",
        occurrence=event,
        position=position,
        person=person,
        offered=turn is Turn.OFFER,
    )


@app.command()
def sheet(event: Event, *, tenant: Tenant = "", server: Server = "", as_json: Json = False) -> None:
    """The call sheet, with names and how to reach them."""

    async def work(floor: Floor) -> Told:
        return {"occurrence": event, "text": await floor.call_sheet(event)}

    Door(server, tenant, (*SCOPES, "people:read"), as_json).ask(
        work, lambda told: typer.echo(told["text"])
    )


@app.command()
def clock(
    way: Annotated[Way, typer.Argument()],
    event: Event,
    position: Position,
    person: Person,
    *,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """They begin to work now, or stop."""

    async def work(floor: Floor) -> None:
        turn = floor.clock_in if way is Way.IN else floor.clock_out
        await turn(event, position, person)

    Door(server, tenant, SCOPES, as_json).do(
        work,
        f"{person} is {'at work' if way is Way.IN else 'off work'}",
        occurrence=event,
        position=position,
        person=person,
        clock=way.value,
    )


def _member(each: Any) -> dict[str, Any]:
    return {
        "person": each.person,
        "name": each.contact.name,
        "certificates": [
            f"{name} until {until}" if until else name
            for name, until in sorted(each.certificates.items())
        ],
        "works": [f"{one.occurrence} {one.position}" for one in each.engagements],
    }


def _position(each: Any) -> dict[str, Any]:
    first = each.shifts[0].begins if each.shifts else None
    return {
        "position": each.position,
        "title": each.title,
        "from": at(first) if first else "",
        "state": word(pb.CrewPositionState.Name(each.state), "CREW_POSITION_STATE_"),
        "person": each.person,
        "invited": list(each.invited),
        "declined": list(each.declined),
        "lacks": [f"{name}: {why}" for name, why in each.lacks.items()],
    }


def _entry(each: Any) -> dict[str, Any]:
    return {
        "entry": each.entry,
        "position": each.position,
        "person": each.person,
        "begins": at(each.begins),
        "ends": at(each.ends) if each.HasField("ends") else "",
        "corrected_by": each.corrected_by,
    }
