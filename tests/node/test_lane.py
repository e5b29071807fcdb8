"""Packages of npm come as they are locked, and from wherever npm gets them on this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.node import lane

LOCKS = sorted(Path("tests").glob("*/package-lock.json"))


@pytest.mark.parametrize("lock", LOCKS, ids=str)
def test_a_lock_has_every_digest_and_says_nothing_of_where_packages_are(lock):
    packages = json.loads(lock.read_text())["packages"]
    ours = packages.pop("")
    asked = json.loads(lock.with_name("package.json").read_text())["dependencies"]
    assert ours["dependencies"] == asked
    assert {f"node_modules/{name}" for name in asked} <= packages.keys()
    for package in packages.values():
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package


def test_there_is_node_and_each_package_is_the_one_that_was_asked_for():
    folder = lane.installed()
    asked = json.loads((folder / "package.json").read_text())["dependencies"]
    for name, version in asked.items():
        there = json.loads((folder / "node_modules" / name / "package.json").read_text())
        assert there["version"] == version
    assert lane.run(folder, "-p", "process.execPath").stdout.strip() == lane.node()[0]
