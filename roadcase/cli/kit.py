"""`roadcase kit`: what is free when, who has it, what leaves and comes back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from roadcase.api.v1 import planning_kit_pb2 as pb
from roadcase.cli.common import Json, out, table
from roadcase.cli.floor import Door, Told, at, utc, word
from roadcase.cli.planning import Server, Tenant
from roadcase.client.floor import Floor
from roadcase.clock import now
from roadcase.errors import Invalid
from roadcase.ids import new_id

app = typer.Typer(help="Kit: free, booked, in repair, out and back.", no_args_is_help=True)
SCOPES = ("planning:kit", "planning:read")
Booking = Annotated[str, typer.Argument(help="An event, or a booking of its own.")]
Pieces = Annotated[list[str], typer.Argument(help="lamp, lamp=2 or printer:p1,p2 by serials.")]
_NUMBER = re.compile(r"[0-9]{1,6}")
Moment = Annotated[datetime | None, typer.Option(help="UTC.")]


@app.command("list")
def list_(
    *,
    since: Moment = None,
    until: Moment = None,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """How many of each item are free all the time from --since (now) until --until (an hour)."""
    begins = utc(since) if since else now()
    ends = utc(until) if until else begins + timedelta(hours=1)

    async def work(floor: Floor) -> Told:
        return {"items": [_item(each) for each in (await floor.kit(begins, ends)).items]}

    def show(told: Told) -> None:
        table("Kit", told["items"])

    Door(server, tenant, SCOPES, as_json).ask(work, show)


@app.command()
def bookings(*, tenant: Tenant = "", server: Server = "", as_json: Json = False) -> None:
    """What each event and booking has, or why it has nothing; what is out, missing and late."""

    async def work(floor: Floor) -> Told:
        return {"bookings": [_booking(each) async for each in floor.kit_bookings()]}

    def show(told: Told) -> None:
        table("Bookings", told["bookings"])

    Door(server, tenant, SCOPES, as_json).ask(work, show)


@app.command()
def repair(
    piece: Annotated[str, typer.Argument(help="lamp, lamp=2 or printer:p1,p2 by serials.")],
    *,
    reason: Annotated[str, typer.Option(help="Is kept with it.")],
    until: Moment = None,
    id_: Annotated[str, typer.Option("--id", help="Names it; the same one is that one.")] = "",
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """It is not there from now on: until --until, or until `roadcase kit repaired`."""
    broken, repair_ = _piece(piece), id_ or new_id("repair")
    request = pb.SendToRepairRequest(
        repair=repair_,
        item=broken.item,
        quantity=broken.quantity,
        serials=broken.serials,
        begins=now(),
        ends=utc(until) if until else None,
        reason=reason,
    )
    Door(server, tenant, SCOPES, as_json).do(
        lambda floor: floor.send_to_repair(request),
        f"{piece} is in repair: {repair_}",
        repair=repair_,
        item=broken.item,
    )


@app.command()
def repaired(
    repair: Annotated[str, typer.Argument(help="The id of the repair.")],
    *,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """It may be booked again."""
    Door(server, tenant, SCOPES, as_json).do(
        lambda floor: floor.end_repair(repair), f"{repair} is over", repair=repair
    )


@app.command()
def checkout(
    booking: Booking,
    pieces: Annotated[
        list[str] | None, typer.Argument(help="lamp, lamp=2 or printer:p1,p2 by serials.")
    ] = None,
    *,
    container: Annotated[str, typer.Option(help="A case, with what is in it.")] = "",
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Pieces leave with a booking, or a case with all that is in it and a list of what is not."""
    leaving = [_piece(each) for each in pieces or ()]
    if bool(container) == bool(leaving):
        raise Invalid("say what leaves: pieces, or a case with --container")

    async def work(floor: Floor) -> Told:
        if not container:
            await floor.check_out(booking, leaving)
            return {"booking": booking, "out": _pieces(leaving), "missing": []}
        found = await floor.check_out_container(booking, container)
        return {"booking": booking, "out": _pieces(found.pieces), "missing": _pieces(found.missing)}

    def show(told: Told) -> None:
        out.print(f"{', '.join(told['out'])}: out with {booking}", highlight=False)
        if told["missing"]:
            out.print(f"missing: {', '.join(told['missing'])}", highlight=False)

    Door(server, tenant, SCOPES, as_json).ask(work, show)


@app.command()
def checkin(
    booking: Booking,
    pieces: Pieces,
    *,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Pieces come back, one item after the other. `roadcase kit bookings`: what is still out."""
    back = [_piece(each) for each in pieces]

    async def work(floor: Floor) -> None:
        for each in back:
            await floor.check_in(booking, each)

    told = {"booking": booking, "back": _pieces(back)}
    Door(server, tenant, SCOPES, as_json).do(work, f"{', '.join(told['back'])}: back", **told)


def _piece(text: str) -> pb.KitPieces:
    """Raises Invalid."""
    if ":" in text:
        item, _, serials = text.partition(":")
        named = [each.strip() for each in serials.split(",") if each.strip()]
        return pb.KitPieces(item=item, quantity=len(named), serials=named)
    item, _, number = text.partition("=")
    if not _NUMBER.fullmatch(number or "1"):
        raise Invalid(f"{text}: say it like lamp, lamp=2 or printer:p1,p2 by serials")
    return pb.KitPieces(item=item, quantity=int(number or 1))


def _pieces(of: Sequence[Any]) -> list[str]:
    return [
        f"{each.item}:{','.join(each.serials)}" if each.serials else f"{each.item}={each.quantity}"
        for each in of
    ]


def _item(each: Any) -> dict[str, Any]:
    names = ("item", "title", "owned", "booked", "in_repair", "late", "free")
    short = [f"{booking} {lacks}" for booking, lacks in each.short.items()]
    return {**{name: getattr(each, name) for name in names}, "short": short}


def _booking(each: Any) -> dict[str, Any]:
    return {
        "booking": each.booking,
        "state": word(pb.KitBookingState.Name(each.state), "KIT_BOOKING_STATE_"),
        "begins": at(each.begins),
        "ends": at(each.ends),
        "needs": [f"{need.item}={need.quantity}" for need in each.needs],
        "conflicts": [f"{some.item}: {some.free} of {some.wanted}" for some in each.conflicts],
        "out": _pieces(each.out),
        "missing": _pieces(each.missing),
        "overdue": each.overdue,
    }
