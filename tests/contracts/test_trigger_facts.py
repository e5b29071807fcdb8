"""The facts that planning lets triggers wait for are found out as it says, by who it says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from roadcase.money import Money
from roadcase.triggers import Action, Trigger, Value
from services.devices import reactions as devices
from services.devices.domain import SPOOL
from services.devices.reactions import print_slips
from services.planning.commands import (
    CancelOccurrence,
    InterruptOccurrence,
    NoteCue,
    PostponeOccurrence,
    ResumeOccurrence,
)
from services.planning.events import TriggerFired
from services.planning.manifest.facts import FACTS
from services.planning.manifest.triggers import DONE_BY, PRINTER
from services.ticketing.commands import CheckIn, PlaceOrder, SetGateTriggers, SetSaleTriggers
from services.ticketing.domain import ADMISSION, BOX_OFFICE
from services.ticketing.events import GateTriggerFired, SaleTriggerFired
from services.ticketing.reactions.triggers import AT_GATES, IN_SALES, Fired, act
from tests.planning.declaring import Night, applying
from tests.ticketing.night import NIGHT, lines, opening, selling, ticket_type

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
EVERY = tuple(Trigger(key=name, on=name) for name in FACTS)
KINDS: dict[str, type] = {"number": int, "text": str, "yes or no": bool, "amount": Money}
ABOUT: dict[str, dict[str, Any]] = {
    "openChannel": {"channel": "web"},
    "pauseChannel": {"channel": "order"},
    "messageGuests": {"subject": "Hi", "text": "Hello"},
    "releaseNoShows": {"tickets": ["seat"]},
}


def found_out() -> dict[str, dict[str, Value]]:
    """Every fact once, with its fields, from what happens on a night."""
    events: list[Any] = []
    draws = {"places": 1, "zone-hall": 1}
    office, gates = BOX_OFFICE.initial(), ADMISSION.initial()
    for command in (
        opening(ticket_type(draws=draws), pools={"places": 2, "zone-hall": 2}),
        SetSaleTriggers(occurrence=NIGHT, triggers=EVERY),
        PlaceOrder(occurrence=NIGHT, order="o1", lines=lines(("standard", 1))),
    ):
        events += BOX_OFFICE.decided(office, command, AT)
    full = BOX_OFFICE.initial()
    for command in (
        opening(ticket_type(draws=draws), pools={"places": 1, "zone-hall": 1}),
        SetSaleTriggers(occurrence=NIGHT, triggers=EVERY),
        selling("o4"),
    ):
        events += BOX_OFFICE.decided(full, command, AT)
    scan = CheckIn(
        occurrence=NIGHT, gate="door", nonce="n", direction="entry", ticket="t", ticket_for=NIGHT
    )
    for command in (SetGateTriggers(occurrence=NIGHT, triggers=EVERY), scan):
        events += ADMISSION.decided(gates, command, AT)
    night = Night(applying(triggers=EVERY))
    night.ask(PostponeOccurrence(occurrence="n", postponement="p", reason="Rain"))
    night.ask(CancelOccurrence(occurrence="n", reason="Rain"))
    stormy = Night(applying(triggers=EVERY))
    stormy.to("live")
    stormy.ask(InterruptOccurrence(occurrence="n", why="weather"))
    stormy.ask(ResumeOccurrence(occurrence="n"))
    stormy.ask(NoteCue(occurrence="n", cue="intro"))
    events += [*night.events, *stormy.events]
    kinds = (SaleTriggerFired, GateTriggerFired, TriggerFired)
    return {each.fact: each.about for each in events if isinstance(each, kinds)}


FOUND = found_out()


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_has_the_fields_that_conditions_may_look_at(name):
    fields = FACTS[name].fields
    assert {field: type(value) for field, value in FOUND[name].items()} == {
        field: KINDS[each.kind] for field, each in fields.items()
    }
    for field, each in fields.items():
        assert not each.choices or FOUND[name][field] in each.choices


def test_each_fact_is_looked_for_where_it_is_found_out():
    ours = {name for name, each in FACTS.items() if each.service == "ticketing"}
    assert ours == IN_SALES | AT_GATES
    assert not IN_SALES & AT_GATES


@pytest.mark.parametrize("does", [does for does, by in DONE_BY.items() if by == "ticketing"])
def test_what_planning_says_that_ticketing_does_it_does(does):
    action = Action(does=does, service="ticketing", about=ABOUT.get(does, {}))
    asked = act(Fired(occurrence=NIGHT, firing="f", about={"order": "o1"}, actions=(action,)))
    assert len(asked) == 1
    assert any(
        type(command) in each.commands for each in (BOX_OFFICE, ADMISSION) for command in asked
    )


@pytest.mark.parametrize("does", [does for does, by in DONE_BY.items() if by == "devices"])
def test_what_planning_says_that_devices_does_it_does(does):
    about = {"text": "Hi", "role": PRINTER}
    asked = []
    for told in (about, {"text": "Hi"}):
        action = Action(does=does, service="devices", about=told)
        names = {"occurrence": NIGHT, "firing": "f", "trigger": "f", "reason": "sold_out"}
        asked += print_slips(devices.Fired(**names, actions=(action,)))
    first, second = asked
    assert first == second, "both mean the same printer where nothing is said"
    assert type(first) in SPOOL.commands


def test_the_page_has_every_fact_with_its_fields_and_every_action():
    page = Path("docs/triggers.md").read_text("utf-8")
    for name, fact in FACTS.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]
        cells = [cell.strip() for cell in row.split("|")[1:-1]]
        assert (cells[1], cells[4]) == (fact.service, "yes" if fact.lasting else "")
        assert cells[3].strip("`").split() == [*fact.fields]
    assert all(f"`{does}" in page for does in DONE_BY)
