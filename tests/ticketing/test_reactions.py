"""Gates learn of what is void and guests of their order, from what the box office really says."""

from __future__ import annotations

from datetime import UTC, datetime

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
    heard = [each for each in REACTIONS if event.topic in each.hears.topics]
    raw = msgspec.json.encode(event)
    asked = [
        command for each in heard for command in each.do(msgspec.json.decode(raw, type=each.hears))
    ]
    assert asked == [RevokeTicket(occurrence="n1", ticket="o1-1", why=why)]


def sold(number: int, contact: bytes | None) -> events.TicketSold:
    return events.TicketSold(
        occurrence="n1",
        order="o1",
        ticket=f"o1-{number}",
        number=number,
        of=2,
        ticket_type="s",
        price=Money(1, "EUR"),
        seller="house",
        draws={"hall": 1},
        code="K7RWM4XQPB",
        channel="web",
        payment_reference="p",
        sold_at=datetime(2026, 6, 1, tzinfo=UTC),
        contact=contact,
    )


def confirmed(number: int, contact: bytes | None) -> list:
    (reaction,) = [each for each in REACTIONS if each.name == "confirm-by-mail"]
    raw = msgspec.json.encode(sold(number, contact))
    return list(reaction.do(msgspec.json.decode(raw, type=reaction.hears)))


def test_an_order_is_confirmed_once_and_only_to_who_can_be_reached():
    assert confirmed(1, b"sealed") == []
    (queued,) = confirmed(2, b"sealed")
    assert confirmed(2, b"sealed") == [queued]
    assert (queued.recipient, queued.about) == (b"sealed", {"occurrence": "n1", "order": "o1"})
    assert confirmed(2, None) == []


def test_every_fact_has_a_topic_of_its_own():
    owned = [getattr(events, name) for name in events.__all__]
    topics = [event.topic for event in owned if hasattr(event, "topic")]
    assert len(topics) == len(set(topics))
    assert all(topic.startswith("ticketing.") and topic.endswith(".v1") for topic in topics)


def offered(entry: str | None, contact: bytes | None) -> list:
    (reaction,) = [each for each in REACTIONS if each.name == "offer-by-mail"]
    held = events.TicketsHeld(
        occurrence="n1",
        hold="h1",
        lines=(),
        until=datetime(2026, 6, 1, tzinfo=UTC),
        channel="offer",
        entry=entry,
        contact=contact,
    )
    return list(reaction.do(msgspec.json.decode(msgspec.json.encode(held), type=reaction.hears)))


def test_who_waited_gets_one_mail_if_they_can_be_reached_and_a_cart_gets_none():
    (mail,) = offered("e1", b"sealed")
    assert (mail.kind, mail.recipient) == ("ticketing.tickets_offered", b"sealed")
    assert mail.about == {"occurrence": "n1", "entry": "e1"}
    assert offered("e1", b"sealed") == [mail]
    assert offered("e2", b"sealed")[0].message != mail.message
    assert offered(None, b"sealed") == offered("e1", None) == []
