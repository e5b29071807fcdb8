"""Triggers in ticketing: what is sold and who is let in fires them; channels open and pause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from roadcase.money import Money
from roadcase.triggers import Action, Condition, Trigger
from services.ticketing.commands import (
    ApproveOrder,
    AskApproval,
    CheckIn,
    OpenChannel,
    PauseChannel,
    PlaceOrder,
    ReleaseHold,
    ReleaseNoShows,
    SetGateTriggers,
    SetSaleTriggers,
    TellGuests,
)
from services.ticketing.domain import ADMISSION, BOX_OFFICE
from services.ticketing.domain.process_refusals import ChannelIsPaused
from services.ticketing.domain.refusals import UnknownTicketType
from services.ticketing.events import (
    ApprovalAsked,
    GateTriggerFired,
    GateTriggersSet,
    SaleTriggerFired,
    TicketTypeSet,
)
from services.ticketing.projections.availability import Availability
from services.ticketing.projections.pending import PlacedOrders
from services.ticketing.reactions.triggers import (
    Fired,
    TriggersPlanned,
    act,
    watch_gates,
    watch_sales,
)
from services.ticketing.workers.releaser import over
from tests.ticketing.night import (
    NIGHT,
    NOON,
    SEED,
    confirming,
    holding,
    lines,
    opening,
    selling,
    table,
    ticket_type,
)

TYPES = (
    ticket_type(draws={"places": 1, "zone-hall": 1}),
    ticket_type("free", "0.00 EUR", draws={"places": 1}, approval=True),
)


class Office:
    """A box office of three places, two of them in the hall, that watches for some facts."""

    def __init__(self, *triggers: Trigger, first: tuple[Any, ...] = ()) -> None:
        self.state, self.events = BOX_OFFICE.initial(), list[Any]()
        self.ask(opening(*TYPES, pools={"places": 3, "zone-hall": 2}))
        for command in first:
            self.ask(command)
        self.watch(*triggers)

    def ask(self, command: Any, at: Any = NOON) -> tuple[Any, ...]:
        found = BOX_OFFICE.decided(self.state, command, at)
        self.events += found
        return found

    def watch(self, *triggers: Trigger) -> tuple[Any, ...]:
        return self.ask(SetSaleTriggers(occurrence=NIGHT, triggers=triggers))

    @property
    def fired(self) -> list[tuple[str, str]]:
        found = (each for each in self.events if isinstance(each, SaleTriggerFired))
        return [(each.firing, each.reason) for each in found]


def test_an_order_fires_what_it_is_and_how_full_it_is_then_in_the_commit_of_its_sale():
    percent = Condition(field="percent", at_least=50)
    office = Office(
        Trigger(
            key="big",
            on="order_confirmed",
            condition=Condition(field="amount", at_least=Money(2400, "EUR")),
        ),
        Trigger(key="half", on="tickets_sold", condition=percent),
        Trigger(key="each", on="order_confirmed", repeat=True),
        Trigger(
            key="hall",
            on="zone_filled",
            condition=Condition(all=(Condition(field="zone", one_of=("hall",)), percent)),
        ),
    )
    office.ask(selling("a"))
    assert office.fired == [
        ("each:a", "order_confirmed"),
        ("hall", "zone_filled: zone is hall, percent is 50"),
    ]
    office.ask(holding("h"))
    assert isinstance(office.ask(confirming("b", "h"))[-1], SaleTriggerFired)
    assert office.fired[2:] == [
        ("each:b", "order_confirmed"),
        ("half", "tickets_sold: percent is 66"),
    ]
    assert office.ask(confirming("b", "h")) == ()


def test_the_last_ticket_fires_sold_out_and_a_cart_does_not():
    office = Office(Trigger(key="full", on="sold_out"))
    office.state.types["free"] = msgspec.structs.replace(office.state.types["free"], active=False)
    office.ask(selling("a"))
    office.ask(holding("h"))
    assert office.fired == []
    office.ask(ReleaseHold(occurrence=NIGHT, hold="h"))
    office.ask(selling("b"))
    assert office.fired == [("full", "sold_out")]


def test_whoever_signs_up_is_a_fact_and_may_be_approved_once():
    free = Condition(field="amount", at_most=Money(0, "EUR"))
    office = Office(Trigger(key="signup", on="order_placed", repeat=True, condition=free))
    placing = PlaceOrder(occurrence=NIGHT, order="o1", lines=lines(("free", 1)))
    office.ask(placing)
    (fired,) = [each for each in office.events if isinstance(each, SaleTriggerFired)]
    assert fired.about == {"order": "o1", "tickets": 1, "amount": Money(0, "EUR"), "approval": True}
    asking = AskApproval(occurrence=NIGHT, order="o1")
    assert office.ask(asking) == (ApprovalAsked(occurrence=NIGHT, order="o1"),)
    assert office.ask(asking) == ()
    (row,) = table(PlacedOrders(), office.events).values()
    assert (row["state"], row["approval_asked"]) == ("requested", True)
    office.ask(ApproveOrder(occurrence=NIGHT, order="o1", code_seed=SEED))
    assert office.ask(asking) == ()


def test_what_is_so_when_it_is_declared_fires_only_what_catches_up_and_only_once():
    waiting = PlaceOrder(occurrence=NIGHT, order="o1", lines=lines(("free", 1)))
    before = waiting, selling("a"), selling("b")
    facts = ("order_placed", "tickets_sold", "zone_filled", "sold_out")
    assert Office(*(Trigger(key=each, on=each) for each in facts), first=before).fired == []
    caught = tuple(Trigger(key=each, on=each, catch_up=True) for each in facts)
    office = Office(*caught, first=before)
    assert [key for key, _ in office.fired] == ["order_placed", "tickets_sold", "zone_filled"]
    again = Trigger(key="again", on="tickets_sold", repeat=True, catch_up=True)
    assert office.watch(*caught, again)[0].new == ("again",)
    assert [key for key, _ in office.fired[3:]] == ["again:before"]
    assert office.watch(*caught, again) == ()
    assert len(office.watch(again)) == 1  # and nothing fires again


def test_where_nothing_was_sold_there_is_nothing_to_catch_up_on():
    facts = ("tickets_sold", "zone_filled", "sold_out", "order_placed")
    assert Office(*(Trigger(key=each, on=each, catch_up=True) for each in facts)).fired == []


def test_a_folded_box_office_has_fired_what_it_fired():
    trigger = Trigger(key="first", on="order_confirmed")
    office = Office(trigger)
    office.ask(selling("a"))
    again = BOX_OFFICE.fold(office.events)
    events = BOX_OFFICE.decided(again, selling("b"), NOON)
    assert not [each for each in events if isinstance(each, SaleTriggerFired)]


def test_every_event_of_the_two_streams_names_its_occurrence():
    """A firing is of the occurrence of what fired it."""
    for decider in (BOX_OFFICE, ADMISSION):
        assert all("occurrence" in each.__struct_fields__ for each in decider.events)


def test_who_is_let_in_is_a_fact_with_how_many_ever_were():
    first = Trigger(
        key="first", on="ticket_scanned", condition=Condition(field="entered", one_of=(1,))
    )
    every = (first, Trigger(key="each", on="ticket_scanned", repeat=True))
    state = ADMISSION.initial()
    setting = SetGateTriggers(occurrence=NIGHT, triggers=every)
    assert ADMISSION.decided(state, setting, NOON) == (
        GateTriggersSet(occurrence=NIGHT, triggers=every, new=("first", "each")),
    )
    assert ADMISSION.decided(state, setting, NOON) == ()
    scan = CheckIn(
        occurrence=NIGHT, gate="door", nonce="n1", direction="entry", ticket="a-1", ticket_for=NIGHT
    )
    _, fired, each = ADMISSION.decided(state, scan, NOON)
    assert each.firing == "each:n1"
    assert isinstance(fired, GateTriggerFired)
    assert (fired.firing, fired.reason) == ("first", "ticket_scanned: entered is 1")
    assert ADMISSION.decided(state, scan, NOON) == ()
    out = scan.model_copy(update={"nonce": "n2", "direction": "exit"})
    ADMISSION.decided(state, out, NOON)
    other = scan.model_copy(update={"nonce": "n3", "ticket": "b-1"})
    _, second = ADMISSION.decided(state, other, NOON)
    assert (second.firing, second.about["entered"], second.about["inside"]) == ("each:n3", 2, 1)


def test_over_a_paused_channel_nothing_is_sold_and_who_has_a_cart_may_pay():
    office = Office()
    office.ask(holding("h"))
    for channel in ("web", "drop", "order"):
        pausing = PauseChannel(occurrence=NIGHT, channel=channel)
        assert len(office.ask(pausing)) == 1
        assert office.ask(pausing) == ()
    with pytest.raises(ChannelIsPaused):
        office.ask(holding("h2"))
    with pytest.raises(ChannelIsPaused):
        office.ask(selling("a"))
    with pytest.raises(ChannelIsPaused):
        office.ask(PlaceOrder(occurrence=NIGHT, order="o1", lines=lines(("free", 1))))
    office.ask(selling("t", channel="till"))
    office.ask(confirming("o", "h"))
    (row,) = table(Availability(), office.events).values()
    assert row["paused"] == ["web", "drop", "order"]
    assert len(office.ask(OpenChannel(occurrence=NIGHT, channel="drop"))) == 1
    assert office.ask(OpenChannel(occurrence=NIGHT, channel="drop")) == ()
    office.ask(PauseChannel(occurrence=NIGHT, channel="till"))
    (row,) = table(Availability(), office.events).values()
    assert row["paused"] == ["web", "order", "till"]


def test_places_are_given_back_of_who_bought_before_and_not_at_the_door_since():
    office = Office()
    late = NOON.replace(day=5, hour=18, minute=30) + timedelta(minutes=20, seconds=40)
    with pytest.raises(UnknownTicketType):
        office.ask(ReleaseNoShows(occurrence=NIGHT, ticket_types=("vip",)), late)
    found = office.ask(ReleaseNoShows(occurrence=NIGHT), late)
    assert [(each.ticket_type, each.no_show_after) for each in found] == [
        ("standard", 20),
        ("free", 20),
    ]
    assert all(isinstance(each, TicketTypeSet) for each in found)
    assert office.ask(ReleaseNoShows(occurrence=NIGHT), late + timedelta(minutes=9)) == ()
    (row,) = table(Availability(), office.events).values()
    assert {kind["no_show_set_at"] for kind in row["types"].values()} == {NOON.isoformat()}
    limit = late.replace(second=0)
    assert over(row, late) == {"standard": limit, "free": limit}
    for kind in row["types"].values():
        kind["no_show_set_at"] = late.isoformat()  # had it been said then
    assert over(row, late) == {"standard": late, "free": late}


def test_triggers_go_to_where_their_facts_are_found_out():
    every = tuple(Trigger(key=on, on=on) for on in ("sold_out", "ticket_scanned", "interrupted"))
    event = TriggersPlanned(occurrence=NIGHT, triggers=(*every, Trigger(key="t", at=NOON)))
    assert [[each.key for each in cmd.triggers] for cmd in watch_sales(event)] == [["sold_out"]]
    assert [[each.key for each in cmd.triggers] for cmd in watch_gates(event)] == [
        ["ticket_scanned"]
    ]


def test_what_fired_becomes_commands_of_ours_and_guests_are_told_once_for_each_firing():
    def fired(firing: str, **actions: Any) -> Fired:
        found = (
            Action(does=does, service="ticketing", about=about) for does, about in actions.items()
        )
        crew = Action(does="tellCrew", service="planning", about={"text": "Hi"})
        return Fired(occurrence=NIGHT, firing=firing, about={"order": "o1"}, actions=(crew, *found))

    asked = act(
        fired(
            "a",
            confirmSignup={},
            pauseChannel={"channel": "web"},
            openChannel={"channel": "till"},
            releaseNoShows={"tickets": ["seat"]},
        )
    )
    assert asked == [
        AskApproval(occurrence=NIGHT, order="o1"),
        PauseChannel(occurrence=NIGHT, channel="web"),
        OpenChannel(occurrence=NIGHT, channel="till"),
        ReleaseNoShows(occurrence=NIGHT, ticket_types=("seat",)),
    ]
    words = {"messageGuests": {"subject": "Hi", "text": "Hello"}}
    (one,), (same,), (other,) = (
        act(fired("a:1", **words)),
        act(fired("a:1", **words)),
        act(fired("a:2", **words)),
    )
    assert isinstance(one, TellGuests)
    assert one == same
    assert one.notice != other.notice
    words["messageGuests"]["subject"] = "Hi" * 100
    (cut,) = act(fired("a:1", **words))
    assert isinstance(cut, TellGuests)
    assert cut.subject == "Hi" * 75
