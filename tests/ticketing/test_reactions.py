"""The gates learn of what is void, from what the box office really says."""

from __future__ import annotations

import msgspec
import pytest

from roadcase.money import Money
from services.ticketing import events
from services.ticketing.commands import RevokeTicket
from services.ticketing.reactions import REACTIONS

cancelled = events.TicketCancelled(
    occurrence="n1", order="o1", ticket="o1-1", ticket_type="s", draws={"hall": 1}, reason="rain"
)
refunded = events.TicketRefunded(
    occurrence="n1",
    order="o1",
    ticket="o1-1",
    ticket_type="s",
    draws={"hall": 1},
    reason="rain",
    amount=Money(1, "EUR"),
    seller="house",
    refund_reference="r",
)


@pytest.mark.parametrize(("event", "why"), [(cancelled, "cancelled"), (refunded, "refunded")])
def test_a_void_ticket_is_revoked_at_the_gates(event, why):
    (reaction,) = [each for each in REACTIONS if event.topic in each.hears.topics]
    heard = msgspec.json.decode(msgspec.json.encode(event), type=reaction.hears)
    assert reaction.do(heard) == [RevokeTicket(occurrence="n1", ticket="o1-1", why=why)]


def test_every_fact_has_a_topic_of_its_own():
    owned = [getattr(events, name) for name in events.__all__]
    topics = [event.topic for event in owned if hasattr(event, "topic")]
    assert len(topics) == len(set(topics)) == 14
    assert all(topic.startswith("ticketing.") and topic.endswith(".v1") for topic in topics)
