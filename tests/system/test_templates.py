"""Templates on a running installation: published, extended, and planned with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from roadcase.client import Organiser, Refusal
from tests.system.site import Site, running

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
    otherwise = await organiser.plan(night("friday") + b"  title: 'Film night: Nosferatu'\n")
    assert [(each.path, each.code) for each in otherwise.changes] == [("source", "source")]
    assert (await organiser.apply(otherwise.plan)).revision == 2


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
