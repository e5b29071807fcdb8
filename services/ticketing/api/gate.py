"""The door of the gates: reads what was shown, asks admission, and puts the answer into words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from roadcase.auth import Identity
from roadcase.doors import Reader, wait_shown
from roadcase.http import Caller, Dispatch, Dispatcher, Read, needs
from roadcase.people.showing import READ as PEOPLE
from roadcase.people.showing import plain
from roadcase.service import Tools
from services.ticketing import codes, queries
from services.ticketing.api import shown as reads
from services.ticketing.api.gate_words import WORDS
from services.ticketing.api.names import Names
from services.ticketing.commands import CheckIn
from services.ticketing.events import Admitted, Exited, ScanRefused
from services.ticketing.signed_ticket import PREFIX, InvalidTicket
from services.ticketing.signing import Signature, Signatures, valid_until

SCAN: Final = "ticketing:scan"
LONGEST: Final = 64 * 1024  # characters: no scanner reads more, and a body could hold a megabyte
VOID: Final = {"sold": None, "unpaid": "unpaid", "pending": "unpaid", "unapproved": "unapproved"}
MOVED: Final = ("transferred", "exchanged")


class Scan(BaseModel):
    """`shown` is what the scanner read or somebody typed; `nonce` is the scan's own id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gate: str
    nonce: str
    shown: Annotated[str, Field(max_length=LONGEST)]
    direction: Literal["entry", "exit"] = "entry"
    claimed_at: AwareDatetime | None = None
    device: Annotated[str | None, Field(max_length=200)] = None
    guests: Annotated[int, Field(ge=1, le=1000)] = 1


class Thing(BaseModel):
    """What the guest has still to get."""

    item: str
    name: str


class Answer(BaseModel):
    """The answer to a scan, and the same in words as `message`.

    With an admission: `inside` of the guests that the ticket `admits` are in; whether it asks for
    `attention`, a `text` for whoever stands at the gate, and what is to be handed out.
    """

    result: Literal["admitted", "exited", "refused"]
    reason: str | None = None
    detail: str | None = None
    ticket: str | None = None
    since: AwareDatetime | None = None
    since_gate: str | None = None
    message: str = ""
    inside: int = 0
    admits: int = 0
    attention: bool = False
    text: str | None = None
    hand_out: list[Thing] = []
    seat: str | None = None


Find = Callable[[str, str], Awaitable[list[dict[str, Any]]]]  # occurrence, name: guests


class Gate(NamedTuple):
    """Who asks at a gate, and what the door gives them: `names`, where they may read names."""

    signature: Signature
    read: Reader
    dispatch: Dispatcher
    hashed: Callable[[str], str]  # a code that another system gave, as it is kept
    actor: str
    names: Find | None = None

    async def check_in(self, occurrence: str, scan: Scan) -> Answer:
        """Read what was shown and ask. Raises NoBoxOffice, NonceReused, and Invalid for ids."""
        night = await queries.availability(self.read, occurrence)
        command = CheckIn(
            occurrence=occurrence,
            gate=scan.gate,
            nonce=scan.nonce,
            direction=scan.direction,
            claimed_at=scan.claimed_at,
            device=scan.device or self.actor,
            guests=scan.guests,
            **await self._known(occurrence, await self._read_shown(night, scan.shown)),
        )
        return await self.ask(
            command, msgspec.json.encode([occurrence, scan.model_dump(mode="json")])
        )

    async def ask(self, command: CheckIn, asked: bytes) -> Answer:
        """Ask, and wait for what was answered if it was asked before. Raises NonceReused."""
        outcome = await self.dispatch(command, request=asked)
        for event in outcome.events:
            if isinstance(event, Admitted | Exited | ScanRefused):
                return await self._with_seat(command.occurrence, _answer(event))
        await wait_shown(self.read, "scans", outcome.position)  # asked before, under another key
        row = await queries.scan(self.read, command.occurrence, command.nonce)
        told = row.pop("told") if row["result"] != "refused" else {}
        return await self._with_seat(command.occurrence, _in_words(Answer(**row, **told)))

    async def _with_seat(self, occurrence: str, answer: Answer) -> Answer:
        """Where whoever comes in sits."""
        if answer.result != "admitted" or answer.ticket is None:
            return answer
        seat = await queries.seat_of(self.read, occurrence, answer.ticket)
        words = f"{answer.message} Seat {seat}." if seat else answer.message
        return answer.model_copy(update={"seat": seat, "message": words})

    async def _read_shown(self, night: dict[str, Any], shown: str) -> dict[str, Any]:
        """What was read, as `CheckIn` takes it. A night that was moved moves its tickets."""
        text = shown.lstrip().rstrip("\r\n")  # a space may be the end of a ticket
        if not text or text.startswith(PREFIX) or len(text) > codes.LONGEST:
            try:
                ticket = self.signature.verify(text)
            except InvalidTicket as error:
                return {"fault": "invalid", "detail": error.facts["reason"]}
            until = ticket.valid_until
            here = ticket.occurrence == night["occurrence"]
            if until is not None and here and ticket.valid_from is None:  # it is for all night
                until = max(until, valid_until(night))
            return {
                "ticket": ticket.ticket,
                "ticket_for": ticket.occurrence,
                "valid_from": ticket.valid_from,
                "valid_until": until,
            }
        return await self._find(night, text)

    async def _known(self, occurrence: str, shown: dict[str, Any]) -> dict[str, Any]:
        """With what is known of the sale. A ticket may be shown before the read model has it."""
        if shown.get("ticket_for") != occurrence:
            return shown
        return shown | await sale_of(self.read, occurrence, shown["ticket"])

    async def _find(self, night: dict[str, Any], typed: str) -> dict[str, Any]:
        try:
            code = codes.parse(typed)
        except codes.InvalidCode:
            return await self._uncoded(night, typed)
        found = await queries.tickets_with(self.read, night["occurrence"], code)
        if len(found) == 1:
            return _found(night, found[0])
        if known := await self._elsewhere(night, typed):
            return known
        return {"fault": "ambiguous" if found else "unknown"}

    async def _uncoded(self, night: dict[str, Any], typed: str) -> dict[str, Any]:
        """What is no code of ours: a placed order, another system's code, or a name."""
        found = await self._placed(night["occurrence"], typed)
        if found := found or await self._elsewhere(night, typed):
            return found
        if codes.looks_like_one(typed):
            return {"fault": "invalid", "detail": "typing_error"}
        return await self._named(night, typed)

    async def _elsewhere(self, night: dict[str, Any], shown: str) -> dict[str, Any] | None:
        """A ticket that was sold elsewhere has the code that it had there."""
        secret = self.hashed(shown.strip())
        found = await queries.ticket_from_elsewhere(self.read, night["occurrence"], secret)
        return None if found is None else _found(night, found)

    async def _placed(self, occurrence: str, order: str) -> dict[str, Any] | None:
        """An order that was placed has no tickets: its id says why nobody is let in with it."""
        state = await reads.waits(self.read, occurrence, order)
        if state is None:
            return None
        standing = "unapproved" if state == "requested" else "unpaid"
        return {"ticket": f"{order}-1", "ticket_for": occurrence, "standing": standing}

    async def _named(self, night: dict[str, Any], typed: str) -> dict[str, Any]:
        """Somebody's whole name is as good as their code, if one ticket only is theirs."""
        rows = await self.names(night["occurrence"], typed) if self.names else []
        words = sorted(plain(typed).split())
        found = [row for row in rows if sorted(plain(row["name"]).split()) == words]
        if len(found) != 1:
            return (
                {"fault": "ambiguous"} if found else {"fault": "invalid", "detail": "not_a_ticket"}
            )
        return _found(night, {**found[0], "occurrence": night["occurrence"]})


def _found(night: dict[str, Any], ticket: dict[str, Any]) -> dict[str, Any]:
    return {
        "ticket": ticket["ticket"],
        "ticket_for": ticket["occurrence"],
        "valid_until": valid_until(night),
    }


class Gates:
    """What the gates of all tenants are made with."""

    def __init__(self, tools: Tools) -> None:
        self._signatures = Signatures(tools.secret)
        self._elsewhere = tools.secret.key(codes.ELSEWHERE)

    def of(
        self, who: Identity, read: Reader, dispatch: Dispatcher, names: Find | None = None
    ) -> Gate:
        """The gate of one caller."""
        hashed = partial(codes.elsewhere, self._elsewhere, who.tenant)
        signature = self._signatures.of(who.tenant)
        return Gate(signature, read, dispatch, hashed, who.actor, names)


async def sale_of(read: Reader, occurrence: str, ticket: str) -> dict[str, Any]:
    """Type, add-ons and standing of a ticket, as `CheckIn` takes them; empty where not known."""
    rows = await reads.ticket_at_gate(read, occurrence, ticket)
    own = next((row for row in rows if row["ticket"] == ticket), None)
    if own is None:
        return {}
    kind, state = own["ticket_type"], own["state"]
    standing = VOID.get(state, "revoked")
    if standing is None and await reads.has_to_answer(read, occurrence, own["order_id"], kind):
        standing = "incomplete"
    return {
        "ticket_type": kind,
        "admits": own["admits"],
        "standing": standing,
        "detail": state if state in MOVED else None,
        **window_of(own),
        "addons": tuple(
            {"ticket": row["ticket"], "ticket_type": row["ticket_type"]}
            for row in rows
            if row is not own and row["state"] == "sold"
        ),
    }


def window_of(row: dict[str, Any]) -> dict[str, datetime]:
    """When a ticket lets somebody in, if it has a time of its own; empty: as its night does."""
    if row["valid_from"] is None:
        return {}
    return {"valid_from": row["valid_from"], "valid_until": row["valid_until"]}


def _answer(event: Admitted | Exited | ScanRefused) -> Answer:
    if isinstance(event, ScanRefused):
        answer = Answer(
            result="refused",
            reason=event.reason,
            detail=event.detail,
            ticket=event.ticket,
            since=event.since,
            since_gate=event.since_gate,
        )
        return _in_words(answer)
    result: Literal["admitted", "exited"] = "admitted" if isinstance(event, Admitted) else "exited"
    answer = Answer(result=result, ticket=event.ticket, inside=event.inside)
    if isinstance(event, Admitted):
        given = [Thing(item=each.item, name=each.name) for each in event.hand_out]
        more = {"admits": event.admits, "attention": event.attention, "text": event.text}
        answer = answer.model_copy(update={**more, "hand_out": given})
    return _in_words(answer)


def _in_words(answer: Answer) -> Answer:
    words = WORDS[answer.detail or answer.reason or answer.result]
    return answer.model_copy(update={"message": words})


def router(tools: Tools, names: Names | None) -> APIRouter:
    """Scans over HTTP, for pages and scanners that speak no gRPC."""
    found = APIRouter(prefix="/ticketing/occurrences", tags=["ticketing"])
    gates = Gates(tools)

    @found.post("/{occurrence}/scans")
    @needs(SCAN)
    async def check_in(
        occurrence: str, scan: Scan, read: Read, dispatch: Dispatch, caller: Caller
    ) -> Answer:
        by_name = names is not None and PEOPLE in caller.scopes
        find = partial(names.find, read, caller.tenant) if by_name and names else None
        return await gates.of(caller, read, dispatch, find).check_in(occurrence, scan)

    return found
