"""Orders that were sold elsewhere: once, at their own price, and as they are there now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from roadcase.money import Money
from services.ticketing.commands import CancelOrder, ImportOrder
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.refusals import HoldSold, OrderExists, SoldOut, UnknownTicketType
from services.ticketing.projections import ImportedTickets
from services.ticketing.reactions import REACTIONS
from tests.ticketing.night import (
    MINUTE,
    NIGHT,
    NOON,
    SEED,
    after,
    become,
    confirming,
    facts,
    history,
    names,
    opening,
    selling,
    table,
)


def ticket(position: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "position": str(position), "ticket_type": "standard", "price": "9.00 EUR",
        "tax": "1.44 EUR", "rate": "19", "secret": f"{position:064x}", **more,
    }  # fmt: skip


def importing(*tickets: dict[str, Any], **more: Any) -> ImportOrder:
    return ImportOrder(
        occurrence=NIGHT,
        order="px_A",
        source="pretix",
        reference="A",
        payment_reference="manual",
        sold_at=NOON - timedelta(days=9),
        code_seed=SEED,
        tickets=tickets or (ticket(),),
        **more,
    )


def again(command: ImportOrder, *before: Any) -> list[str]:
    return names(become(after(opening(), *before).when(command)))


def test_tickets_are_sold_at_their_own_price_with_tax_and_code():
    fee = {"kind": "service", "price": "1.50 EUR", "tax": "0.00 EUR"}
    sold, told, about = become(after(opening()).when(importing(fees=(fee,))))
    assert (sold.channel, sold.price, sold.of) == ("import", Money(900, "EUR"), 1)
    assert sold.sold_at == NOON - timedelta(days=9)
    assert (told.ticket, told.tax, told.rate) == (sold.ticket, Money(144, "EUR"), "19")
    assert told.secret == f"{1:064x}"
    assert about.fees[0].price == Money(150, "EUR")


def test_the_same_order_twice_decides_nothing():
    command = importing(ticket(1), ticket(2, state="cancelled"), ticket(3, state="held"),
                        until=NOON + MINUTE)  # fmt: skip
    assert again(command, command) == []


def test_it_needs_room_and_says_so():
    full = selling("o1", ("standard", 4), amount="48.00 EUR", subject=None)
    assert facts(after(opening(), full).when(importing()), SoldOut)["left"] == 0


def test_an_order_of_our_own_is_not_touched():
    own = selling("px_A")
    assert facts(after(opening(), own).when(importing()), OrderExists) == {"order": "px_A"}
    strange = importing(ticket(ticket_type="vip"))
    assert facts(after(opening()).when(strange), UnknownTicketType) == {"ticket_type": "vip"}


@pytest.mark.parametrize("state", ["cancelled", "refunded"])
def test_what_became_void_there_becomes_void_here_once(state):
    gone = importing(ticket(state=state))
    void, told = become(after(opening(), importing()).when(gone))
    assert type(void).__name__ == f"Ticket{state.title()}"
    assert (void.draws, told.state) == ({"hall": 1}, state)
    if state == "refunded":
        assert void.amount == Money(900, "EUR")
    assert again(gone, importing(), gone) == []


def test_what_is_void_when_it_is_first_seen_takes_no_room():
    full = selling("o1", ("standard", 3), amount="36.00 EUR", subject=None)
    both = importing(ticket(1, state="refunded"), ticket(2))
    assert again(both, full) == [
        "TicketSold", "TicketImported", "TicketRefunded",
        "TicketSold", "TicketImported", "OrderImported",
    ]  # fmt: skip


def test_what_is_void_when_it_is_first_seen_is_left_out_of_a_full_house():
    full = selling("o1", ("standard", 4), amount="48.00 EUR", subject=None)
    assert again(importing(ticket(state="cancelled")), full) == ["OrderImported"]


def test_what_was_cancelled_here_is_not_cancelled_again_when_it_is_there():
    cancel = CancelOrder(occurrence=NIGHT, order="px_A", reason="rain")
    gone = importing(ticket(state="cancelled"))
    assert again(gone, importing(), cancel) == ["TicketImported"]


def test_one_that_is_valid_again_is_sold_again_with_the_same_old_code():
    gone = importing(ticket(state="cancelled"))
    sold, told = become(after(opening(), importing(), gone).when(importing()))
    assert (sold.ticket, told.ticket, told.secret) == ("px_A-2", "px_A-2", f"{1:064x}")


def test_another_price_is_another_ticket_and_another_code_is_not():
    dearer = importing(ticket(price="10.00 EUR"))
    assert again(dearer, importing()) == ["TicketCancelled", "TicketSold", "TicketImported"]
    assert again(dearer, importing(), dearer) == []
    assert again(importing(ticket(secret="f" * 64)), importing()) == ["TicketImported"]


def test_a_position_that_is_gone_there_is_cancelled():
    both = importing(ticket(1), ticket(2))
    assert again(importing(ticket(1)), both) == ["TicketCancelled", "TicketImported"]


def test_what_was_cancelled_here_is_not_sold_again_by_another_import():
    cancel = CancelOrder(occurrence=NIGHT, order="px_A", reason="rain")
    changed = importing(ticket(secret="f" * 64))
    assert again(changed, importing(), cancel) == ["TicketImported"]


def test_an_unpaid_order_is_held_until_it_is_over_and_sold_when_it_is_paid():
    unpaid = importing(ticket(state="held"), until=NOON + MINUTE)
    held, about = become(after(opening(), unpaid.model_copy(update={"order": "px_B"})).when(unpaid))
    assert (held.hold, held.channel, about.hold) == ("px_A-h1", "order", "px_A-h1")
    assert held.lines[0].price == Money(900, "EUR")
    assert again(importing(), unpaid) == [
        "HoldEnded", "TicketSold", "TicketImported", "OrderImported",
    ]  # fmt: skip
    longer = importing(ticket(state="held"), until=NOON + 2 * MINUTE)
    assert again(longer, unpaid) == ["HoldEnded", "TicketsHeld", "OrderImported"]
    late = (importing(ticket(state="held"), until=NOON), NOON)
    assert "TicketsHeld" not in names(history(opening(), late))


def test_an_unpaid_order_that_is_paid_in_a_full_house_takes_its_own_units():
    unpaid = importing(ticket(state="held"), until=NOON + MINUTE)
    full = selling("o1", ("standard", 3), amount="36.00 EUR", subject=None)
    assert "TicketSold" in again(importing(), unpaid, full)


def test_an_unpaid_order_can_be_paid_here_and_then_pretix_says_no_more():
    unpaid = importing(ticket(state="held"), until=NOON + MINUTE, subject="ana")
    paid = confirming("o9", "px_A-h1", amount="9.00 EUR")
    assert names(history(opening(), unpaid, paid))[-1] == "TicketSold"
    spec = after(opening(), unpaid, paid).when(importing())
    assert facts(spec, HoldSold) == {"hold": "px_A-h1", "order": "o9"}


def test_the_read_model_has_the_hash_of_the_code_and_the_tax():
    rows = table(ImportedTickets(), history(opening(), importing()))
    (row,) = rows.values()
    assert (row["secret"], row["tax_minor"], row["state"]) == (f"{1:064x}", 144, "valid")


def test_nobody_is_written_to_about_what_was_sold_elsewhere():
    sold, *_ = become(after(opening()).when(importing(contact=b"sealed")))
    (reaction,) = [each for each in REACTIONS if each.name == "confirm-by-mail"]
    heard = msgspec.json.decode(msgspec.json.encode(sold), type=reaction.hears)
    assert heard.contact
    assert list(reaction.do(heard)) == []
    own = msgspec.structs.replace(sold, channel="web")
    heard = msgspec.json.decode(msgspec.json.encode(own), type=reaction.hears)
    assert len(list(reaction.do(heard))) == 1


def test_nothing_is_oversold_at_any_point():
    four = [importing(ticket(1, state="cancelled"), *map(ticket, range(2, 6)))]
    state = BOX_OFFICE.initial()
    for event in history(opening(), *four):
        BOX_OFFICE.evolve(state, event)
        assert all(pool.room >= 0 for pool in state.allocation.pools.values())
    assert state.allocation.pools["hall"].room == 0
