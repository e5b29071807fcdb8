"""An edit of a manifest that extends documents: said over them, and nothing else is touched."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.planning.api.series import read_patch
from services.planning.manifest import resolve, written
from services.planning.manifest.editing import edited_file
from services.planning.manifest.inheritance import Reference, upgraded
from services.planning.timing.edits import edit_all, edit_following, edit_this, patched
from services.planning.timing.nights import plain
from tests.planning.extending import known
from tests.planning.test_edits import SINCE, UNTIL, day

NIGHT = """\
extends: ["venue:yard@1"]
inputs: [{{key: seats, type: integer, default: {seats}}}]
spec:
  title: Films
  schedule: {{doors: "20:00", start: "{start}", end: "23:00"}}
  capacity: {{total: "${{seats}}"}}
  catalogue:
    tickets:
      - {{key: adult, title: Adult, price: 9.00 EUR}}
      - {{key: child, title: Child, price: 5.00 EUR}}
      - {{key: group, title: Group, price: 4.00 EUR}}
"""
DOCUMENTS = {
    "venue:yard@1": "spec: {title: The yard, zone: Europe/Berlin, currency: EUR}\n",
    "night@1": NIGHT.format(seats=60, start="20:30"),
    "night@2": NIGHT.format(seats=50, start="20:15"),
}
FILE = """\
apiVersion: roadcase/v1
kind: Series
metadata: {name: films}
extends: [night@1]  # as always
spec:
  recurrence: {first: 2027-06-04, rule: FREQ=WEEKLY;BYDAY=FR;COUNT=6}
"""
KNOWN = known(DOCUMENTS)


def whole(file: str) -> dict[str, Any]:
    found = resolve(written(file.encode()), KNOWN)
    assert found.problems == [], [each.shown("films.yaml") for each in found.problems]
    assert found.view is not None
    return found.view.data


def edited(file: str, now: dict[str, Any]) -> str:
    """As a door has it: what it came to is read from a row."""
    tree = written(file.encode()).tree
    assert tree is not None
    new = edited_file(tree, KNOWN, plain(json.loads(json.dumps(whole(file)))), plain(now))
    assert whole(new) == plain(now), new
    return new


def said(file: str) -> dict[str, Any]:
    tree = written(file.encode()).tree
    assert tree is not None
    return tree.data["spec"]


def patch(file: str, **spec: Any) -> dict[str, Any]:
    before = whole(file)
    return {**before, "spec": patched(before["spec"], spec)}


def tickets(*keys: str, price: str = "9.00 EUR") -> dict[str, Any]:
    prices = {"adult": price, "child": "5.00 EUR", "group": "4.00 EUR"}
    made = [
        {"key": key, "title": key.title(), "price": prices.get(key, "1.00 EUR")} for key in keys
    ]
    return {"tickets": made}


def test_one_date_is_edited_and_the_rest_still_comes_from_documents():
    now = edit_this(whole(FILE), day("06-11"), {"title": "Late", "schedule": {"doors": "19:30"}})
    new = edited(FILE, now.series[0])
    change = {"on": "2027-06-11", "title": "Late", "schedule": {"doors": "19:30"}}
    assert said(new) == {"recurrence": {**said(FILE)["recurrence"], "changes": (change,)}}
    back = edit_this(whole(new), day("06-11"), {"title": None, "schedule": None})
    assert said(edited(new, back.series[0])) == said(FILE)


def test_what_is_of_all_is_said_over_the_document_and_is_kept_when_that_is_upgraded():
    now = edit_all(whole(FILE), {"capacity": {"total": 40}}, SINCE, UNTIL)
    new = edited(FILE, now.series[0])
    assert said(new) == {**said(FILE), "capacity": {"total": 40}}
    later = upgraded(new, Reference("template", "night", 2))
    assert later is not None
    spec = whole(later)["spec"]
    assert (spec["capacity"], spec["schedule"]["start"]) == ({"total": 40}, "20:15")


def test_both_parts_of_a_split_extend_what_the_series_did():
    now = edit_following(whole(FILE), day("06-18"), {"title": "Late films"}, "films-2", UNTIL)
    first, second = (edited(FILE, each) for each in now.series)
    assert said(first).keys() == {"recurrence"}
    assert said(second).keys() == {"recurrence", "title"}
    assert said(second)["recurrence"]["continues"] == "films"
    later = upgraded(second, Reference("template", "night", 2))
    assert later is not None
    assert whole(later)["metadata"] == {"name": "films-2"}
    assert whole(later)["spec"]["schedule"]["start"] == "20:15"


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({"schedule": {"doors": None}}, {"doors": {"$delete": True}}),
        ({"schedule": {"loadIn": "18:00"}}, {"loadIn": "18:00"}),
    ],
)
def test_what_is_gone_is_deleted_and_what_is_new_is_said(spec, says):
    assert said(edited(FILE, patch(FILE, **spec)))["schedule"] == says


@pytest.mark.parametrize(
    ("catalogue", "says"),
    [
        (tickets("adult", "child", "group", price="9.50 EUR"), "adult price"),
        (tickets("adult", "group"), "child $delete"),
        (tickets("child"), "adult $delete, group $delete"),
        (tickets("adult", "child", "group", "late"), "late title price"),
        (tickets("child", "adult", "group"), "adult $after, group $after"),
        (tickets("adult", "late", "child"), "group $delete, late $after title price, child $after"),
        ({"tickets": []}, ""),
        ({"tickets": None}, None),
        (None, None),
    ],
)
def test_entries_of_lists_are_said_by_their_keys(catalogue, says):
    new = edited(FILE, patch(FILE, catalogue=catalogue))
    there = said(new)["catalogue"].get("tickets")
    if says is None:
        assert said(new)["catalogue"] in ({"$delete": True}, {"tickets": {"$delete": True}})
    else:
        assert ", ".join(" ".join(_words(each)) for each in there) == says


def _words(entry: dict[str, Any]) -> list[str]:
    return [entry["key"], *(name for name in entry if name != "key")]


OWN = f"""\
{FILE}\
  description: In the yard
  capacity: {{total: 60}}
  catalogue:
    tickets:
      - {{key: group, $delete: true}}
      - {{key: late, $before: child, title: Late, price: 1.00 EUR}}
"""


def test_what_the_file_says_itself_stays_as_it_is_written():
    dearer = tickets("adult", "late", "child", price="9.50 EUR")
    new = said(edited(OWN, patch(OWN, catalogue=dearer, description=None)))
    assert "description" not in new
    assert new["capacity"] == {"total": 60}  # the same as the template's, and said all the same
    own = said(OWN)["catalogue"]["tickets"]
    assert new["catalogue"]["tickets"] == (*own, {"key": "adult", "price": "9.50 EUR"})


def test_what_the_file_deleted_can_be_there_again():
    new = edited(OWN, patch(OWN, catalogue=tickets("adult", "child", "group")))
    assert [_words(each) for each in said(new)["catalogue"]["tickets"]] == [
        ["group", "title", "price"]
    ]


SOME = st.lists(st.sampled_from(["adult", "child", "group", "late", "early"]), unique=True)


@given(SOME, SOME)
@settings(max_examples=60)
def test_whatever_entries_there_are_one_edit_after_another_comes_to_them(first, second):
    file = edited(OWN, patch(OWN, catalogue=tickets(*first)))
    edited(file, patch(file, catalogue=tickets(*second, price="7.00 EUR")))


@pytest.mark.parametrize(
    "venue", [{"title": "Elsewhere"}, {"ref": "attic"}, {"ref": "attic", "currency": None}]
)
def test_another_venue_has_nothing_of_the_one_before_but_what_the_edit_leaves(venue):
    there = edited(FILE, patch(FILE, venue=venue))
    edited(there, whole(FILE))  # and back


def test_what_cannot_be_said_over_documents_comes_to_something_else():
    """A venue without a name, where the document has one."""
    now = patch(FILE, venue={"ref": None})
    tree = written(FILE.encode()).tree
    assert tree is not None
    new = edited_file(tree, KNOWN, whole(FILE), now)
    assert resolve(written(new.encode()), KNOWN).problems


def test_what_is_null_in_a_patch_is_taken_back():
    assert read_patch(b"spec: {schedule: {doors: null}}\ntitle: ~\n") == (
        {"title": None, "schedule": {"doors": None}},
        [],
    )
    _, problems = read_patch(b"a: 1\na: 2\n")
    assert [each.code for each in problems] == ["duplicate_field"]


def test_text_that_looks_like_an_input_stays_text_through_edits():
    file = f"{FILE}  description: 'Say $${{name}}'\n"
    assert whole(file)["spec"]["description"] == "Say ${name}"
    now = patch(file, title="Films for ${price}")
    new = edited(file, now)
    assert said(new)["title"] == "Films for $${price}"
    assert said(new)["description"] == "Say $${name}"
    assert whole(new)["spec"]["title"] == "Films for ${price}"
    both = edit_all(whole(file), {"title": "For ${price}"}, SINCE, UNTIL)
    assert both.series[0]["spec"]["title"] == "For ${price}"


def test_a_patch_says_such_text_as_a_file_does():
    assert read_patch(b"title: 'For $${price}'") == ({"title": "For ${price}"}, [])
    found, problems = read_patch(b"spec: {title: 'For ${price}'}")
    assert found == {}
    assert [(each.path, each.code) for each in problems] == [("spec.title", "unknown_input")]
