"""`make demo` does the product's main job, on real parts, and proves it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from roadcase.demo.show import held

ASKED_FOR = {
    *("capacity", "attempts", "sold", "refused_by_reason", "oversold", "printed", "in_doubt"),
    *("codes_match", "sale_p50_ms", "sale_p99_ms", "sale_to_print_p99_ms", "sales_per_s"),
    *("kills", "log_verified", "tamper_found", "replay_equal"),
}
GOOD = {
    "capacity": 300,
    "sold": 300,
    "printed": 300,
    "orders": 120,
    "attempts": 125,
    **dict.fromkeys(("oversold", "in_doubt", "different_answers"), 0),
    **dict.fromkeys(("acknowledged_match", "codes_match", "log_verified"), True),
    **dict.fromkeys(("tamper_found", "replay_equal"), True),
    "refused_by_reason": {"ticketing.sold_out": 5},
}


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
    assert set(found) == ASKED_FOR
    assert found["attempts"] > sum(found["refused_by_reason"].values())
    assert 0 < found["sale_p50_ms"] <= found["sale_p99_ms"]
    assert found["sale_to_print_p99_ms"] > 0
    assert found["sales_per_s"] > 0
    assert set(found["refused_by_reason"]) <= {"ticketing.sold_out"}
    assert found["kills"] == {"postgres": 1, "nats": 1}
    assert found["log_verified"]
    assert found["tamper_found"]
    assert found["replay_equal"]
    assert found["printed"] == 300
    assert found["in_doubt"] == 0
    assert found["codes_match"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sold": 299, "printed": 299},
        {"oversold": 1},
        {"printed": 299},
        {"in_doubt": 1},
        {"attempts": 126},
        {"refused_by_reason": {"ticketing.sold_out": 4, "roadcase.internal": 1}},
        *({name: 1} for name in ("different_answers",)),
        *({name: False} for name, value in GOOD.items() if value is True),
    ],
)
def test_nothing_may_be_wrong(wrong):
    assert held(GOOD)
    assert not held(GOOD | wrong)


class Stage:
    """The demonstration as it stays up, and the lines that it printed."""

    def __init__(self, data: Path) -> None:
        command = ["-m", "roadcase", "demo", "--calm", "--guests", "400", "--data", str(data)]
        self.process = subprocess.Popen(
            [sys.executable, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "COLUMNS": "80"},
        )
        self.said: list[str] = []
        for line in self.process.stdout:
            self.said.append(line)
            if "Ctrl-C" in line:
                return
        raise AssertionError("".join(self.said))

    def line(self, holds: str) -> str:
        (found,) = (line.strip() for line in self.said[-20:] if holds in line)
        return found

    def shell(self, *holds: str, order: str = "my-order-1") -> subprocess.Popen[str]:
        """What somebody gets who copies these lines, one after the other."""
        lines = [self.line(each).replace("my-order-1", order) for each in holds]
        # The last one takes the shell's place, so that it is what is killed.
        lines[-1] = lines[-1] if "=" in lines[-1].split()[0] else f"exec {lines[-1]}"
        script = "\n".join(["set -e", *lines])
        return subprocess.Popen(
            ["bash", "-c", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def typed(self, *holds: str) -> str:
        with self.shell(*holds) as process:
            said, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said
        return said


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    this = Stage(tmp_path_factory.mktemp("demo") / "data")
    yield this
    children = psutil.Process(this.process.pid).children(recursive=True)
    this.process.send_signal(signal.SIGINT)
    this.process.communicate(timeout=60)
    _, left = psutil.wait_procs(children, timeout=30)
    assert this.process.returncode == 0
    assert not left


@pytest.mark.timeout(240)
def test_a_partner_asks_with_the_line_that_is_printed(stage):
    found = json.loads(stage.typed("export TOKEN", "buf curl"))
    assert int(found["pools"][0]["free"]) > 0


@pytest.mark.timeout(240)
def test_a_partner_sells_and_watches_and_goes_on_after_being_killed(stage):
    for kept in Path().glob("partner.cursor*"):
        kept.unlink()
    first = _watched(stage, "my-order-1", until=lambda said: len(said) == 100)
    rest = _watched(stage, "my-order-2", until=lambda said: '"my-order-2"' in said[-1])
    tickets = [json.loads(line)["ticket"] for line in first + rest]
    assert len(set(tickets)) == 302  # those of all guests, and the partner's own
    assert len(tickets) <= 303  # the one that was told of when it was killed may come again
    for kept in Path().glob("partner.cursor*"):
        kept.unlink()


def _watched(stage: Stage, order: str, until: Callable[[list[str]], bool]) -> list[str]:
    """What the partner's program said until it was killed."""
    said = []
    with stage.shell("export TOKEN", "examples/partner.py", order=order) as process:
        for line in process.stdout:
            said.append(line)
            if until(said):
                process.kill()
    return [line for line in said if line.endswith("\n")]


@pytest.mark.timeout(240)
def test_an_operator_reads_verifies_and_measures_with_the_lines_that_are_printed(stage):
    assert "roadcase_log_position" in stage.typed("/metrics")
    assert re.search(r"[0-9]", stage.typed("log verify"))
    with stage.shell("log tail") as process:
        seen = process.stdout.readline()
        process.terminate()
    assert "ticketing" in seen or "box-office" in seen


@pytest.mark.timeout(240)
def test_an_organiser_opens_the_page_and_its_token_shows_the_takings(stage):
    link = urlsplit(stage.line("/#token="))
    asked = dict(each.split("=", 1) for each in link.fragment.split("&"))
    base = f"http://{link.netloc}"
    assert "<title>" in httpx.get(f"{base}/").text
    board = httpx.get(
        f"{base}/ticketing/occurrences/{asked['occurrence']}/board",
        headers={"authorization": f"Bearer {asked['token']}"},
    ).json()["item"]
    assert "360000" in json.dumps(board)  # 300 seats at 12.00 EUR


def test_the_partners_program_is_twelve_lines():
    lines = [line for line in Path("examples/partner.py").read_text().splitlines() if line.strip()]
    assert len(lines) == 13  # and one that says what it is
