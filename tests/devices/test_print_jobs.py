"""The rules of print jobs: never sent unrecorded, never printed unproven, no copy unmarked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from roadcase.errors import Invalid
from services.devices import commands, events
from services.devices.domain import SPOOL, refusals
from services.devices.domain.printing import UNPROVEN
from services.devices.printers import bindings
from tests.devices.jobs_said import (
    LATER,
    NOON,
    abandoned,
    asking_to_send,
    binding,
    bound,
    by_hand,
    confirmed,
    confirming,
    doubting,
    in_doubt,
    leased,
    leasing,
    rejected,
    reprinted,
    requested,
    requesting,
    sending,
    spool,
)

READY = (bound(), requested(), leased())
ON_ITS_WAY = (*READY, sending())
NO_COPIES = (bound(resend=0), requested(), leased(), sending(), in_doubt())


def test_a_sold_ticket_is_queued_once_however_often_it_is_heard():
    spool.given(bound()).when(requesting()).then(requested())
    spool.given(bound(), requested()).when(requesting()).then_nothing()
    spool.given(*ON_ITS_WAY, confirmed()).when(requesting()).then_nothing()


def test_a_role_that_nobody_bound_prints_nothing():
    spool.given().when(requesting()).then_nothing()
    spool.given(bound(role="other")).when(requesting()).then_nothing()


def test_a_sending_is_recorded_with_the_lease_it_happens_under():
    spool.given(*READY).when(asking_to_send()).then(sending())


def test_every_sending_of_a_device_has_a_process_id_of_its_own():
    history = (*READY, requested("j2"), sending(), confirmed())
    spool.given(*history).when(asking_to_send("j2")).then(sending("j2", process_id=2))
    again = (*ON_ITS_WAY, rejected())
    spool.given(*again).when(asking_to_send()).then(sending(attempt=2, process_id=2))


def test_who_lost_the_lease_sends_nothing():
    taken = (*READY, leased("w2", epoch=2, at=LATER))
    spool.given(*taken).when(asking_to_send()).then_refused(refusals.StaleLease)
    released = events.PrinterReleased(spool="main", device="p1", epoch=1)
    spool.given(*READY, released).when(asking_to_send()).then_refused(refusals.StaleLease)


@pytest.mark.parametrize(
    ("history", "asked"),
    [
        (ON_ITS_WAY, {}),
        ((*ON_ITS_WAY, confirmed()), {}),
        ((*ON_ITS_WAY, in_doubt(), reprinted()), {}),  # rendered before it became a copy
        ((*READY, bound("p2", "127.0.0.1:9200")), {}),
    ],
    ids=["on its way", "printed", "as an original", "bound elsewhere"],
)
def test_a_job_is_sent_once_in_its_present_form_to_the_bound_device(history, asked):
    spool.given(*history).when(asking_to_send(**asked)).then_refused(refusals.NotQueued)


def test_what_is_not_known_cannot_be_sent():
    spool.given(*READY).when(asking_to_send("j9")).then_refused(refusals.UnknownJob)
    spool.given(*READY).when(asking_to_send(device="p9")).then_refused(refusals.UnknownPrinter)


def test_the_printers_own_answer_confirms_once():
    spool.given(*ON_ITS_WAY).when(confirming()).then(confirmed())
    spool.given(*ON_ITS_WAY, confirmed()).when(confirming()).then_nothing()
    spool.given(*READY).when(confirming()).then_nothing()
    spool.given(*ON_ITS_WAY, rejected()).when(confirming()).then_nothing()


def test_an_answer_to_an_earlier_attempt_does_not_confirm_a_later_one():
    history = (*ON_ITS_WAY, rejected(), sending(attempt=2, process_id=2))
    spool.given(*history).when(confirming(attempt=1)).then_nothing()
    spool.given(*history).when(confirming(attempt=2)).then(confirmed(attempt=2))


def test_a_late_answer_takes_back_the_copy_that_was_not_sent_yet():
    history = (*ON_ITS_WAY, in_doubt(), reprinted())
    late = confirmed(copy=2, was="queued")
    spool.given(*history).when(confirming()).then(late)
    spool.given(*history, late).when(asking_to_send(copy_number=2)).then_refused(refusals.NotQueued)


def test_evidence_counts_whoever_holds_the_lease_by_now():
    history = (*NO_COPIES, leased("w2", epoch=2, at=LATER))
    spool.given(*history).when(confirming()).then(confirmed(was="in_doubt"))


def test_nothing_sent_is_queued_again_as_an_original_and_first():
    reject = commands.RejectJob(job="j1", attempt=1, reason="gone")
    spool.given(*ON_ITS_WAY).when(reject).then(rejected())
    spool.given(*ON_ITS_WAY, rejected()).when(reject).then_nothing()
    state = SPOOL.fold((*READY, requested("j2"), sending(), rejected()))
    assert list(state.roles["ticket-1"].queue) == ["j1", "j2"]


def test_a_ticket_in_doubt_is_printed_again_at_most_twice_and_as_a_copy():
    spool.given(*ON_ITS_WAY).when(doubting()).then(in_doubt(), reprinted())
    second = (*ON_ITS_WAY, in_doubt(), reprinted(), sending(attempt=2, copy=2, process_id=2))
    spool.given(*second).when(doubting(attempt=2)).then(
        in_doubt(attempt=2, copy=2), reprinted(copy=3)
    )
    third = (
        *second,
        in_doubt(attempt=2, copy=2),
        reprinted(copy=3),
        sending(attempt=3, copy=3, process_id=3),
    )
    spool.given(*third).when(doubting(attempt=3)).then(in_doubt(attempt=3, copy=3))


def test_without_automatic_copies_it_stays_in_doubt():
    spool.given(bound(resend=0), requested(), leased(), sending()).when(doubting()).then(in_doubt())


def test_a_printer_that_cannot_confirm_makes_no_copies_by_itself():
    asked = doubting(reason="cannot_confirm")
    spool.given(*ON_ITS_WAY).when(asked).then(in_doubt(reason="cannot_confirm"))


def test_a_printer_that_never_confirms_stops_making_copies():
    jobs = [f"j{n}" for n in range(UNPROVEN)]
    history = [bound(), leased(), *map(requested, jobs)]
    for number, job in enumerate(jobs, 1):
        history += [sending(job, process_id=number), in_doubt(job), reprinted(job)]
    last = (requested("last"), sending("last", process_id=UNPROVEN + 1))
    spool.given(*history, *last).when(doubting("last")).then(in_doubt("last"))
    proven = (sending("j0", attempt=2, copy=2), confirmed("j0", attempt=2, copy=2))
    spool.given(*history, *proven, *last).when(doubting("last")).then(
        in_doubt("last"), reprinted("last")
    )


def test_doubt_is_said_once_and_only_of_the_attempt_it_is_about():
    spool.given(*ON_ITS_WAY, confirmed()).when(doubting()).then_nothing()
    spool.given(*NO_COPIES).when(doubting()).then_nothing()
    spool.given(*ON_ITS_WAY).when(doubting(attempt=2)).then_nothing()


def test_an_operator_saw_the_paper():
    asked = commands.ConfirmByHand(job="j1")
    spool.given(*NO_COPIES).when(asked).then(by_hand())
    spool.given(*NO_COPIES, by_hand()).when(asked).then_nothing()
    spool.given(*ON_ITS_WAY, in_doubt(), reprinted()).when(asked).then(by_hand(was="queued"))
    spool.given(*READY).when(asked).then_refused(refusals.NotInDoubt)
    spool.given(*ON_ITS_WAY).when(asked).then_refused(refusals.NotInDoubt)


def test_an_operator_has_a_copy_printed():
    asked = commands.ReprintJob(job="j1")
    spool.given(*NO_COPIES).when(asked).then(reprinted(by="operator"))
    again = (*NO_COPIES, reprinted(by="operator"))
    spool.given(*again).when(asked).then_nothing()
    spool.given(*again).when(asking_to_send(copy_number=2)).then(
        sending(attempt=2, copy=2, process_id=2)
    )
    spool.given(*READY).when(asked).then_refused(refusals.NotInDoubt)


def test_an_operator_abandons_what_is_not_on_its_way():
    asked = commands.AbandonJob(job="j1", reason="rain")
    spool.given(*NO_COPIES).when(asked).then(abandoned())
    spool.given(*NO_COPIES, abandoned()).when(asked).then_nothing()
    spool.given(*READY).when(asked).then(abandoned(was="queued", device=""))
    spool.given(*ON_ITS_WAY).when(asked).then_refused(refusals.OnItsWay)
    spool.given(*ON_ITS_WAY, confirmed()).when(asked).then_refused(refusals.Over)
    spool.given(*READY, abandoned(was="queued", device="")).when(asking_to_send()).then_refused(
        refusals.NotQueued
    )


def test_one_at_a_time_may_send_to_a_printer():
    spool.given(bound()).when(leasing()).then(leased())
    spool.given(bound(), leased()).when(leasing("w2")).then_refused(refusals.LeasedElsewhere)
    spool.given(bound()).when(leasing(device="p9")).then_refused(refusals.UnknownPrinter)


def test_a_lease_is_renewed_when_some_of_it_is_used_up():
    spool.given(bound(), leased()).when(leasing(), NOON + timedelta(seconds=1)).then_nothing()
    soon = NOON + timedelta(seconds=2)
    spool.given(bound(), leased()).when(leasing(), soon).then(leased(at=soon))
    spool.given(bound(), leased()).when(leasing(), LATER).then(leased(at=LATER))


def test_a_lapsed_lease_is_taken_over_with_what_it_left_in_doubt():
    taken = leased("w2", epoch=2, at=LATER)
    left = in_doubt(reason="sender_gone", sent=None)
    spool.given(*ON_ITS_WAY).when(leasing("w2"), LATER).then(left, reprinted(), taken)
    edge = NOON + timedelta(seconds=6)
    spool.given(bound(), leased()).when(leasing("w2"), edge).then(leased("w2", epoch=2, at=edge))


def test_a_released_printer_is_free_at_once():
    asked = commands.ReleasePrinter(device="p1", holder="w1")
    released = events.PrinterReleased(spool="main", device="p1", epoch=1)
    spool.given(bound(), leased()).when(asked).then(released)
    spool.given(bound(), leased("w2")).when(asked).then_nothing()
    spool.given(*ON_ITS_WAY).when(asked).then_nothing()
    spool.given(bound(), leased(), released).when(leasing("w2")).then(leased("w2", epoch=2))


def test_a_swap_rebinds_the_role_and_its_queue_flows_on():
    other = binding("p2", "127.0.0.1:9200")
    spool.given(bound()).when(other).then(bound("p2", "127.0.0.1:9200"))
    spool.given(bound()).when(binding()).then_nothing()
    history = (*READY, bound("p2", "127.0.0.1:9200"), leased(device="p2"))
    spool.given(*history).when(asking_to_send(device="p2")).then(sending(device="p2"))
    moved = (*ON_ITS_WAY, bound("p2", "127.0.0.1:9200"))
    spool.given(*moved).when(confirming()).then(confirmed())  # the old one's, all the same


def test_a_replaced_unit_may_take_over_the_address_but_two_in_use_may_not_share_one():
    spool.given(bound()).when(binding("p2")).then(bound("p2"))
    shared = binding("p2", role="other")
    spool.given(bound()).when(shared).then_refused(refusals.AddressTaken)
    spool.given(bound()).when(binding(role="other")).then(bound(role="other"))


def test_only_changes_of_a_printer_are_facts():
    fine = commands.ReportPrinter(device="p1", online=True)
    out = commands.ReportPrinter(device="p1", online=True, paper="out")
    gone = commands.ReportPrinter(device="p1", online=False)
    is_fine = events.PrinterChanged(spool="main", device="p1", online=True)
    is_out = events.PrinterChanged(spool="main", device="p1", online=True, paper="out")
    spool.given(bound()).when(fine).then(is_fine)
    spool.given(bound(), is_fine).when(fine).then_nothing()
    spool.given(bound(), is_fine).when(out).then(is_out)
    away = events.PrinterChanged(spool="main", device="p1", online=False, paper="out")
    spool.given(bound(), is_out).when(gone).then(away)
    spool.given(bound(), is_out, away).when(gone).then_nothing()


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "nowhere"},
        {"address": "host:"},
        {"address": "a b:9100"},
        {"profile": "laser"},
        {"resend": 3},
        {"resend": -1},
        {"role": ""},
        {"device": "a/b"},
    ],
)
def test_a_binding_that_makes_no_sense_is_refused_at_the_door(wrong):
    with pytest.raises(ValidationError):
        binding(**{"device": "p1", "address": "127.0.0.1:9100", **wrong})


@pytest.mark.parametrize("code", ["", "A\x10\x04\x01", "é", "x" * 401])
def test_a_code_that_no_symbol_can_hold_is_refused_at_the_door(code):
    with pytest.raises(ValidationError):
        requesting(code=code)


def test_printers_are_named_in_settings():
    assert bindings(" ticket-1=127.0.0.1:9100, label-1=[::1]:9100/clone-58,") == [
        binding("tcp-127-0-0-1-9100"),
        binding("tcp-1-9100", "[::1]:9100", role="label-1", profile="clone-58"),
    ]
    assert bindings("") == []


def test_all_that_is_wrong_with_the_printers_of_the_settings_is_said_at_once():
    with pytest.raises(Invalid) as refused:
        bindings("ticket-1, a=b, c=d:9100/laser")
    assert len(refused.value.facts["problems"]) == 3


def test_what_may_hang_out_of_a_printer_is_known_until_it_confirms_again():
    def torn(*history):
        return SPOOL.fold(history).printers["p1"].torn

    assert torn(*ON_ITS_WAY, in_doubt())
    assert not torn(*ON_ITS_WAY, in_doubt(reason="cannot_confirm"))
    again = (in_doubt(), reprinted(), sending(attempt=2, copy=2, process_id=2))
    assert torn(*ON_ITS_WAY, *again)
    assert not torn(*ON_ITS_WAY, *again, confirmed(attempt=2, copy=2))
