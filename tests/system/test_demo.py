"""`make demo` does the product's main job, on real parts, and proves it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.mark.timeout(180)
def test_a_screening_is_sold_out_to_the_seat_while_servers_are_killed(data_folder):
    command = [sys.executable, "-m", "roadcase", "demo", "--once", "--json", "--guests", "800"]
    done = subprocess.run(
        [*command, "--data", str(data_folder)], capture_output=True, text=True, timeout=150
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["sold"] == found["capacity"] == 300
    assert found["oversold"] == 0
    assert found["attempts"] == found["orders"] + sum(found["refused_by_reason"].values())
    assert set(found["refused_by_reason"]) <= {"ticketing.sold_out"}
    assert found["abandoned"] > 0
    assert found["different_answers"] == 0
    assert found["acknowledged_match"]
    assert found["kills"] == {"postgres": 1, "nats": 1}
    assert found["log_verified"]
    assert found["tamper_found"]
    assert found["replay_equal"]
    assert found["printed"] == 300
    assert found["in_doubt"] == 0
    assert found["codes_match"]
