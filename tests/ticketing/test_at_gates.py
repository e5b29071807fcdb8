"""What gates do beside letting in: reasons, the cap over all gates, undoing, giving, counting."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest
from pydantic import ValidationError

from roadcase.testing.spec import Spec
from services.ticketing.commands import (
    AnnulScan,
    BlockTicket,
    CheckIn,
    CountGuests,
    HandOver,
    RevokeTicket,
    SetAdmission,
    UnblockTicket,
)
from services.ticketing.domain import ADMISSION
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
from services.ticketing.events import HandOut, Reason
from services.ticketing.projections import Attendees, Board, Gates, Scans
from tests.ticketing.night import (
    MINUTE,
    NIGHT,
    NOON,
    history,
    opening,
    selling,
    table,
    ticket_type,
)

SECOND = timedelta(seconds=1)
ADDON = {"ticket": "o1-2", "ticket_type": "poster"}


def scan(nonce="n1", ticket="o1-1", **more):
    known = {"gate": "north", "ticket": ticket, "ticket_for": NIGHT, "device": "phone-1"}
    return CheckIn(occurrence=NIGHT, nonce=nonce, **known | {"ticket_type": "standard"} | more)


def leave(nonce, ticket="o1-1", **more):
    return scan(nonce, ticket, direction="exit", **more)


def setting(*rules, **plan):
    return SetAdmission(occurrence=NIGHT, zone="Europe/Berlin", rules=rules, **plan)


def annul(nonce="n1", device="phone-1"):
    return AnnulScan(occurrence=NIGHT, nonce=nonce, device=device)


def hand_over(item, ticket="o1-1", **more):
    known = {"gate": "north", "ticket_type": "standard", **more}
    return HandOver(occurrence=NIGHT, ticket=ticket, item=item, **known)


def count(nonce, guests=1, direction="entry", gate="north"):
    return CountGuests(occurrence=NIGHT, gate=gate, nonce=nonce, guests=guests, direction=direction)


def after(*asked, at=NOON) -> Spec:
    state, events = ADMISSION.initial(), []
    for command in asked:
        for event in ADMISSION.decide(state, command, at):
            ADMISSION.evolve(state, event)
            events.append(event)
    assert ADMISSION.fold(events) == state
    return Spec(ADMISSION).given(*events)


def became(spec, command, at=NOON):
    (event,) = spec.decider.decide(spec.decider.fold(spec.history), command, at)
    return event


def reason(spec, command, at=NOON):
    event = became(spec, command, at)
    return getattr(event, "reason", None)


def folded(spec):
    return spec.decider.fold(spec.history)


block = BlockTicket(occurrence=NIGHT, ticket="o1-1", why="stolen")
unblock = UnblockTicket(occurrence=NIGHT, ticket="o1-1")
moved = RevokeTicket(occurrence=NIGHT, ticket="o1-1", why="transferred")
nothing = {"ticket": None, "ticket_for": None}
vip_gate = {"gate": "north", "ticket_types": ["vip"]}
one_more = after(setting(occupancy_max=1), scan("n0", "o9-1"))

REASONS = {
    "invalid": (after(), scan(fault="invalid", **nothing | {"ticket": None})),
    "unknown": (after(), scan(fault="unknown", **nothing)),
    "ambiguous": (after(), scan(fault="ambiguous", **nothing)),
    "wrong_event": (after(), scan(ticket_for="night-2")),
    "revoked": (after(moved), scan()),
    "blocked": (after(block), scan()),
    "unapproved": (after(), scan(standing="unapproved")),
    "not_yet_valid": (after(), scan(valid_from=NOON + SECOND)),
    "expired": (after(), scan(valid_until=NOON - SECOND)),
    "product": (after(setting(gates=[vip_gate])), scan()),
    "unpaid": (after(), scan(standing="unpaid")),
    "incomplete": (after(setting({"needs_answers": True})), scan(standing="incomplete")),
    "rules": (after(setting({"max_entries": 1}), scan(), leave("n2")), scan("n3")),
    "already_in": (after(scan()), scan("n2")),
    "already_redeemed": (after(setting({"reentry": False}), scan(), leave("n2")), scan("n3")),
    "full": (one_more, scan()),
    "not_in": (after(), leave("n1")),
    "error": (after(setting(gates=[{"gate": "south"}])), scan()),
}


def test_every_reason_is_reached():
    assert set(REASONS) == set(get_args(Reason))
    for wanted, (spec, command) in REASONS.items():
        assert reason(spec, command) == wanted


def test_a_ticket_that_was_sold_and_is_void_is_revoked_before_the_gates_have_heard_of_it():
    assert reason(after(), scan(standing="revoked", detail="exchanged")) == "revoked"
    assert became(after(), scan(standing="revoked", detail="exchanged")).detail == "exchanged"
    assert became(after(moved), scan()).detail == "transferred"


def test_a_ticket_that_was_transferred_while_its_guest_is_in_says_so_and_lets_out():
    inside = after(scan())
    assert became(inside, moved).inside
    given = after(scan(), moved)
    assert reason(given, leave("n2")) is None
    assert reason(after(scan(), moved, leave("n2")), scan("n3")) == "revoked"


def test_what_was_not_answered_matters_only_where_a_rule_says_so():
    assert reason(after(), scan(standing="incomplete")) is None


def test_a_blocked_ticket_lets_in_again_when_it_is_unblocked():
    assert reason(after(block, unblock), scan()) is None
    after(block).when(block).then_nothing()
    after().when(unblock).then_nothing()
    assert reason(after(scan(), block), leave("n2")) is None


def test_the_last_place_goes_to_one_of_two_gates():
    state = ADMISSION.fold(after(setting(occupancy_max=100), count("c", 99)).history)
    answers = []
    for gate in ("north", "south"):
        (event,) = ADMISSION.decide(state, scan(gate, f"o{gate}-1", gate=gate), NOON)
        ADMISSION.evolve(state, event)
        answers.append(getattr(event, "reason", "in"))
    assert (answers, state.occupancy) == (["in", "full"], 100)


def test_who_leaves_makes_room_and_a_cap_below_who_is_in_puts_nobody_out():
    full = after(setting(occupancy_max=1), scan(), leave("n2"))
    assert reason(full, scan("n3", "o2-1")) is None
    lower = after(scan(), scan("n2", "o2-1"), setting(occupancy_max=1), leave("n3"))
    assert folded(lower).occupancy == 1
    assert reason(lower, scan("n4", "o3-1")) == "full"
    assert reason(after(setting(occupancy_max=0)), scan()) == "full"


def test_a_group_comes_in_parts_and_leaves_in_parts():
    two = after(scan(admits=5, guests=2))
    rest = became(two, scan("n2", admits=5, guests=3))
    assert (rest.guests, rest.inside, rest.change, rest.admits) == (3, 5, 3, 5)
    assert reason(two, scan("n2", admits=5, guests=4)) == "already_in"
    out = after(scan(admits=5, guests=5), leave("n2", admits=5, guests=4))
    assert (folded(out).occupancy, out.history[-1].inside) == (1, 1)
    assert reason(out, leave("n3", admits=5, guests=2)) == "not_in"
    assert reason(out, scan("n3", admits=5, guests=4)) is None


def test_a_part_of_a_group_does_not_pass_the_cap():
    capped = after(setting(occupancy_max=3), scan(admits=5, guests=2))
    assert reason(capped, scan("n2", admits=5, guests=2)) == "full"
    assert reason(capped, scan("n2", admits=5, guests=1)) is None


def test_who_may_enter_twice_without_leaving_is_in_once():
    twice = after(setting({"multiple": True}), scan(), scan("n2"))
    assert (folded(twice).occupancy, twice.history[-1].change) == (1, 0)
    assert (
        folded(after(setting({"multiple": True}), scan(), scan("n2"), annul("n2"))).occupancy == 1
    )
    full = after(setting({"multiple": True}, occupancy_max=1), scan())
    assert reason(full, scan("n2")) is None


def test_a_scan_is_annulled_within_fifteen_minutes_by_its_device_and_once():
    came = after(scan(claimed_at=NOON - 60 * MINUTE))
    event = became(came, annul(), NOON + 15 * MINUTE - SECOND)
    assert (event.ticket, event.change, event.inside) == ("o1-1", -1, 0)
    came.when(annul(), NOON + 15 * MINUTE + SECOND).then_refused(AnnulledTooLate)
    came.when(annul(device="phone-2"), NOON).then_refused(OtherDevice)
    after(scan(), annul()).when(annul(), NOON).then_refused(AnnulledAlready)
    came.when(annul("n9"), NOON).then_refused(UnknownScan)
    after(scan(), scan("n2")).when(annul("n2"), NOON).then_refused(UnknownScan)
    after(count("c")).when(annul("c"), NOON).then_refused(UnknownScan)


def test_after_an_annulled_entry_the_ticket_is_as_before_it():
    none = after(setting({"max_entries": 1, "reentry": False}), scan(), annul())
    assert (folded(none).occupancy, reason(none, scan("n2"))) == (0, None)
    part = after(scan(admits=5, guests=2), scan("n2", admits=5, guests=3), annul("n2"))
    assert (folded(part).occupancy, folded(part).guests) == (2, {"o1-1": 2})
    assert reason(part, scan("n3", admits=5, guests=3)) is None


def test_after_an_annulled_exit_the_guest_is_in_since_they_came():
    back = after(scan(), leave("n2"), annul("n2"))
    again = became(back, scan("n3", gate="south"), NOON + MINUTE)
    assert (again.reason, again.since, again.since_gate) == ("already_in", NOON, "north")
    assert folded(back).occupancy == 1


def test_only_the_last_scan_of_a_ticket_is_annulled():
    left = after(scan(), leave("n2"))
    left.when(annul("n1"), NOON).then_refused(ScannedSince)


def test_the_same_scan_again_stays_annulled():
    after(scan(), annul()).when(scan(), NOON).then_nothing()


def test_what_a_guest_gets_is_shown_until_it_was_picked_once():
    rule = {"hand_out": [{"item": "band", "name": "Wristband"}], "text": "ID", "attention": True}
    poster = {"ticket_type": "poster", "is_handed_out": True}
    plan = setting(rule, poster)
    first = became(after(plan), scan(addons=[ADDON]))
    band = HandOut(item="band", name="Wristband")
    assert first.hand_out == (band, HandOut(item="o1-2", name="poster"))
    assert (first.text, first.attention) == ("ID", True)
    given = after(plan, scan(addons=[ADDON]), hand_over("o1-2", addons=[ADDON]), leave("n2"))
    assert became(given, scan("n3", addons=[ADDON])).hand_out == (band,)
    given.when(hand_over("o1-2", addons=[ADDON])).then_refused(HandedOutAlready)
    given.when(hand_over("mug")).then_refused(NothingToHandOut)
    given.when(hand_over("o1-2", ticket="o5-1")).then_refused(NothingToHandOut)


def test_an_add_on_that_was_refunded_is_not_handed_out():
    plan = setting({"ticket_type": "poster", "is_handed_out": True})
    void = RevokeTicket(occurrence=NIGHT, ticket="o1-2", why="refunded")
    assert became(after(plan, void), scan(addons=[ADDON])).hand_out == ()


def test_a_clicker_counts_under_the_cap_and_not_below_nobody():
    three = after(setting(occupancy_max=4), count("c1", 3))
    assert became(three, count("c2")).inside == 4
    three.when(count("c2", 2)).then_refused(HouseFull)
    three.when(count("c2", 4, "exit")).then_refused(NobodyToCountOut)
    three.when(count("c1", 3)).then_nothing()
    three.when(count("c1", 2)).then_refused(NonceReused)
    after(scan()).when(count("c", 1, "exit")).then_refused(NobodyToCountOut)


def test_the_read_model_counts_as_the_gates_do():
    plan = setting({"multiple": True}, occupancy_max=9)
    spec = after(
        plan,
        scan(admits=5, guests=3),
        scan("n2", admits=5, guests=2, gate="south"),
        leave("n3", admits=5, guests=4),
        scan("n4", "o2-1"),
        scan("n5", "o2-1", gate="south"),
        scan("n6", "o3-1"),
        annul("n6"),
        scan("n7", "o4-1", standing="unpaid"),
        count("c1", 3),
        count("c2", 1, "exit", gate="south"),
    )
    row = table(Gates(), spec.history)[NIGHT]
    assert (row["occupancy"], row["counted"], row["occupancy_max"]) == (4, 2, 9)
    assert row["occupancy"] == folded(spec).occupancy
    assert row["gates"] == {
        "north": {"entered": 7, "left": 4, "refused": 1},
        "south": {"entered": 3, "left": 1, "refused": 0},
    }
    scans = table(Scans(), spec.history)
    assert (scans[NIGHT, "n6"]["result"], scans[NIGHT, "n6"]["reason"]) == ("refused", "annulled")
    sold = history(opening(ticket_type()), selling("o1"))
    night = (*sold, *spec.history)
    assert table(Attendees(), night)[NIGHT, "o1-1"]["inside"]
    board = table(Board(), night)[NIGHT]
    assert (board["inside"], board["admitted"], board["scans_refused"]) == (4, 4, 1)


def test_the_same_plan_again_decides_nothing():
    plan = setting({"ticket_type": "vip", "max_entries": 2}, gates=[vip_gate])
    after(plan).when(plan).then_nothing()
    assert folded(after(plan, setting())).plan.rules == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"gates": [{"gate": "n"}, {"gate": "n"}]},
        {"rules": [{}, {}]},
        {"rules": [{"valid_from": NOON, "valid_until": NOON - SECOND}]},
        {"rules": [{"max_entries": 0}]},
        {"rules": [{"hand_out": [{"item": "a", "name": "A"}, {"item": "a", "name": "B"}]}]},
        {"zone": "Mars/Base"},
        {"occupancy_max": -1},
    ],
)
def test_a_plan_that_makes_no_sense_is_not_taken(wrong):
    with pytest.raises(ValidationError):
        SetAdmission(**{"occurrence": NIGHT, "zone": "UTC", **wrong})
