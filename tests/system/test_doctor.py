"""What is not well is found by `doctor`, told in figures, and each has something to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from roadcase import vitals
from roadcase.api.v1.people_pb2 import Contact
from roadcase.cli import doctor
from roadcase.client import Roadcase
from roadcase.clock import now
from roadcase.keyring import Contact as Known
from roadcase.metrics import metrics
from roadcase.outbox.messages import RecordFailed
from roadcase.run import Site, open_site
from roadcase.servers import Servers
from roadcase.settings import Settings
from tests.kernel.selling import by, until
from tests.kernel.streaming import cleared, write
from tests.system.test_command_line import EUR12, SCOPES, open_night


@pytest.fixture
async def told(database, nats_url, tmp_path) -> AsyncIterator[Settings]:
    ports = {"http_port": 0, "grpc_port": 0}
    urls = {"postgres_url": database, "nats_url": nats_url}
    yield Settings(data=tmp_path, mail_from="a@b.example", public_url="http://x", **ports, **urls)
    await cleared(nats_url)


async def examined(settings: Settings) -> dict[str, dict[str, Any]]:
    found = doctor.Findings([])
    await doctor._examine(found, settings, Servers(settings.postgres_url, settings.nats_url))
    return {row["what"]: row for row in found.rows}


async def token(site: Site) -> str:
    return (await site.platform.issue("acme", "ann", *SCOPES, "people:erase")).token


async def sell(site: Site, client: Roadcase, order: str) -> None:
    await client.sell(
        "n1", order, {"standard": 1}, "cash", EUR12, contact=Contact(email=f"{order}@b.example")
    )
    await shown(site)


async def shown(site: Site) -> None:
    """Everything is in the read models, and in the stream."""
    await until(lambda: not site.not_ready(), 20)
    for each in site.services.values():
        head = (await each.log.head()).position
        await until(lambda each=each, head=head: each.relay.position >= head, 20)
        assert await each.projector.reached(head, 20)


def figure(site: Site, name: str) -> float:
    lines = metrics(site.services, site.platform.trust).splitlines()
    (line,) = (each for each in lines if each.startswith(f'roadcase_{name}{{service="ticketing"'))
    return float(line.split()[-1])


async def test_messages_that_wait_or_cannot_be_sent_are_counted(told, monkeypatch):
    monkeypatch.setattr(vitals, "_EVERY", 0.05)
    async with open_site(told) as site, Roadcase(site.grpc, await token(site)) as client:
        await until(lambda: not site.not_ready(), 20)
        await open_night(client, "n1", capacity=50)
        await sell(site, client, "ada")
        ticketing = site.services["ticketing"]
        topics = {"roadcase.message_queued.v1"}
        await until_recorded(ticketing, topics)
        await shown(site)
        row = (await examined(told))["ticketing outbox"]
        assert row["verdict"] == "ok"
        assert row["state"].startswith("1 waiting, 0 parked, 0 in doubt, the oldest for ")
        monkeypatch.setattr(doctor, "_LONG", 0.0)
        assert "ROADCASE_SMTP_URL" in (await examined(told))["ticketing outbox"]["do"]
        await until(lambda: figure(site, "outbox_waiting") == 1)
        await until(lambda: figure(site, "outbox_oldest_seconds") > 0)
        (queued,) = await until_recorded(ticketing, topics)
        await ticketing.dispatch(
            RecordFailed(message=queued.message, attempt=1, reason="no", final=True),
            by("f", tenant="acme"),
        )
        await until(lambda: figure(site, "outbox_parked") == 1)
        assert figure(site, "outbox_waiting") == 0
        row = (await examined(told))["ticketing outbox"]
        assert (row["state"], row["verdict"]) == ("0 waiting, 1 parked, 0 in doubt", "look")
        assert "roadcase outbox list" in row["do"]


async def until_recorded(service: Any, topics: set[str]) -> list[Any]:
    while True:
        records = await service.log.read(0, 1000)
        found = [each for each in records if each.topic in topics]
        if found:
            decode = service.dispatch.codec.decode
            return [decode(each.topic, each.payload) for each in found]
        await asyncio.sleep(0.02)


async def test_a_key_that_is_lost_is_found_and_one_that_was_erased_is_no_fault(told):
    async with open_site(told) as site, Roadcase(site.grpc, await token(site)) as client:
        await until(lambda: not site.not_ready(), 20)
        await open_night(client, "n1", capacity=50)
        for order in ("ada", "bob", "eve"):
            await sell(site, client, order)
        keyring = site.keyring
        ada, bob = [await keyring.find("acme", contact(name)) for name in ("ada", "bob")]
        await keyring.erase("acme", bob, now())
        assert (await examined(told))["ticketing keys of people"]["state"] == "0 lost"
        owner = await asyncpg.connect(told.postgres_url)
        await owner.execute("DELETE FROM keyring.people WHERE subject = $1", ada)
        await owner.close()
        row = (await examined(told))["ticketing keys of people"]
        assert (row["state"], row["verdict"]) == ("1 lost", "look")
        assert "newer copy of the schema keyring" in row["do"]
        assert figure(site, "keys_lost_total") == 0
        keyring._cache.clear()
        assert await keyring.lost("acme", [ada, bob]) == [ada]
        assert figure(site, "keys_lost_total") == 1


def contact(name: str) -> Any:
    return Known(email=f"{name}@b.example")


async def test_a_checkpoint_that_is_late_is_told(told, monkeypatch):
    async with open_site(told) as site, Roadcase(site.grpc, await token(site)) as client:
        await until(lambda: not site.not_ready(), 20)
        await open_night(client, "n1", capacity=50)
        await shown(site)
        assert (await examined(told))["ticketing checkpoint"]["verdict"] == "ok"
        monkeypatch.setattr(doctor, "_LATE", now() - now())
        row = (await examined(told))["ticketing checkpoint"]
        assert (row["state"], row["verdict"]) == ("none yet", "look")
        assert "cannot write" in row["do"]
        checkpoints = site.services["ticketing"].checkpoints
        checkpoints._kept_at -= 100
        assert figure(site, "checkpoint_age_seconds") > 100
        await checkpoints.write()
        assert figure(site, "checkpoint_age_seconds") < 50
        row = (await examined(told))["ticketing checkpoint"]
        assert row["verdict"] == "ok"
        head = await site.services["ticketing"].log.head()
        assert row["state"].endswith(f"at position {head.position}")


async def test_a_copy_that_stands_still_is_told_with_what_to_do(told, monkeypatch):
    monkeypatch.setattr(doctor, "_STILL", 0.3)
    async with open_site(told) as site:
        await until(lambda: not site.not_ready(), 20)
        relay = site.services["ticketing"].relay
        relay.fault = "NATS stores nothing of ticketing any more"
        assert figure(site, "relay_stands") == 1
        assert relay.fault in site.waits()["ticketing"]
        await shown(site)
        log = site.services["ticketing"].log
        assert (await examined(told))["ticketing stream"]["state"] == "0 behind"
    await write(log, 1)
    row = (await examined(told))["ticketing stream"]
    assert (row["state"], row["verdict"]) == ("1 behind, and not moving", "look")
    assert "make room on its disk" in row["do"]
    await log.close()


async def test_while_nats_is_away_the_rest_is_looked_at_all_the_same(told):
    nowhere = told.model_copy(update={"nats_url": "nats://127.0.0.1:9"})
    rows = await examined(nowhere)
    assert (rows["NATS"]["state"], rows["NATS"]["verdict"]) == ("away", "look")
    assert rows["ticketing log"]["state"] == "0 events"
    assert "ticketing stream" not in rows


def test_what_is_not_well_is_shown_below_its_service_and_nothing_else():
    found = doctor.Findings([])
    found.add("disk", "9 GiB free")
    for name in ("ticketing", "devices"):
        found.add(f"{name} log", "1,200 events")
        found.add(f"{name} stream", "0 behind")
        found.add(f"{name} parked", 2, ok=name == "devices", do="`roadcase parked list`")
    rows = doctor.shortened(found.rows, ["ticketing", "devices"])
    assert [(row["what"], row["state"]) for row in rows] == [
        ("disk", "9 GiB free"),
        ("ticketing log", "1,200 events, 1 of 2 to look at"),
        ("ticketing parked", 2),
        ("devices log", "1,200 events, all is well"),
    ]
    assert rows[2]["do"] == "`roadcase parked list`"
    assert len(found.rows) == 7
