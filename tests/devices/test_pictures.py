"""Pictures of what was printed: as it came out, drawn from facts, and never too many at a time."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from types import SimpleNamespace

import msgspec
import pytest

from roadcase.errors import Overloaded
from roadcase.escpos import TooLong, draw
from roadcase.testing.printer import PROFILES as VIRTUAL
from services.devices import pictures
from services.devices.drawing import drawn
from services.devices.events import JobSending
from services.devices.pictures import OF_ONE, WAITING, Pictures
from services.devices.profiles import PROFILES
from services.devices.projections import Jobs
from services.devices.queries import printed, printed_last
from services.devices.rendering import APART, render
from services.ticketing.commands import ChangeBoxOffice
from tests.devices.jobs_running import TENANT, asked, house
from tests.devices.jobs_said import by_hand, confirmed, in_doubt, reprinted, requested, sending
from tests.devices.printing import bench
from tests.devices.test_print_any_fault import table
from tests.devices.test_print_slips import WORDS, slip
from tests.devices.test_print_ticket import PLAYED, SIGNED, named


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "what",
    [
        named(),
        named("Łódź 🎬 夜 سينما " * 20, ticket_type="Кино"),
        named(code=SIGNED, number=2, of=4),
        named(copy=3),
        slip(WORDS * 9, copy=2),
    ],
    ids=["plain", "long", "signed", "copy", "slip"],
)
async def test_the_picture_is_what_the_virtual_printer_makes_of_the_same_bytes(
    tmp_path, what, profile
):
    data = render(what, profile)
    async with bench(tmp_path, profile=VIRTUAL[PLAYED[profile]]) as b:
        _, writer = await b.connect()
        writer.write(data + APART)
        await b.until(tickets=1)
        cut = data if PROFILES[profile].cutter else data + APART
        sheet = draw(cut, PROFILES[profile].width, native_qr=PROFILES[profile].native_qr)
        assert sheet.png == (b.out / "000001.png").read_bytes()
        assert sheet.lines == b.tickets()[0]["text"]


def test_metres_of_paper_are_not_drawn():
    with pytest.raises(TooLong):
        draw(b"\x1bd\xff" * 40, 576)
    assert draw(b"\x1bd\x02", 576).height == 60


class Read:
    """Devices' read models, as its door has them."""

    def __init__(self, this) -> None:
        from roadcase.views import Views  # noqa: PLC0415

        self.views = Views(this.devices.url, "devices")

    async def __aenter__(self):
        await self.views.__aenter__()
        return self.views.of(TENANT)

    async def __aexit__(self, *error: object) -> None:
        await self.views.__aexit__(*error)


async def test_a_ticket_is_shown_under_the_name_and_for_the_printer_that_it_was_printed_with(
    database, nats_url, tmp_path
):
    async with house(database, nats_url) as this, bench(tmp_path) as b, Read(this) as read:
        await this.bind(b.port)
        this.print()
        await this.open("The first name")
        first = await this.sell("o1")
        await this.until(JobConfirmed=1)
        times = {"starts_at": "2026-05-09T21:00:00", "ends_at": "2026-05-09T23:00:00"}
        change = ChangeBoxOffice(occurrence="n1", name="Another", zone="Europe/Berlin", **times)
        await this.ticketing.dispatch(change, asked())
        await this.until(OccurrenceNamed=2)
        await this.bind(b.port, profile="epson-58")
        await this.sell("o2")
        await this.until(JobConfirmed=2)
        await this.shown("jobs")
        rows = {row["ticket"]: row["job"] for row in await printed_last(read, "n1")}
        for number, ticket in enumerate(("o1-1", "o2-1"), 1):
            row = await printed(read, rows[ticket])
            found = drawn(row)
            assert found.as_printed
            if number == 1:  # the second came out of a printer that is wider than it was told
                assert found.png == (b.out / "000001.png").read_bytes()
                assert ("QRCode", first[0]) in b.symbols(1)
        other = drawn({**row, "sha256": sha256(b"other").hexdigest()})
        assert not other.as_printed
        assert other.png == found.png, "with the newest names"


def test_an_event_from_before_profiles_were_recorded_is_read():
    old = msgspec.json.decode(msgspec.json.encode(sending()))
    del old["profile"]
    read = msgspec.json.decode(msgspec.json.encode(old), type=JobSending)
    assert read.profile == ""
    assert msgspec.structs.replace(read, profile="epson-80") == sending()


def test_a_copy_that_was_taken_back_before_it_was_sent_is_not_what_is_on_paper():
    facts = [requested(), sending(), in_doubt(), reprinted(), by_hand(was="queued")]
    (row,) = table(Jobs(), facts).values()
    assert (row["state"], row["copy"], row["sent_copy"]) == ("printed", 2, 1)
    second = [sending(attempt=2, copy=2, process_id=2), confirmed(attempt=2, copy=2)]
    (row,) = table(Jobs(), [*facts[:-1], *second]).values()
    assert (row["state"], row["copy"], row["sent_copy"]) == ("printed", 2, 2)


def job(number: int):
    return {"job": f"j{number}", "attempt": 1}


@pytest.fixture
def slow(monkeypatch):
    """A drawer that waits to be let go, and counts."""
    gate = SimpleNamespace(open=asyncio.Event(), drawn=0, at_once=0, most=0)

    async def to_thread(_function, _job):
        gate.at_once += 1
        gate.most = max(gate.most, gate.at_once)
        await gate.open.wait()
        gate.at_once -= 1
        gate.drawn += 1
        return "picture"

    monkeypatch.setattr(pictures.asyncio, "to_thread", to_thread)
    return gate


async def test_who_asks_for_the_same_picture_shares_it_and_one_is_drawn_at_a_time(slow):
    these = Pictures()
    asking = [asyncio.create_task(these.of("t1", job(n % 3))) for n in range(30)]
    await asyncio.sleep(0.01)
    slow.open.set()
    assert set(await asyncio.gather(*asking)) == {"picture"}
    assert (slow.drawn, slow.most) == (3, 1)
    await these.of("t1", job(0))
    assert slow.drawn == 4, "nothing is kept"


async def test_no_tenant_takes_all_the_places_and_there_is_an_end_to_them(slow):
    these = Pictures()
    asking = [asyncio.create_task(these.of("greedy", job(n))) for n in range(OF_ONE)]
    await asyncio.sleep(0.01)
    with pytest.raises(Overloaded):
        await these.of("greedy", job(99))
    tenants = range(WAITING // OF_ONE)
    asking += [
        asyncio.create_task(these.of(f"t{tenant}", job(n)))
        for tenant in tenants
        for n in range(OF_ONE)
    ]
    await asyncio.sleep(0.01)
    with pytest.raises(Overloaded):
        await these.of("late", job(0))
    slow.open.set()
    done = await asyncio.gather(*asking, return_exceptions=True)
    assert done.count("picture") == WAITING
    assert await these.of("late", job(0)) == "picture"
