"""A ticket goes to somebody else: never with two valid codes, and never once it was used."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import permutations

import pytest

from roadcase.errors import Refused
from roadcase.money import Money
from roadcase.testing.spec import Spec
from services.ticketing.api.transfers import step_by_step
from services.ticketing.commands import (
    AnnulScan,
    BlockTicket,
    CancelOrder,
    CheckIn,
    EndTransfer,
    GiveUpTickets,
    HandOver,
    RefundTickets,
    RenameTicket,
    ResendOrder,
    RestoreTickets,
    RevokeTicket,
    SetAdmission,
    TransferTicket,
)
from services.ticketing.domain import ADMISSION, BOX_OFFICE
from services.ticketing.domain.gate_refusals import BeingTransferred, EnteredAlready, TurnedAway
from services.ticketing.domain.refusals import (
    OrderExists,
    PersonLimit,
    UnknownOrder,
    UnknownTicket,
)
from services.ticketing.domain.transfer_refusals import (
    AddonStays,
    NotValid,
    ResentTooOften,
    TransferGone,
    TransferMade,
)
from services.ticketing.events import TicketRestored, TicketRevoked
from services.ticketing.reactions.own import (
    OrderResent,
    TicketTransferred,
    resend_by_mail,
    welcome_by_mail,
)
from tests.ticketing.night import (
    EUR,
    NIGHT,
    NOON,
    SEED,
    after,
    become,
    facts,
    names,
    opening,
    selling,
    ticket_type,
)

gates = Spec(ADMISSION)
PAIR = (opening(), selling("o1", ("standard", 2), amount="24.00 EUR"))
SUPPER = ticket_type("supper", "8.00 EUR", draws={"kitchen": 1}, addon_to={"standard": (0, 2)})
DINNER = (
    opening(ticket_type(), SUPPER, pools={"hall": 4, "kitchen": 4}),
    selling("o1", ("standard", 1), ("supper", 1), amount="20.00 EUR"),
)


def transferring(transfer="t1", ticket="o1-1", **more):
    said = {"order": ticket.rpartition("-")[0], "subject": "bob", "contact": b"sealed", **more}
    return TransferTicket(
        occurrence=NIGHT, ticket=ticket, transfer=transfer, code_seed=SEED, **said
    )


def giving_up(*tickets, transfer="t1"):
    return GiveUpTickets(occurrence=NIGHT, tickets=tickets or ("o1-1",), transfer=transfer)


def restoring(transfer="t1"):
    return RestoreTickets(occurrence=NIGHT, tickets=("o1-1",), transfer=transfer)


def ending(transfer="t1"):
    return EndTransfer(occurrence=NIGHT, transfer=transfer)


def scanning(nonce="n1", ticket="o1-1", **more):
    return CheckIn(
        occurrence=NIGHT, gate="north", nonce=nonce, ticket=ticket, ticket_for=NIGHT, **more
    )


def given_up(why="transferred", **more):
    return TicketRevoked(occurrence=NIGHT, ticket="o1-1", why=why, inside=False, **more)


def at_gates(*asked):
    state, events = ADMISSION.initial(), []
    for command in asked:
        events += ADMISSION.decided(state, command, NOON)
    return gates.given(*events)


def test_a_ticket_becomes_another_guests_with_a_new_id_and_a_new_code():
    sold = after(*PAIR).history[-2]
    (event,) = become(after(*PAIR).when(transferring(), NOON + timedelta(hours=9)))
    assert (event.order, event.ticket, event.number, event.of) == ("t1", "t1-1", 1, 1)
    assert (event.from_order, event.from_ticket) == ("o1", "o1-1")
    assert (event.subject, event.contact, event.payment_reference) == ("bob", b"sealed", "paid-1")
    assert (event.channel, event.sold_at) == (sold.channel, NOON), "as it was sold first"
    assert (event.price, event.draws) == (EUR, {"hall": 1})
    assert event.code != sold.code
    after(*PAIR, transferring()).when(transferring()).then_nothing()
    state = BOX_OFFICE.fold(after(*PAIR, transferring()).history)
    assert state.allocation.pools["hall"].sold == 2, "its place is the same"
    assert state.persons == {("ana", "standard"): 1, ("bob", "standard"): 1}


def test_an_id_is_for_one_transfer_to_one_guest():
    done = after(*PAIR, transferring())
    for other in (
        transferring(subject="eve"),
        transferring(ticket="o1-2"),
        transferring("o1", "o1-2"),
    ):
        done.when(other).then_refused(OrderExists)
    done.when(selling("t1")).then_refused(OrderExists)


def test_what_is_void_or_unknown_goes_to_nobody():
    void = RefundTickets(
        occurrence=NIGHT, order="o1", tickets=["o1-1"], reason="ill", refund_reference="b"
    )
    for before in (void, transferring("t0")):
        after(*PAIR, before).when(transferring()).then_refused(NotValid)
    after(*PAIR).when(transferring(ticket="o9-1")).then_refused(UnknownOrder)
    for ticket in ("o1-3", "o1-0", "o1-01", "o1-x"):
        after(*PAIR).when(transferring(ticket=ticket, order="o1")).then_refused(UnknownTicket)


def test_add_ons_go_with_their_ticket_and_not_without_it():
    events = become(after(*DINNER).when(transferring()))
    assert [(each.ticket, each.addon_to) for each in events] == [("t1-1", None), ("t1-2", "t1-1")]
    after(*DINNER).when(transferring(ticket="o1-2")).then_refused(AddonStays)
    back = CancelOrder(occurrence=NIGHT, order="t1", tickets=["t1-1"], reason="ill")
    gone = become(after(*DINNER, transferring()).when(back))
    assert [each.ticket for each in gone] == ["t1-1", "t1-2"]
    late = CancelOrder(occurrence=NIGHT, order="o1", tickets=["o1-2"], reason="ill")
    (alone,) = become(after(*DINNER, late).when(transferring()))
    assert alone.of == 1, "what is void stays behind"


def test_what_it_was_sold_as_goes_with_it():
    family = ticket_type(admits=4, fee={"fixed": "1.00 EUR"})
    night = (opening(family), selling("o1", amount="13.00 EUR"))
    (event,) = become(after(*night).when(transferring()))
    assert (event.admits, event.fee) == (4, Money(100, "EUR"))
    rest = RefundTickets(occurrence=NIGHT, order="t1", reason="ill", refund_reference="c")
    (refund,) = become(after(*night, transferring()).when(rest))
    assert refund.amount == Money(1300, "EUR")


def test_it_is_refunded_where_it_is_now_and_only_there():
    night = after(*PAIR, transferring())
    old = {"occurrence": NIGHT, "reason": "ill", "refund_reference": "b", "order": "o1"}
    (other,) = become(night.when(RefundTickets(**old)))
    assert other.ticket == "o1-2"
    named = RefundTickets(**old, tickets=["o1-1"])
    assert facts(night.when(named), NotValid)["state"] == "transferred"
    (new,) = become(night.when(RefundTickets(**old | {"order": "t1"})))
    assert (new.ticket, new.amount) == ("t1-1", EUR)


def test_a_limit_per_person_holds_for_who_gets_it():
    limited = opening(ticket_type(per_person_max=1), pools={"hall": 9})
    night = after(limited, selling("o1"), selling("o2", subject="bob"))
    night.when(transferring()).then_refused(PersonLimit)
    assert names(become(night.when(transferring(subject="ana")))) == ["TicketTransferred"]


def test_what_ended_is_never_issued_and_what_was_issued_never_ends():
    after(*PAIR, ending()).when(transferring()).then_refused(TransferGone)
    after(*PAIR, ending()).when(ending()).then_nothing()
    after(*PAIR, transferring()).when(ending()).then_refused(TransferMade)
    assert names(become(after(*PAIR, ending()).when(transferring("t2")))) == ["TicketTransferred"]


def test_gates_give_up_what_nobody_used_and_tell_who_scans_it_why():
    at_gates().when(giving_up()).then(given_up(transfer="t1"))
    at_gates(giving_up()).when(giving_up()).then_nothing()
    (refused,) = become(at_gates(giving_up()).when(scanning()))
    assert (refused.reason, refused.detail) == ("revoked", "transferred")


def test_who_came_in_keeps_their_ticket_also_after_they_left():
    inside = (scanning(device="d1"),)
    at_gates(*inside).when(giving_up()).then_refused(EnteredAlready)
    left = (*inside, scanning("n2", direction="exit", device="d1"))
    at_gates(*left).when(giving_up()).then_refused(EnteredAlready)
    undone = (*inside, AnnulScan(occurrence=NIGHT, nonce="n1", device="d1"))
    at_gates(*undone).when(giving_up()).then(given_up(transfer="t1"))
    at_gates(*inside).when(giving_up("o1-2", "o1-1")).then_refused(EnteredAlready)


def test_what_was_handed_out_stays_with_its_ticket():
    things = SetAdmission(
        occurrence=NIGHT,
        zone="Europe/Berlin",
        rules=[{"ticket_type": "supper", "is_handed_out": True}],
    )
    supper = {"ticket": "o1-2", "ticket_type": "supper"}
    got = HandOver(occurrence=NIGHT, ticket="o1-1", item="o1-2", gate="bar", addons=[supper])
    at_gates(things, got).when(giving_up("o1-1", "o1-2")).then_refused(EnteredAlready)


def test_what_gates_turn_away_cannot_be_passed_on():
    for before in (
        RevokeTicket(occurrence=NIGHT, ticket="o1-1", why="refunded"),
        BlockTicket(occurrence=NIGHT, ticket="o1-1"),
    ):
        at_gates(before).when(giving_up()).then_refused(TurnedAway)
    other = at_gates(giving_up()).when(giving_up(transfer="t2"))
    assert facts(other, BeingTransferred)["transfer"] == "t1"


def test_gates_take_it_again_only_from_the_transfer_that_has_it():
    restored = TicketRestored(occurrence=NIGHT, ticket="o1-1", transfer="t1")
    at_gates(giving_up()).when(restoring()).then(restored)
    at_gates(giving_up()).when(restoring("t2")).then_nothing()
    at_gates(giving_up(), restoring()).when(restoring()).then_nothing()
    assert names(become(at_gates(giving_up(), restoring()).when(scanning()))) == ["Admitted"]


def test_what_is_refunded_while_it_is_transferred_is_not_taken_again():
    refunded = RevokeTicket(occurrence=NIGHT, ticket="o1-1", why="refunded")
    at_gates(giving_up()).when(refunded).then(given_up("refunded"))
    at_gates(giving_up(), refunded).when(restoring()).then_nothing()
    moved = RevokeTicket(occurrence=NIGHT, ticket="o1-1", why="transferred")
    at_gates(giving_up()).when(moved).then_nothing()
    at_gates(giving_up(), refunded).when(refunded).then_nothing()


STEPS = (
    giving_up(),
    transferring(),
    ending(),
    restoring(),
    giving_up(transfer="t2"),
    transferring("t2", subject="eve"),
)


class Both:
    """The two streams, asked as a door asks: in which order, others decide."""

    def __init__(self):
        self.office = BOX_OFFICE.fold(after(*PAIR).history)
        self.gates = ADMISSION.initial()
        self.made = set()

    def ask(self, command):
        """Nothing is issued before it is given up, and nothing taken again before its end."""
        needs = {TransferTicket: GiveUpTickets, RestoreTickets: EndTransfer}.get(type(command))
        if needs and (needs, command.transfer) not in self.made:
            return
        at_the_gates = type(command) in ADMISSION.commands
        decider, state = (ADMISSION, self.gates) if at_the_gates else (BOX_OFFICE, self.office)
        try:
            decider.decided(state, command, NOON)
        except Refused:
            return
        self.made.add((type(command), command.transfer))

    @property
    def valid(self):
        """The orders with which somebody is let in."""
        found = [order for order in ("t1", "t2") if order in self.office.orders]
        return found if "o1-1" in self.gates.revoked else ["o1", *found]


def test_in_whatever_order_steps_come_one_code_is_valid_at_most():
    ends = Counter()
    for steps in permutations(STEPS):
        both = Both()
        for command in steps:
            both.ask(command)
            assert len(both.valid) <= 1, steps
        ends[tuple(both.valid)] += 1
    assert set(ends) == {(), ("o1",), ("t1",), ("t2",)}, "each of these can come of it"


class Died(Exception):
    """The process was killed."""


async def _moved(both, command, dies=None):
    """The door's own steps; killed before step number `dies`, or after the one before."""
    asked = 0

    async def ask(step, /, *, key=None, request=None):
        nonlocal asked
        asked += 1
        if asked == dies:
            raise Died
        at_the_gates = type(step) in ADMISSION.commands
        decider, state = (ADMISSION, both.gates) if at_the_gates else (BOX_OFFICE, both.office)
        decider.decided(state, step, NOON)
        assert len(both.valid) <= 1

    await step_by_step(ask, (command.ticket,), command, b"")


@pytest.mark.parametrize("dies", [1, 2])
@pytest.mark.parametrize("again", ["t1", "t2"])
async def test_who_died_between_the_steps_asks_again_under_the_same_id_or_another(dies, again):
    both = Both()
    with pytest.raises(Died):
        await _moved(both, transferring(), dies)
    await _moved(both, transferring(again))
    assert both.valid == [again]
    await _moved(both, transferring(again))
    with pytest.raises((NotValid, OrderExists)):
        await _moved(both, transferring(again, subject="eve"))
    with pytest.raises(NotValid):
        await _moved(both, transferring("t9", subject="eve"))
    assert both.valid == [again]


@pytest.mark.parametrize("dies", [2, 3, 4, None])
async def test_what_the_box_office_refuses_is_taken_again_at_the_gates_whenever_it_dies(dies):
    both = Both()
    limited = [opening(ticket_type(per_person_max=1)), selling("o1"), selling("o2", subject="bob")]
    both.office = BOX_OFFICE.fold(after(*limited).history)
    with pytest.raises((Died, PersonLimit)):
        await _moved(both, transferring(), dies)
    with pytest.raises(PersonLimit if dies in {2, 3} else (PersonLimit, TransferGone)):
        await _moved(both, transferring())
    assert both.valid == ["o1"]
    await _moved(both, transferring("t3", subject="eve"))
    assert "o1-1" in both.gates.revoked


def test_who_comes_is_somebody_else_and_the_code_stays():
    said = {"occurrence": NIGHT, "order": "o1", "ticket": "o1-1", "contact": b"new"}
    renaming = RenameTicket(**said, subject="eve")
    assert names(become(after(*PAIR).when(renaming))) == ["TicketRenamed"]
    after(*PAIR, renaming).when(renaming).then_nothing()
    after(*PAIR, transferring()).when(renaming).then_refused(NotValid)


def test_a_mail_is_sent_again_three_times_an_hour():
    def wish(number):
        return ResendOrder(occurrence=NIGHT, order="o1", resend=f"r{number}", contact=b"c")

    minutes = [NOON + timedelta(minutes=n) for n in range(3)]
    three = [(wish(n), at) for n, at in enumerate(minutes)]
    night = after(*PAIR, *three)
    assert names(become(after(*PAIR, *three[:2]).when(wish(2), NOON))) == ["OrderResent"]
    soon = NOON + timedelta(minutes=59)
    night.when(wish(3), soon).then_refused(ResentTooOften)
    night.when(wish(1), soon).then_nothing()
    hour = NOON + timedelta(hours=1)
    assert names(become(night.when(wish(3), hour))) == ["OrderResent"]
    again = after(*PAIR, *three, (wish(3), hour))
    again.when(wish(4), hour).then_refused(ResentTooOften)


def test_the_new_guest_and_who_asks_again_get_a_mail_each():
    sealed = {"occurrence": NIGHT, "order": "t1", "contact": b"c"}
    moved = {**sealed, "from_ticket": "o1-1", "of": 2}
    first = TicketTransferred(**moved, number=1)
    (mail,) = welcome_by_mail(TicketTransferred(**moved, number=2))
    assert welcome_by_mail(first) == []
    (again,) = resend_by_mail(OrderResent(**sealed, resend="r1"))
    (other,) = resend_by_mail(OrderResent(**sealed, resend="r2"))
    assert len({mail.message, again.message, other.message}) == 3
    assert mail.about == again.about == {"occurrence": NIGHT, "order": "t1"}
