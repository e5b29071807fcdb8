"""Templates on a running installation: published, extended, and planned with."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterator

import grpc
import pytest

from roadcase.api.v1 import ticketing_pb2 as tickets
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.client import Organiser, Refusal
from roadcase.ids import new_id
from tests.system.site import Site, roadcase, running
from tests.system.wire import euros

SCOPES = ("plan", "publish", "apply", "approve", "run", "read")
YARD = b"""\
apiVersion: roadcase/v1
kind: Venue
metadata: {name: yard, version: 1}
spec: {title: The yard, zone: Europe/Berlin, currency: EUR}
"""
FILM = """\
apiVersion: roadcase/v1
kind: EventTemplate
metadata: {{name: {name}, version: {version}}}
extends: ["venue:yard@1"]
inputs:
  - {{key: film, type: text, required: true}}
  - {{key: seats, type: integer, default: {seats}}}
spec:
  title: "Film night: ${{film}}"
  description: {text}
  schedule: {{doors: "20:00", start: "20:30", end: "23:00"}}
  capacity: {{total: "${{seats}}"}}
  catalogue:
    tickets: [{{key: standard, title: Seat, price: 12.00 EUR}}]
"""
NIGHT = """\
apiVersion: roadcase/v1
kind: Event
metadata: {{name: {name}}}
extends: [{template}]
with: {{film: Nosferatu}}
spec:
  schedule: {{date: 2027-06-{day:02}}}
"""


def film(
    version: int, name: str = "film-night", seats: int = 60, text: str = "In the yard"
) -> bytes:
    return FILM.format(name=name, version=version, seats=seats, text=text).encode()


def night(name: str, template: str = "film-night@1", day: int = 18) -> bytes:
    return NIGHT.format(name=name, template=template, day=day).encode()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("templates") / "data") as found:
        yield found


@pytest.fixture(scope="module")
def token(site) -> str:
    scopes = [f"planning:{scope}" for scope in SCOPES]
    return site.token(
        *scopes, *(f"ticketing:{each}" for each in ("sell", "plan", "confirm", "read"))
    )


@pytest.fixture
async def organiser(site, token) -> AsyncIterator[Organiser]:
    async with Organiser(site.grpc, token) as found:
        await found.publish(YARD)
        yield found


async def test_an_event_is_made_with_what_was_published_and_remembers_it(organiser):
    first = await organiser.publish(film(1))
    assert (first.name, first.version) == ("film-night", 1)
    assert (await organiser.publish(film(1))).version == 1
    with pytest.raises(Refusal) as error:
        await organiser.publish(film(1, seats=50))
    assert error.value.reason == "planning.version_taken"
    made = await organiser.plan(night("friday"))
    assert not made.problems, made.problems
    assert made.changes[0].path == "extends"
    assert made.changes[0].new == '["film-night@1", "venue:yard@1"]'
    assert (await organiser.apply(made.plan)).revision == 1
    found = await organiser.occurrence("friday")
    assert (found.title, found.venue) == ("Film night: Nosferatu", "The yard")
    again = await organiser.plan(night("friday"))
    assert [*again.changes] == []
    commented = await organiser.plan(b"# The same\n" + night("friday"))
    assert [*commented.changes] == []
    otherwise_written = night("friday") + b"  title: 'Film night: Nosferatu'\n"
    otherwise = await organiser.plan(otherwise_written)
    assert [(each.path, each.code) for each in otherwise.changes] == [("source", "source")]
    await organiser.apply(otherwise.plan)
    assert [*(await organiser.plan(otherwise_written)).changes] == []
    assert (await organiser.occurrence("friday")).revision == 2


async def test_what_is_wrong_is_told_with_its_document_at_every_door(organiser):
    missing = await organiser.plan(night("saturday", "film-night@9"))
    (problem,) = missing.problems
    assert (problem.file, problem.line, problem.code) == ("", 4, "no_version")
    assert problem.message.endswith("there are 1")
    (same,) = (await organiser.check(night("saturday", "film-night@9"))).problems
    assert same == problem
    full = film(1, "full-night").replace(b"12.00 EUR", b"12.00 EUR, quantity: 55")
    await organiser.publish(full)
    small = night("sunday", "full-night@1").replace(b"film:", b"seats: 40, film:")
    (wrong,) = (await organiser.plan(small)).problems
    assert (wrong.file, wrong.code) == ("full-night@1", "tickets_above_capacity")
    (unknown,) = (await organiser.publish(film(2).replace(b"yard@1", b"hall@1"))).problems
    assert (unknown.path, unknown.code) == ("extends.0", "no_document")


class Sales:
    """Sells tickets at the box office of an event."""

    def __init__(self, site: Site, token: str) -> None:
        self.site = site
        self.token = token

    async def sell(self, name: str, quantity: int, minor: int) -> None:
        """Once ticketing has heard that it may."""
        line = tickets.Line(ticket_type="standard", quantity=quantity)
        request = tickets.SellTicketsRequest(
            occurrence=name,
            order=new_id("order"),
            lines=[line],
            payment_reference="pay",
            amount=euros(minor),
        )
        metadata = (("authorization", f"Bearer {self.token}"), ("idempotency-key", new_id("test")))
        async with grpc.aio.insecure_channel(self.site.grpc) as channel, asyncio.timeout(20):
            while True:
                try:
                    await TicketingStub(channel).SellTickets(request, metadata=metadata)
                except grpc.aio.AioRpcError:
                    await asyncio.sleep(0.05)
                else:
                    return


async def test_an_upgrade_of_twelve_nights_three_of_them_sold_out_says_what_becomes_of_each(
    site, token, organiser, tmp_path
):
    """Two places less and a lower price: three have sold four of four, one has sold one."""
    sales = Sales(site, token)
    await organiser.publish(film(1, "shorts", seats=4))
    names = [f"shorts-{number:02}" for number in range(1, 13)]
    for day, name in enumerate(names, 1):
        content = night(name, "shorts@1", day)
        if name == "shorts-12":  # says itself how many there are
            content = content.replace(b"spec:\n", b"spec:\n  capacity: {total: 9}\n")
        await organiser.apply((await organiser.plan(content)).plan)
    for name, quantity in {**dict.fromkeys(names[:3], 4), "shorts-04": 1}.items():
        await organiser.advance(name, "on_sale")
        await sales.sell(name, quantity, 1200 * quantity)
    cheaper = film(2, "shorts", seats=2).replace(b"12.00 EUR", b"10.00 EUR")
    assert (await organiser.publish(cheaper)).version == 2

    upgrade = ("template", "upgrade", "shorts@2", "--tenant", "acme", "--server", site.grpc)
    found = site.cli(*upgrade, code=1)["effects"]
    assert [each["name"] for each in found] == names
    by_name = {each["name"]: each for each in found}
    for name in names[:3]:
        assert (by_name[name]["stays"], by_name[name]["class"]) == ("blocked", "blocked")
        (why,) = [each for each in by_name[name]["changes"] if each["class"] == "blocked"]
        assert (why["path"], why["code"]) == ("spec.capacity.total", "below_sold")
        assert why["why"] == "4 are sold, held or kept aside already"
    assert (by_name["shorts-04"]["class"], by_name["shorts-04"]["stays"]) == ("approval", "")
    changed = ["extends", "spec.capacity.total", "spec.catalogue.tickets[standard].price"]
    for name in names[4:11]:
        assert by_name[name]["class"] == "safe"
        assert [each["path"] for each in by_name[name]["changes"]] == changed
    assert [each["path"] for each in by_name["shorts-12"]["changes"]] == [changed[0], changed[2]]
    assert (await organiser.occurrence("shorts-05")).revision == 1

    applied = (*upgrade, "--apply")
    done = {each["name"]: each for each in site.cli(*applied, code=1)["effects"]}
    assert {name for name, each in done.items() if each["stays"]} == {*names[:4]}
    assert done["shorts-04"]["stays"] == "needs_approval"
    again = {each["name"]: each for each in site.cli(*applied, "--approve", code=1)["effects"]}
    assert [*again] == names[:4]
    assert (again["shorts-04"]["applied"], again["shorts-03"]["stays"]) == (2, "blocked")
    shown = roadcase(site.data, *upgrade).stdout
    assert "shorts-01: stays at @1, blocked\n" in shown
    assert "spec.capacity.total: 4 → 2  # blocked: 4 are sold" in shown
    assert "3 in all: 0 can be upgraded with --apply, 3 stay as they are" in shown
    five, twelve = [await organiser.occurrence(each) for each in ("shorts-05", "shorts-12")]
    assert json.loads(five.manifest)["spec"]["capacity"] == {"total": 2}
    assert json.loads(twelve.manifest)["spec"]["capacity"] == {"total": 9}
    assert json.loads(five.manifest)["spec"]["schedule"]["date"] == "2027-06-05"
    (shorts,) = (await organiser.templates(name="shorts")).templates
    assert [(each.version, each.instances) for each in shorts.versions] == [(1, 3), (2, 9)]


async def test_what_cannot_be_upgraded_by_itself_says_why(organiser):
    await organiser.publish(film(1, "late"))
    later = film(1, "later").replace(b'"venue:yard@1"]', b"late@1]\nwith: {film: '${film}'}")
    await organiser.publish(later)
    await organiser.apply((await organiser.plan(night("indirect", "later@1"))).plan)
    await organiser.apply((await organiser.plan(night("gone", "late@1"))).plan)
    await organiser.apply((await organiser.plan(night("asked", "late@1"))).plan)
    await organiser.cancel("gone", "Rain")
    asking = film(2, "late").replace(
        b"inputs:\n", b"inputs:\n  - {key: who, type: text, required: true}\n"
    )
    await organiser.publish(asking)
    effects = {
        each.instance.name: each
        for each in (await organiser.plan_upgrade("template", "late", 2)).effects
    }
    assert {name: each.refused for name, each in effects.items()} == {
        "indirect": "extends_indirectly",
        "gone": "over",
        "asked": "",
    }
    (problem,) = effects["asked"].made.problems
    assert (problem.line, problem.code) == (4, "missing_input")
    assert "late@2" not in problem.file
    with pytest.raises(Refusal) as error:
        await organiser.plan_upgrade("template", "late", 3)
    assert error.value.reason == "planning.no_document"


async def nights_of(organiser: Organiser, series: str) -> None:
    """Wait until they are made."""
    async with asyncio.timeout(30):
        while True:
            rows = (await organiser.occurrences()).occurrences
            if sum(each.series == series for each in rows) == 4:
                return
            await asyncio.sleep(0.1)


async def test_a_series_is_upgraded_with_what_becomes_of_its_nights(organiser):
    weekly = night("weekly", "film-weekly@1").replace(b"kind: Event", b"kind: Series")
    weekly = weekly.replace(
        b"schedule: {date: 2027-06-18}",
        b"recurrence: {first: 2027-01-05, rule: FREQ=WEEKLY;COUNT=4}",
    )
    await organiser.publish(film(1, "film-weekly"))
    made = await organiser.plan(weekly)
    assert not made.problems, made.problems
    await organiser.apply(made.plan)
    await nights_of(organiser, "weekly")
    await organiser.publish(film(2, "film-weekly", seats=70))
    (effect,) = (await organiser.plan_upgrade("template", "film-weekly", 2)).effects
    assert (effect.instance.kind, effect.instance.version) == ("Series", 1)
    assert [each.path for each in effect.made.changes] == ["extends", "spec.capacity.total"]
    assert [each.what for each in effect.made.nights] == ["changed"] * 4
    for each in effect.made.nights:
        assert [change.path for change in each.changes] == ["spec.capacity.total"]
    await organiser.apply(effect.made.plan)
    assert not (await organiser.plan_upgrade("template", "film-weekly", 2)).effects
    await organiser.publish(film(3, "film-weekly", seats=70))
    (same,) = (await organiser.plan_upgrade("template", "film-weekly", 3)).effects
    assert [each.path for each in same.made.changes] == ["extends"]
    await organiser.apply(same.made.plan)
    assert not (await organiser.plan_upgrade("template", "film-weekly", 3)).effects


async def test_the_command_line_publishes_lists_and_writes_manifests(site, organiser, tmp_path):
    file = tmp_path / "club.yaml"
    file.write_bytes(film(1, "club"))
    asked = ("--tenant", "acme", "--server", site.grpc)
    assert site.cli("template", "publish", str(file), *asked) == {
        "kind": "template",
        "name": "club",
        "version": 1,
    }
    file.write_bytes(film(2, "club").replace(b"12.00 EUR", b"12"))
    (problem,) = site.cli("template", "publish", str(file), *asked, code=1)["problems"]
    assert problem["shown"].startswith(f"{file}:14:")
    written = tmp_path / "premiere.yaml"
    new = ("template", "new", "club@1", "premiere", "--date", "2027-06-18", "--out", str(written))
    assert site.cli(*new, *asked, code=2)["message"] == "needed still: --set film=…"
    site.cli(*new, "--set", "film=M: a film", "--set", "seats=40", *asked)
    made = await organiser.plan(written.read_bytes())
    assert not made.problems, made.problems
    await organiser.apply(made.plan)
    assert (await organiser.occurrence("premiere")).title == "Film night: M: a film"
    again = site.cli(*new, "--set", "film=M", *asked, code=2)
    assert "is there already" in again["message"]
    (club,) = [
        each for each in site.cli("template", "list", *asked)["templates"] if each["name"] == "club"
    ]
    assert [each["key"] for each in club["inputs"]] == ["film", "seats"]
    assert [(each["name"], each["version"]) for each in club["instances"]] == [("premiere", 1)]


async def test_a_plan_is_made_with_what_was_locked_or_refused(site, tmp_path):
    """The files of a folder, published by somebody else than who locked them."""
    nights = shutil.copytree("examples/film-nights", tmp_path / "nights")
    asked = ("--tenant", "locked", "--server", site.grpc)
    film_night = nights / "template" / "film-night@1.yaml"
    site.cli("template", "publish", str(nights / "venue" / "yard@1.yaml"), *asked)
    site.cli("template", "publish", str(film_night), *asked)
    plan = ("plan", str(nights / "nosferatu.yaml"), "--locked", *asked)
    assert site.cli(*plan)["plan"]["occurrence"] == "nosferatu"
    film_night.write_text(film_night.read_text("utf-8").replace("8.00 EUR", "9.00 EUR"), "utf-8")
    roadcase(site.data, "manifest", "lock", str(nights / "nosferatu.yaml"))
    refused = site.cli(*plan, code=2)
    assert (refused["error"], refused["documents"]) == ("planning.not_as_locked", ["film-night@1"])
