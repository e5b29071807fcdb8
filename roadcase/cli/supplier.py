"""`roadcase supplier`: who may have stalls: the list, and what they have shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from roadcase.api.v1 import planning_suppliers_pb2 as pb
from roadcase.cli.common import Json, out, table
from roadcase.cli.floor import Door, Told, word
from roadcase.cli.planning import Server, Tenant
from roadcase.client.floor import Floor

app = typer.Typer(help="List, add, vet and suspend suppliers.", no_args_is_help=True)
SCOPES = ("planning:suppliers",)
Supplier = Annotated[str, typer.Argument(help="The key that manifests have for them.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@app.command("list")
def list_(*, tenant: Tenant = "", server: Server = "", as_json: Json = False) -> None:
    """All who are on the list: their status, score, documents and stalls."""

    async def work(floor: Floor) -> Told:
        return {"suppliers": [_supplier(each) async for each in floor.suppliers()]}

    def show(told: Told) -> None:
        table("Suppliers", told["suppliers"])

    Door(server, tenant, SCOPES, as_json).ask(work, show)


@app.command()
def add(
    supplier: Supplier,
    *,
    title: Annotated[str, typer.Option(help="Their name.")],
    offers: Annotated[str, typer.Option(help="What they sell or do.")] = "",
    registration: Annotated[str, typer.Option(help="Their number: of a register, for VAT.")] = "",
    email: Annotated[str, typer.Option(help="Where what they are told goes; sealed.")] = "",
    phone: Annotated[str, typer.Option(help="The same, without an e-mail address.")] = "",
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Put somebody on the list, or change what is told of them. They are not vetted by that.

    The same business is on it once: by its number, or by its name and contact.
    """
    request = pb.AddSupplierRequest(
        supplier=supplier, title=title, offers=offers, registration=registration
    )
    if email or phone:
        request.contact.email, request.contact.phone = email, phone

    async def work(floor: Floor) -> Told:
        alike = await floor.add_supplier(request)
        return {"supplier": supplier, "title": title, "alike": alike}

    def show(told: Told) -> None:
        out.print(f"{supplier} is on the list", highlight=False)
        if told["alike"]:
            same = ", ".join(told["alike"])
            out.print(f"Is it the same business as {same}?", highlight=False)

    Door(server, tenant, SCOPES, as_json).ask(work, show)


@app.command()
def vet(
    supplier: Supplier,
    *,
    note: Annotated[str, typer.Option(help="Is kept with it.")] = "",
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """They may have stalls, also if they were suspended; those kept for them are theirs now."""
    Door(server, tenant, SCOPES, as_json).do(
        lambda floor: floor.vet_supplier(supplier, note),
        f"{supplier} may have stalls",
        supplier=supplier,
        status="vetted",
    )


@app.command()
def suspend(
    supplier: Supplier,
    *,
    reason: Annotated[str, typer.Option(help="Is kept with it.")],
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """They get no stalls, and lose those ahead."""
    Door(server, tenant, SCOPES, as_json).do(
        lambda floor: floor.suspend_supplier(supplier, reason),
        f"{supplier} is suspended",
        supplier=supplier,
        status="suspended",
    )


@app.command()
def document(
    supplier: Supplier,
    document: Annotated[str, typer.Argument(help="An id; the same one takes its place.")],
    *,
    kind: Annotated[str, typer.Option(help="As manifests name it: Insurance.")],
    reference: Annotated[str, typer.Option(help="Where it is found: a number, a link.")],
    since: Day = None,
    until: Day = None,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """File what they have shown, such as an insurance, and its last day."""
    first, last = (str(each.date()) if each else "" for each in (since, until))
    filed = pb.SupplierDocument(
        document=document, kind=kind, reference=reference, valid_from=first, valid_until=last
    )
    Door(server, tenant, SCOPES, as_json).do(
        lambda floor: floor.file_supplier_document(supplier, filed),
        f"{kind} of {supplier} is filed",
        supplier=supplier,
        document=document,
        valid_until=last,
    )


@app.command()
def withdraw(
    supplier: Supplier,
    document: Annotated[str, typer.Argument(help="The id that it was filed under.")],
    *,
    reason: Annotated[str, typer.Option(help="Is kept with it.")],
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """A document does not count any more: who is not fit without it loses the stalls ahead."""
    Door(server, tenant, SCOPES, as_json).do(
        lambda floor: floor.withdraw_supplier_document(supplier, document, reason),
        f"{document} of {supplier} does not count any more",
        supplier=supplier,
        document=document,
    )


def _supplier(each: Any) -> dict[str, Any]:
    return {
        "supplier": each.supplier,
        "title": each.title,
        "registration": each.registration,
        "status": word(pb.SupplierStatus.Name(each.status), "SUPPLIER_STATUS_"),
        "score": each.score,
        "reachable": each.reachable,
        "documents": [_document(document) for document in each.documents],
        "stalls": [f"{stall.occurrence} {stall.stall}" for stall in each.stalls],
    }


def _document(each: Any) -> str:
    until = f" until {each.valid_until}" if each.valid_until else ""
    return f"{each.kind}{until}{' (expired)' if each.expired else ''}"
