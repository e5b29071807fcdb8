"""What the gates know: who is in, what was given, how they decide; and how that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from roadcase.decider import Event
from roadcase.triggers import Watch
from services.ticketing.commands import AnnulScan, CountGuests, HandOver, SetAdmission
from services.ticketing.commands.admission import Addon
from services.ticketing.domain.entry_rules import EntryRules
from services.ticketing.domain.gate_refusals import (
    AnnulledAlready,
    AnnulledTooLate,
    HandedOutAlready,
    HouseFull,
    NobodyToCountOut,
    NonceReused,
    NothingToHandOut,
    OtherDevice,
    ScannedSince,
    UnknownScan,
)
from services.ticketing.events import (
    AdmissionSet,
    Admitted,
    EntryRule,
    Exited,
    GateTakes,
    GuestsCounted,
    HandedOut,
    HandOut,
    ScanAnnulled,
    ScanRefused,
    TicketBlocked,
    TicketRestored,
    TicketRevoked,
    TicketUnblocked,
)

Scan = tuple[str | None, str, str]  # ticket, gate, direction
ANNULLED_WITHIN: Final = timedelta(minutes=15)


class Last(NamedTuple):
    """A ticket's last pass, and what to go back to when it is annulled."""

    nonce: str
    direction: Literal["entry", "exit"]
    at: datetime | None
    device: str | None
    inside: int
    admitted: Admitted | None
    guests: int


@dataclass(slots=True)
class Admission:
    scans: dict[str, Scan] = field(default_factory=dict)  # by nonce
    inside: dict[str, Admitted] = field(default_factory=dict)  # by ticket: its last admission
    guests: dict[str, int] = field(default_factory=dict)  # by ticket: how many of them are in
    entries: dict[str, list[datetime]] = field(default_factory=dict)  # by ticket
    last: dict[str, Last] = field(default_factory=dict)  # by ticket
    refused: set[str] = field(default_factory=set)  # nonces
    annulled: set[str] = field(default_factory=set)  # nonces
    revoked: dict[str, str] = field(default_factory=dict)  # ticket: why
    given_up: dict[str, str] = field(default_factory=dict)  # ticket: its transfer
    blocked: set[str] = field(default_factory=set)
    handed: set[str] = field(default_factory=set)  # ticket/item
    counted: int = 0  # guests without tickets who are in
    occupancy: int = 0  # with them
    entered: int = 0  # people who ever were let in
    watch: Watch = field(default_factory=Watch)  # triggers
    occupancy_max: int | None = None
    plan: AdmissionSet | None = None
    rules: EntryRules = field(default_factory=EntryRules, compare=False)

    def guests_of(self, ticket: str) -> int:
        return self.guests.get(ticket, 0)


def set_admission(admission: Admission, cmd: SetAdmission, _at: datetime) -> Iterator[AdmissionSet]:
    event = AdmissionSet(
        occurrence=cmd.occurrence,
        zone=cmd.zone,
        occupancy_max=cmd.occupancy_max,
        gates=tuple(GateTakes(**dict(each)) for each in cmd.gates),
        rules=tuple(
            EntryRule(
                **dict(each) | {"hand_out": tuple(HandOut(**dict(item)) for item in each.hand_out)}
            )
            for each in cmd.rules
        ),
    )
    if event != admission.plan:
        yield event


def annul(admission: Admission, cmd: AnnulScan, at: datetime) -> Iterator[ScanAnnulled]:
    """The time is the server's: what a device says of its own clock counts for nothing."""
    if cmd.nonce in admission.annulled:
        raise AnnulledAlready(nonce=cmd.nonce)
    ticket, gate, _ = admission.scans.get(cmd.nonce, (None, "", ""))
    last = admission.last.get(ticket) if ticket else None
    if ticket is None or last is None or cmd.nonce in admission.refused:
        raise UnknownScan(nonce=cmd.nonce)
    if last.nonce != cmd.nonce:
        raise ScannedSince(nonce=cmd.nonce, since=last.nonce)
    if last.device != cmd.device:
        raise OtherDevice(nonce=cmd.nonce)
    if last.at is None or at - last.at > ANNULLED_WITHIN:
        raise AnnulledTooLate(nonce=cmd.nonce, scanned_at=last.at)
    yield ScanAnnulled(
        occurrence=cmd.occurrence,
        nonce=cmd.nonce,
        ticket=ticket,
        gate=gate,
        direction=last.direction,
        change=last.inside - admission.guests_of(ticket),
        inside=last.inside,
        guests=last.guests,
        device=cmd.device,
    )


def hand_over(admission: Admission, cmd: HandOver, _at: datetime) -> Iterator[HandedOut]:
    items = _items(admission, cmd.ticket_type, cmd.addons)
    if cmd.item not in {each.item for each in items} or cmd.ticket in admission.revoked:
        raise NothingToHandOut(ticket=cmd.ticket, item=cmd.item)
    if f"{cmd.ticket}/{cmd.item}" in admission.handed:
        raise HandedOutAlready(ticket=cmd.ticket, item=cmd.item)
    yield HandedOut(
        occurrence=cmd.occurrence,
        ticket=cmd.ticket,
        item=cmd.item,
        gate=cmd.gate,
        device=cmd.device,
    )


def open_items(
    admission: Admission, ticket: str, ticket_type: str | None, addons: Iterable[Addon]
) -> tuple[HandOut, ...]:
    """What the guest of this ticket has still to get."""
    items = _items(admission, ticket_type, addons)
    return tuple(each for each in items if f"{ticket}/{each.item}" not in admission.handed)


def _items(admission: Admission, ticket_type: str | None, addons: Iterable[Addon]) -> list[HandOut]:
    found = list(admission.rules.of(ticket_type).hand_out)
    found += [
        HandOut(item=each.ticket, name=each.ticket_type)
        for each in addons
        if admission.rules.of(each.ticket_type).is_handed_out
        and each.ticket not in admission.revoked
    ]
    return found


def count(admission: Admission, cmd: CountGuests, _at: datetime) -> Iterator[GuestsCounted]:
    change = cmd.guests if cmd.direction == "entry" else -cmd.guests
    asked: Scan = None, cmd.gate, f"{change:+d}"
    if cmd.nonce in admission.scans:
        if admission.scans[cmd.nonce] != asked:
            raise NonceReused(nonce=cmd.nonce)
        return
    most = admission.occupancy_max
    if change > 0 and most is not None and admission.occupancy + change > most:
        raise HouseFull(inside=admission.occupancy, occupancy_max=most)
    if admission.counted + change < 0:
        raise NobodyToCountOut(inside=admission.counted)
    yield GuestsCounted(
        occurrence=cmd.occurrence,
        gate=cmd.gate,
        nonce=cmd.nonce,
        change=change,
        inside=admission.occupancy + change,
        device=cmd.device,
    )


def _go(admission: Admission, ticket: str, inside: int) -> None:
    """So many of this ticket's guests are in now."""
    admission.occupancy += inside - admission.guests_of(ticket)
    if inside:
        admission.guests[ticket] = inside
    else:
        admission.guests.pop(ticket, None)
        admission.inside.pop(ticket, None)


def _admitted(admission: Admission, event: Admitted) -> None:
    ticket, before = event.ticket, admission.guests_of(event.ticket)
    admission.scans[event.nonce] = ticket, event.gate, "entry"
    admission.last[ticket] = Last(
        event.nonce,
        "entry",
        event.admitted_at,
        event.device,
        before,
        admission.inside.get(ticket),
        event.guests,
    )
    admission.inside[ticket] = event
    admission.entered += event.change
    admission.entries.setdefault(ticket, []).extend([event.admitted_at] * event.guests)
    _go(admission, ticket, event.inside)


def _exited(admission: Admission, event: Exited) -> None:
    ticket, before = event.ticket, admission.guests_of(event.ticket)
    admission.scans[event.nonce] = ticket, event.gate, "exit"
    admission.last[ticket] = Last(
        event.nonce,
        "exit",
        event.exited_at,
        event.device,
        before,
        admission.inside.get(ticket),
        event.guests,
    )
    _go(admission, ticket, before - event.guests)


def _scan_refused(admission: Admission, event: ScanRefused) -> None:
    admission.scans[event.nonce] = event.ticket, event.gate, event.direction
    admission.refused.add(event.nonce)


def _annulled(admission: Admission, event: ScanAnnulled) -> None:
    last = admission.last.pop(event.ticket)
    admission.annulled.add(event.nonce)
    if last.direction == "entry":
        del admission.entries[event.ticket][-last.guests :]
    if last.admitted is not None:
        admission.inside[event.ticket] = last.admitted
    _go(admission, event.ticket, last.inside)


def _revoked(admission: Admission, event: TicketRevoked) -> None:
    admission.revoked[event.ticket] = event.why
    if event.transfer is not None:
        admission.given_up[event.ticket] = event.transfer
    else:
        admission.given_up.pop(event.ticket, None)


def _restored(admission: Admission, event: TicketRestored) -> None:
    del admission.revoked[event.ticket], admission.given_up[event.ticket]


def _blocked(admission: Admission, event: TicketBlocked) -> None:
    admission.blocked.add(event.ticket)


def _unblocked(admission: Admission, event: TicketUnblocked) -> None:
    admission.blocked.discard(event.ticket)


def _handed_out(admission: Admission, event: HandedOut) -> None:
    admission.handed.add(f"{event.ticket}/{event.item}")


def _counted(admission: Admission, event: GuestsCounted) -> None:
    admission.scans[event.nonce] = None, event.gate, f"{event.change:+d}"
    admission.refused.add(event.nonce)  # there is nothing to annul: it is counted back
    admission.counted += event.change
    admission.occupancy += event.change


def _set(admission: Admission, event: AdmissionSet) -> None:
    admission.plan = event
    admission.occupancy_max = event.occupancy_max
    admission.rules = EntryRules(event.rules, event.gates, event.zone)


EVOLVE: Final[Mapping[type[Event], Callable[[Admission, Any], None]]] = {
    Admitted: _admitted,
    Exited: _exited,
    ScanRefused: _scan_refused,
    ScanAnnulled: _annulled,
    TicketRevoked: _revoked,
    TicketRestored: _restored,
    TicketBlocked: _blocked,
    TicketUnblocked: _unblocked,
    HandedOut: _handed_out,
    GuestsCounted: _counted,
    AdmissionSet: _set,
}
