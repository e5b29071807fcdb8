"""Every kind of manifest is read, described, and told apart from the others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.planning.manifest import KINDS, check, described
from services.planning.manifest.problems import CODES
from services.planning.manifest.tables import ACTED_ON_SINCE, NOT_YET, OWNERS, in_page, sections
from tests.planning.bad import GOOD

PAGE = Path("docs/manifest.md").read_text("utf-8")
HEAD = "apiVersion: roadcase/v1\nkind: {kind}\nmetadata: {{name: yard}}\nspec:\n"
SPECS = {
    "Event": GOOD.partition("spec:\n")[2],
    "EventTemplate": "  capacity: {total: 60}\n  schedule: {zone: Europe/Berlin, start: '20:30'}\n",
    "Venue": "  title: Yard\n  zone: Europe/Berlin\n  curfew: 23:00\n"
    "  capacity: {total: 60, zones: [{key: lawn, places: 60}]}\n",
    "Series": "  title: Films\n  schedule: {zone: Europe/Berlin, start: '20:30', end: '23:00'}\n"
    "  recurrence: {first: 2027-06-04, rule: FREQ=WEEKLY}\n",
    "Kit": "  items:\n    - {key: case, title: Case, owned: 1}\n"
    "    - {key: till, title: Till, owned: 3, container: case}\n",
    "VendorRoster": "  suppliers: [{key: tacos, title: Tacos, documents: [Insurance]}]\n",
}


def file(kind: str, spec: str = "") -> bytes:
    return (HEAD.format(kind=kind) + (spec or SPECS[kind])).encode()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_read_as_what_it_is(kind):
    found = check(file(kind))
    assert found.problems == []
    assert type(found.manifest) is KINDS[kind]
    assert described(found)["kind"] == kind
    assert described(found)["name"] == "yard"


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_refuses_what_only_others_have(kind):
    others = {other for other in KINDS if check(file(kind, SPECS[other])).problems}
    expected = {*KINDS} - {kind}
    if kind == "EventTemplate":
        expected.remove("VendorRoster")  # a template may have suppliers and nothing else
    assert others == expected


def test_a_container_that_is_not_there_and_zones_of_a_venue_are_looked_at():
    kit = file("Kit", SPECS["Kit"].replace("container: case", "container: cse"))
    (problem,) = check(kit).problems
    assert problem.code == "unknown_reference"
    assert problem.message.endswith('did you mean "case"?')
    venue = file("Venue", SPECS["Venue"].replace("places: 60", "places: 61"))
    assert [each.code for each in check(venue).problems] == ["zones_above_capacity"]


def test_a_template_needs_no_end_and_has_no_day():
    assert described(check(file("EventTemplate")))["starts"] == "20:30"
    dated = SPECS["EventTemplate"].replace("'20:30'", "2027-06-18T20:30")
    assert [each.path for each in check(file("EventTemplate", dated)).problems] == [
        "spec.schedule.start"
    ]


def test_a_programme_says_when_an_event_ends_across_the_change_of_clocks():
    """From 01:00 on, two hours: clocks skip an hour on 28 March 2027 in Berlin."""
    night = GOOD.replace("2027-06-18", "2027-03-28").replace('"20:30"', '"01:00"')
    night = night.replace(', end: "23:00"', "")
    works = "[{key: a, title: A, minutes: 60}, {key: b, title: B, minutes: 50}]"
    breaks = "[{after: a, minutes: 10}]"
    found = check(f"{night}  programme: {{works: {works}, intervals: {breaks}}}\n".encode())
    assert found.problems == []
    assert described(found)["ends"] == "2027-03-28T04:00"


def test_the_first_manifest_of_the_page_is_fine_and_described_as_the_page_says():
    first = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
    assert first.count("\n") == 10
    found = check(first.encode())
    assert found.problems == []
    about = described(found)
    said = f"{about['starts']} to {about['ends']}, {about['zone']}"
    assert f'friday-film.yaml: ok: Event friday-film "Friday film", {said}' in PAGE


def test_the_table_of_the_page_has_every_section():
    assert sections() == [*OWNERS]
    for name in sections():
        since = ACTED_ON_SINCE.get(name, NOT_YET)
        assert f"| `{name}` | {OWNERS[name]} | {since} |" in PAGE


def test_the_page_is_what_the_code_says():
    assert in_page(PAGE) == PAGE, "run python tools/catalogue.py"
    assert all(f"| `{code}` |" in PAGE for code in CODES)
