"""What manifests extend: merged as they say, with inputs, and each value known by its place."""

from __future__ import annotations

from textwrap import dedent

import pytest

from services.planning.manifest import CODES, check, described, resolve, written
from services.planning.manifest.inheritance import (
    Folder,
    Known,
    Reference,
    as_document,
    document,
    explained,
)
from services.planning.manifest.writing import text
from tests.planning.bad_extends import DATED, EXTENDS, NIGHT, PRICED, TEMPLATES
from tests.planning.extending import DAY, event, head, known, resolved, sound, told

YARD = """\
spec:
  title: The yard
  address: Yard 5
  zone: Europe/Berlin
  curfew: "23:30"
  latitude: 52.5
  longitude: 13.4
  currency: EUR
  capacity: {total: 60, zones: [{key: lawn, places: 40}]}
"""
MARKET = "spec: {suppliers: [{key: tacos, title: Tacos}]}\n"
LISTED = f"""\
spec:
  title: T
  {DAY}
  kit:
    - {{key: a, role: A, quantity: 1}}
    - {{key: b, role: B, quantity: 1}}
    - {{key: c, role: C, quantity: 1}}
"""


def spec(content: bytes, documents: dict[str, str]) -> dict:
    found = sound(content, documents)
    assert found.view is not None
    return found.view.data["spec"]


def keys(entries) -> str:
    return "".join(each["key"] for each in entries)


@pytest.mark.parametrize("name", EXTENDS)
def test_a_bad_file_has_exactly_these_problems_in_these_files(name):
    content, documents, expected = EXTENDS[name]
    assert expected
    assert told(resolved(content, documents)) == expected


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_bad_template_has_exactly_these_problems(name):
    text, expected = TEMPLATES[name]
    assert told(resolved((head("a@1") + dedent(text)).encode(), {})) == expected


def test_a_file_by_itself_does_not_know_what_it_extends():
    assert told(check(event(f"extends: [a@1]\n{DATED}"))) == [":4:11 extends.0 no_document"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a version that there is not", "there is no version 9 of film-night: there are 1, 2"),
        ("no version", "say which version: film-night@…; there are 1"),
        ("a circle", "it extends itself: a@1 → b@1 → a@1"),
        (
            "6 levels",
            "a manifest has at most 5 levels, itself the first: t@1 → t@2 → t@3 → t@4 → t@5",
        ),
        ("a key that is not there is deleted", 'did you mean "chairs"?'),
        ("a key deleted on two levels", "was deleted already, in b@1:7"),
        ("an unknown input", 'there is no such input, did you mean "seats"?'),
        ("inputs beyond their limits", "is at most 80, not 81"),
        ("text that is too long with its inputs", "has more than 5000 characters with its inputs"),
        ("a missing input", 'needs the input "price", money: say with: {price: …}'),
    ],
)
def test_the_words_say_where_and_what_to_do(name, said):
    content, documents, _ = EXTENDS[name]
    shown = [each.shown("friday.yaml") for each in resolved(content, documents).problems]
    assert any(said in each for each in shown), shown


def test_a_problem_in_a_document_is_shown_with_its_file():
    content, documents, _ = EXTENDS["a circle"]
    (problem,) = resolved(content, documents).problems
    assert problem.shown("friday.yaml").startswith("b@1:5:5: extends.0: ")


def test_maps_merge_from_left_to_right_and_then_comes_what_is_said_here():
    documents = {
        "a@1": f"spec:\n  title: A\n  tax: {{profile: a}}\n  {DAY}\n",
        "b@1": "spec:\n  title: B\n  schedule: {start: '21:00', doors: '20:00'}\n",
    }
    found = spec(
        event("extends: [a@1, b@1]\nspec: {title: Own, schedule: {end: '23:30'}}\n"), documents
    )
    assert found["title"] == "Own"
    assert found["tax"] == {"profile": "a"}
    assert found["schedule"] == {
        "zone": "Europe/Berlin",
        "date": "2027-06-18",
        "start": "21:00",
        "end": "23:30",
        "doors": "20:00",
    }
    turned = spec(event("extends: [b@1, a@1]\nspec: {}\n"), documents)
    assert (turned["title"], turned["schedule"]["start"]) == ("A", "20:30")


def test_lists_with_keys_merge_by_key_and_others_are_replaced():
    documents = {
        "a@1": LISTED + "  staffing: [{key: d, role: Door, count: 2, certificates: [First aid]}]\n"
    }
    found = spec(
        event("""\
        extends: [a@1]
        spec:
          kit: [{key: b, quantity: 9}, {key: d, role: D, quantity: 1}]
          staffing: [{key: d, certificates: [Fire]}]
        """),
        documents,
    )
    assert [(each["key"], each["role"], each["quantity"]) for each in found["kit"]] == [
        ("a", "A", 1),
        ("b", "B", 9),
        ("c", "C", 1),
        ("d", "D", 1),
    ]
    assert found["staffing"] == (
        {"key": "d", "role": "Door", "count": 2, "certificates": ("Fire",)},
    )


@pytest.mark.parametrize(
    ("entries", "order"),
    [
        ("{key: b, $delete: true}", "ac"),
        ("{key: c, $before: a}", "cab"),
        ("{key: a, $after: b}", "bac"),
        ("{key: x, role: X, quantity: 1, $after: a}", "axbc"),
        (
            "{key: x, role: X, quantity: 1, $after: a}, {key: y, role: Y, quantity: 1, $after: a}",
            "axybc",
        ),
        ("{key: x, role: X, quantity: 1, $before: y}, {key: y, role: Y, quantity: 1}", "abcxy"),
        ("{key: a, $delete: true}, {key: x, role: X, quantity: 1, $before: b}", "xbc"),
    ],
)
def test_entries_are_deleted_and_put_where_they_are_said_to_be(entries, order):
    content = event(f"extends: [a@1]\nspec:\n  kit: [{entries}]\n")
    assert keys(spec(content, {"a@1": LISTED})["kit"]) == order


def test_a_name_is_deleted_and_may_come_back():
    documents = {
        "a@1": LISTED + "  tax: {profile: de}\n",
        "b@1": "extends: [a@1]\nspec: {tax: {$delete: true}, kit: [{key: a, $delete: true}]}\n",
    }
    gone = spec(event("extends: [b@1]\nspec: {}\n"), documents)
    assert "tax" not in gone
    again = (
        "extends: [b@1]\nspec: {tax: {profile: fr}, kit: [{key: a, role: Again, quantity: 2}]}\n"
    )
    whole = sound(event(again), documents)
    assert not [each for each in explained(whole.tree, "spec") if each.deleted]
    found = whole.view.data["spec"]
    assert found["tax"] == {"profile": "fr"}
    assert found["kit"][-1] == {"key": "a", "role": "Again", "quantity": 2}


def test_a_diamond_is_fine_and_five_levels_are():
    chain = {f"t@{n}": f"extends: [t@{n + 1}]\nspec: {{}}\n" for n in range(1, 4)}
    chain |= {"t@4": NIGHT, "side@1": "extends: [t@3]\nspec: {title: Side}\n"}
    found = spec(event(f"extends: [t@1, side@1]\n{DATED}"), chain)
    assert found["title"] == "Side"


def test_a_venue_gives_its_place_zone_curfew_currency_and_capacity():
    content = event("""\
    extends: [venue:yard@5, vendors:market@1]
    spec:
      title: Friday
      schedule: {date: 2027-06-18, start: "20:30", end: "23:00"}
      stalls: [{key: s, supplier: tacos, zone: lawn}]
    """)
    found = spec(content, {"venue:yard@5": YARD, "vendors:market@1": MARKET})
    assert found["venue"] == {
        "ref": "yard",
        "title": "The yard",
        "address": "Yard 5",
        "latitude": 52.5,
        "longitude": 13.4,
    }
    assert found["schedule"]["zone"] == "Europe/Berlin"
    assert found["schedule"]["curfew"] == "23:30"
    assert (found["currency"], found["capacity"]["total"]) == ("EUR", 60)
    assert keys(found["suppliers"]) == "tacos"


def test_who_names_another_venue_has_nothing_of_the_first():
    content = event("extends: [venue:yard@5, a@1]\nspec: {venue: {ref: hall}}\n")
    assert spec(content, {"venue:yard@5": YARD, "a@1": LISTED})["venue"] == {"ref": "hall"}


def test_a_venue_extends_a_venue_and_a_series_a_template():
    venue = (head("venue:yard@6") + "extends: [venue:yard@5]\nspec: {title: Yard}\n").encode()
    found = sound(venue, {"venue:yard@5": YARD})
    assert found.view.data["spec"]["title"] == "Yard"
    assert found.view.data["spec"]["address"] == "Yard 5"
    series = event("""\
    extends: [film-night@1]
    spec: {recurrence: {first: 2027-06-04, rule: FREQ=WEEKLY}}
    """).replace(b"Event", b"Series")
    assert described(sound(series, {"film-night@1": NIGHT}))["title"] == "Film night"


VAN = """\
spec:
  items:
    - {key: pa, title: Loudspeakers, owned: 2, serials: [s1, s2], deviceProfile: amp}
    - {key: lamp, title: Lamp, owned: 12, bufferMinutes: 0}
"""
HIRED = """\
spec:
  lines:
    - {key: lamp, role: Coloured lamp, quantity: 4}
    - {key: desk, role: Desk, quantity: 1, item: table}
"""


def test_who_extends_kit_has_it_merged_by_its_keys():
    documents = {"film-night@1": NIGHT, "kit:van@1": VAN, "kit:hired@1": HIRED}
    one = spec(event(f"extends: [film-night@1, kit:van@1]\n{DATED}"), documents)
    assert one["kit"][2:] == (
        {"key": "pa", "role": "Loudspeakers", "quantity": 2},
        {"key": "lamp", "role": "Lamp", "quantity": 12},
    )
    said = "spec:\n  schedule: {date: 2027-06-18}\n  kit:\n"
    own = "    - {key: pa, quantity: 1, zone: hall}\n    - {key: chairs, $delete: true}\n"
    hall = "  capacity: {total: 60, zones: [{key: hall, places: 60}]}\n"
    content = event(f"extends: [film-night@1, kit:van@1, kit:hired@1]\n{said}{own}{hall}")
    both = {each["key"]: each for each in spec(content, documents)["kit"]}
    assert both == {
        "screen": {"key": "screen", "role": "Screen", "quantity": 1},
        "pa": {"key": "pa", "role": "Loudspeakers", "quantity": 1, "zone": "hall"},
        "lamp": {"key": "lamp", "role": "Coloured lamp", "quantity": 4},
        "desk": {"key": "desk", "role": "Desk", "quantity": 1, "item": "table"},
    }


def test_templates_and_series_extend_kit_and_each_value_is_known_by_its_place():
    night = f"extends: ['kit:van@1']\n{NIGHT}"
    documents = {"film-night@1": night, "kit:van@1": VAN}
    series = event("""\
    extends: [film-night@1]
    spec: {recurrence: {first: 2027-06-04, rule: FREQ=WEEKLY}}
    """).replace(b"Event", b"Series")
    found = sound(series, documents)
    assert keys(found.view.data["spec"]["kit"]).startswith("palamp")
    lamp = {each.path: each.at for each in explained(found.tree, "spec.kit[lamp]")}
    assert {path: (at.file, at.line, at.column) for path, at in lamp.items()} == {
        "spec.kit[lamp].key": ("kit:van@1", 7, 13),
        "spec.kit[lamp].role": ("kit:van@1", 7, 26),
        "spec.kit[lamp].quantity": ("kit:van@1", 7, 39),
    }


def test_inputs_keep_their_type_and_stand_within_text():
    documents = {
        "a@1": """\
        inputs:
          - {key: seats, type: integer, required: true}
          - {key: who, type: text, default: friends}
          - {key: listed, type: boolean, default: true}
          - {key: note, type: text}
        spec:
          title: "${who}, ${seats} seats, ${listed}"
          unlisted: ${listed}
          description: ${note}
          schedule: {zone: Europe/Berlin, start: "20:30", end: "23:00"}
          capacity: {total: "${seats}"}
        """
    }
    content = event(f"extends: [a@1]\nwith: {{seats: 40}}\n{DATED}")
    found = spec(content, documents)
    assert found["title"] == "friends, 40 seats, true"
    assert found["capacity"] == {"total": 40}
    assert found["unlisted"] is True
    assert "description" not in found


def test_inputs_are_handed_on_and_what_is_in_them_is_not_read_again():
    documents = {
        "a@1": PRICED,
        "b@1": "extends: [a@1]\nwith: {price: '${cost}', seats: 20}\n"
        "inputs: [{key: cost, type: money, default: 5.00 EUR}, {key: x, type: text}]\n"
        "spec: {description: 'for ${x}'}\n",
    }
    content = event(f"extends: [b@1]\nwith: {{cost: 7.00 EUR, x: '$'}}\n{DATED}")
    found = spec(content, documents)
    assert found["catalogue"]["tickets"][0]["price"] == "7.00 EUR"
    assert found["capacity"]["total"] == 20
    assert found["description"] == "for $"


def test_a_template_with_inputs_is_checked_where_its_values_are_known():
    alone = resolved((head("a@1") + PRICED).encode(), {})
    assert alone.problems == []
    assert alone.manifest is None
    handing_on = "inputs: [{key: cost, type: money}]\nextends: [a@1]\nwith: {price: '${cost}'}\n"
    assert sound((head("b@1") + handing_on + "spec: {}\n").encode(), {"a@1": PRICED})
    wrong = PRICED.replace("Europe/Berlin", "Mars/Base").replace("title: Seat", "title: 5")
    assert [each.code for each in resolved((head("a@1") + wrong).encode(), {}).problems] == [
        "zone",
        "wrong_type",
    ]
    low = PRICED.replace("default: 60", "default: 0").replace(", minimum: 10", "")
    assert told(resolved((head("a@1") + low).encode(), {})) == [
        ":6:42 spec.capacity.total out_of_range"
    ]


def test_what_was_locked_is_as_it_was_or_it_is_refused():
    content = event(f"extends: [a@1]\n{DATED}")
    documents = {"a@1": NIGHT}
    digests = {str(each): one.digest for each, one in sound(content, documents).documents.items()}
    assert resolved(content, documents, digests).problems == []
    assert told(resolved(content, documents, {})) == [":4:11 extends.0 not_locked"]
    changed = {"a@1": NIGHT.replace("Film night", "Film nights")}
    assert told(resolved(content, changed, digests)) == [":4:11 extends.0 digest_differs"]


def test_what_it_is_made_with_is_all_of_it_with_digests():
    documents = {
        "a@1": NIGHT,
        "b@1": "extends: [a@1, venue:yard@5]\nspec: {}\n",
        "venue:yard@5": YARD,
    }
    found = sound(event(f"extends: [b@1]\n{DATED}"), documents)
    assert sorted(map(str, found.documents)) == ["a@1", "b@1", "venue:yard@5"]
    source = known(documents)
    assert all(source.find(each).digest == one.digest for each, one in found.documents.items())
    assert not {"extends", "with"} & {*found.view.data}


def test_each_value_is_explained_by_its_file_and_line_and_what_it_replaced():
    documents = {
        "a@1": PRICED.replace("tickets: [", "tickets: [{key: row, title: Row, price: 9.00 EUR}, "),
        "b@1": "extends: [a@1]\nwith: {price: 5.00 EUR}\nspec: {capacity: {total: 50}}\n",
    }
    content = event("""\
    extends: [b@1]
    spec:
      schedule: {date: 2027-06-18}
      capacity: {total: 40}
      catalogue: {tickets: [{key: row, $delete: true}]}
    """)
    tree = sound(content, documents).tree
    (total,) = explained(tree, "spec.capacity.total")
    assert (total.value, total.at) == (40, ("", 7, 21))
    assert [(value, at.file, at.line) for value, at in total.replaced] == [
        (50, "b@1", 6),
        (60, "a@1", 6),
        ("${seats}", "a@1", 11),
    ]
    found = explained(tree, "spec.catalogue")
    assert {each.path: (each.at.file, each.at.line) for each in found if not each.deleted} == {
        "spec.catalogue.tickets[seat].key": ("a@1", 13),
        "spec.catalogue.tickets[seat].title": ("a@1", 13),
        "spec.catalogue.tickets[seat].price": ("b@1", 5),
    }
    (row,) = [each for each in found if each.deleted]
    assert (row.path, row.deleted) == ("spec.catalogue.tickets[row]", ("", 8, 25))
    assert explained(tree, "spec.catalogue.tickets[row]") == [row]
    assert explained(tree, "spec.catalogue.tickets[seat].price") == explained(
        tree, "spec.catalogue.tickets.0.price"
    )
    assert explained(tree, "spec.capacty") is None


def test_every_value_of_a_whole_manifest_has_its_place():
    documents = {"venue:yard@5": YARD, "a@1": PRICED}
    content = event(f"extends: [venue:yard@5, a@1]\nwith: {{price: 9.00 EUR, seats: 50}}\n{DATED}")
    texts = {"": content.decode(), **{f: str(d.content, "utf-8") for f, d in _files(documents)}}
    leaves = explained(sound(content, documents).tree, "spec")
    assert len(leaves) > 12
    for leaf in leaves:
        line = texts[leaf.at.file].splitlines()[leaf.at.line - 1]
        assert line[leaf.at.column - 1 :].lstrip("'\"").startswith(str(leaf.value)), leaf


def _files(documents):
    source = known(documents)
    for each in documents:
        kind, _, rest = each.rpartition(":")
        name, _, version = rest.partition("@")
        found = source.find(Reference(kind or "template", name, int(version)))
        yield found.file, found


def test_a_folder_has_documents_by_kind_name_and_version(tmp_path):
    (tmp_path / "template").mkdir()
    for version in (1, 2, 10):
        file = tmp_path / "template" / f"film-night@{version}.yaml"
        file.write_text(head(f"film-night@{version}") + NIGHT)
    source = Folder(tmp_path)
    assert source.versions("template", "film-night") == [1, 2, 10]
    assert source.versions("venue", "film-night") == []
    found = resolve(written(event(f"extends: [film-night@10]\n{DATED}")), source)
    assert found.problems == []
    (made_with,) = found.documents.values()
    assert made_with.file == str(tmp_path / "template" / "film-night@10.yaml")
    missing = resolve(written(event(f"extends: [film-night@3]\n{DATED}")), source).problems
    assert missing[0].message.endswith("there are 1, 2, 10")


def test_a_large_document_is_read_like_a_small_one():
    large = head("a@1") + NIGHT + "#" * 100_000 + "\n"
    reference = Reference("template", "a", 1)
    source = Known({reference: document("a@1", large.encode())})
    assert resolve(written(event(f"extends: [a@1]\n{DATED}")), source).problems == []


def test_every_code_of_inheritance_has_a_file_that_shows_it():
    names = [*CODES]
    codes = {*names[names.index("extends") :]}
    shown = {problem.split()[-1] for _, _, each in EXTENDS.values() for problem in each}
    assert codes - shown == {"digest_differs", "not_locked"}  # shown with a lock, above


LITERAL = """\
inputs:
  - {key: who, type: text, default: "$${nobody}"}
  - {key: note, type: text}
spec:
  title: "$${who} and ${who}"
  description: "${note}"
  venue: {title: "$$${who}"}
  schedule: {zone: Europe/Berlin, start: "20:30", end: "23:00"}
"""


def test_an_input_with_two_dollars_is_text_in_templates_and_in_files():
    content = event(f"""\
    extends: [a@1]
    with: {{note: "With $${{note}}, $ and ${{"}}
    spec:
      {DAY}
      staffing: [{{key: a, role: "$${{who}}", count: 1}}]
    """)
    checked = sound(content, {"a@1": LITERAL})
    found = checked.view.data["spec"]
    assert found["title"] == "${who} and ${nobody}"
    assert found["description"] == "With ${note}, $ and ${"
    assert found["venue"] == {"title": "$${who}"}
    assert found["staffing"][0]["role"] == "${who}"
    (title,) = explained(checked.tree, "spec.title")
    assert (title.value, title.at.file) == ("${who} and ${nobody}", "a@1")
    alone = sound(event(f"spec:\n  title: 'For $${{x}}'\n  {DAY}\n"), {})
    assert alone.view.data["spec"]["title"] == "For ${x}"


def test_what_is_shown_or_locked_with_such_text_reads_back_as_it_was():
    content = event(f"extends: [a@1]\nwith: {{note: '$${{note}}'}}\nspec:\n  {DAY}\n")
    checked = sound(content, {"a@1": LITERAL})
    again = sound(text(as_document(checked.tree)).encode(), {})
    assert again.view.data == checked.view.data
    digests = {str(each): one.digest for each, one in checked.documents.items()}
    assert resolved(content, {"a@1": LITERAL}, digests).problems == []
    template = (head("a@1") + LITERAL).encode()
    shown = text(as_document(resolved(template, {}).tree)).encode()
    assert sound(content, {"a@1": shown.decode()}).view.data == checked.view.data


def test_text_that_looks_like_an_input_is_checked_as_any_other():
    content = event(f"spec:\n  title: Friday\n  currency: '$${{x}}'\n  {DAY}\n")
    assert told(resolved(content, {})) == [":6:13 spec.currency malformed"]
    content = event(f"spec:\n  title: 'For ${{x}}'\n  {DAY}\n")
    (problem,) = resolved(content, {}).problems
    assert problem.message.endswith("for the text write $${x}")
