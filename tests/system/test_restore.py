"""What an operator does when a database was lost: heal it from the stream, or import an export."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from roadcase.client import Refusal, Roadcase
from tests.system.site import Site, roadcase, running
from tests.system.test_command_line import EUR12, SCOPES, open_night

pytestmark = pytest.mark.timeout(400)  # a dozen processes, each with servers of its own


async def sell(site: Site, token: str, *orders: str) -> list[Any]:
    async with Roadcase(site.grpc, token) as client:
        return [
            await client.sell("night", each, {"standard": 1}, "p", EUR12, key=each)
            for each in orders
        ]


async def copied(site: Site, token: str) -> int:
    """Wait until the read models show, and so the stream has, all that there is."""
    position = site.cli("log", "tail", "-n", "1")["position"]
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"http://{site.http}", headers=headers) as http:
        asked = {"min-position": f"ticketing:{position}"}
        found = await http.get("/ticketing/occurrences/night/board", headers=asked)
    assert found.json()["as_of"]["position"] >= position
    return position


def copy(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", source, target], check=True)


async def test_a_database_restored_from_an_older_copy_is_healed_with_every_sale(tmp_path):
    data, old = tmp_path / "data", tmp_path / "old"
    with running(data) as site:
        token = site.token(*SCOPES)
        async with Roadcase(site.grpc, token) as client:
            await open_night(client, "night", capacity=9)
        await sell(site, token, "early")
        before = await copied(site, token)
    copy(data / "servers" / "postgres", old)
    with running(data) as site:
        sold = await sell(site, token, "late1", "late2")
        position = await copied(site, token)
        whole = site.cli("log", "verify")
    copy(old, data / "servers" / "postgres")
    cut = cli(data, "log", "verify", code=1)
    assert (cut["error"], cut["position"]) == ("roadcase.log_corrupt", before + 1)
    assert cut["checkpoint"] == position
    healed = cli(data, "log", "heal")
    assert healed == {"service": "ticketing", "position": position, "events": position - before}
    assert cli(data, "log", "verify")["hash"] == whole["hash"]
    cli(data, "log", "heal", "--service", "devices")
    with running(data) as site:
        assert await sell(site, token, "late1", "late2") == sold
        await sell(site, token, "new")
        await copied(site, token)
        assert all(row["equal"] for row in site.cli("projection", "diff", "all"))


async def test_an_export_is_imported_into_an_empty_log_and_nobody_acts_on_it(tmp_path, monkeypatch):
    monkeypatch.setenv("ROADCASE_SECRET", "the same secret in both installations")
    first, second = tmp_path / "first", tmp_path / "second"
    file, platform = tmp_path / "log.jsonl", tmp_path / "platform.jsonl"
    with running(first) as site:
        token = site.token(*SCOPES)
        async with Roadcase(site.grpc, token) as client:
            await open_night(client, "night", capacity=9)
        sold = await sell(site, token, "imported1", "imported2")
        whole = site.cli("log", "verify")
        site.cli("log", "export", str(file))
        revoked = site.cli("token", "issue", "acme", *SCOPES)
        site.cli("token", "revoke", revoked["id"])
        site.cli("log", "export", str(platform), "-s", "platform")
        running_still = site.cli("log", "import", str(file), code=4)
        assert running_still["error"] == "roadcase.unavailable"

    lines = file.read_bytes().splitlines(keepends=True)
    cut, altered = tmp_path / "cut", tmp_path / "altered"
    cut.write_bytes(b"".join(lines)[:-9])
    altered.write_bytes(b"".join(lines).replace(b"imported2", b"imported3", 1))
    assert "cut off" in cli(second, "log", "import", str(cut), code=2)["message"]
    assert cli(second, "log", "import", str(altered), code=1)["error"] == "roadcase.log_corrupt"
    assert cli(second, "log", "import", str(tmp_path / "none"), code=2)["error"] == (
        "roadcase.invalid"
    )
    assert cli(second, "log", "import", str(file))["events"] == len(lines)
    assert cli(second, "log", "import", str(file))["events"] == 0
    assert cli(second, "log", "verify")["hash"] == whole["hash"]
    assert cli(second, "log", "import", str(platform), "-s", "platform")["events"] > 0

    monkeypatch.setenv("ROADCASE_PRINTERS", "acme/ticket-1=127.0.0.1:9")
    with running(second) as site:
        with pytest.raises(Refusal, match="revoked"):
            await sell(site, revoked["token"], "refused")
        assert await sell(site, token, "imported1", "imported2") == sold
        await sell(site, token, "new")
        await copied(site, token)
        async with asyncio.timeout(40):
            while '"order":"new"' not in (told := devices(site)):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert "imported" not in told


def devices(site: Site) -> str:
    return roadcase(site.data, "log", "tail", "-s", "devices", "-n", "99").stdout


def cli(data: Path, *arguments: str, code: int = 0) -> Any:
    """Run a command with --json while nothing else runs."""
    done = roadcase(data, *arguments, "--json")
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout.splitlines()[-1])
