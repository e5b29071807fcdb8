"""What a guest takes along: links that cannot be made, paper and calendar that others can read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from roadcase.errors import NotFound
from roadcase.money import Money
from roadcase.secret import Secret
from services.ticketing.guest import bidi, faces, fonts
from services.ticketing.guest.bought import Bought, Ticket
from services.ticketing.guest.calendar import calendar
from services.ticketing.guest.links import Links, Named
from services.ticketing.guest.order_page import order_page
from services.ticketing.guest.paper import tickets_pdf
from services.ticketing.signing import Signatures
from tests.node.calendars import READERS, ZONES, changes, read_all, times

LINKS = Links(Secret("s" * 40))
NAMED = Named("acme", "friday", "web_01")
SIGNATURE = Signatures(Secret("s" * 40)).of("acme")
BERLIN = ZoneInfo("Europe/Berlin")
SCRIPTS = {
    "cyrillic": "Носферату, симфония ужаса",
    "greek": "Νοσφεράτου",
    "hebrew": "נוספרטו 1922 לילה",
    "arabic": "نوسفيراتو",
    "japanese": "吸血鬼ノスフェラトゥ 恐怖の交響曲",
    "korean": "노스페라투",
    "chinese": "诺斯费拉图:恐怖交响曲",
    "thai": "นอสเฟอราตู",
    "devanagari": "नोस्फेरातु",
    "emoji": "Family night 👨‍👩‍👧‍👦🎬",
    "vietnamese": "Ma cà rồng Nosferatu bản giao hưởng",
}


def ticket(number: int = 1, **about) -> Ticket:
    signed = SIGNATURE.sign("friday", f"web_01-{number}", datetime(2027, 1, 2, 4, tzinfo=UTC))
    basis = Ticket(number, "Standard", Money(1200, "EUR"), "K7RWM4XQPB", "sold", signed, None)
    return basis._replace(**about)


def bought(*tickets: Ticket, **about) -> Bought:
    basis = Bought(
        name="Nosferatu, with live piano",
        starts=datetime(2027, 1, 1, 20, 30, tzinfo=BERLIN),
        ends=datetime(2027, 1, 1, 22, 30, tzinfo=BERLIN),
        zone="Europe/Berlin",
        sold_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
        tickets=tickets or (ticket(),),
        next=None,
    )
    return basis._replace(**about)


def test_a_link_leads_back_and_shows_no_id():
    token = LINKS.token("order", NAMED)
    assert LINKS.read("order", token) == NAMED
    assert LINKS.token("order", NAMED) == token
    assert len(token) > 40
    for part in NAMED:
        assert part not in token


def test_a_token_of_another_kind_or_installation_leads_nowhere():
    token = LINKS.token("order", NAMED)
    for links, kind in ((LINKS, "shop"), (LINKS, "cart"), (Links(Secret("t" * 40)), "order")):
        with pytest.raises(NotFound):
            links.read(kind, token)


def test_every_changed_character_leads_nowhere():
    token = LINKS.token("order", NAMED)
    for at in range(len(token)):
        for char in "Ab0_-é/":
            if char != token[at]:
                with pytest.raises(NotFound):
                    LINKS.read("order", token[:at] + char + token[at + 1 :])
    for text in ("", token[:-1], token + "A", token + "=", "A" * 4096):
        with pytest.raises(NotFound):
            LINKS.read("order", text)


@given(st.text())
def test_no_text_is_a_link(text):
    with pytest.raises(NotFound):
        LINKS.read("order", text)


def test_the_paper_says_what_the_night_is_and_has_one_code_for_each_ticket():
    paper = PdfReader(BytesIO(tickets_pdf(bought(*(ticket(n) for n in range(1, 5))))))
    assert len(paper.pages) == 2
    text = paper.pages[0].extract_text()
    assert "Nosferatu, with live piano" in text
    assert "Friday 1 January 2027, 20:30 to 22:30" in text
    assert text.count("K7RWM-4XQPB") == 3
    assert paper.metadata.title == "Nosferatu, with live piano"


def test_the_same_tickets_make_the_same_paper():
    assert tickets_pdf(bought()) == tickets_pdf(bought())


def test_what_the_house_prints_shows_no_symbol_and_is_not_void():
    printed = ticket(signed=None, printed=True)
    shown = order_page(bought(printed), "/order/x", 0)
    assert "printed for you at the box office" in shown
    assert "lets nobody in" not in shown
    assert printed.code not in shown
    assert bought(printed).valid == ()


def test_on_small_paper_each_ticket_has_a_sheet_and_a_symbol_that_fills_it():
    order = bought(*(ticket(number) for number in range(1, 4)))
    small = PdfReader(BytesIO(tickets_pdf(order, "a6")))
    assert len(small.pages) == 3
    width, height = (float(side) / 72 * 25.4 for side in small.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (105, 148)
    assert order.tickets[0].kind in small.pages[0].extract_text()
    assert tickets_pdf(order, "a6") == tickets_pdf(order, "a6")


def test_a_seat_is_on_the_paper_and_on_the_page():
    with_seat = bought(ticket(seat="Balcony A-12"))
    assert "Seat Balcony A-12" in PdfReader(BytesIO(tickets_pdf(with_seat))).pages[0].extract_text()
    assert "Seat Balcony A-12" in order_page(with_seat, "/order/x", 0)
    assert "Seat" not in order_page(bought(), "/order/x", 0)


def test_void_tickets_are_not_on_paper():
    order = bought(ticket(1), ticket(2, signed=None, state="refunded", code="VVVVVVVVVV"))
    text = PdfReader(BytesIO(tickets_pdf(order))).pages[0].extract_text()
    assert "VVVVV" not in text


@pytest.mark.parametrize("name", SCRIPTS.values(), ids=SCRIPTS)
def test_names_in_any_script_are_on_paper_and_on_the_page(name):
    order = bought(ticket(kind=name), name=name)
    text = PdfReader(BytesIO(tickets_pdf(order))).pages[0].extract_text()
    assert "K7RWM-4XQPB" in text
    assert name in order_page(order, "/order/x", 0)
    assert name in icalendar.Calendar.from_ical(calendar(order, NAMED)).events[0]["summary"]


@pytest.fixture
def bare(monkeypatch) -> Iterator[None]:
    """A machine that has no fonts of its own."""
    caches = (faces._known, faces.face_of, fonts._fonts, fonts._font_of, fonts.runs, fonts.lines)
    monkeypatch.setattr(faces, "_SYSTEM", ())
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


def test_scripts_whose_fonts_come_with_us_are_drawn_and_not_replaced(bare):
    with_us = ("cyrillic", "greek", "arabic", "thai", "devanagari", "vietnamese")
    for script in (*with_us, "japanese", "korean", "chinese"):
        assert "?" not in "".join(run.text for run in fonts.runs(SCRIPTS[script])), script
    tickets_pdf(bought(name=SCRIPTS["arabic"]))


def glyphs(text: str) -> list[tuple[faces.Glyph, ...]]:
    found = [run for run in fonts.runs(text) if isinstance(run.font, faces.Face)]
    return [run.font.shape(run.text, right_to_left=run.right_to_left) for run in found]


def test_letters_join_and_marks_move_as_their_script_wants_it(bare):
    ((alone,), (last, first)) = (
        [each.id for each in glyphs(text)[0] if each.advance] for text in ("ب", "بب")
    )
    assert len({alone, last, first}) == 3, "a letter has another form at the beginning and end"
    ((conjunct,),) = glyphs("क्ष")
    assert conjunct.advance > 0, "three characters are one"
    (thai,) = glyphs("กี่")
    assert [each.advance > 0 for each in thai] == [True, False, False]
    assert any(each.y or each.x for each in thai[1:]), "one mark makes room for the other"
    face = faces.face_of("(")
    turned, closing = face.shape("(", right_to_left=True), face.shape(")", right_to_left=False)
    assert turned[0].id == closing[0].id, "brackets open in the direction of reading"


def test_marks_stay_with_their_letters_in_one_font():
    (run,) = fonts.runs("กี่กี่")
    assert run.text == "กี่กี่"
    (run,) = fonts.runs("क्\u200dष")
    assert "\u200d" in run.text, "it says that the letters are not to become one"
    assert "\u200d" not in "".join(run.text for run in fonts.runs("a\u200db"))
    assert [run.text for run in fonts.runs("ab\u0330c")] == ["a", "b\u0330", "c"]


def test_no_line_ends_between_a_letter_and_its_mark():
    for line in fonts.lines("की" * 80, 18, 200, 20):
        assert not unicodedata.category(line[0]).startswith("M")


def test_outlines_stand_where_the_text_is():
    shown = BytesIO()
    canvas = Canvas(shown, pagesize=(400, 100))
    fonts.draw(canvas, 10, 50, "سينما", 20)
    canvas.save()
    page = PdfReader(BytesIO(shown.getvalue())).pages[0]
    steps = page.get_contents().get_data().decode()
    points = [tuple(map(float, each)) for each in re.findall(r"([\d.]+) ([\d.]+) m\b", steps)]
    assert points
    assert all(10 <= x <= 10 + fonts.width("سينما", 20) and 40 <= y <= 75 for x, y in points)


HEBREW = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", map(chr, range(0x5D0, 0x5EA)), strict=True))
LATIN = {hebrew: latin for latin, hebrew in HEBREW.items()}


@pytest.mark.parametrize(
    ("written", "drawn"),  # capitals stand for letters that are read from right to left
    [
        ("car is THE CAR in arabic", "car is RAC EHT in arabic"),
        ("CAR IS the car IN ENGLISH", "HSILGNE NI the car SI RAC"),
        ("NIGHT 1922", "1922 THGIN"),
        ("NIGHT 20:30 AND 50%", "50% DNA 20:30 THGIN"),
        ("live: SHALOM OLAM (1922) & friends", "live: (1922) MALO MOLAHS & friends"),
        ("NIGHT (of the film)", "(of the film) THGIN"),
        ("he said: AB 1, 2; c", "he said: 2 ,1 BA; c"),
        ("plain (text) 1", "plain (text) 1"),
        ("AB!", "!BA"),
        ("", ""),
    ],
)
def test_text_of_two_directions_is_drawn_in_the_order_of_the_unicode_standard(written, drawn):
    text = "".join(HEBREW.get(char, char) for char in written)
    items = list(zip(text, bidi.levels(text), strict=True))
    seen = "".join(LATIN.get(char, char) for char, _ in bidi.visual(items, lambda item: item[1]))
    mirrored = str.maketrans("()", ")(")
    swap = {n for n, (_, level) in enumerate(bidi.visual(items, lambda item: item[1])) if level % 2}
    shown = "".join(
        char.translate(mirrored) if at in swap else char for at, char in enumerate(seen)
    )
    assert shown == drawn


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S", "Z"]), max_size=60))
def test_every_character_is_drawn_once_whatever_its_direction(text):
    items = list(zip(text, bidi.levels(text), strict=True))
    assert sorted(bidi.visual(items, lambda item: item[1])) == sorted(items)


def test_a_long_name_of_a_type_does_not_push_its_price_from_the_paper():
    kind = "Überraschungsvorführungsabendmitklavierbegleitung " * 4
    text = PdfReader(BytesIO(tickets_pdf(bought(ticket(kind=kind))))).pages[0].extract_text()
    assert "12.00 EUR" in text


@settings(deadline=None)  # the first of a script looks through the fonts of the machine
@given(st.text(max_size=300))
def test_no_name_breaks_the_paper(name):
    tickets_pdf(bought(ticket(kind=name or "x"), name=name or "x"))


def test_a_long_name_is_cut_with_dots_and_leaves_the_code_its_place():
    for line in fonts.lines("W" * 300, 18, 200, 3):
        assert fonts.width(line, 18) <= 200
    assert fonts.lines("word " * 60, 18, 200, 3)[-1].endswith("…")


def test_the_calendar_has_the_venues_zone_with_its_rules():
    parsed = icalendar.Calendar.from_ical(calendar(bought(), NAMED, "https://x.test/order/t"))
    (event,) = parsed.events
    assert event["dtstart"].params["TZID"] == "Europe/Berlin"
    assert event["dtstart"].dt == datetime(2027, 1, 1, 20, 30, tzinfo=BERLIN)
    assert [zone["tzid"] for zone in parsed.timezones] == ["Europe/Berlin"]
    assert event["url"] == "https://x.test/order/t"


@pytest.mark.parametrize("name", ZONES)
def test_all_read_the_night_at_the_same_instants_across_both_clock_changes(name, monkeypatch):
    zone = ZoneInfo(name)
    moments = [datetime(2027, month, 5, 20, tzinfo=zone) for month in (1, 7)]
    for change in changes(zone, 2027):
        moments += [change + timedelta(minutes=minutes) for minutes in (-90, -45, -1, 0, 15, 90)]
    nights = {
        str(moment): bought(starts=moment.astimezone(zone), ends=late(moment, zone))
        for moment in moments
    }
    found = read_all({at: calendar(each, NAMED) for at, each in nights.items()}, monkeypatch)
    for at, each in nights.items():
        expected = [(each.starts.astimezone(UTC), each.ends.astimezone(UTC))]
        for reader in READERS:
            assert [*times(found[at][reader]).values()] == expected, (at, reader)


def late(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment.astimezone(UTC) + timedelta(hours=3)).astimezone(zone)


def test_a_moved_night_changes_the_entry_that_is_there():
    moved = bought(starts=datetime(2027, 2, 1, 20, tzinfo=BERLIN))
    first, second = (
        icalendar.Calendar.from_ical(calendar(order, NAMED)).events[0]["uid"]
        for order in (bought(), moved)
    )
    assert first == second
    assert "acme" not in first


def test_line_breaks_in_a_name_do_not_write_into_the_calendar():
    name = "Night\r\nATTENDEE:mailto:x@example.org"
    raw = calendar(bought(name=name), NAMED)
    assert b"\r\nATTENDEE" not in raw


def test_what_is_html_in_a_name_is_text_on_the_page():
    name = '<script>alert(1)</script>"{here}'
    shown = order_page(bought(ticket(kind=name), name=name), "/order/x", 0)
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "{here}" in shown


def test_void_tickets_have_no_code_on_the_page():
    order = bought(ticket(1, signed=None, state="refunded"))
    shown = order_page(order, "/order/x", 0)
    assert "Refunded" in shown
    assert "<svg" not in shown
    assert "tickets.pdf" not in shown


def test_the_styles_of_the_page_are_a_file_and_no_attribute():
    shown = order_page(bought(), "/order/x", 0)
    assert not re.search(r"\sstyle=|<style|<script|onclick", shown)
    assert (Path("services/ticketing/page") / "guest.css").exists()
