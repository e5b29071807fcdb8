"""Asks for all that is found in pretix: again and again, only what is new happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from hashlib import sha256
from typing import Any, Final, NamedTuple

from roadcase import clock
from roadcase.asked import Context, Outcome
from roadcase.codec import Codec
from roadcase.decider import Command, Event
from roadcase.errors import Invalid, NotFound, Overloaded, Refused, Unavailable
from roadcase.event_store.port import EventLog
from roadcase.keyring import Contact, Keyring
from roadcase.secret import Secret
from services.ticketing import codes
from services.ticketing.commands import ChangeBoxOffice, CheckIn, ImportOrder
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.refusals import AlreadyOpen
from services.ticketing.importing import orders, tally
from services.ticketing.importing.offers import Night, nights
from services.ticketing.importing.orders import Scan, Taken

Json = dict[str, Any]
Dispatch = Callable[[Command, Context], Awaitable[Outcome]]
AT_ONCE: Final = 16
TRIES: Final = 8
SOURCE: Final = "pretix"


class Move(NamedTuple):
    """One import into one tenant."""

    tenant: str
    secret: Secret
    people: Keyring
    log: EventLog
    dispatch: Dispatch

    async def run(self, found: Json) -> list[Json]:
        """Take over every event, and say how it compares. Raises Invalid for what is no export."""
        try:
            return [await self._event(each) for each in found["events"]]
        except (KeyError, TypeError, AttributeError) as error:
            raise Invalid(f"this is not what pretix 2026 exports: {error!r}") from error

    @property
    def hashed(self) -> Callable[[str], str]:
        return partial(codes.elsewhere, self.secret.key(codes.ELSEWHERE), self.tenant)

    async def _event(self, found: Json) -> Json:
        before = await self._read(found)
        new, names = 0, list[str]()
        for night in nights(found):
            new += await self._night(night)
            names += [f"{night.occurrence}: {each}" for each in night.differences]
        after = await self._read(found)
        return _report(found, tally.of_pretix(found, self.hashed), after.numbers(), names) | {
            "facts": new,
            "before": before.numbers().shown(),
        }

    async def _night(self, night: Night) -> int:
        taken = prepared(night, self.hashed)
        new = await self._open(night, taken)
        ask = partial(self._order, night)
        new += sum(await _each(taken, ask))
        for voucher in night.vouchers():
            new += await self._ask(night, voucher, f"the voucher {voucher.voucher}")
        there = await self._stream(night.occurrence)
        scans = [(order, scan) for order in taken for scan in order.scans]
        for order, scan in sorted(scans, key=lambda each: each[1].at):
            ticket = there.ticket(night.occurrence, order.order, scan.position)
            if ticket is not None:
                new += await self._scan(night, ticket, scan)
        return new

    async def _open(self, night: Night, taken: Sequence[Taken]) -> int:
        opening = night.opening(orders.units(night, list(taken), clock.now()))
        try:
            return len((await self._dispatch(opening)).events)
        except AlreadyOpen:
            change = ChangeBoxOffice(**{name: getattr(opening, name) for name in _SHARED})
            return len((await self._dispatch(change)).events)

    async def _order(self, night: Night, order: Taken) -> int:
        asked = asked_of(night, order)
        seeds = self.secret.key("ticketing/codes")
        subject, contact = await self._sealed(night, order)
        command = ImportOrder(
            occurrence=night.occurrence,
            order=order.order,
            source=SOURCE,
            reference=order.reference,
            sold_at=order.sold_at,
            payment_reference=order.payment_reference,
            tickets=order.tickets,
            fees=order.fees,
            until=order.until,
            code_seed=codes.seed(seeds, self.tenant, night.occurrence, order.order),
            subject=subject,
            contact=contact,
        )
        key = f"{SOURCE}/{night.occurrence}/{order.reference}/{sha256(asked).hexdigest()[:32]}"
        return await self._ask(night, command, f"order {order.reference}", key, asked)

    async def _sealed(self, night: Night, order: Taken) -> tuple[str | None, bytes | None]:
        if order.contact is None:
            return None, None
        try:
            sealed = await self.people.seal(self.tenant, order.contact)
        except Invalid:
            night.differ(f"order {order.reference}: its contact makes no sense and is left out")
            return None, None
        return sealed.kid, sealed.packed()

    async def _scan(self, night: Night, ticket: str, scan: Scan) -> int:
        command = CheckIn(
            occurrence=night.occurrence,
            gate=SOURCE,
            nonce=f"px-{scan.id}",
            direction="exit" if scan.leaves else "entry",
            ticket=ticket,
            ticket_for=night.occurrence,
            claimed_at=scan.at,
        )
        key = f"{SOURCE}/{night.occurrence}/scan/{scan.id}"
        return await self._ask(night, command, f"scan {scan.id}", key)

    async def _ask(
        self,
        night: Night,
        command: Command,
        what: str,
        key: str | None = None,
        asked: bytes | None = None,
    ) -> int:
        """How many facts it became. A refusal is a difference, not the end."""
        try:
            outcome = await self._dispatch(command, key, asked)
        except (Refused, NotFound) as refusal:
            night.differ(f"{what} is not taken: {refusal} {refusal.facts}")
            return 0
        return 0 if outcome.replayed else len(outcome.events)

    async def _dispatch(
        self, command: Command, key: str | None = None, asked: bytes | None = None
    ) -> Outcome:
        context = Context(tenant=self.tenant, actor="import", key=key, request=asked)
        for turn in range(TRIES):
            try:
                return await self.dispatch(command, context)
            except (Unavailable, Overloaded):
                if turn + 1 == TRIES:
                    raise
            await asyncio.sleep(0.1 * 2**turn)
        raise AssertionError("the last try returns or raises")

    async def _read(self, found: Json) -> tally.Tally:
        there = tally.Tally()
        for night in nights(found):
            there.add(await self._events(night.occurrence))
        return there

    async def _stream(self, occurrence: str) -> tally.Tally:
        there = tally.Tally()
        there.add(await self._events(occurrence))
        return there

    async def _events(self, occurrence: str) -> Iterable[Event]:
        codec = Codec(BOX_OFFICE.events)
        records = await self.log.read_stream(f"{self.tenant}/box-office/{occurrence}")
        return [codec.decode(each.topic, each.payload) for each in records]


_SHARED: Final = ("occurrence", "name", "starts_at", "ends_at", "zone", "pools", "ticket_types")


def prepared(night: Night, hashed: Callable[[str], str]) -> list[Taken]:
    found = (orders.take(night, each, hashed) for each in night.found["orders"])
    return [each for each in found if each is not None]


def asked_of(night: Night, order: Taken) -> bytes:
    """What is asked, in clear and always alike: what is sealed differs each time."""
    contact = order.contact or Contact()
    parts = [
        night.occurrence,
        [each.model_dump(mode="json") for each in (*order.tickets, *order.fees)],
        [contact.email, contact.phone, contact.name],
        [str(order.until), str(order.sold_at), order.payment_reference, order.changed],
    ]
    return json.dumps(parts).encode()


def rehearse(found: Json, hashed: Callable[[str], str]) -> list[Json]:
    """What would be taken over; nothing is asked."""
    reports = []
    for event in found["events"]:
        names: list[str] = []
        for night in nights(event):
            taken = prepared(night, hashed)
            night.opening(orders.units(night, taken, clock.now()))
            list(night.vouchers())
            names += [f"{night.occurrence}: {each}" for each in night.differences]
        numbers = tally.of_pretix(event, hashed)
        reports.append(
            {"event": event["event"]["slug"], "pretix": numbers.shown(), "differences": names}
        )
    return reports


def _report(found: Json, there: tally.Numbers, here: tally.Numbers, names: list[str]) -> Json:
    return {
        "event": found["event"]["slug"],
        "pretix": there.shown(),
        "here": here.shown(),
        "equal": not tally.differences(there, here),
        "differences": [*tally.differences(there, here), *names],
    }


async def _each(taken: Sequence[Taken], ask: Callable[[Taken], Awaitable[int]]) -> list[int]:
    """Void ones first, while there is most room; many at once share a commit."""
    late = sorted(taken, key=lambda order: any(each.state == "valid" for each in order.tickets))
    done: list[int] = []
    for start in range(0, len(late), AT_ONCE):
        done += await asyncio.gather(*(ask(each) for each in late[start : start + AT_ONCE]))
    return done
