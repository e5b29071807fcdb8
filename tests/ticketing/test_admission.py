"""Who is let in and out: every scan is answered, once, with a reason when the answer is no."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from roadcase.testing.spec import Spec
from services.ticketing.commands import CheckIn, RevokeTicket
from services.ticketing.domain import ADMISSION
from services.ticketing.domain.admission import NonceReused
from services.ticketing.events import Admitted, Exited, ScanRefused, TicketRevoked
from tests.ticketing.night import MINUTE, NIGHT, NOON

SECOND = timedelta(seconds=1)
gates = Spec(ADMISSION)
scan_of_nothing = {"ticket": None, "ticket_for": None}


def scan(nonce="n1", **more):
    given = {"gate": "north", "ticket": "o1-1", "ticket_for": NIGHT}
    return CheckIn(occurrence=NIGHT, nonce=nonce, **given | more)


def admitted(nonce="n1", ticket="o1-1", gate="north", at=NOON):
    return Admitted(occurrence=NIGHT, ticket=ticket, gate=gate, nonce=nonce, admitted_at=at)


def exited(nonce, ticket="o1-1"):
    return Exited(occurrence=NIGHT, ticket=ticket, gate="north", nonce=nonce)


def refused(reason, nonce="n1", **more):
    given = {"gate": "north", "direction": "entry", "ticket": "o1-1"}
    return ScanRefused(occurrence=NIGHT, nonce=nonce, reason=reason, **given | more)


def revoked(inside=False):
    return TicketRevoked(occurrence=NIGHT, ticket="o1-1", why="refunded", inside=inside)


revoke = RevokeTicket(occurrence=NIGHT, ticket="o1-1", why="refunded")


def test_a_ticket_lets_its_guest_in():
    gates.when(scan(), NOON).then(admitted())


def test_the_devices_own_time_is_kept_and_not_believed():
    (event,) = ADMISSION.decide(
        ADMISSION.initial(), scan(claimed_at=NOON - MINUTE, valid_from=NOON), NOON
    )
    assert (event.admitted_at, event.claimed_at) == (NOON, NOON - MINUTE)


def test_a_ticket_lets_one_guest_in_and_says_when_and_where():
    again = scan("n2", gate="south")
    gates.given(admitted()).when(again, NOON + MINUTE).then(
        refused("already_in", "n2", gate="south", since=NOON, since_gate="north")
    )


def test_the_same_scan_again_decides_nothing():
    gates.given(admitted()).when(scan(), NOON + MINUTE).then_nothing()
    gates.given(refused("revoked")).when(scan(), NOON + MINUTE).then_nothing()
    gates.given(admitted(), exited("n2")).when(scan("n2", direction="exit")).then_nothing()


@pytest.mark.parametrize("other", [{"ticket": "o1-2"}, {"gate": "south"}, {"direction": "exit"}])
def test_a_nonce_cannot_be_used_for_another_scan(other):
    gates.given(admitted()).when(scan("n1", **other)).then_refused(NonceReused)


def test_who_left_may_come_back():
    inside = gates.given(admitted())
    inside.when(scan("n2", direction="exit"), NOON).then(exited("n2"))
    gates.given(admitted(), exited("n2")).when(scan("n3"), NOON).then(admitted("n3"))


def test_who_is_not_in_cannot_leave():
    gates.when(scan(direction="exit")).then(refused("not_in", direction="exit"))


def test_a_refunded_ticket_no_longer_lets_in_but_lets_out():
    gates.given(revoked()).when(scan()).then(refused("revoked"))
    late = gates.given(admitted(), revoked(inside=True))
    late.when(scan("n2", direction="exit")).then(exited("n2"))


def test_a_ticket_is_revoked_once_and_it_is_known_who_is_inside():
    gates.when(revoke).then(revoked())
    gates.given(admitted()).when(revoke).then(revoked(inside=True))
    gates.given(admitted(), exited("n2")).when(revoke).then(revoked())
    gates.given(revoked()).when(revoke).then_nothing()


def test_a_ticket_of_another_night_is_told_apart():
    gates.when(scan(ticket_for="night-2")).then(refused("wrong_event", ticket_for="night-2"))


def test_a_ticket_of_another_night_is_told_apart_on_the_way_out_too():
    out = scan("n2", direction="exit", ticket_for="night-2")
    gates.given(admitted()).when(out).then(
        refused("wrong_event", "n2", direction="exit", ticket_for="night-2")
    )


def test_a_ticket_is_valid_from_its_first_to_its_last_moment():
    window = scan(valid_from=NOON, valid_until=NOON + MINUTE)
    gates.when(window, NOON - SECOND).then(refused("not_yet_valid"))
    gates.when(window, NOON).then(admitted())
    gates.when(window, NOON + MINUTE).then(admitted(at=NOON + MINUTE))
    gates.when(window, NOON + MINUTE + SECOND).then(refused("expired"))


def test_nobody_is_kept_inside_by_an_expired_ticket():
    out = scan("n2", direction="exit", valid_until=NOON)
    gates.given(admitted()).when(out, NOON + MINUTE).then(exited("n2"))


@pytest.mark.parametrize("fault", ["invalid", "unknown"])
def test_what_could_not_be_read_is_refused_and_kept(fault):
    gates.when(scan(fault=fault, detail="forged", **scan_of_nothing)).then(
        refused(fault, ticket=None, detail="forged")
    )


@pytest.mark.parametrize(
    "wrong",
    [
        scan_of_nothing,
        {"fault": "unknown"},
        {"ticket_for": None},
        {"ticket": None, "fault": "unknown"},
        {"direction": "sideways"},
        {"valid_from": "2026-06-01T12:00"},
    ],
)
def test_a_scan_has_either_a_ticket_or_a_fault(wrong):
    with pytest.raises(ValidationError):
        scan(**wrong)


SCANS = st.builds(
    scan,
    nonce=st.from_regex(r"\An[0-9]\Z"),
    ticket=st.sampled_from(["o1-1", "o1-2"]),
    gate=st.sampled_from(["north", "south"]),
    direction=st.sampled_from(["entry", "exit"]),
)
REVOKES = st.builds(
    RevokeTicket,
    occurrence=st.just(NIGHT),
    ticket=st.sampled_from(["o1-1", "o1-2"]),
    why=st.just("refunded"),
)


@given(st.lists(SCANS | REVOKES, max_size=30))
def test_every_scan_has_one_answer_and_nobody_is_in_twice(commands):
    state, events, answers = ADMISSION.initial(), [], {}
    for command in commands:
        try:
            became = ADMISSION.decide(state, command, NOON)
        except NonceReused:
            assert command.nonce in answers
            continue
        if isinstance(command, CheckIn):
            assert len(became) == (command.nonce not in answers)
            answers.setdefault(command.nonce, became)
        for event in became:
            ADMISSION.evolve(state, event)
            events.append(event)
    for ticket in ("o1-1", "o1-2"):
        passed = [
            type(e) for e in events if isinstance(e, Admitted | Exited) and e.ticket == ticket
        ]
        assert passed == ([Admitted, Exited] * len(passed))[: len(passed)]
        assert (ticket in state.inside) == (len(passed) % 2 == 1)
    assert ADMISSION.fold(events) == state
