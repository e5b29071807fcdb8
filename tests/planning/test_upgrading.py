"""A file over another version of what it extends, and the file that a template begins with."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from roadcase.cli.template_new import manifest_of, values_of
from roadcase.errors import Invalid
from services.planning.manifest import written
from services.planning.manifest.inheritance import Reference, extended, upgraded
from tests.planning.bad_extends import DATED, NIGHT, PRICED
from tests.planning.extending import event, resolved, sound

TO = Reference("template", "film-night", 12)
PRICE = SimpleNamespace(
    key="price", type="money", required=True, default="", description="A\nseat."
)
SEATS = SimpleNamespace(key="seats", type="integer", required=False, default="60", description="")
SHARE = SimpleNamespace(key="share", type="number", required=False, default="", description="")
DARK = SimpleNamespace(key="dark", type="boolean", required=False, default="true", description="")
LONG = """\
# film-night@3 is the best
extends:
  - 'venue:yard@3'  # film-night@3
  - "template:film-night@3" # the film
"""
INPUTS = [PRICE, SEATS, SHARE, DARK]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("extends: [film-night@3]\n", "extends: [film-night@12]\n"),
        (LONG, LONG.replace("template:film-night@3", "template:film-night@12")),
        (
            "a: film-night@3\r\nextends: [film-night@3]\r\n",
            "a: film-night@3\r\nextends: [film-night@12]\r\n",
        ),
        (
            "extends: [venue:film-night@3, film-night@3]\n",
            "extends: [venue:film-night@3, film-night@12]\n",
        ),
        ("extends: [&it film-night@3]\nx: *it\n", "extends: [&it film-night@12]\nx: *it\n"),
        ("extends: [long-film-night@3]\n", "extends: [long-film-night@3]\n"),
    ],
)
def test_nothing_but_the_version_of_the_document_is_changed(before, after):
    assert upgraded(before, TO) == after


@pytest.mark.parametrize(
    "source",
    [
        'extends: ["film\\x2dnight@3"]\n',
        'extends: ["film\\x2dnight@3"]  # film-night@3\n',
        "extends:\n  - >-\n    film-night@3\n",
        "extends: [\n",
    ],
)
def test_a_version_that_is_written_in_a_strange_way_is_left_alone(source):
    assert upgraded(source, TO) is None


def test_what_a_file_extends_itself_is_known_by_kind_and_name():
    source = "extends: [venue:film-night@1, film-night@3]\n"
    assert extended(source, TO) == TO._replace(version=3)
    assert extended(source, TO._replace(kind="venue")).version == 1
    assert extended(source, TO._replace(name="film")) is None
    assert extended("spec: {}\n", TO) is None


def test_an_upgrade_keeps_what_the_file_says_and_changes_what_the_template_does():
    content = event(f"extends: [a@1]\nwith: {{price: 9.00 EUR}}  # a bargain\n{DATED}")
    new = upgraded(content.decode(), Reference("template", "a", 2)).encode()
    documents = {"a@1": PRICED, "a@2": PRICED.replace("default: 60", "default: 50")}
    before, after = sound(content, documents).view.data, sound(new, documents).view.data
    assert after["spec"]["capacity"] == {"total": 50}
    rest = {**before["spec"], "capacity": after["spec"]["capacity"]}
    assert after == {**before, "spec": rest}


def test_what_is_set_is_of_the_type_of_its_input():
    said = ["price=9.00 EUR", "seats=40", "share=0.5", "dark=false"]
    assert values_of(INPUTS, said) == {
        "price": "9.00 EUR",
        "seats": 40,
        "share": 0.5,
        "dark": False,
    }
    assert values_of(INPUTS, ["price=a=b"]) == {"price": "a=b"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (["price=1", "seat=4"], "there is no input seat, did you mean seats?"),
        (["price=1", "xyz=4"], "there is no input xyz; there are price, seats, share, dark"),
        (["price=1", "seats=many"], "seats is a whole number, not many"),
        (["price=1", "dark=yes"], "dark is true or false, not yes"),
        (["price=1", "price=2"], "price is set twice"),
        (["price"], "price is not like NAME=VALUE"),
        (["seats=4"], "needed still: --set price=…"),
    ],
)
def test_what_cannot_be_set_says_why(said, words):
    with pytest.raises(Invalid) as error:
        values_of(INPUTS, said)
    assert str(error.value) == words


@pytest.mark.parametrize(
    "price", ["9.00 EUR", "NO", "20:30", "12", "a: b # c", "\"'", "true", "é😀"]
)
def test_a_manifest_that_is_written_reads_back_as_what_was_set(price):
    values = values_of(INPUTS, [f"price={price}", "seats=40"])
    text = manifest_of("film-night@3", "friday", "2027-06-18", INPUTS, values)
    tree = written(text.encode()).tree
    assert tree.data["with"] == {"price": price, "seats": 40}
    assert tree.data["extends"] == ("film-night@3",)
    assert "  # dark: true\n" in text
    assert "  # share: left out\n" in text
    assert "  # A seat.\n" in text


def test_what_is_set_is_text_even_if_it_looks_like_an_input():
    about = SimpleNamespace(key="note", type="text", required=False, default="", description="")
    content = manifest_of("a@1", "friday", "2027-06-18", [about], {"note": "For ${you}"})
    template = "inputs: [{key: note, type: text}]\n" + NIGHT + "  description: '${note}'\n"
    found = sound(content.encode(), {"a@1": template})
    assert found.view.data["spec"]["description"] == "For ${you}"


def test_a_manifest_without_anything_set_is_fine_where_nothing_must_be():
    text = manifest_of("a@1", "friday", "2027-06-18", [SEATS], {})
    assert resolved(text.encode(), {"a@1": NIGHT}).problems == []
