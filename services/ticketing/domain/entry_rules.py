"""Whether a ticket may pass a gate: pure rules, compiled once, with no state of a service.

Whoever decides at a gate tells what it knows of the ticket and its passes so far, and gets the
first reason against it, or None. Times are instants; a day is one at the venue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.ticketing.events import EntryRule, GateTakes, Reason

_ANY = EntryRule()


class No(NamedTuple):
    """Why not. `detail`: which of the rules it is, where the reason has several."""

    reason: Reason
    detail: str | None = None


class Pass(NamedTuple):
    """What is known of who wants to pass. `ticket_type` is None where nobody knows it.

    `inside`: guests of this ticket who are in; `entries`: the moments of all that it had.
    """

    gate: str
    ticket_type: str | None
    admits: int = 1
    guests: int = 1
    inside: int = 0
    entries: Sequence[datetime] = ()


class EntryRules:
    """The rules of an occurrence, ready to be asked. Without any, each ticket is in once."""

    def __init__(
        self, rules: Iterable[EntryRule] = (), gates: Iterable[GateTakes] = (), zone: str = "UTC"
    ) -> None:
        self._rules: Mapping[str | None, EntryRule] = {each.ticket_type: each for each in rules}
        self._gates = {each.gate: frozenset(each.ticket_types) for each in gates}
        self._typed = any(each is not None for each in self._rules) or any(self._gates.values())
        self._zone = ZoneInfo(zone)

    def of(self, ticket_type: str | None) -> EntryRule:
        """What holds for a type: its own rule, or else that of all others."""
        return self._rules.get(ticket_type) or self._rules.get(None) or _ANY

    def entry(self, asked: Pass, at: datetime) -> No | None:
        if self._gates or self._typed:
            takes = self._gates.get(asked.gate)
            if self._gates and takes is None:
                return No("error", "unknown_gate")
            if self._typed and asked.ticket_type is None:
                return No("error", "unknown_type")
            if takes and asked.ticket_type not in takes:
                return No("product")
        rule = self.of(asked.ticket_type)
        return _window(rule, at) or self._limits(rule, asked, at) or _room(rule, asked)

    def exit(self, asked: Pass) -> No | None:
        """Nobody is kept in: a rule only says that leaving is not counted at gates."""
        if asked.inside < asked.guests:
            return No("not_in")
        return None if self.of(asked.ticket_type).exits else No("rules", "no_exit")

    def _limits(self, rule: EntryRule, asked: Pass, at: datetime) -> No | None:
        before = asked.entries
        if not before:
            return None
        if rule.max_entries is not None and len(before) + asked.guests > rule.max_entries:
            return No("rules", "max_entries")
        if rule.once_per_day and self._today(before, at) + asked.guests > asked.admits:
            return No("rules", "once_per_day")
        if rule.minutes_between and at - before[-1] < timedelta(minutes=rule.minutes_between):
            part = asked.inside + asked.guests <= asked.admits and len(before) < asked.admits
            return None if part else No("rules", "minutes_between")
        return None

    def _today(self, entries: Sequence[datetime], at: datetime) -> int:
        today, many = at.astimezone(self._zone).date(), 0
        for entry in reversed(entries):
            if entry.astimezone(self._zone).date() != today:
                break
            many += 1
        return many


def _window(rule: EntryRule, at: datetime) -> No | None:
    if rule.valid_from is not None and at < rule.valid_from:
        return No("not_yet_valid", "ticket_type")
    if rule.valid_until is not None and at > rule.valid_until:
        return No("expired", "ticket_type")
    return None


def _room(rule: EntryRule, asked: Pass) -> No | None:
    """Whether the ticket has entries left: it lets in as many guests as it admits."""
    if rule.multiple and asked.guests <= asked.admits:
        return None
    if asked.inside + asked.guests > asked.admits:
        return No("already_in") if asked.inside else No("rules", "too_many")
    if not rule.reentry and len(asked.entries) + asked.guests > asked.admits:
        return No("already_redeemed")
    return None
