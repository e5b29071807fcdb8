"""What a ticket looks like on paper, and what no name can make a printer do."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadcase.escpos.commands import COMMANDS
from roadcase.escpos.parser import Parser
from roadcase.money import Money
from roadcase.testing.printer import PROFILES as VIRTUAL
from services.devices.events import OccurrenceNamed, Ticket
from services.devices.profiles import PROFILES
from services.devices.reactions import REACTIONS, job_of
from services.devices.rendering import APART, Named, digits, process_id, render
from services.devices.text import amount, printable, wrapped
from services.planning import events as planning
from services.ticketing import events as ticketing
from tests.devices.jobs_said import TICKET
from tests.devices.printing import bench

PLAYED = {  # which virtual printer plays the profile
    "epson-80": "epson-80",
    "epson-58": "epson-58",
    "epson-58-no-cutter": "epson-58",
    "clone-80": "clone-80",
    "clone-58": "clone-58",
}
SIGNED = "RC1:" + "4M*JC7$:8R+%Z2L9Q-H5T0VX1WYA3BDEFGKNOPSU6" * 4


NAMED_NIGHT = OccurrenceNamed(
    spool="main", occurrence="n1", name="Kino im Hof", starts_at=datetime(2026, 5, 9, 20, 30)
)


def named(name="Kino im Hof", *, copy=1, ticket_type="Standard", **ticket):
    occurrence = msgspec.structs.replace(NAMED_NIGHT, name=name)
    return Named(Ticket(**{**TICKET, **ticket}), occurrence, ticket_type, copy)


async def printed(tmp_path, what, profile="epson-80"):
    async with bench(tmp_path, profile=VIRTUAL[PLAYED[profile]]) as b:
        _, writer = await b.connect()
        writer.write(render(what, profile) + APART)
        await b.until(tickets=1)
        assert not b.printer.machine.unknown
        (ticket,) = b.tickets()
        assert not ticket["notes"]
        return ticket["text"], b.symbols()


@pytest.mark.parametrize("profile", PROFILES)
async def test_a_ticket_says_what_it_is_good_for_on_every_profile(tmp_path, profile):
    text, symbols = await printed(tmp_path, named(), profile)
    assert symbols == [("QRCode", "K7RWMX4QPB")]
    lines = [line.strip() for line in text if line.strip()]
    assert lines == [
        "Kino im Hof",
        "2026-05-09 20:30",
        "Standard",
        "12,00 €",
        "K7RWM-X4QPB",
        "Order o1 1/1",
    ]


@pytest.mark.parametrize("profile", PROFILES)
async def test_a_ticket_with_a_seat_says_which_under_its_code(tmp_path, profile):
    text, _ = await printed(tmp_path, named(seat="Balcony A-12"), profile)
    lines = [line.strip() for line in text if line.strip()]
    assert lines[-3:] == ["K7RWM-X4QPB", "Seat Balcony A-12", "Order o1 1/1"]


@pytest.mark.parametrize("profile", PROFILES)
async def test_a_signed_ticket_fits_in_the_symbol_too(tmp_path, profile):
    _, symbols = await printed(tmp_path, named(code=SIGNED), profile)
    assert symbols == [("QRCode", SIGNED)]


async def test_a_copy_says_so_above_and_below(tmp_path):
    text, symbols = await printed(tmp_path, named(copy=2))
    lines = [line.strip() for line in text if line.strip()]
    assert lines[0] == lines[-1] == "COPY 2"
    assert symbols == [("QRCode", "K7RWMX4QPB")]


async def test_names_that_are_not_known_are_shown_as_ids(tmp_path):
    text, _ = await printed(tmp_path, Named(Ticket(**TICKET), None, None))
    lines = [line.strip() for line in text if line.strip()]
    assert lines[:2] == ["n1", "std"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Café Über Łódź", "Café Über Łódź"),
        ("Кино Ξένια", "Кино Ξένια"),
        ("\x1b@\x1dV\x00Bobby\x10\x14\x01\x00\x05", "@ VBobby"),  # GS is a space to Unicode
        ("Kino 🎬 night", "Kino ? night"),
        ("family 👨‍👩‍👧 day", "family ??? day"),
        ("سينما", "?????"),
        ("电影 night", "?? night"),
        ("a\u202eb\u2066c\u200d", "abc"),
        ("two\nlines\tand tabs", "two lines and tabs"),
        ("\x1b\x07", "?"),
    ],
)
async def test_any_name_is_only_ever_text(tmp_path, name, shown):
    text, symbols = await printed(tmp_path, named(name, ticket_type=name))
    lines = [" ".join(text).replace("  ", " ")]
    assert shown in " ".join(lines[0].split())
    assert symbols == [("QRCode", "K7RWMX4QPB")]


async def test_a_name_of_300_characters_ends_in_dots(tmp_path):
    text, symbols = await printed(tmp_path, named("very long " * 30))
    lines = [line.strip() for line in text if line.strip()]
    assert lines[2].endswith("...")
    assert lines[3] == "2026-05-09 20:30"
    assert symbols == [("QRCode", "K7RWMX4QPB")]


def orders_of(data):
    """The orders in it, as a printer reads them."""
    parser = Parser({opcode: command.length for opcode, command in COMMANDS.items()})
    orders = list(parser.feed(data))
    assert all(order.known for order in orders)
    return {order.opcode for order in orders}


PLAIN = orders_of(render(named(), "epson-80"))


@given(st.text(st.characters(), max_size=300), st.text(st.characters(), max_size=300))
def test_no_name_adds_an_order_to_those_of_a_plain_ticket(name, ticket_type):
    for profile in ("epson-80", "clone-80"):
        data = render(named(name, ticket_type=ticket_type), profile)
        assert orders_of(data) <= PLAIN
        assert not re.search(rb"\x10[\x04\x05\x14]", data)


@given(st.text(max_size=400), st.integers(1, 48), st.integers(1, 4))
def test_lines_always_fit(text, columns, most):
    lines = wrapped(text, max(columns, 4), most)
    assert 1 <= len(lines) <= most
    assert all(0 < len(line) <= max(columns, 4) for line in lines)


@given(st.text(st.characters(max_codepoint=0xFF), max_size=50), st.integers(4, 48))
def test_a_line_that_fits_is_as_it_would_be_among_longer_ones(text, columns):
    assert wrapped(text, columns, 9) == wrapped(f"{text}\u200b", columns, 9)  # is not printed


def test_the_same_ticket_is_the_same_bytes_whatever_was_printed_before():
    first = render(named("Łódź €"), "epson-80")
    render(named("Кино"), "epson-80")
    assert render(named("Łódź €"), "epson-80") == first


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        (Money(1200, "EUR"), "12,00 €"),
        (Money(5, "EUR"), "0,05 €"),
        (Money(1200, "CHF"), "12.00 CHF"),
        (Money(1200, "JPY"), "1200 JPY"),
        (Money(1200, "KWD"), "1.200 KWD"),
    ],
)
def test_amounts(price, shown):
    assert amount(price) == shown


def test_process_ids_are_readable_and_differ():
    assert process_id(1) == b"\x1d(H\x06\x0000!!!\x22"
    some = {digits(number) for number in range(94**2 + 5)} | {digits(94**4 - 1)}
    assert len(some) == 94**2 + 6
    assert all(0x21 <= byte <= 0x7E for name in some for byte in name)


def test_spaces_are_evened_out():
    assert printable("  a \t b  ") == "a b"


def heard(event):
    (reaction,) = [each for each in REACTIONS if event.topic in each.hears.topics]
    return reaction.do(msgspec.json.decode(msgspec.json.encode(event), type=reaction.hears))


def test_a_sold_ticket_becomes_a_job_of_its_own():
    fields = {**TICKET, "seller": "house", "draws": {}, "channel": "web"}
    sold = ticketing.TicketSold(**fields, payment_reference="p", sold_at=datetime(2026, 1, 1))
    (asked,) = heard(sold)
    assert (asked.role, asked.code, asked.price) == ("ticket-1", "K7RWMX4QPB", Money(1200, "EUR"))
    assert asked.job == job_of("n1", "o1-1")
    assert len({job_of("n1", "o1-1"), job_of("n1", "o1-2"), job_of("n2", "o1-1")}) == 3


def test_a_ticket_that_was_sold_elsewhere_is_not_printed_again():
    fields = {**TICKET, "seller": "house", "draws": {}, "channel": "import"}
    sold = ticketing.TicketSold(**fields, payment_reference="p", sold_at=datetime(2026, 1, 1))
    assert heard(sold) == []


def test_names_are_learnt_from_the_box_office():
    times = {"starts_at": datetime(2026, 5, 9, 20), "ends_at": datetime(2026, 5, 9, 23)}
    for event in (ticketing.BoxOfficeOpened, ticketing.BoxOfficeChanged):
        (asked,) = heard(event(occurrence="n1", name="Kino", zone="Europe/Berlin", **times))
        assert (asked.name, asked.starts_at) == ("Kino", times["starts_at"])
    kind = {"ticket_type": "std", "name": "Standard", "price": Money(1, "EUR"), "seller": "s"}
    (asked,) = heard(ticketing.TicketTypeSet(occurrence="n1", draws={}, **kind))
    assert (asked.ticket_type, asked.name) == ("std", "Standard")


@pytest.mark.parametrize("reaction", REACTIONS, ids=lambda each: each.name)
def test_we_hear_only_fields_that_their_owner_publishes(reaction):
    owned = {getattr(of, name) for of in (ticketing, planning) for name in of.__all__}
    owners = [each for each in owned if getattr(each, "topic", None) in reaction.hears.topics]
    assert len(owners) == len(reaction.hears.topics)
    for owner in owners:
        theirs = {field.name: field.type for field in msgspec.structs.fields(owner)}
        for field in msgspec.structs.fields(reaction.hears):
            assert theirs[field.name] == field.type
