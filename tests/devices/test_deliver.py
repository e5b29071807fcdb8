"""What is delivered on the phone alone comes out of no printer."""

from __future__ import annotations

import msgspec
import pytest

from roadcase.money import Money
from services.devices.reactions import TicketSold, print_ticket

SOLD = TicketSold(
    occurrence="n1",
    order="o1",
    ticket="o1-1",
    number=1,
    of=1,
    ticket_type="standard",
    price=Money(1200, "EUR"),
    code="K7RWM4XQPB",
    channel="web",
)


@pytest.mark.parametrize(("deliver", "jobs"), [("both", 1), ("print", 1), ("phone", 0)])
def test_a_ticket_is_printed_where_its_type_says_so(deliver, jobs):
    assert len(print_ticket(msgspec.structs.replace(SOLD, deliver=deliver))) == jobs
