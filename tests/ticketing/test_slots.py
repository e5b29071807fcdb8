"""Timed entry: slots by a rule, over nights that clocks change in, and after some are sold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from roadcase.secret import Secret
from roadcase.testing.spec import Spec
from services.ticketing.api.gate import window_of
from services.ticketing.commands import (
    CancelOrder,
    CheckIn,
    ImportOrder,
    JoinWaitingList,
    MakeSlots,
)
from services.ticketing.domain import ADMISSION
from services.ticketing.domain.refusals import (
    NoBoxOffice,
    SaleEnded,
    SlotsInUse,
    SoldOut,
    UnknownPool,
)
from services.ticketing.domain.slots import made
from services.ticketing.events import (
    CapacitySet,
    ScanRefused,
    SlotsMade,
    TicketSold,
    TicketTypeSet,
)
from services.ticketing.guest.timed import called, time_of
from services.ticketing.projections.availability import Availability
from services.ticketing.projections.people import Attendees
from services.ticketing.projections.slots import Slots
from services.ticketing.signing import Signatures
from services.ticketing.workers.releaser import over
from tests.ticketing.night import (
    MINUTE,
    NIGHT,
    NOON,
    SEED,
    after,
    become,
    changing,
    facts,
    history,
    holding,
    names,
    office,
    opening,
    selling,
    table,
    ticket_type,
)

BERLIN = ZoneInfo("Europe/Berlin")
TEN = "slot-20260605T1000"
MORNING = datetime(2026, 6, 5, 8, tzinfo=UTC)  # ten o'clock in Berlin
SECOND = timedelta(seconds=1)


def making(offer: dict[str, Any] | None = None, **rule: Any) -> MakeSlots:
    return MakeSlots(
        occurrence=NIGHT,
        rule={
            "first_day": "2026-06-05",
            "last_day": "2026-06-05",
            "first": "10:00",
            "until": "11:00",
            "every": 20,
            "capacity": 8,
            **rule,
        },
        offer=ticket_type(**{"id_": "slot", "draws": ["slot"], **(offer or {})}),
    )


def by(rule: MakeSlots) -> list[str]:
    """The ids of its slots."""
    return [each.ticket_type for each in types(after(opening()).when(rule))]


def types(spec: Spec) -> list[TicketTypeSet]:
    return [each for each in become(spec) if isinstance(each, TicketTypeSet)]


def walls(**rule: Any) -> tuple[list[str], SlotsMade]:
    """Start and end of each slot at the venue, and what is declared."""
    facts_of = become(after(opening()).when(making(**rule)))
    (fact,) = [each for each in facts_of if isinstance(each, SlotsMade)]
    shown = []
    for slot in made(fact.rule, "slot", BERLIN).slots.values():
        starts, ends = slot.starts.astimezone(BERLIN), slot.ends.astimezone(BERLIN)
        minutes = (slot.ends - slot.starts) // MINUTE
        shown.append(f"{starts:%d %H:%M%z} {ends:%H:%M} {minutes}")
    return shown, fact


def test_a_rule_makes_a_pool_and_a_type_for_each_slot():
    events = become(after(opening()).when(making(capacity=8, early=5, grace=10)))
    assert names(events) == ["SlotsMade", *["CapacitySet"] * 3, *["TicketTypeSet"] * 3]
    assert [(each.pool, each.capacity) for each in events if isinstance(each, CapacitySet)] == [
        (TEN, 8),
        ("slot-20260605T1020", 8),
        ("slot-20260605T1040", 8),
    ]
    first = next(each for each in events if isinstance(each, TicketTypeSet))
    assert (first.ticket_type, first.draws) == (TEN, {TEN: 1})
    assert first.slot is not None
    assert (first.slot.starts, first.slot.ends) == (MORNING, MORNING + 20 * MINUTE)
    assert first.sale_until == MORNING
    assert first.valid_from == MORNING - 5 * MINUTE
    assert first.valid_until == MORNING + 30 * MINUTE


def test_the_last_slot_ends_by_the_end_and_none_reaches_into_a_break():
    assert [id_[-4:] for id_ in by(making(until="11:10"))] == ["1000", "1020", "1040"]
    lunch = [{"starts": "10:30", "ends": "11:20"}]
    slots = by(making(until="12:00", breaks=lunch))
    assert [id_[-4:] for id_ in slots] == ["1000", "1120", "1140"]


def test_several_days_less_those_that_are_closed():
    slots = by(making(last_day="2026-06-08", closed=["2026-06-06"], every=60))
    assert slots == [f"slot-202606{day}T1000" for day in ("05", "07", "08")]


def test_what_is_before_the_first_time_is_on_the_next_day():
    night = {"first": "22:00", "until": "02:00", "every": 60}
    pause = [{"starts": "00:00", "ends": "01:00"}]
    slots = by(making(**night, breaks=pause))
    assert [id_[5:] for id_ in slots] == ["20260605T2200", "20260605T2300", "20260606T0100"]


def test_local_times_that_clocks_skip_have_no_slot():
    day = {"first_day": "2026-03-29", "last_day": "2026-03-29"}
    shown, fact = walls(**day, first="01:20", until="03:40", every=20)
    assert shown == [
        "29 01:20+0100 01:40 20",
        "29 01:40+0100 03:00 20",
        "29 03:00+0200 03:20 20",
        "29 03:20+0200 03:40 20",
    ]
    assert [f"{wall:%H:%M}" for wall in fact.missing] == ["02:00", "02:20", "02:40"]
    assert not fact.twice
    assert fact.number == len(shown)


def test_local_times_that_come_twice_have_one_slot_and_it_is_the_first():
    day = {"first_day": "2026-10-25", "last_day": "2026-10-25"}
    shown, fact = walls(**day, first="01:40", until="03:20", every=20)
    assert shown == [
        "25 01:40+0200 02:00 20",
        "25 02:00+0200 02:20 20",
        "25 02:20+0200 02:40 20",
        "25 02:40+0200 02:00 20",
        "25 03:00+0100 03:20 20",
    ]
    assert [f"{wall:%H:%M}" for wall in fact.twice] == ["02:00", "02:20", "02:40"]
    assert not fact.missing


def test_slots_never_overlap_where_a_long_one_meets_the_gap():
    day = {"first_day": "2026-03-29", "last_day": "2026-03-29"}
    shown, _ = walls(**day, first="01:30", until="05:30", every=120)
    assert shown == ["29 01:30+0100 03:30 60", "29 03:30+0200 05:30 120"]


def test_each_slot_sells_its_own_capacity_and_not_one_more():
    full = [opening(), making(capacity=2), selling("o1", (TEN, 2), amount="24.00 EUR")]
    assert facts(after(*full).when(selling("o2", (TEN, 1))), SoldOut)["left"] == 0
    other = become(after(*full).when(selling("o2", ("slot-20260605T1020", 1))))
    assert names(other) == ["TicketSold"]


def test_slots_share_the_other_pools_that_they_draw_on():
    spec = office.given(*history(opening(pools={"hall": 1})))
    shared = making({"draws": {"slot": 1, "hall": 1}})
    sold = [opening(pools={"hall": 1}), shared, selling("o1", (TEN, 1))]
    after(*sold).when(selling("o2", ("slot-20260605T1020", 1))).then_refused(SoldOut)
    spec.when(making({"draws": {"slot": 1, "attic": 1}})).then_refused(UnknownPool)


def test_the_sale_of_a_slot_ends_at_its_start_for_members_too():
    presale = {"members": True, "sale_until": "2027-01-01T00:00:00Z"}
    offer = {"presales": [presale], "sale_until": "2026-12-31T00:00:00Z"}
    spec = after(opening(), making(offer))
    sale = selling("o1", (TEN, 1), member=True)
    assert names(become(spec.when(sale, at=MORNING - SECOND))) == ["TicketSold"]
    spec.when(sale, at=MORNING).then_refused(SaleEnded)


def test_a_ticket_takes_the_window_of_its_slot_with_it():
    sold = become(after(opening(), making(grace=5)).when(selling("o1", (TEN, 1))))
    assert isinstance(sold[0], TicketSold)
    assert sold[0].valid_from == MORNING
    assert sold[0].valid_until == MORNING + 25 * MINUTE
    plain = become(after(opening(), making()).when(selling("o2")))
    assert isinstance(plain[0], TicketSold)
    assert plain[0].valid_from is plain[0].valid_until is None


def test_what_was_sold_elsewhere_for_a_slot_is_valid_in_it_too():
    ticket = {"position": "1", "ticket_type": TEN, "price": "9.00 EUR", "secret": "5" * 64}
    imported = ImportOrder(
        occurrence=NIGHT,
        order="px_A",
        source="pretix",
        reference="A",
        sold_at=NOON,
        payment_reference="manual",
        code_seed=SEED,
        tickets=[{**ticket, "tax": "1.44 EUR", "rate": "19"}],
    )
    sold = become(after(opening(), making()).when(imported))
    (fact,) = [each for each in sold if isinstance(each, TicketSold)]
    assert (fact.valid_from, fact.valid_until) == (MORNING, MORNING + 20 * MINUTE)


def test_made_again_as_they_are_nothing_happens():
    after(opening(), making()).when(making()).then()
    after(opening(), making(), selling("o1", (TEN, 1))).when(making()).then()


def test_another_rule_changes_and_retires_what_has_nothing_sold():
    changed = become(after(opening(), making()).when(making(until="10:40", capacity=9)))
    retired = [each for each in changed if isinstance(each, TicketTypeSet)]
    assert [(each.ticket_type[-4:], each.active) for each in retired] == [("1040", False)]
    sizes = [(each.pool[-4:], each.capacity) for each in changed if isinstance(each, CapacitySet)]
    assert sizes == [("1040", 0), ("1000", 9), ("1020", 9)]
    back = types(after(opening(), making(), making(until="10:40")).when(making()))
    assert [(each.ticket_type[-4:], each.active) for each in back] == [("1040", True)]


def test_what_is_sold_or_held_cannot_change_and_is_named():
    used = [
        opening(),
        making(),
        selling("o1", (TEN, 1)),
        holding("h1", ("slot-20260605T1040", 1)),
    ]
    shown = facts(after(*used).when(making(capacity=9)), SlotsInUse)
    assert shown == {"slots": [TEN, "slot-20260605T1040"], "number": 2}
    after(*used).when(making(until="10:40")).then_refused(SlotsInUse)
    longer = become(after(*used).when(making(until="11:20")))
    assert names(longer) == ["SlotsMade", "CapacitySet", "TicketTypeSet"]


def test_a_hold_that_is_dead_keeps_no_slot_as_it_is():
    used = [opening(), making(), holding("h1", (TEN, 1))]
    after(*used).when(making(capacity=9), at=NOON + 9 * MINUTE).then_refused(SlotsInUse)
    late = become(after(*used).when(making(capacity=9), at=NOON + 11 * MINUTE))
    assert names(late)[:2] == ["HoldEnded", "SlotsMade"]


def test_a_type_that_is_no_slot_is_not_taken_over():
    own = opening(ticket_type(TEN))
    after(own).when(making()).then_refused(SlotsInUse)


def test_a_slot_that_is_changed_by_hand_stays_a_slot():
    by_hand = changing(ticket_types=[ticket_type(TEN, "15.00 EUR", draws=[TEN])])
    (changed,) = types(after(opening(), making()).when(by_hand))
    assert changed.slot is not None


def test_two_rules_have_slots_of_their_own():
    spec = after(opening(), making())
    other = MakeSlots(
        **{**making().model_dump(), "offer": ticket_type("portrait", draws=["portrait"])}
    )
    assert {each.ticket_type[:8] for each in types(spec.when(other))} == {"portrait"}
    office.when(making()).then_refused(NoBoxOffice)


def test_a_zone_that_changed_moves_what_is_not_sold():
    moved = types(after(opening(), making(), changing(zone="Europe/London")).when(making()))
    assert moved[0].slot is not None
    assert moved[0].slot.starts == MORNING + 60 * MINUTE


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_day": "2026-06-04"},
        {"every": 90},
        {"first": "10:00:30"},
        {"first": "10:00Z"},
        {"last_day": "2027-06-05"},
        {"offer": {"draws": ["hall"]}},
        {"offer": {"valid_from": NOON, "valid_until": NOON}},
        {"offer": {"id_": "s" * 51, "draws": ["s" * 51]}},
    ],
)
def test_rules_that_make_no_sense(wrong):
    with pytest.raises(ValidationError):
        making(**wrong)


def test_a_window_of_a_type_has_two_ends():
    for wrong in ({"valid_from": NOON}, {"valid_from": NOON, "valid_until": NOON - SECOND}):
        with pytest.raises(ValidationError):
            opening(ticket_type(**wrong))
    assert opening(ticket_type(valid_from=NOON, valid_until=NOON))


def test_a_guest_reads_which_of_two_hours_it_is_while_clocks_change():
    day = {"first_day": "2026-10-25", "last_day": "2026-10-25", "first": "01:20", "until": "03:20"}
    (row,) = table(Availability(), history(opening(), making(**day))).values()
    times = [time_of(row, id_) for id_ in sorted(row["types"]) if id_ != "standard"]
    assert [each.hours for each in times if each] == [
        "01:20 to 01:40",
        "01:40 CEST to 02:00 CEST",
        "02:00 CEST to 02:20 CEST",
        "02:20 CEST to 02:40 CEST",
        "02:40 CEST to 02:00 CET",
        "03:00 to 03:20",
    ]
    assert called(row, "slot-20261025T0300") == "Slot, Sunday 25 October 2026, 03:00 to 03:20"


def test_somebody_who_waits_for_a_slot_keeps_it_as_it_is():
    draws = {"draws": {"slot": 1, "hall": 1}}
    full = [opening(pools={"hall": 1}), making(draws), selling("o1")]
    wait = JoinWaitingList(
        occurrence=NIGHT, entry="w1", ticket_types=[TEN], quantity=1, subject="bob"
    )
    void = CancelOrder(occurrence=NIGHT, order="o1", reason="ill")
    other = making(draws, capacity=2)
    assert "SlotsMade" in names(become(after(*full).when(other)))
    assert facts(after(*full, wait).when(other), SlotsInUse)["slots"] == [TEN]
    after(*full, wait, void).when(other).then_refused(SlotsInUse)  # an offer is a hold


def test_who_did_not_come_to_their_slot_is_missed_from_its_start_and_not_the_nights():
    begins = {"starts_at": "2026-06-05T09:00", "ends_at": "2026-06-05T23:00"}
    plain = ticket_type(no_show_after=10)
    events = history(opening(plain, **begins), making({"no_show_after": 5}))
    (row,) = table(Availability(), events).values()
    assert list(over(row, MORNING + 4 * MINUTE)) == ["standard"]
    assert list(over(row, MORNING + 5 * MINUTE)) == ["standard", TEN]
    assert list(over(row, MORNING + 20 * MINUTE)) == ["standard"]


def test_the_read_models_show_slots_and_their_rule():
    events = history(opening(), making(closed=["2026-06-06"]), selling("o1", (TEN, 1)))
    (row,) = table(Availability(), events).values()
    assert row["types"][TEN]["slot"]["starts"] == "2026-06-05T08:00:00Z"
    assert Availability.left(row, TEN) == 7
    (rule,) = table(Slots(), events).values()
    assert (rule["slots"], rule["zone"], rule["number"]) == ("slot", "Europe/Berlin", 3)
    assert rule["rule"]["first"] == "10:00:00"
    assert rule["rule"]["closed"] == [str(date(2026, 6, 6))]
    assert rule["missing"] == []


def at_the_gate(at: datetime, **window: datetime | None) -> str:
    """What is said to a ticket of a slot that is shown then."""
    command = CheckIn(
        occurrence=NIGHT, gate="door", nonce="n1", ticket="o1-1", ticket_for=NIGHT, **window
    )
    (answer,) = become(Spec(ADMISSION).when(command, at=at))
    return answer.reason if isinstance(answer, ScanRefused) else type(answer).__name__


def test_a_gate_takes_a_slots_ticket_from_its_first_to_its_last_instant():
    events = history(opening(), making(early=5, grace=5), selling("o1", (TEN, 1)))
    (row,) = table(Attendees(), events).values()
    typed = window_of(row)
    signature = Signatures(Secret("s" * 32)).of("acme")
    text = signature.sign(NIGHT, "o1-1", row["valid_until"], row["valid_from"])
    signed = signature.verify(text)
    for window in (typed, {"valid_from": signed.valid_from, "valid_until": signed.valid_until}):
        first, last = MORNING - 5 * MINUTE, MORNING + 25 * MINUTE
        instant = timedelta(microseconds=1)
        assert at_the_gate(first - instant, **window) == "not_yet_valid"
        assert at_the_gate(first, **window) == "Admitted"
        assert at_the_gate(last, **window) == "Admitted"
        assert at_the_gate(last + instant, **window) == "expired"


def test_a_ticket_for_all_night_has_no_window_of_its_own():
    (row,) = table(Attendees(), history(opening(), selling("o1"))).values()
    assert window_of(row) == {}
