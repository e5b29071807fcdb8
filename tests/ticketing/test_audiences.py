"""Who may buy when: presales for members and codes, and what is hidden from everybody else."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.ticketing.commands import TicketType
from services.ticketing.domain.refusals import (
    AddonLimit,
    NotForSale,
    NotOnSaleYet,
    SaleEnded,
    UnknownCode,
    UnknownTicketType,
)
from services.ticketing.projections.availability import Availability, open_to_all
from tests.ticketing.night import (
    MINUTE,
    MS,
    NIGHT,
    NOON,
    after,
    become,
    facts,
    history,
    holding,
    names,
    opening,
    selling,
    table,
    ticket_type,
)

PRESALES = [
    {"members": True, "sale_from": NOON - 2 * MINUTE, "sale_until": NOON},
    {"codes": ["friends"], "sale_from": NOON - MINUTE},
]
EARLY = opening(
    ticket_type(sale_from=NOON, sale_until=NOON + MINUTE, presales=PRESALES), pools={"hall": 9}
)
SECRET = opening(ticket_type(), ticket_type("staff", "1.00 EUR", unlocked_by=["Crew-7"]))


@pytest.mark.parametrize(
    ("who", "at", "why"),
    [
        ({}, NOON - MS, NotOnSaleYet),
        ({}, NOON, None),
        ({}, NOON + MINUTE, SaleEnded),
        ({"member": True}, NOON - 2 * MINUTE - MS, NotOnSaleYet),
        ({"member": True}, NOON - 2 * MINUTE, None),
        ({"member": True}, NOON - MS, None),
        ({"member": True}, NOON + MINUTE, SaleEnded),
        ({"codes": ["FRIENDS"]}, NOON - MINUTE - MS, NotOnSaleYet),
        ({"codes": [" friends "]}, NOON - MINUTE, None),
        ({"codes": ["friends"]}, NOON + 99 * MINUTE, None),
        ({"codes": ["fiends"]}, NOON - MINUTE, NotOnSaleYet),
        ({"codes": ["friends", "fiends"]}, NOON, UnknownCode),
    ],
)
def test_each_audience_has_its_own_time(who, at, why):
    for command in (holding("h1", **who), selling("o1", **who)):
        spec = after((EARLY, NOON - 9 * MINUTE)).when(command, at)
        if why is None:
            assert names(become(spec)) in (["TicketsHeld"], ["TicketSold"])
        else:
            spec.then_refused(why)


def test_what_is_hidden_answers_as_if_it_were_not_there():
    hidden = after(SECRET).when(holding("h1", ("staff", 1)))
    nothing = after(SECRET).when(holding("h1", ("stuff", 1)))
    assert facts(hidden, UnknownTicketType) == {"ticket_type": "staff"}
    assert facts(nothing, UnknownTicketType) == {"ticket_type": "stuff"}
    wrong = holding("h1", ("staff", 1), codes=["crew-8"])
    after(SECRET).when(wrong).then_refused(UnknownTicketType)
    right = holding("h1", ("staff", 1), codes=["crew-7"])
    assert names(become(after(SECRET).when(right))) == ["TicketsHeld"]


def test_what_is_hidden_and_not_for_sale_is_hidden_first():
    off = opening(ticket_type("staff", "1.00 EUR", unlocked_by=["crew"], active=False))
    after(off).when(holding("h1", ("staff", 1))).then_refused(UnknownTicketType)
    typed = holding("h1", ("staff", 1), codes=["crew"])
    after(off).when(typed).then_refused(NotForSale)


def test_a_refusal_of_an_add_on_does_not_name_what_is_hidden():
    addon = ticket_type("drink", "5.00 EUR", addon_to={"standard": (0, 1), "staff": (0, 1)})
    staff = ticket_type("staff", "1.00 EUR", unlocked_by=["crew"])
    spec = after(opening(ticket_type(), staff, addon)).when(holding("h1", ("drink", 1)))
    assert facts(spec, AddonLimit)["goes_with"] == ["standard"]


def test_everybody_sees_what_is_open_to_all():
    row = table(Availability(), history(SECRET))[NIGHT]
    assert open_to_all(row) == ["standard"]
    assert Availability.left(row, "staff") == 4


def test_what_brought_a_buyer_is_kept_with_the_order():
    events = history(
        opening(),
        holding("h1", promo="poster"),
        selling("o1", promo="newsletter"),
    )
    assert (events[-2].promo, events[-1].promo) == ("poster", "newsletter")


@pytest.mark.parametrize(
    "wrong",
    [
        {"presales": [{}]},
        {"presales": [{"members": True, "sale_from": NOON, "sale_until": NOON}]},
        {"presales": [{"codes": ["two words"]}]},
        {"unlocked_by": [""]},
    ],
    ids=str,
)
def test_presales_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValidationError):
        TicketType(**ticket_type(**wrong))
