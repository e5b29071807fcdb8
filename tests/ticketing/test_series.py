"""One voucher over several occurrences: its uses are counted in one place, and reserved first."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from roadcase.money import Money
from roadcase.testing.spec import Spec
from services.ticketing.commands import (
    CancelOrder,
    CatchUp,
    LapseReservations,
    PlaceOrder,
    RefundTickets,
    ReleaseReservation,
    Reserved,
    ReserveVoucher,
    ReturnUses,
    SetSeriesVoucher,
    SetVoucher,
    UseReservation,
)
from services.ticketing.domain import VOUCHER
from services.ticketing.domain.refusals import (
    HoldGone,
    NotInOrder,
    OneVoucher,
    PersonUnknown,
    ReservationGone,
    UnknownCode,
    VoucherBusy,
    VoucherExpired,
    VoucherIsPersonal,
    VoucherNeedsMore,
    VoucherUsedUp,
    WrongCurrency,
)
from services.ticketing.domain.series import ACCEPT, RESERVED
from services.ticketing.events import VoucherReserved, VoucherTaken
from services.ticketing.projections import SeriesReservations
from services.ticketing.reactions import REACTIONS
from tests.ticketing.night import (
    MINUTE,
    MS,
    NIGHT,
    NOON,
    after,
    become,
    confirming,
    history,
    holding,
    names,
    opening,
    selling,
    table,
    ticket_type,
)

FIVE_OFF: dict[str, Any] = {"effect": "subtract", "amount": "5.00 EUR"}
CODE = ("tour",)
OPENING = opening(ticket_type(), ticket_type("child", "3.00 EUR"), pools={"hall": 10})


def setting(**terms: Any) -> SetSeriesVoucher:
    return SetSeriesVoucher(voucher="tour", **{**FIVE_OFF, **terms})


def reserving(hold: str, tickets: int = 1, night: str = NIGHT, **more: Any) -> ReserveVoucher:
    terms = {"subject": "ana", "attempt": f"try-{hold}", **more}
    reservation = f"{night}/hold/{hold}"
    return ReserveVoucher(voucher="TOUR", reservation=reservation, tickets=tickets, **terms)


def of(kind: type, hold: str, night: str = NIGHT, **more: Any) -> Any:
    return kind(voucher="TOUR", reservation=f"{night}/hold/{hold}", **more)


def voucher(*asked: Any, **terms: Any) -> Spec:
    state, events = VOUCHER.initial(), []
    for each in (setting(**terms), *asked):
        command, at = each if isinstance(each, tuple) else (each, NOON)
        events += VOUCHER.decided(state, command, at)
    return Spec(VOUCHER).given(*events)


def granted(spec: Spec) -> tuple[int, Money | None]:
    (event,) = become(spec)
    assert isinstance(event, VoucherReserved)
    return event.tickets, event.budget


def proof(hold: str = "h1", tickets: int = 1, at: Any = NOON, **terms: Any) -> Reserved:
    (event,) = become(voucher(**terms).when(reserving(hold, tickets), at))
    return Reserved(**{name: getattr(event, name) for name in Reserved.model_fields})


def test_the_last_use_goes_to_one_purchase_of_all_nights():
    first = voucher(reserving("h1", 2), uses=3)
    assert granted(first.when(reserving("h1", 2, "night-2"), NOON)) == (1, None)
    both = voucher(reserving("h1", 2), reserving("h1", 2, "night-2"), uses=3)
    both.when(reserving("h2"), NOON).then_refused(VoucherUsedUp)


@pytest.mark.parametrize("whom", ["refused", "too late", "its hold ended", "its ticket is void"])
def test_a_use_comes_back_when_nobody_has_it(whom):
    used = of(UseReservation, "h1", tickets=1, spent=500, subject="ana")
    back: dict[str, list[Any]] = {
        "refused": [of(ReleaseReservation, "h1", attempt="try-h1")],
        "too late": [(LapseReservations(voucher="TOUR"), NOON + RESERVED)],
        "its hold ended": [used, of(ReturnUses, "h1")],
        "its ticket is void": [used, of(ReturnUses, "h1", ticket="o1-1", spent=500)],
    }
    spec = voucher(reserving("h1"), *back[whom], uses=1, per_person=1, budget="5.00 EUR")
    assert granted(spec.when(reserving("h2"), NOON + RESERVED)) == (1, Money(500, "EUR"))
    again = voucher(reserving("h1"), *back[whom], *back[whom], uses=1)
    assert granted(again.when(reserving("h2", 2), NOON + RESERVED)) == (1, None)


def test_what_is_used_does_not_lapse_and_only_its_own_attempt_releases():
    used = of(UseReservation, "h1", tickets=1)
    spec = voucher(reserving("h1"), used, uses=1)
    spec.when(LapseReservations(voucher="TOUR"), NOON + RESERVED).then()
    spec.when(of(ReleaseReservation, "h1", attempt="try-h1"), NOON).then()
    spec.when(reserving("h1"), NOON).then()  # its office has it: nothing is reserved twice
    spec.when(used, NOON).then()
    spec = voucher(reserving("h1"), uses=1)
    spec.when(of(ReleaseReservation, "h1", attempt="other"), NOON).then()
    spec.when(LapseReservations(voucher="TOUR"), NOON + RESERVED - MS).then()
    assert VOUCHER.deadline(VOUCHER.fold(spec.history)) == NOON + RESERVED


def test_a_void_ticket_gives_nothing_back_if_its_voucher_says_so():
    used = of(UseReservation, "h1", tickets=1)
    spec = voucher(reserving("h1"), used, uses=1, returns=False)
    spec.when(of(ReturnUses, "h1", ticket="o1-1"), NOON).then()


def test_one_purchase_has_one_attempt_at_a_time_and_the_next_begins_anew():
    spec = voucher(reserving("h1"), uses=1)
    spec.when(reserving("h1", attempt="b"), NOON + ACCEPT - MS).then_refused(VoucherBusy)
    assert granted(spec.when(reserving("h1", attempt="b"), NOON + ACCEPT)) == (1, None)
    anew = voucher(reserving("h1"), (reserving("h1", attempt="b"), NOON + ACCEPT), uses=1)
    anew.when(of(ReleaseReservation, "h1", attempt="try-h1"), NOON + ACCEPT).then()
    assert VOUCHER.deadline(VOUCHER.fold(anew.history)) == NOON + ACCEPT + RESERVED


def test_what_an_office_took_is_counted_however_late_it_is_told_but_not_after_its_hold():
    late = of(UseReservation, "h1", tickets=1)
    gone = (LapseReservations(voucher="TOUR"), NOON + RESERVED)
    told = voucher(reserving("h1"), gone, (late, NOON + RESERVED), uses=1)
    told.when(reserving("h2"), NOON + RESERVED).then_refused(VoucherUsedUp)
    over = voucher(reserving("h1"), of(ReturnUses, "h1"), uses=1)
    over.when(late, NOON).then()
    over.when(reserving("h1"), NOON).then()


def test_what_was_void_before_its_use_was_told_is_not_counted():
    void = of(ReturnUses, "h1", ticket="o1-1", spent=500)
    used = of(UseReservation, "h1", tickets=2, spent=1000, subject="ana")
    state = VOUCHER.fold(voucher(reserving("h1", 2), void, used).history)
    assert (state.used, state.spent, state.persons) == (1, 500, {"ana": 1})


@pytest.mark.parametrize(
    ("terms", "asked", "why"),
    [
        ({"active": False}, {}, UnknownCode),
        ({"valid_until": NOON}, {}, VoucherExpired),
        ({"per_person": 1}, {"subject": None}, PersonUnknown),
    ],
    ids=["retired", "expired", "nobody"],
)
def test_what_a_voucher_refuses(terms, asked, why):
    voucher(**terms).when(reserving("h1", **asked), NOON).then_refused(why)


def test_a_code_that_was_never_set_is_unknown_and_one_set_twice_is_set_once():
    Spec(VOUCHER).when(reserving("h1"), NOON).then_refused(UnknownCode)
    voucher(uses=1).when(setting(uses=1), NOON).then()


def test_a_person_has_their_uses_over_all_nights():
    spec = voucher(reserving("h1", 1), per_person=2)
    assert granted(spec.when(reserving("h9", 5, "night-2"), NOON)) == (1, None)
    assert granted(spec.when(reserving("h9", 5, "night-2", subject="bob"), NOON)) == (2, None)
    full = voucher(reserving("h1", 2), per_person=2)
    full.when(reserving("h9", 1, "night-2"), NOON).then_refused(VoucherUsedUp)


@pytest.mark.parametrize(
    ("terms", "worth", "most"),
    [
        (FIVE_OFF, "36.00 EUR", 1500),
        (FIVE_OFF, "9.00 EUR", 900),
        ({"effect": "percent", "permille": 500, "amount": None}, "36.00 EUR", 1803),
        ({"effect": "set", "amount": "2.00 EUR"}, "36.00 EUR", 3600),
        ({"effect": "set", "amount": "2.00 EUR"}, None, 5000),
    ],
    ids=str,
)
def test_of_a_budget_no_more_is_reserved_than_it_can_take_off(terms, worth, most):
    spec = voucher(budget="50.00 EUR", **terms).when(reserving("h1", 3, worth=worth), NOON)
    assert granted(spec) == (3, Money(most, "EUR"))


def test_what_was_not_needed_of_a_budget_is_there_for_the_next():
    used = of(UseReservation, "h1", tickets=2, spent=300)
    spec = voucher(reserving("h1", 3), used, budget="15.00 EUR", uses=4)
    assert granted(spec.when(reserving("h2", 9, worth="99.00 EUR"), NOON)) == (
        2,
        Money(1000, "EUR"),
    )


def test_an_office_sells_with_what_was_reserved_and_every_ticket_tells_where():
    spec = after(OPENING)
    sale = selling("o1", ("standard", 2), amount="19.00 EUR", codes=CODE, series=proof(tickets=1))
    *tickets, taken = become(spec.when(sale))
    assert [each.price.minor for each in tickets] == [700, 1200]
    assert [each.reservation for each in tickets] == [f"{NIGHT}/hold/h1", None]
    assert (taken.tickets, taken.spent, taken.subject) == (1, 500, "ana")
    assert taken.reservation == f"{NIGHT}/hold/h1"


def test_a_hold_and_a_placed_order_tell_what_they_took():
    held = become(after(OPENING).when(holding("h1", codes=CODE, series=proof())))
    assert names(held) == ["TicketsHeld", "VoucherTaken"]
    order = PlaceOrder(
        occurrence=NIGHT,
        order="h1",
        lines=[{"ticket_type": "child", "quantity": 2}],
        codes=CODE,
        series=proof(tickets=2),
    )
    *_, taken = become(after(OPENING).when(order, NOON))
    assert isinstance(taken, VoucherTaken)
    assert (taken.tickets, taken.spent) == (2, 600)  # a price does not fall below nothing


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"ticket_types": ["lounge"]}, NotInOrder),
        ({"least": 2}, VoucherNeedsMore),
        ({"budget": "9.00 USD", "amount": "5.00 USD"}, WrongCurrency),
    ],
    ids=["other tickets", "too few", "currency"],
)
def test_an_office_refuses_it_as_it_does_its_own(terms, why):
    after(OPENING).when(holding("h1", codes=CODE, series=proof(**terms)), NOON).then_refused(why)


def test_a_reservation_is_taken_in_its_first_seconds_only():
    spec = after(OPENING)
    spec.when(holding("h1", codes=CODE, series=proof()), NOON + ACCEPT).then_refused(
        ReservationGone
    )
    assert become(spec.when(holding("h1", codes=CODE, series=proof()), NOON + ACCEPT - MS))


def test_an_order_has_one_voucher_of_this_night_or_of_all():
    own = SetVoucher(occurrence=NIGHT, voucher="own", effect="percent", permille=1)
    spec = after(OPENING, own)
    spec.when(holding("h1", codes=["own", "tour"], series=proof()), NOON).then_refused(OneVoucher)


def test_the_counts_of_a_nights_own_voucher_of_the_same_code_are_left_alone():
    own = SetVoucher(occurrence=NIGHT, voucher="tour", effect="percent", permille=500, uses=1)
    sold = selling("o1", amount="7.00 EUR", codes=CODE, series=proof())
    void = CancelOrder(occurrence=NIGHT, order="o1", reason="ill")
    held = holding("h1", codes=CODE, series=proof())
    ended = (CatchUp(occurrence=NIGHT), NOON + 10 * MINUTE)
    two = holding("h2", ("standard", 2), codes=["tour"])
    for night in [
        after(OPENING, sold, held, own, void, ended),
        after(OPENING, sold, held, own, void),
        after(OPENING, sold, held, own),
    ]:
        *_, event = become(night.when(two, NOON + 10 * MINUTE))
        found = [(each.quantity, each.voucher, each.price.minor) for each in event.lines]
        assert found == [(1, "TOUR", 600), (1, None, 1200)]


def test_a_night_keeps_no_more_for_its_own_voucher_when_a_hold_of_all_nights_ends():
    own = {"occurrence": NIGHT, "voucher": "tour", "effect": "none", "uses": 1}
    held = holding("h1", codes=CODE, series=proof())
    spec = after(OPENING, held, SetVoucher(**own))
    kept = SetVoucher(**own, keeps=True, ticket_types=["standard"])
    ended, event = become(spec.when(kept, NOON + 10 * MINUTE))
    assert (ended.hold, event.more) == ("h1", {"hall": 1})


def test_who_pays_after_the_hold_ended_has_lost_its_use():
    spec = after(OPENING, holding("h1", codes=CODE, series=proof()))
    pays = confirming("o1", "h1", "7.00 EUR")
    spec.when(pays, NOON + 10 * MINUTE).then_refused(HoldGone)
    assert names(become(spec.when(pays, NOON))) == ["HoldEnded", "TicketSold"]


def test_what_is_counted_per_person_is_not_paid_by_another():
    spec = after(OPENING, holding("h1", codes=CODE, series=proof(per_person=1)))
    other = confirming("o1", "h1", "7.00 EUR", subject="bob")
    spec.when(other, NOON).then_refused(VoucherIsPersonal)
    shared = after(OPENING, holding("h1", codes=CODE, series=proof()))
    assert names(become(shared.when(other, NOON))) == ["HoldEnded", "TicketSold"]


def answers(events: Any) -> list[Any]:
    """What reactions ask of the voucher for these facts."""
    asked = [
        command
        for event in events
        for each in REACTIONS
        if event.topic in each.hears.topics
        for command in each.do(msgspec.json.decode(msgspec.json.encode(event), type=each.hears))
    ]
    return [each for each in asked if type(each) in VOUCHER.commands]


def test_a_voucher_hears_what_was_taken_what_ended_and_what_is_void():
    held = holding("h1", ("standard", 2), codes=CODE, series=proof(tickets=2))
    taken = of(UseReservation, "h1", tickets=2, spent=1000, subject="ana")
    ended = (CatchUp(occurrence=NIGHT), NOON + 10 * MINUTE)
    assert answers(history(OPENING, held, ended)) == [taken, of(ReturnUses, "h1")]
    sold = confirming("o1", "h1", "14.00 EUR")
    back = {"occurrence": NIGHT, "order": "o1", "reason": "ill"}
    one = CancelOrder(**back, tickets=["o1-1"])
    all_ = RefundTickets(**back, refund_reference="r")
    assert answers(history(OPENING, held, sold, one, all_)) == [
        taken,
        of(ReturnUses, "h1", ticket="o1-1", spent=500),
        of(ReturnUses, "h1", ticket="o1-2", spent=500),
    ]
    assert answers(history(OPENING, selling("o1"), holding("h1"), ended)) == []


def test_the_read_model_counts_as_the_voucher_does():
    used = of(UseReservation, "h1", tickets=2, spent=1000)
    void = of(ReturnUses, "h1", ticket="o1-1", spent=500)
    ended = of(ReleaseReservation, "h2", attempt="try-h2")
    for first, second in [(used, void), (void, used)]:
        spec = voucher(reserving("h1", 3), first, second, reserving("h2"), ended, reserving("h3"))
        rows = table(SeriesReservations(), spec.history).values()
        state = VOUCHER.fold(spec.history)
        assert [row["state"] for row in rows] == ["used", "ended", "reserved"]
        assert sum(row["tickets"] for row in rows) == state.used == 2
        assert sum(row["spent"] for row in rows) == state.spent == 500
