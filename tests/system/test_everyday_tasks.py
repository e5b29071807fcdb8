"""A stranger does twenty everyday tasks of a box office through the public API alone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.system.site import running

SCOPES = [
    f"ticketing:{name}"
    for name in ["plan", "sell", "confirm", "refund", "read", "scan", "give", "members"]
]


def test_twenty_everyday_tasks_are_done_as_they_are_documented(tmp_path):
    with running(tmp_path / "data") as site:
        token = site.token(*SCOPES, "people:read")
        done = subprocess.run(
            [sys.executable, "examples/box_office.py", site.grpc, token],
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    tasks = re.findall(r"^ *\d+ (.+)$", done.stdout, re.MULTILINE)
    assert len(tasks) == 20
    documented = Path("docs/box-office.md").read_text()
    assert [task for task in tasks if task not in documented] == []
