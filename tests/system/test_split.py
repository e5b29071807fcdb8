"""`roadcase up --split`: a process for each service, watched over, and all of them stopped."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import psutil
import pytest

from roadcase.run import at_place
from roadcase.service import find_services
from roadcase.settings import Settings, read
from roadcase.split import children_of, introduced, settings_of
from tests.system.alone import SERVICES, asked, asked_until, health, settings


class Split:
    """The running installation: where each service is, and its processes."""

    def __init__(self, data: Path, **more: object) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "-m", "roadcase", "up", "--split"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=settings(data=data, **more),
        )
        self.doors: dict[str, tuple[str, str]] = {}
        said = []
        for line in self.process.stdout:
            said.append(line)
            if found := re.match(r"ready +(\w+) +http://(\S+) +grpc (\S+)", line):
                self.doors[found[1]] = (found[2], found[3])
            if "Ctrl-C" in line:
                return
        raise AssertionError("".join(said))

    def services(self) -> dict[str, psutil.Process]:
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # it ended meanwhile
                if match := re.search(r"-m services\.(\w+)", " ".join(child.cmdline())):
                    found[match[1]] = child
        return found

    def end(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.communicate(timeout=60)


@pytest.fixture
def split(made_folder) -> Iterator[Split]:
    this = Split(made_folder)
    everything = psutil.Process(this.process.pid).children(recursive=True)
    yield this
    if this.process.poll() is None:
        this.end(signal.SIGINT)
    for each in everything:  # what a failed test left behind
        with suppress(psutil.NoSuchProcess):
            each.kill()


def names_of(processes: list[psutil.Process]) -> set[str]:
    """Of those that still run: some of PostgreSQL's own live for a moment only."""
    names = set()
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            names.add(each.name())
    return names


def gone(processes: list[psutil.Process]) -> bool:
    return len(psutil.wait_procs(processes, timeout=30)[1]) == 0


@pytest.mark.timeout(180)
def test_each_service_has_its_process_and_ctrl_c_stops_them_and_the_servers(split):
    assert sorted(split.doors) == sorted(split.services()) == SERVICES
    for http, grpc in split.doors.values():
        assert asked(http, "/readyz") == (200, {"status": "ready"})
        assert health(grpc) == "SERVING"
    everything = psutil.Process(split.process.pid).children(recursive=True)
    assert {"postgres", "nats-server"} <= names_of(everything)
    split.end(signal.SIGINT)
    assert split.process.returncode == 0
    assert gone(everything)


@pytest.mark.timeout(180)
def test_a_service_that_dies_is_back_at_the_same_ports(split):
    before = split.services()
    before["ticketing"].kill()
    assert gone([before["ticketing"]])
    http, grpc = split.doors["ticketing"]
    asked_until(http, "/readyz", 200)
    assert health(grpc) == "SERVING"
    after = split.services()
    assert after["ticketing"] != before["ticketing"]
    assert after["devices"] == before["devices"]


@pytest.mark.timeout(180)
def test_services_end_when_what_started_them_was_killed(split):
    services = list(split.services().values())
    split.end(signal.SIGKILL)
    assert gone(services)
    # The servers go on for the next start, which takes them over.
    again = Split(split.data)
    again.end(signal.SIGINT)


@pytest.mark.timeout(180)
def test_the_command_line_finds_what_a_split_installation_runs(split):
    env = settings(data=split.data)
    doctor = [sys.executable, "-m", "roadcase", "doctor"]
    done = subprocess.run(doctor, capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stdout
    for service in SERVICES:
        (line,) = (each for each in done.stdout.splitlines() if f"{service} log" in each)
        assert "all is well" in line


@pytest.mark.timeout(180)
def test_what_is_revoked_is_refused_by_each_process_within_a_second(split):
    def cli(*arguments: str) -> dict[str, str]:
        command = [sys.executable, "-m", "roadcase", "token", *arguments, "--json"]
        env = settings(data=split.data)
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
        return json.loads(done.stdout)

    issued = cli("issue", "acme", "ticketing:read")
    headers = {"authorization": f"Bearer {issued['token']}"}

    def statuses() -> set[int]:
        doors = split.doors.values()
        return {asked(http, "/openapi.json", headers)[0] for http, _ in doors}

    assert statuses() == {200}
    cli("revoke", issued["id"])
    until = monotonic() + 1
    while statuses() != {401}:
        assert monotonic() < until


def test_own_ports_are_counted_from_the_ones_given_unless_any_will_do():
    for service in find_services():
        own = settings_of(service, Settings(http_port=9000, grpc_port=0))
        assert (own.http_port, own.grpc_port) == (9000 + service.place, 0)


async def test_each_service_is_told_where_the_others_will_answer(tmp_path):
    elsewhere = Settings(data=tmp_path, grpc_port=0, peers="ticketing=there:1")
    for told in (elsewhere, elsewhere.model_copy(update={"peers": "", "grpc_port": 7000})):
        children = children_of(find_services(), told)
        own = {each.name: f"127.0.0.1:{each.settings.grpc_port}" for each in children}
        assert len(set(own.values())) == len(own)
        assert all(each.settings.addresses == own | told.addresses for each in children)


def test_alone_a_service_has_its_own_default_ports_and_keeps_the_ones_it_is_given():
    assert at_place(read({}), 2).http_port == 8082
    assert at_place(read({}), 2).grpc_port == 50053
    assert at_place(read({"ROADCASE_HTTP_PORT": "80"}), 2).http_port == 80


def test_services_of_one_machine_are_introduced_to_each_other_unless_the_settings_say_how():
    services = find_services()
    told = introduced(services, Settings(http_port=9000))
    assert "devices=http://127.0.0.1:9001" in told.doors.split(",")
    assert {"http://127.0.0.1:9000", "http://localhost:9000"} <= set(told.origins.split(","))
    for given in ({"http_port": 0}, {"public_url": "https://x.example"}, {"host": "0.0.0.0"}):
        settings = Settings(**{"http_port": 9000, **given})
        assert introduced(services, settings) == settings
    assert introduced(services, Settings(doors="devices=http://d")).origins == ""


@pytest.mark.timeout(180)
def test_followers_have_processes_of_their_own_where_that_is_wanted(made_folder):
    this = Split(made_folder, follow="apart")
    try:
        assert sorted(this.doors) == SERVICES  # followers have none to tell of
        told = Counter()
        for child in psutil.Process(this.process.pid).children():
            with suppress(psutil.NoSuchProcess):
                if "ROADCASE_FOLLOW" in (env := child.environ()):
                    told[env["ROADCASE_FOLLOW"]] += 1
        assert told["apart"] >= len(SERVICES)
        assert told["only"] == len(SERVICES)
    finally:
        everything = psutil.Process(this.process.pid).children(recursive=True)
        this.end(signal.SIGINT)
    assert this.process.returncode == 0
    assert gone(everything)
