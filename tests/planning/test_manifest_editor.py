"""Programs that know nothing of us judge manifests by our schema, and editors complete with it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.planning.manifest import KINDS, check, schema
from services.planning.manifest.kinds import EventSpec
from services.planning.manifest.night import Schedule
from tests.node import lane
from tests.node.language_server import Editor, editor
from tests.planning.bad_fields import FIELDS
from tests.planning.test_manifest_schema import BEYOND, EXAMPLES, NIGHTS

SCRIPT = Path(lane.__file__).with_name("manifests.mjs")
EVENT = "apiVersion: roadcase/v1\nkind: Event\nmetadata: {name: friday}\nspec:\n  title: Friday\n"


def by_ajv(files: dict[str, bytes], by: dict) -> dict[str, dict]:
    asked = {
        "schema": by,
        "files": {name: b64encode(each).decode() for name, each in files.items()},
    }
    done = lane.run(lane.installed(), str(SCRIPT), stdin=json.dumps(asked))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_ajv_takes_the_schema_strictly_and_accepts_every_example():
    files = [*EXAMPLES, *NIGHTS.glob("*.yaml"), *NIGHTS.glob("*/*.yaml")]
    found = by_ajv({each.name: each.read_bytes() for each in files}, schema.made())
    assert len(found) == len(EXAMPLES) + 3 >= 7
    assert [each["wrong"] for each in found.values()] == [[]] * len(files)


def test_ajv_refuses_what_check_jsonschema_refuses():
    found = by_ajv({name: content for name, (content, _) in FIELDS.items()}, schema.made())
    assert {name for name, each in found.items() if each["accepted"]} == BEYOND


def test_ajv_would_say_if_the_schema_were_none():
    broken = schema.made() | {"propertiess": {}}
    with pytest.raises(AssertionError, match="strict mode: unknown keyword"):
        by_ajv({}, broken)


@pytest.fixture(scope="module")
def server() -> Iterator[Editor]:
    with editor(schema.FILE) as found:
        yield found


def test_an_editor_underlines_nothing_in_an_example(server):
    found = server.open({each.stem: each.read_text("utf-8") for each in EXAMPLES})
    assert found == {each.stem: [] for each in EXAMPLES}


def test_an_editor_underlines_the_lines_that_the_program_names(server):
    names = [name for name in FIELDS if name not in BEYOND]
    texts = {f"bad-{number}": FIELDS[name][0].decode() for number, name in enumerate(names)}
    for name, found in zip(names, server.open(texts).values(), strict=True):
        ours = {problem.line for problem in check(FIELDS[name][0]).problems}
        assert {each["range"]["start"]["line"] + 1 for each in found} == ours, name


def test_an_editor_proposes_what_may_come_next(server):
    texts = {
        "kind": "apiVersion: roadcase/v1\nkind: \n",
        "spec": f"{EVENT}  \n",
        "schedule": f"{EVENT}  schedule:\n    zone: Europe/Berlin\n    \n",
    }
    server.open(texts)
    assert server.complete("kind", 1, 6) == [*KINDS]
    assert names(EventSpec) - {"title"} <= {*server.complete("spec", 5, 2)}
    assert "title" not in server.complete("spec", 5, 2)
    assert names(Schedule) - {"zone"} <= {*server.complete("schedule", 7, 4)}


def names(section: type) -> set[str]:
    """Its fields as they are written in YAML."""
    return {field.alias or name for name, field in section.model_fields.items()}
