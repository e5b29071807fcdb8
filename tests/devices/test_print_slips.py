"""Slips for the crew: what fired says, once on paper, and nothing of it makes a printer do more."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadcase.escpos import draw
from roadcase.triggers import Action
from services.devices import commands, events
from services.devices.drawing import drawn
from services.devices.profiles import PROFILES
from services.devices.projections import Jobs
from services.devices.reactions import REACTIONS
from services.devices.rendering import Named, render
from services.devices.text import paragraphs
from services.planning.events import FiringHeard, TriggerFired
from services.ticketing.events import GateTriggerFired, SaleTriggerFired
from tests.devices.jobs_running import QUICK, house
from tests.devices.jobs_said import (
    NOON,
    bound,
    confirmed,
    doubting,
    in_doubt,
    leased,
    reprinted,
    requested,
    sending,
    spool,
)
from tests.devices.printing import bench
from tests.devices.test_print_any_fault import table
from tests.devices.test_print_ticket import NAMED_NIGHT, orders_of, printed

SLIP = {"occurrence": "n1", "text": "Open the bar", "trigger": "full", "reason": "sold_out"}
WORDS = "Zwölf Stühle fehlen im Saal, bitte aus dem Lager holen. "


def slip(text="Open the bar", *, copy=1, **other):
    return Named(events.Slip(**{**SLIP, "text": text, **other}), NAMED_NIGHT, None, copy)


def asking(job="s1", **other):
    return commands.RequestSlip(**{**SLIP, "job": job, "role": "ticket-1", **other})


def asked(job="s1"):
    return events.JobRequested(
        spool="main", job=job, role="ticket-1", document=events.Slip(**SLIP), requested_at=NOON
    )


@pytest.mark.parametrize("profile", PROFILES)
async def test_a_slip_says_which_night_what_to_do_and_why(tmp_path, profile):
    text, symbols = await printed(tmp_path, slip("Open the bar:\n\n\n- ice\n- €"), profile)
    assert symbols == []
    rule = "-" * PROFILES[profile].columns
    lines = [line.strip() for line in text]
    assert lines[:6] == ["Kino im Hof", rule, "Open the bar:", "", "- ice", "- €"]
    assert [line for line in lines[6:] if line] == [rule, "full: sold_out"]


async def test_a_copy_of_a_slip_says_so_above_and_below(tmp_path):
    text, _ = await printed(tmp_path, slip(copy=2))
    lines = [line.strip() for line in text if line.strip()]
    assert lines[0] == lines[-1] == "COPY 2"


@pytest.mark.parametrize("profile", ["epson-58", "clone-58"])
async def test_2000_characters_come_out_whole_and_are_drawn(tmp_path, profile):
    said = (WORDS * 40)[:2000].strip()
    text, _ = await printed(tmp_path, slip(said), profile)
    assert said.split() == " ".join(text).split("-" * 32)[1].split()
    narrow = slip("W\n" * 1000)
    sheet = draw(render(narrow, profile), PROFILES[profile].width, longest=8000)
    assert "..." in [line.strip() for line in sheet.lines]


@given(st.text(max_size=400), st.integers(4, 48), st.integers(1, 9))
def test_lines_of_a_slip_always_fit(text, columns, most):
    lines = paragraphs(text, columns, most)
    assert 1 <= len(lines) <= most
    assert all(len(line) <= columns for line in lines)
    assert lines[0]


PLAIN = orders_of(render(slip(), "epson-80"))


@given(st.text(st.characters(), max_size=300), st.text(st.characters(), max_size=50))
def test_no_text_adds_an_order_to_those_of_a_plain_slip(text, reason):
    for profile in ("epson-80", "clone-80"):
        data = render(slip(text, reason=reason, trigger=reason), profile)
        assert orders_of(data) <= PLAIN | orders_of(render(slip("Ж Ł Ξ ş ö €"), profile))
        assert not re.search(rb"\x10[\x04\x05\x14]", data)


async def test_escape_bytes_in_a_slip_are_text(tmp_path):
    text, _ = await printed(tmp_path, slip("\x1b@\x1dV\x00Bobby\x10\x14\x01\x00\x05"))
    assert "@" in [line.strip() for line in text]
    assert "VBobby" in [line.strip() for line in text]


def test_a_slip_is_queued_once_however_often_it_is_asked_for():
    spool.given(bound()).when(asking()).then(asked())
    spool.given(bound(), asked()).when(asking()).then_nothing()
    history = (bound(), asked(), leased(), sending("s1"), confirmed("s1"))
    spool.given(*history).when(asking()).then_nothing()


def test_a_role_that_nobody_bound_prints_no_slip():
    spool.given().when(asking()).then_nothing()
    spool.given(bound()).when(asking(role="office")).then_nothing()


def test_a_slip_in_doubt_waits_for_somebody_while_a_ticket_is_printed_again():
    on_its_way = (bound(), asked(), leased(), sending("s1"))
    spool.given(*on_its_way).when(doubting("s1")).then(in_doubt("s1"))
    ticket = (bound(), requested(), leased(), sending())
    spool.given(*ticket).when(doubting()).then(in_doubt(), reprinted())
    again = commands.ReprintJob(job="s1")
    spool.given(*on_its_way, in_doubt("s1")).when(again).then(reprinted("s1", by="operator"))


def test_a_job_that_was_asked_for_before_there_were_slips_is_read():
    old = (
        b'{"spool":"main","job":"j1","role":"ticket-1","document":{"type":"ticket",'
        b'"occurrence":"n1","order":"o1","ticket":"o1-1","number":1,"of":1,"ticket_type":"std",'
        b'"price":{"minor":1200,"currency":"EUR"},"code":"K7RWMX4QPB"},'
        b'"requested_at":"%s"}' % NOON.isoformat().encode()
    )
    assert msgspec.json.decode(old, type=events.JobRequested) == requested()


def fired(kind, *actions, **other):
    about = {"fact": "sold_out", "about": {"sold": 2}, **other}
    names = {"occurrence": "n1", "firing": "full", "trigger": "full", "reason": "sold_out"}
    return kind(**names, **about, actions=actions)


def heard(event):
    hearing = [each for each in REACTIONS if event.topic in each.hears.topics]
    return [
        command
        for each in hearing
        for command in each.do(msgspec.json.decode(msgspec.json.encode(event), type=each.hears))
    ]


PRINT = Action(does="print", service="devices", about={"text": "Open the bar"})
OFFICE = Action(does="print", service="devices", about={"text": "Count", "role": "office"})
TELL = Action(does="tellCrew", service="planning", about={"text": "Full"})


@pytest.mark.parametrize("kind", [TriggerFired, SaleTriggerFired, GateTriggerFired])
def test_each_action_that_prints_is_a_job_of_its_own(kind):
    first, second = heard(fired(kind, TELL, PRINT, OFFICE))
    assert (first.role, first.text, first.trigger, first.reason) == (
        "ticket-1",
        "Open the bar",
        "full",
        "sold_out",
    )
    assert (second.role, second.text) == ("office", "Count")
    assert first.job != second.job
    assert heard(fired(kind, TELL, PRINT, OFFICE)) == [first, second]


def test_what_planning_hears_of_ticketing_is_not_printed_again():
    (slip_of_sale,) = heard(fired(SaleTriggerFired, PRINT))
    assert heard(fired(FiringHeard, PRINT, service="ticketing")) == []
    (of_another,) = heard(msgspec.structs.replace(fired(TriggerFired, PRINT), firing="full:2"))
    assert slip_of_sale.job != of_another.job


def test_a_slip_of_a_manifest_that_said_too_much_is_cut():
    long = Action(does="print", service="nobody", about={"text": "a " * 2500})
    (said,) = heard(fired(TriggerFired, long))
    assert len(said.text) == 2000


def test_the_picture_of_a_slip_is_drawn_from_what_is_known_of_its_job():
    made = Named(events.Slip(**SLIP), NAMED_NIGHT, None)
    data = render(made, "epson-58")
    sent = sending("s1", profile="epson-58", sha256=sha256(data).hexdigest())
    (row,) = table(Jobs(), [asked(), sent, confirmed("s1")]).values()
    assert (row["kind"], row["text"], row["ticket"]) == ("slip", "Open the bar", None)
    names = [{"name": "Kino im Hof", "starts_at": None}]
    found = drawn({**row, "printed_for": "epson-58", "names": names, "types": {}})
    assert found.as_printed
    assert found.png == draw(data, 384).png


async def test_a_slip_comes_out_between_tickets_and_is_shown_with_them(
    database, nats_url, tmp_path
):
    patient = replace(QUICK, names=60)  # it does not wait for what it knows, nor for a type
    async with house(database, nats_url, patient) as h, bench(tmp_path) as b:
        await h.bind(b.port)
        await h.open()
        h.print()
        await h.sell("o1")
        for _ in range(2):
            await h.decide(asking())
        await h.sell("o2")
        await h.until(JobConfirmed=3)
        assert await h.counts() == {"JobRequested": 3, "JobSending": 3, "JobConfirmed": 3}
        slips = [each for each in b.tickets() if "full: sold_out" in " ".join(each["text"])]
        assert len(slips) == 1
        assert slips[0]["text"][0].strip() == "Kino im Hof"
        (role,) = await h.shown("roles")
        assert role["printed"] == 3
        rows = {row["kind"]: row for row in await h.shown("jobs")}
        assert (rows["slip"]["state"], rows["slip"]["trigger"]) == ("printed", "full")
        assert rows["ticket"]["text"] is None
