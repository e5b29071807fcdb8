"""Whatever bytes a manifest has: problems, and never anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import ScalarEvent

from services.planning.manifest import CODES, check, resolve, written
from services.planning.manifest.inheritance import Known, Reference, document
from services.planning.manifest.reading import read
from services.planning.manifest.scanning import events
from services.planning.manifest.tree import Node

EXAMPLES = sorted(Path("examples").glob("*.yaml"))
TEXTS = {file.name: file.read_text("utf-8") for file in EXAMPLES}
SPOILT = ["{x: 1}", "[]", "~", "!!python/object:os.system x", '"\\a"', "[[x]]"]
MARKS = [
    "a: ",
    "- ",
    "\n",
    "  ",
    "\t",
    ": ",
    "?",
    "#",
    " #",
    "&a ",
    "*a",
    "!",
    "|\n",
    ">",
    "'",
    '"',
]
BRACKETS = ["[", "]", "{", "}", ",", "---\n", "...\n", "%YAML 1.1\n", "<<: ", "\r\n", "-", "\\"]
WORDS = ["kind: Event\n", "apiVersion: roadcase/v1\n", "spec:\n", "schedule:\n", "0", "x", "é"]
SNIPPETS = st.sampled_from(MARKS + BRACKETS + WORDS)
INHERITING = [
    "$delete: true",
    "$before: a",
    "${film}",
    "${x}",
    "extends: [a@1]\n",
    "with: {a: 1}\n",
]
INHERITING += ["film-night@1", "venue:yard@1", "inputs:\n", "- {key: x, type: text}\n", "key: a"]
FOLDER = Path("examples/film-nights")
NIGHT = FOLDER / "nosferatu.yaml"
TEMPLATE, YARD = FOLDER / "template/film-night@1.yaml", FOLDER / "venue/yard@1.yaml"
YAMLISH = st.lists(SNIPPETS, max_size=40).map("".join)


def holds(content: bytes) -> None:
    found = check(content)
    assert found.problems == sorted(found.problems)
    assert (found.manifest is None) == bool(found.problems)
    lines = content.count(b"\n") + content.count(b"\r") + 2
    for each in found.problems:
        assert each.code in CODES
        assert 1 <= each.line <= lines
        assert each.column >= 1
        assert each.shown("f").isprintable()


@given(st.binary(max_size=300))
def test_any_bytes_give_problems_and_nothing_else(content):
    holds(content)


@given(YAMLISH)
@settings(max_examples=500)
def test_any_text_made_of_yaml_gives_problems_and_nothing_else(text):
    holds(text.encode())


@given(st.sampled_from([*TEXTS.values()]), st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_good_file_with_anything_put_in_anywhere_gives_problems_and_nothing_else(text, data):
    content = text.encode()
    at = data.draw(st.integers(0, len(content)))
    until = data.draw(st.integers(at, min(at + 30, len(content))))
    put = data.draw(st.one_of(st.binary(max_size=10), YAMLISH.map(str.encode)))
    holds(content[:at] + put + content[until:])


@given(st.sampled_from([0, 1]), st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_is_put_into_a_file_that_extends_or_is_extended_gives_problems_only(which, data):
    """Words that mean something to inheritance, anywhere."""
    texts = [NIGHT.read_text("utf-8"), TEMPLATE.read_text("utf-8")]
    at = data.draw(st.integers(0, len(texts[which])))
    until = data.draw(st.integers(at, min(at + 30, len(texts[which]))))
    put = data.draw(st.lists(st.sampled_from([*INHERITING, *WORDS, *MARKS]), max_size=6))
    texts[which] = texts[which][:at] + "".join(put) + texts[which][until:]
    yard = Reference("venue", "yard", 1)
    film = Reference("template", "film-night", 1)
    documents = {yard: document("yard", YARD.read_bytes())}
    documents[film] = document("film", texts[1].encode())
    for text in texts:
        found = resolve(written(text.encode()), Known(documents))
        assert {each.code for each in found.problems} <= {*CODES}
        assert found.problems == sorted(found.problems)


def spans(text: str) -> list[tuple[int, int, int]]:
    """Line, column and end of every value that is a scalar on one line."""
    written = {
        (each.start_mark.line, each.start_mark.column): each.end_mark
        for each in events(text)
        if isinstance(each, ScalarEvent)
    }
    tree, _ = read(text.encode())
    places = [(leaf.at.line - 1, leaf.at.column - 1) for leaf in leaves(tree)]
    return [(*at, end.column) for at in places if (end := written[at]).line == at[0]]


def leaves(node: Node) -> list[Node]:
    return [leaf for part in node.parts.values() for leaf in leaves(part)] or [node]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("spoilt", SPOILT)
def test_whichever_leaf_is_spoilt_there_is_a_problem_in_its_line(name, spoilt):
    text = TEXTS[name]
    lines = text.splitlines()
    found = spans(text)
    assert len(found) > 60
    for line, column, end in found[:: 1 if spoilt == SPOILT[0] else 4]:
        bad = lines[line][:column] + spoilt + lines[line][end:]
        content = "\n".join([*lines[:line], bad, *lines[line + 1 :]])
        problems = check(content.encode()).problems
        assert any(each.line == line + 1 for each in problems), (bad, problems)


@given(st.one_of(YAMLISH, st.text(max_size=60)))
@example("a: ?a: \na: ")  # a colon at the end of a line, where Python 3.11.2 matched too much
@example("title: Night: \nname: b")
@settings(max_examples=800)
def test_shortcuts_find_what_the_long_way_finds(text):
    text = text.replace("\r", "").replace("\x85", "").replace("\u2028", "").replace("\u2029", "")
    assert told(events(text)) == told(YAML(typ="safe", pure=True).parse(text))


@pytest.mark.parametrize("name", TEXTS)
def test_shortcuts_find_what_the_long_way_finds_in_the_examples(name):
    text = TEXTS[name]
    assert told(events(text)) == told(YAML(typ="safe", pure=True).parse(text))


def told(found) -> list[tuple]:
    """Each event with where it begins and ends; at last what went wrong, if anything did."""
    out = []
    try:
        for each in found:
            places = [(mark.line, mark.column) for mark in (each.start_mark, each.end_mark)]
            names = ("value", "anchor", "tag", "style", "implicit", "version")
            out.append((type(each), *places, [getattr(each, name, None) for name in names]))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        out.append((type(error), error.problem, mark and (mark.line, mark.column)))
    except Exception as error:  # noqa: BLE001 - the same one, whatever it is
        out.append((type(error), str(error)))
    return out
