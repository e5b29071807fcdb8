"""`roadcase stall`: who has which stall of an event, and what they took there."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from roadcase.api.v1 import common_pb2
from roadcase.cli.common import Json, table
from roadcase.cli.floor import Door, Event, Told, amount
from roadcase.cli.planning import Server, Tenant
from roadcase.cli.supplier import SCOPES
from roadcase.client.floor import Floor
from roadcase.ids import new_id
from roadcase.money import Money

app = typer.Typer(help="List, book and free stalls; report takings.", no_args_is_help=True)
Stall = Annotated[str, typer.Argument(help="Its key in the manifest.")]


@app.command("list")
def list_(event: Event, *, tenant: Tenant = "", server: Server = "", as_json: Json = False) -> None:
    """Who has each, why whoever it is kept for does not, and what is owed."""

    async def work(floor: Floor) -> Told:
        market = await floor.market(event)
        owed = {each.stall: each.amount for each in market.charges if not each.reversed}
        stalls = [_stall(each, owed.get(each.stall)) for each in market.stalls]
        return {"occurrence": event, "closed": market.closed, "stalls": stalls}

    def show(told: Told) -> None:
        table(f"Stalls of {event}", told["stalls"])

    Door(server, tenant, SCOPES, as_json).ask(work, show)


@app.command()
def book(
    event: Event,
    stall: Stall,
    *,
    supplier: Annotated[str, typer.Option(help="Left out: whom the manifest names.")] = "",
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Give a stall to a supplier. Where the manifest names one, it goes to them by itself."""
    Door(server, tenant, SCOPES, as_json).do(
        lambda floor: floor.book_stall(event, stall, supplier),
        f"{stall} of {event} is booked",
        occurrence=event,
        stall=stall,
    )


@app.command()
def free(
    event: Event,
    stall: Stall,
    *,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Whoever has it does not have it any more, nor gets it again by themselves."""
    Door(server, tenant, SCOPES, as_json).do(
        lambda floor: floor.free_stall(event, stall),
        f"{stall} of {event} is free",
        occurrence=event,
        stall=stall,
    )


@app.command()
def takings(
    event: Event,
    stall: Stall,
    amount: Annotated[str, typer.Argument(help='With its currency: "1180.50 EUR".')],
    *,
    report: Annotated[str, typer.Option(help="An id: the same one is the same report.")] = "",
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Report what was taken there. Another report corrects the one before."""
    taken = Money.parse(amount)
    sent = common_pb2.Money(minor=taken.minor, currency=taken.currency)
    id_ = report or new_id("takings")
    Door(server, tenant, SCOPES, as_json).do(
        lambda floor: floor.report_takings(event, stall, id_, sent),
        f"{stall} of {event} took {taken}",
        occurrence=event,
        stall=stall,
        report=id_,
        takings=str(taken),
    )


def _stall(each: Any, owed: Any) -> dict[str, Any]:
    return {
        "stall": each.stall,
        "named": each.planned,
        "booked": each.booked,
        "waits": list(each.waits),
        "lost": each.lost,
        "takings": amount(each.takings),
        "owed": amount(owed) if owed else "",
    }
