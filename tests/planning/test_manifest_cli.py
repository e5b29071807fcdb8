"""`roadcase manifest`: exit codes, answers for people and programs, and nothing slower by it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from services.planning.manifest import check
from tests.planning.bad import GOOD, event

JUNE = "examples/microcinema-night.yaml"


def roadcase(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "roadcase", "manifest", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=60)


def test_what_is_fine_is_described_in_a_line_and_ends_with_0():
    done = roadcase("check", JUNE, "examples/monthly-series.yaml")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        (
            f'{JUNE}: ok: Event microcinema-june "Microcinema in the yard", '
            "2027-06-18T21:15 to 2027-06-18T23:27 (by its programme), Europe/Berlin"
        ),
        (
            "examples/monthly-series.yaml: ok: Series first-friday-shorts "
            '"First Friday shorts", 20:00 to 22:30, Europe/Berlin'
        ),
    ]


def test_what_is_wrong_is_told_line_by_line_and_ends_with_1(tmp_path):
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_bytes(event("capcity: {}\ntax: {profile: 5}\n"))
    done = roadcase("check", "good.yaml", "bad.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[1:] == [
        'bad.yaml:7:3: spec.capcity: there is no such field here, did you mean "capacity"?',
        "bad.yaml:8:18: spec.tax.profile: is text: put it in quotes if 5 is meant",
    ]


def test_programs_get_places_paths_and_codes(tmp_path):
    (tmp_path / "bad.yaml").write_bytes(event("capcity: {}\n"))
    done = roadcase("check", "bad.yaml", "--json", cwd=tmp_path)
    assert done.returncode == 1
    (file,) = json.loads(done.stdout)["files"]
    (problem,) = file["problems"]
    assert (file["file"], file["ok"], "manifest" in file) == ("bad.yaml", False, False)
    assert {name: problem[name] for name in ("line", "column", "path", "code")} == {
        "line": 7,
        "column": 3,
        "path": "spec.capcity",
        "code": "unknown_field",
    }


def test_programs_get_what_a_manifest_is_of():
    done = roadcase("check", JUNE, "--json")
    (file,) = json.loads(done.stdout)["files"]
    assert file["ok"]
    assert file["manifest"]["ends"] == "2027-06-18T23:27"
    assert file["manifest"]["ends_by"] == "programme"
    assert "catalogue" in file["manifest"]["sections"]


def test_a_file_that_is_not_there_is_told_without_a_trace():
    done = roadcase("check", "nowhere.yaml")
    assert done.returncode == 3
    assert "nowhere.yaml cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_without_end_is_read_no_further_than_it_may_be_long():
    done = roadcase("check", "/dev/zero")
    assert done.returncode == 1
    assert "at most 1000000 bytes" in done.stdout


def test_the_schema_is_printed_as_it_is_committed():
    done = roadcase("schema")
    assert done.returncode == 0
    file = Path("services/planning/manifest/roadcase-v1.schema.json")
    assert done.stdout == file.read_text("utf-8")


def test_no_other_command_imports_what_reads_manifests():
    code = (
        "import sys, typer, roadcase.cli as cli; cli._add_others(typer.Typer());"
        "print([name for name in sys.modules if name.startswith(('services.planning', 'ruamel'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def copied(folder: Path) -> Path:
    shutil.copytree("examples/film-nights", folder / "nights")
    return folder / "nights"


def test_what_is_extended_is_shown_locked_and_refused_when_it_changes(tmp_path):
    nights = copied(tmp_path)
    (nights / "manifest.lock").unlink()
    unlocked = roadcase("check", "--locked", "nosferatu.yaml", cwd=nights)
    assert unlocked.returncode == 3
    assert "manifest.lock cannot be read" in unlocked.stderr
    assert roadcase("lock", "nosferatu.yaml", cwd=nights).returncode == 0
    shipped = Path("examples/film-nights/manifest.lock").read_text("utf-8")
    assert (nights / "manifest.lock").read_text("utf-8") == shipped
    assert roadcase("check", "--locked", "nosferatu.yaml", cwd=nights).returncode == 0
    shown = roadcase("show", "nosferatu.yaml", cwd=nights)
    whole = check(shown.stdout.encode())
    assert whole.problems == []
    assert whole.view.data["spec"]["capacity"] == {"total": 60}
    yard = nights / "venue" / "yard@1.yaml"
    yard.write_text(yard.read_text("utf-8").replace("The yard", "A yard"), "utf-8")
    assert roadcase("check", "nosferatu.yaml", cwd=nights).returncode == 0
    refused = roadcase("check", "--locked", "nosferatu.yaml", cwd=nights)
    assert refused.returncode == 1
    assert refused.stdout.startswith(
        "template/film-night@1.yaml:5:11: extends.0: venue:yard@1 is not"
    )
    (nights / "manifest.lock").write_text("{}")
    assert "lock_unreadable" in roadcase("check", "--locked", "nosferatu.yaml", cwd=nights).stderr


def test_templates_are_looked_up_in_the_folder_that_is_said(tmp_path):
    nights = copied(tmp_path)
    shutil.copy(nights / "nosferatu.yaml", tmp_path / "alone.yaml")
    assert roadcase("check", "alone.yaml", cwd=tmp_path).stdout == (
        "alone.yaml:4:11: extends.0: there is no template film-night here: "
        "it would be the file template/film-night@1.yaml\n"
    )
    done = roadcase("check", "alone.yaml", "--templates", "nights", cwd=tmp_path)
    assert done.stdout.startswith('alone.yaml: ok: Event nosferatu "Film night: Nosferatu"')


def test_each_value_is_explained_by_where_it_is_written():
    nights = "examples/film-nights"
    command = [sys.executable, "-m", "roadcase", "explain", f"{nights}/nosferatu.yaml"]
    said = subprocess.run([*command, "spec.capacity"], capture_output=True, text=True, timeout=60)
    assert said.stdout.splitlines() == [
        f"spec.capacity.total: 60  {nights}/template/film-night@1.yaml:9:42",
        f"    instead of ${{seats}}  {nights}/template/film-night@1.yaml:13:21",
        f"    instead of 80  {nights}/venue/yard@1.yaml:10:21",
    ]
    said = subprocess.run(
        [*command, "spec.catalogue.tickets[friend]", "--json"], capture_output=True, text=True
    )
    (row,) = json.loads(said.stdout)["values"]
    assert row["deleted"] == f"{nights}/nosferatu.yaml:12:9"
    nothing = subprocess.run([*command, "spec.capcity"], capture_output=True, text=True)
    assert nothing.returncode == 3
    assert "there is no spec.capcity" in nothing.stderr


def test_where_nothing_answers_it_is_said_in_a_line():
    command = [sys.executable, "-m", "roadcase", "diff", "film", "--server", "127.0.0.1:1"]
    env = {**os.environ, "ROADCASE_TOKEN": "any"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)
    assert done.returncode == 4
    assert "nothing answers at 127.0.0.1:1" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
