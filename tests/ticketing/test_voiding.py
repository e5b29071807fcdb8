"""Cancelled and refunded tickets: once each, with their units back and their money by ticket."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from roadcase.money import Money
from services.ticketing.commands import CancelOrder, RefundTickets
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.refusals import SoldOut, UnknownOrder, UnknownTicket
from services.ticketing.events import TicketCancelled, TicketRefunded
from tests.ticketing.night import (
    EUR,
    NIGHT,
    NOON,
    after,
    become,
    changing,
    confirming,
    facts,
    holding,
    names,
    opening,
    selling,
    ticket_type,
)


def refunding(order="o1", *tickets):
    return RefundTickets(
        occurrence=NIGHT,
        order=order,
        tickets=tickets or None,
        reason="rain",
        refund_reference="back-1",
    )


def cancelling(order="o1", *tickets):
    return CancelOrder(occurrence=NIGHT, order=order, tickets=tickets or None, reason="rain")


def refunded(number, **more):
    given = {
        "occurrence": NIGHT,
        "order": "o1",
        "ticket": f"o1-{number}",
        "ticket_type": "standard",
        "draws": {"hall": 1},
        "reason": "rain",
        "amount": EUR,
        "seller": "house",
        "refund_reference": "back-1",
        "subject": "ana",
    }
    return TicketRefunded(**given | more)


def cancelled(number):
    return TicketCancelled(
        occurrence=NIGHT,
        order="o1",
        ticket=f"o1-{number}",
        ticket_type="standard",
        draws={"hall": 1},
        reason="rain",
    )


pair = (opening(pools={"hall": 2}), selling("o1", ("standard", 2), amount="24.00 EUR"))


def test_an_order_is_refunded_ticket_by_ticket():
    after(*pair).when(refunding()).then(refunded(1), refunded(2))
    after(*pair).when(refunding("o1", "o1-2", "o1-2")).then(refunded(2))


def test_a_refund_twice_changes_nothing_the_second_time():
    after(*pair, refunding()).when(refunding()).then_nothing()
    after(*pair, refunding("o1", "o1-1")).when(refunding()).then(refunded(2))


def test_an_order_is_cancelled_with_no_money_back():
    after(*pair).when(cancelling()).then(cancelled(1), cancelled(2))
    after(*pair, cancelling("o1", "o1-1")).when(cancelling()).then(cancelled(2))
    after(*pair, refunding()).when(cancelling()).then_nothing()


def test_a_cancelled_ticket_can_be_refunded_and_gives_its_units_back_once():
    night = after(*pair, cancelling("o1", "o1-1"))
    night.when(refunding("o1", "o1-1")).then(refunded(1, draws={}))
    state = BOX_OFFICE.fold(after(*pair, cancelling("o1", "o1-1"), refunding("o1", "o1-1")).history)
    assert state.allocation.pools["hall"].free == 1
    after(*pair, cancelling(), refunding()).when(refunding()).then_nothing()


def test_what_was_given_back_is_sold_again():
    again = selling("o2", subject="bob")
    after(*pair).when(again).then_refused(SoldOut)
    assert names(become(after(*pair, refunding("o1", "o1-1")).when(again))) == ["TicketSold"]


def test_what_was_given_back_no_longer_counts_for_the_person():
    limited = opening(ticket_type(per_person_max=2), pools={"hall": 9})
    night = (limited, selling("o1", ("standard", 2), amount="24.00 EUR"), cancelling("o1", "o1-1"))
    assert names(become(after(*night).when(holding("h1")))) == ["TicketsHeld"]


def test_a_refund_is_of_the_price_that_was_paid_and_of_the_units_that_were_taken():
    dearer = changing(ticket_types=[ticket_type(price="15.00 EUR", draws={"hall": 2})])
    (event,) = become(after(opening(), selling("o1"), dearer).when(refunding()))
    assert (event.amount, event.draws) == (Money(1200, "EUR"), {"hall": 1})


@pytest.mark.parametrize("now", [{"price": "15.00 EUR"}, {"seller": "guest-chef"}])
def test_what_was_held_at_other_terms_than_todays_is_refunded_at_its_own(now):
    changed = changing(ticket_types=[ticket_type(**now)])
    night = after(opening(), holding("h1"), changed, confirming("o1", "h1"))
    (event,) = become(night.when(refunding()))
    assert (event.amount, event.seller) == (EUR, "house")


def test_a_repeated_order_stays_done_after_its_refund():
    sale = selling("o1", ("standard", 2), amount="24.00 EUR")
    after(*pair, refunding()).when(sale).then_nothing()


def test_there_is_nothing_to_give_back_of_what_was_never_sold():
    assert facts(after(*pair).when(refunding("o2")), UnknownOrder) == {"order": "o2"}
    for ticket in ("o1-3", "o1-0", "o1-01", "o1", "o2-1"):
        command = refunding("o1", "o1-1", ticket)
        assert facts(after(*pair).when(command), UnknownTicket)["ticket"] == ticket


def test_a_void_order_gives_nothing_back_though_its_hall_was_cut():
    night = after(*pair, changing(pools={"hall": 0}), refunding("o1", "o1-1"))
    night.when(selling("o2"), NOON).then_refused(SoldOut)


def test_no_tickets_is_not_all_tickets():
    with pytest.raises(ValidationError):
        CancelOrder(occurrence=NIGHT, order="o1", tickets=[], reason="rain")
