"""The JSON Schema is what the models say, and another program judges by it as it should."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from roadcase.fields import Id
from services.planning.manifest import KINDS, check, schema
from services.planning.manifest.fields import Key, Section
from services.planning.manifest.rules.keys import REFERENCES
from services.planning.manifest.shape import EACH, sections
from tests.planning.bad import GOOD
from tests.planning.bad_fields import FIELDS

NIGHTS = Path("examples/film-nights")
EXAMPLES = sorted(Path("examples").glob("*.yaml"))
CHECKER = [str(Path(sys.executable).with_name("check-jsonschema"))]
CRASHES = "a number of very many digits"  # check-jsonschema does, not its judgement
# Only the program itself knows zones, days, currencies with their decimals, and check digits.
BEYOND = {
    *("29 February", "a zone on Mars", "a zone that is a path", "a blank title"),
    *("three decimals of euros", "decimals of yen", "two decimals of dinars"),
    *("money that nobody has", "a barcode misread", "a rule that is none"),
    *("a title that nobody sees", "a title with a hidden space"),
    *("a title that turns and is not turned back", "a description with a hidden sentence"),
    *("a rule by the minute", "a rule for thousands", "a rule that never matches"),
}


def judged(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [*CHECKER, "--no-cache", "--schemafile", str(schema.FILE), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True)


def test_what_is_committed_is_what_the_models_say():
    assert schema.committed() == schema.text(), "run `python tools/catalogue.py`"


def test_it_is_a_schema_of_2020_12_by_its_metaschema():
    assert json.loads(schema.committed())["$schema"].endswith("2020-12/schema")
    done = subprocess.run(
        [*CHECKER, "--check-metaschema", str(schema.FILE)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_another_program_accepts_every_example():
    done = judged(*EXAMPLES)
    assert done.returncode == 0, done.stdout + done.stderr


def test_another_program_refuses_every_file_with_a_field_that_is_wrong(tmp_path):
    files = {}
    for number, (name, (content, _)) in enumerate(FIELDS.items()):
        if name != CRASHES:
            files[name] = tmp_path / f"{number:02}.yaml"
            files[name].write_bytes(content)
    said = judged(*files.values()).stdout
    accepted = {name for name, file in files.items() if str(file) not in said}
    assert accepted == BEYOND


def test_every_kind_has_its_own_branch_and_an_editor_is_told_of_all():
    made = schema.made()
    assert made["properties"]["kind"]["enum"] == [*KINDS]
    named = [each["then"].get("else", each["then"])["$ref"] for each in made["allOf"]]
    part = {"EventTemplate": "EventTemplatePart"}
    assert named == [f"#/$defs/{part.get(kind, kind)}" for kind in KINDS]


def test_another_program_knows_what_may_be_missing_where_something_is_extended(tmp_path):
    fine = [*NIGHTS.glob("*.yaml"), *NIGHTS.glob("*/*.yaml")]
    assert len(fine) == 3
    done = judged(*fine)
    assert done.returncode == 0, done.stdout + done.stderr
    text = (NIGHTS / "nosferatu.yaml").read_text("utf-8")
    wrong = {
        "alone": text.replace("extends: [film-night@1]\n", ""),
        "name": text.replace("date:", "day:"),
        "value": text.replace("count: 1", "count: many"),
        "reference": text.replace("film-night@1", "film-night"),
        "no_key": text.replace("key: pianist, ", ""),
    }
    for name, content in wrong.items():
        (tmp_path / f"{name}.yaml").write_text(content)
    said = judged(*tmp_path.glob("*.yaml")).stdout
    assert [name for name in wrong if f"{name}.yaml" not in said] == []


def test_nothing_in_a_manifest_is_null():
    assert '"null"' not in schema.committed()


@pytest.mark.parametrize("kind", KINDS)
def test_every_section_says_what_it_is_and_refuses_what_it_does_not_know(kind):
    for _, section in sections(KINDS[kind]):
        assert section.__doc__
        assert section.model_config["extra"] == "forbid"
        assert section.model_config["frozen"]


def test_every_reference_is_between_fields_that_are_there():
    there = {path for kind in KINDS.values() for path in fields(kind)}
    for source, target in REFERENCES.items():
        assert ("spec", *source.split(".")) in there, source
        assert ("spec", *target.split("."), EACH, "key") in there, target


def test_every_field_that_names_the_key_of_something_is_looked_up():
    named = {
        path[1:]
        for kind in KINDS.values()
        for path, about in fields(kind).items()
        if "The key of" in about or "Keys of" in about or "roles of staffing" in about
    }
    # A stop, and what is of one date, are held to every rule as events of their own.
    alone = ("circuit", "stops", EACH), ("recurrence", "changes", EACH)
    named = {path[3:] if path[:3] in alone and path[3:] != ("stop",) else path for path in named}
    # So are lines of kit, in each event that extends them.
    named = {("kit", *path[1:]) if path[0] == "lines" else path for path in named}
    looked_up = {tuple(source.split(".")) for source in REFERENCES}
    assert named <= looked_up | {(*source[:-1],) for source in looked_up}
    assert Key is Id


def fields(model: type[Section]) -> dict[tuple, str]:
    """Every field by its path, with what is said about it; the entries of a list, too."""
    found = {}
    for path, section in sections(model):
        for name, each in section.model_fields.items():
            found[*path, each.alias or name] = each.description or ""
            found[*path, each.alias or name, EACH] = ""
    return found


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_every_example_is_fine(file):
    assert check(file.read_bytes()).problems == []


def test_a_manifest_cannot_be_changed_once_it_is_read():
    made = check(GOOD.encode()).manifest
    assert made is not None
    with pytest.raises(ValueError, match="frozen"):
        made.spec.title = "Saturday"  # type: ignore[misc, union-attr]
