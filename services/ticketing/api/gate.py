"""The door of the gates: reads what was shown, asks admission, and puts the answer into words."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from roadcase.doors import Reader, wait_shown
from roadcase.http import Caller, Dispatch, Dispatcher, Read, needs
from roadcase.service import Tools
from services.ticketing import codes, queries
from services.ticketing.commands import CheckIn
from services.ticketing.events import Admitted, Exited, ScanRefused
from services.ticketing.signed_ticket import PREFIX, InvalidTicket
from services.ticketing.signing import Signature, Signatures, valid_until

SCAN: Final = "ticketing:scan"
LONGEST: Final = 64 * 1024  # characters: no scanner reads more, and a body could hold a megabyte
WORDS: Final = {
    "admitted": "Welcome.",
    "exited": "Goodbye: this ticket can come in again.",
    "invalid": "This is not one of our tickets.",
    "unknown": "No ticket has this code.",
    "wrong_event": "This ticket is for another event.",
    "revoked": "This ticket was refunded or cancelled.",
    "not_yet_valid": "This ticket is not valid yet.",
    "expired": "This ticket is not valid any more.",
    "already_in": "This ticket is inside already.",
    "not_in": "This ticket is not inside.",
    "empty": "Nothing was read: scan again.",
    "too_long": "This is too long to be a ticket.",
    "not_a_ticket": "This is neither a ticket nor a code.",
    "garbled": "This was not read well, or is damaged: scan again, or type the code.",
    "unknown_key": "This ticket was signed by somebody else.",
    "forged": "This ticket was changed after it was signed, or not read well.",
    "typing_error": "This code has a typing error.",
}


class Scan(BaseModel):
    """`shown` is what the scanner read or somebody typed; `nonce` is the scan's own id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gate: str
    nonce: str
    shown: Annotated[str, Field(max_length=LONGEST)]
    direction: Literal["entry", "exit"] = "entry"
    claimed_at: AwareDatetime | None = None


class Answer(BaseModel):
    """The answer to a scan, and the same in words as `message`."""

    result: Literal["admitted", "exited", "refused"]
    reason: str | None = None
    detail: str | None = None
    ticket: str | None = None
    since: AwareDatetime | None = None
    since_gate: str | None = None
    message: str = ""
    seat: str | None = None


class Gate(NamedTuple):
    """Who asks at a gate, and what the door gives them."""

    signature: Signature
    read: Reader
    dispatch: Dispatcher

    async def check_in(self, occurrence: str, scan: Scan) -> Answer:
        """Read what was shown and ask. Raises NoBoxOffice, NonceReused, and Invalid for ids."""
        night = await queries.availability(self.read, occurrence)
        command = CheckIn(
            occurrence=occurrence,
            gate=scan.gate,
            nonce=scan.nonce,
            direction=scan.direction,
            claimed_at=scan.claimed_at,
            **await self._read_shown(night, scan.shown),
        )
        asked = msgspec.json.encode([occurrence, scan.model_dump(mode="json")])
        outcome = await self.dispatch(command, request=asked)
        for event in outcome.events:
            if isinstance(event, Admitted | Exited | ScanRefused):
                return await self._with_seat(occurrence, _answer(event))
        await wait_shown(self.read, "scans", outcome.position)  # asked before, under another key
        row = await queries.scan(self.read, occurrence, scan.nonce)
        answer = _in_words(Answer(**{name: row[name] for name in row if name != "ticket_for"}))
        return await self._with_seat(occurrence, answer)

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
            if until is not None and ticket.occurrence == night["occurrence"]:
                until = max(until, valid_until(night))
            return {
                "ticket": ticket.ticket,
                "ticket_for": ticket.occurrence,
                "valid_from": ticket.valid_from,
                "valid_until": until,
            }
        return await self._find(night, text)

    async def _find(self, night: dict[str, Any], typed: str) -> dict[str, Any]:
        try:
            code = codes.parse(typed)
        except codes.InvalidCode:
            looks_like = codes.looks_like_one(typed)
            return {"fault": "invalid", "detail": "typing_error" if looks_like else "not_a_ticket"}
        found = await queries.ticket_with(self.read, night["occurrence"], code)
        if found is None:
            return {"fault": "unknown"}
        return {
            "ticket": found["ticket"],
            "ticket_for": found["occurrence"],
            "valid_until": valid_until(night),
        }


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
    return _in_words(Answer(result=result, ticket=event.ticket))


def _in_words(answer: Answer) -> Answer:
    words = WORDS[answer.detail or answer.reason or answer.result]
    return answer.model_copy(update={"message": words})


def router(tools: Tools) -> APIRouter:
    """Scans over HTTP, for pages and scanners that speak no gRPC."""
    found = APIRouter(prefix="/ticketing/occurrences", tags=["ticketing"])
    signatures = Signatures(tools.secret)

    @found.post("/{occurrence}/scans")
    @needs(SCAN)
    async def check_in(
        occurrence: str, scan: Scan, read: Read, dispatch: Dispatch, caller: Caller
    ) -> Answer:
        return await Gate(signatures.of(caller.tenant), read, dispatch).check_in(occurrence, scan)

    return found
