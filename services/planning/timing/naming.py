"""What each time of a manifest is of. A section that gets a time gets a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from services.planning.manifest.people import SENT_TO

Entries = Sequence[Mapping[str, Any]]  # the sections that a time is in, the innermost last
Naming = Callable[[Entries], tuple[str, str]]


def _of(kind: str, what: str, depth: int = 1) -> Naming:
    """`what` with the key of an entry, so many levels up."""

    def name(entries: Entries) -> tuple[str, str]:
        return kind, what.format(entries[-depth].get("key", ""))

    return name


def _sale(moment: str) -> Naming:
    """A window with a price of its own is a tier."""

    def name(entries: Entries) -> tuple[str, str]:
        ticket, window = entries[-2], entries[-1]
        price, members = window.get("price"), window.get("members")
        kind = "tier" if price else "sale"
        what = f"sale of {ticket['key']} {moment}"
        terms = [f"at {price}"] if price else []
        terms += [f"for {members}"] if members else []
        return f"{kind}_{moment}", " ".join((what, *terms))

    return name


def _notice(entries: Entries) -> tuple[str, str]:
    notice = entries[-1]
    kind = "notification" if notice["to"] in SENT_TO else "notification_unsent"
    return kind, f'"{notice["subject"]}" to {notice["to"]}'


def _step(step: str) -> Naming:
    return lambda _entries: (f"step_{step}", f"the step {step} is taken")


NAMED: Final[Mapping[str, Naming]] = {
    "lifecycle.announced": _step("announced"),
    "lifecycle.onSale": _step("on_sale"),
    "lifecycle.doors": _step("doors"),
    "lifecycle.live": _step("live"),
    "lifecycle.closed": _step("closed"),
    "lifecycle.settled": _step("settled"),
    "catalogue.tickets.*.windows.*.opens": _sale("opens"),
    "catalogue.tickets.*.windows.*.closes": _sale("closes"),
    "catalogue.allotments.*.releases": _of("allotment_released", "allotment {} is released"),
    "drops.*.opens": _of("drop_opens", "drop {} opens"),
    "drops.*.closes": _of("drop_closes", "drop {} closes"),
    "staffing.*.shifts.*.starts": _of("shift_starts", "a shift of {} starts", depth=2),
    "staffing.*.shifts.*.ends": _of("shift_ends", "a shift of {} ends", depth=2),
    "permits.extra.*.due": _of("permit_due", "permit {} is due"),
    "discovery.rules.*.send": _of("discovery_sends", "people by the rule {} hear of it"),
    "notifications.*.send": _notice,
    "schedules.*.jobs.*.at": _of("job", "the job {} is done"),
    "triggers.*.at": _of("trigger", "the trigger {} fires"),
    "fulfilment.pickup.opens": _of("pickup_opens", "pickup opens"),
    "fulfilment.pickup.closes": _of("pickup_closes", "pickup closes"),
    "runOfShow.cues.*.at": _of("cue", "cue {}"),
}
