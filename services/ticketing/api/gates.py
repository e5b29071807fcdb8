"""What else is asked at gates over HTTP: how they decide, who is in, undoing, giving, finding."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from roadcase.doors import Reader
from roadcase.errors import Unavailable
from roadcase.http import Caller, Dispatch, Read, needs
from roadcase.people.showing import READ as PEOPLE
from services.ticketing import commands, queries
from services.ticketing.api.gate import SCAN, sale_of
from services.ticketing.api.names import LETTERS, Names
from services.ticketing.domain.refusals import UnknownTicketType

PLAN = "ticketing:plan"
Device = Annotated[str | None, Field(max_length=200)]


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Plan(Body):
    """How the gates decide from now on, whole. Without a `zone`, the venue's."""

    zone: str | None = None
    occupancy_max: int | None = None
    gates: tuple[commands.GateTakes, ...] = ()
    rules: tuple[commands.EntryRule, ...] = ()


class Undo(Body):
    """`device` as the scan named it."""

    device: Device = None


class Give(Body):
    ticket: str
    item: str
    gate: str
    device: Device = None


class Count(Body):
    gate: str
    nonce: str
    direction: Literal["entry", "exit"] = "entry"
    guests: Annotated[int, Field(ge=1, le=1000)] = 1
    device: Device = None


class Block(Body):
    why: Annotated[str | None, Field(max_length=200)] = None


class Who(Body):
    """`text`: parts of a name, in any order, with or without accents."""

    text: Annotated[str, Field(min_length=LETTERS, max_length=100)]


class Stand(BaseModel):
    """How many are in, by gate, and how the gates decide."""

    occupancy: int
    counted: int
    occupancy_max: int | None
    gates: dict[str, dict[str, int]]
    plan: dict[str, Any]


class Guest(BaseModel):
    ticket: str
    ticket_type: str
    code: str
    name: str
    state: str
    inside: bool
    admitted_at: AwareDatetime | None


class Guests(BaseModel):
    items: list[Guest]


class Done(BaseModel):
    """It is so now."""


DONE = Done()


async def plan_of(read: Reader, occurrence: str, plan: Plan) -> commands.SetAdmission:
    """The command. Raises NoBoxOffice, UnknownTicketType, and Invalid for what makes no sense."""
    night = await queries.availability(read, occurrence)
    named = [each.ticket_type for each in plan.rules if each.ticket_type]
    for kind in (*named, *(kind for gate in plan.gates for kind in gate.ticket_types)):
        if kind not in night["types"]:
            raise UnknownTicketType(ticket_type=kind)
    return commands.SetAdmission(
        occurrence=occurrence,
        zone=plan.zone or night["zone"],
        occupancy_max=plan.occupancy_max,
        gates=plan.gates,
        rules=plan.rules,
    )


async def given(read: Reader, occurrence: str, give: Give, actor: str) -> commands.HandOver:
    """The command, with what is known of the ticket."""
    sale = await sale_of(read, occurrence, give.ticket)
    return commands.HandOver(
        occurrence=occurrence,
        ticket=give.ticket,
        item=give.item,
        gate=give.gate,
        device=give.device or actor,
        ticket_type=sale.get("ticket_type"),
        addons=sale.get("addons", ()),
    )


def router(names: Names | None) -> APIRouter:
    found = APIRouter(prefix="/ticketing/occurrences/{occurrence}", tags=["ticketing"])
    _plan(found)
    _scans(found)
    _tickets(found)
    _people(found, names)
    return found


def _plan(to: APIRouter) -> None:
    @to.get("/admission")
    @needs(SCAN)
    async def show_admission(occurrence: str, read: Read) -> Stand:
        await queries.availability(read, occurrence)
        return Stand(**await queries.gates(read, occurrence))

    @to.post("/admission")
    @needs(PLAN)
    async def set_admission(occurrence: str, plan: Plan, read: Read, dispatch: Dispatch) -> Done:
        await dispatch(await plan_of(read, occurrence, plan))
        return DONE


def _scans(to: APIRouter) -> None:
    @to.post("/scans/{nonce}/annul")
    @needs(SCAN)
    async def annul_scan(
        occurrence: str, nonce: str, undo: Undo, dispatch: Dispatch, caller: Caller
    ) -> Done:
        device = undo.device or caller.actor
        await dispatch(commands.AnnulScan(occurrence=occurrence, nonce=nonce, device=device))
        return DONE

    @to.post("/counts")
    @needs(SCAN)
    async def count_guests(
        occurrence: str, count: Count, read: Read, dispatch: Dispatch, caller: Caller
    ) -> Done:
        await queries.availability(read, occurrence)
        told = count.model_dump() | {"device": count.device or caller.actor}
        await dispatch(commands.CountGuests(occurrence=occurrence, **told))
        return DONE


def _tickets(to: APIRouter) -> None:
    @to.post("/hand-outs")
    @needs(SCAN)
    async def hand_over(
        occurrence: str, give: Give, read: Read, dispatch: Dispatch, caller: Caller
    ) -> Done:
        asked = f"{occurrence}/{give.model_dump_json()}".encode()
        command = await given(read, occurrence, give, caller.actor)
        await dispatch(command, request=asked)
        return DONE

    @to.post("/tickets/{ticket}/block")
    @needs(PLAN)
    async def block_ticket(occurrence: str, ticket: str, block: Block, dispatch: Dispatch) -> Done:
        command = commands.BlockTicket(occurrence=occurrence, ticket=ticket, why=block.why)
        await dispatch(command)
        return DONE

    @to.post("/tickets/{ticket}/unblock")
    @needs(PLAN)
    async def unblock_ticket(occurrence: str, ticket: str, dispatch: Dispatch) -> Done:
        await dispatch(commands.UnblockTicket(occurrence=occurrence, ticket=ticket))
        return DONE


def _people(to: APIRouter, names: Names | None) -> None:
    @to.post("/guests/search")
    @needs(SCAN, mutates=False)
    async def find_guests(occurrence: str, who: Who, read: Read, caller: Caller) -> Guests:
        """Needs people:read too. What is looked for comes in the body: names end up in logs."""
        caller.require(PEOPLE)
        if names is None:
            raise Unavailable("this process has no keyring: it can open no names")
        rows = await names.find(read, caller.tenant, occurrence, who.text)
        return Guests(items=[Guest(**row) for row in rows])
