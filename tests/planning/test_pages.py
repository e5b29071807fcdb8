"""What the pages of planning print is so: their YAML is read without a problem, and explained."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import pytest

from services.planning.manifest import check

PAGES = ("planning", "manifest", "series", "triggers", "crew-and-kit", "show-and-suppliers")
BASE = """
apiVersion: roadcase/v1
kind: Event
metadata: {name: page}
spec:
  title: Page
  schedule: {zone: Europe/Berlin, date: 2027-06-18, doors: "19:30", start: "20:00", end: "23:30"}
  capacity: {total: 60, zones: [{key: hall, places: 60}]}
  catalogue: {tickets: [{key: standard, title: Standard, price: 9.00 EUR, zone: hall}]}
  staffing: [{key: door, role: Door, count: 1}, {key: gate, role: Gate, count: 1}]
"""


def pieces(page: str) -> list[str]:
    text = Path(f"docs/{page}.md").read_text("utf-8")
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


ALONE = [
    pytest.param(each, id=f"{page}: {each.partition(':')[0]}")
    for page in PAGES
    for each in pieces(page)
    if "\nextends:" not in each and not each.startswith("#")
]


@pytest.mark.parametrize("piece", ALONE)
def test_each_piece_that_is_printed_is_fine_in_an_event_that_has_what_it_names(piece):
    whole = piece if piece.startswith("apiVersion") else BASE + indent(piece, "  ")
    assert [each.shown("page.yaml") for each in check(whole.encode()).problems] == []


def test_the_template_of_the_page_is_explained_as_the_page_prints_it(tmp_path):
    _, template, night, *_ = pieces("manifest")
    shutil.copytree("examples/film-nights/venue", tmp_path / "venue")
    (tmp_path / "template").mkdir()
    (tmp_path / "template" / "film-night@1.yaml").write_text(template, "utf-8")
    (tmp_path / "nosferatu.yaml").write_text(night, "utf-8")
    command = [sys.executable, "-m", "roadcase", "explain", "nosferatu.yaml"]
    done = subprocess.run(
        [*command, "spec.catalogue.tickets[seat]"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    page = Path("docs/manifest.md").read_text("utf-8")
    printed = page.partition("$ roadcase explain nosferatu.yaml")[2].partition("```")[0]
    assert done.stdout.splitlines() == printed.splitlines()[1:]
