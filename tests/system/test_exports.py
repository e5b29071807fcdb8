"""Files and reports over HTTP, as an organiser gets them."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterator

import asyncpg
import httpx
import pytest

from roadcase.api.v1 import common_pb2, people_pb2
from roadcase.client import Roadcase
from tests.system.site import Site, roadcase, running
from tests.system.test_people import EUR12, SELLS, opening, shown

EUR24 = common_pb2.Money(minor=2400, currency="EUR")
EVE = people_pb2.Contact(email="eve@example.org", name='=HYPERLINK("http://x")', phone="+49 170 1")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("exports") / "data") as found:
        yield found


def get(site: Site, path: str, *scopes: str, tenant: str = "acme") -> httpx.Response:
    token = site.token("ticketing:read", *scopes, tenant=tenant)
    url = f"http://{site.http}/ticketing/occurrences/night/{path}"
    return httpx.get(url, headers={"authorization": f"Bearer {token}"})


async def test_an_organiser_takes_the_night_home(site):
    async with Roadcase(site.grpc, site.token(*SELLS)) as client:
        await opening(client, "night")
        await client.sell("night", "o1", {"standard": 2}, "pay", EUR24, contact=EVE)
        await client.sell("night", "o2", {"standard": 1}, "pay", EUR12)
    await shown(site, "night", orders=3)
    answer = get(site, "attendees.csv?bom=true&end=true", "people:read")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["log-position"].startswith("ticketing:")
    assert 'filename="night-attendees.csv"' in answer.headers["content-disposition"]
    header, *rows, end = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert end == ["END", "3"]
    first = dict(zip(header, rows[0], strict=True))
    assert (first["contact_name"], first["contact_phone"]) == (f"'{EVE.name}", "'+49 170 1")
    assert (first["price_minor"], first["sold_at"][-6:]) == ("1200", "+00:00")
    assert [dict(zip(header, row, strict=True))["contact_name"] for row in rows[2:]] == [""]
    assert "contact" not in get(site, "attendees.csv").text
    whole = get(site, "orders.json", "people:read").json()
    assert (whole["rows"], whole["items"][0]["contact"]["name"]) == (2, EVE.name)
    lines = get(site, "orders.ndjson").text.splitlines()
    assert [set(json.loads(each)) == {"end"} for each in lines] == [False, False, True]
    by_type = get(site, "reports/sales?by=type").json()["items"]
    assert [(each["key"], each["sold"], each["valid_minor"]) for each in by_type] == [
        ("standard", 3, 3600)
    ]
    assert get(site, "reports/attendance").json()["items"] == []
    assert get(site, "reports/no-shows").json()["items"][0]["no_shows"] == 3
    for path in ("orders.csv", "reports/sales?by=hour", "reports/attendance", "reports/no-shows"):
        assert get(site, path, tenant="other").status_code == 404, path
    for path in ("keys.csv", "orders.xls", "orders.csv?bum=1", "reports/sales?by=price"):
        assert get(site, path).status_code == 400, path


async def test_a_spreadsheet_reads_reports_in_sql_until_its_login_is_revoked(site):
    async with Roadcase(site.grpc, site.token(*SELLS, tenant="sql")) as client:
        await opening(client, "night")
        await client.sell("night", "o1", {"standard": 2}, "pay", EUR24, contact=EVE)
    made = site.cli("report-user", "add", "sql")
    assert made["password"] in made["url"]
    reader = await asyncpg.connect(made["url"])
    async with asyncio.timeout(20):
        while True:
            if await reader.fetchval("SELECT sum(sold_minor)::int FROM report_sales") == 2400:
                break
            await asyncio.sleep(0.05)
    site.cli("projection", "rebuild", "all")
    assert await reader.fetchval("SELECT sum(tickets)::int FROM report_orders") == 2
    (listed,) = site.cli("report-user", "list")
    assert (listed["user"], listed["tenant"], "password" in listed) == (made["user"], "sql", False)
    assert site.cli("report-user", "revoke", made["user"])["state"] == "revoked"
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await reader.fetch("SELECT 1")
    reader.terminate()
    again = site.cli("report-user", "revoke", made["user"], code=3)
    assert again["error"] == "roadcase.report_user_unknown"
    assert site.cli("report-user", "add", "Not A Tenant", code=2)["error"] == "roadcase.invalid"


async def test_an_operator_writes_a_list_as_it_stands_and_as_it_stood(site):
    async with Roadcase(site.grpc, site.token(*SELLS, tenant="files")) as client:
        await opening(client, "night")
        await client.sell("night", "o1", {"standard": 2}, "pay", EUR24, contact=EVE)
        before = site.cli("log", "tail", "-n", "1")["position"]
        await client.sell("night", "o2", {"standard": 1}, "pay", EUR12)
    of = ("export", "night", "orders", "--tenant", "files")
    then = roadcase(site.data, *of, "--as-of", str(before))
    (row,) = csv.DictReader(io.StringIO(then.stdout))
    assert (row["order_id"], row["tickets"], "contact" in row) == ("o1", "2", False)
    assert f"1 rows of orders of night, as of position {before:,}" in then.stderr
    lines = [json.loads(each) for each in roadcase(site.data, *of, "--ndjson").stdout.splitlines()]
    assert [each["order_id"] for each in lines[:-1]] == ["o1", "o2"]
    assert lines[-1]["end"]["rows"] == 2
    for wrong, code in (("keys", 3), ("orders", 2)):
        asked = ("export", "night", wrong, "--tenant", "files", "--as-of", "yesterday")
        assert roadcase(site.data, *asked).returncode == code
