"""Personal data from the door to everywhere else: sealed, opened for whoever may, and erased."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from roadcase.api.v1 import common_pb2, people_pb2, ticketing_pb2
from roadcase.client import Refusal, Roadcase
from roadcase.embedded.account import postgres_programs, unprivileged
from roadcase.servers import _beside, servers
from roadcase.settings import Settings
from tests.system.site import Site, environment, running

EUR12 = common_pb2.Money(minor=1200, currency="EUR")
SELLS = ("ticketing:plan", "ticketing:sell", "ticketing:confirm", "ticketing:read")
ADA = people_pb2.Contact(email="Ada@Example.org", name="Ada Lovelace", phone="+49 170 1234567")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("people") / "data") as found:
        yield found


async def opening(client: Roadcase, night: str, per_person: int = 0) -> None:
    await client.open_box_office(
        ticketing_pb2.OpenBoxOfficeRequest(
            occurrence=night,
            name="Nosferatu",
            starts_at="2027-01-01T20:00",
            ends_at="2027-01-01T22:00",
            zone="Europe/Berlin",
            pools={"room": 10_000},
            ticket_types=[
                ticketing_pb2.TicketType(
                    id="standard",
                    name="Standard",
                    price=EUR12,
                    seller="s1",
                    draws={"room": 1},
                    per_person_max=per_person,
                )
            ],
        )
    )


def people_of(site: Site, night: str, *scopes: str, tenant: str = "acme", of: str = "attendees"):
    return read(site, night, site.token("ticketing:read", *scopes, tenant=tenant), of)


def read(site: Site, night: str, token: str, of: str = "attendees"):
    url = f"http://{site.http}/ticketing/occurrences/{night}/{of}?limit=200"
    answer = httpx.get(url, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def shown(site: Site, night: str, *scopes: str, orders: int = 1, of: str = "attendees"):
    """What a caller is shown once the read model has come that far."""
    token = site.token("ticketing:read", *scopes)
    async with asyncio.timeout(20):
        while len(found := read(site, night, token, of)) < orders:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return found


async def test_a_contact_is_shown_to_whoever_may_read_people_and_to_nobody_else(site):
    async with Roadcase(site.grpc, site.token(*SELLS)) as client:
        await opening(client, "shown")
        await client.sell("shown", "o1", {"standard": 1}, "pay", EUR12, contact=ADA)
        await client.sell("shown", "o2", {"standard": 1}, "pay", EUR12)
    for of in ("attendees", "orders"):
        first, second = await shown(site, "shown", "people:read", orders=2, of=of)
        open_ = {"state": "open", "name": ADA.name, "email": ADA.email, "phone": ADA.phone}
        assert (first["contact"], second["contact"]) == (open_, None)
        assert all("contact" not in each for each in people_of(site, "shown", of=of))
    assert people_of(site, "shown", "people:read", tenant="other") == []


async def test_a_limit_per_person_holds_however_the_address_is_written(site):
    async with Roadcase(site.grpc, site.token(*SELLS)) as client:
        await opening(client, "limited", per_person=1)
        await client.sell("limited", "o1", {"standard": 1}, "pay", EUR12, contact=ADA)
        again = people_pb2.Contact(email=" ada@EXAMPLE.org")
        with pytest.raises(Refusal) as refused:
            await client.sell("limited", "o2", {"standard": 1}, "pay", EUR12, contact=again)
        assert refused.value.reason == "ticketing.person_limit"
        with pytest.raises(Refusal) as held:
            await client.hold("limited", "h1", {"standard": 1}, contact=again)
        assert held.value.reason == "ticketing.person_limit"


async def test_a_retry_has_one_effect_though_it_is_sealed_anew(site):
    async with Roadcase(site.grpc, site.token(*SELLS)) as client:
        await opening(client, "retried")
        for _ in range(2):
            held = await client.hold("retried", "h1", {"standard": 1}, contact=ADA, key="r-h")
            sold = await client.confirm(
                "retried", "o1", held.hold, "pay", EUR12, contact=ADA, key="r-c"
            )
            other = await client.sell(
                "retried", "o2", {"standard": 1}, "pay", EUR12, contact=ADA, key="r-s"
            )
            assert (len(sold.tickets), len(other.tickets)) == (1, 1)
        changed = people_pb2.Contact(email="bob@example.org")
        with pytest.raises(Refusal) as reused:
            await client.sell(
                "retried", "o2", {"standard": 1}, "pay", EUR12, contact=changed, key="r-s"
            )
        assert reused.value.reason == "roadcase.key_reused"
    assert len(await shown(site, "retried", orders=2)) == 2


async def test_guests_are_found_by_parts_of_their_name_or_address(site):
    guests = {
        "o1": people_pb2.Contact(email="zoe@example.org", name="Zoë Ångström"),
        "o2": people_pb2.Contact(email="zed@example.org", name="Zoltán Kodály"),
        "o3": people_pb2.Contact(phone="+49 172 5550001", name="محمد"),
    }
    async with Roadcase(site.grpc, site.token(*SELLS)) as client:
        await opening(client, "searched")
        for order, guest in guests.items():
            await client.sell("searched", order, {"standard": 1}, "pay", EUR12, contact=guest)
        await client.sell("searched", "o4", {"standard": 1}, "pay", EUR12)
    await shown(site, "searched", orders=4)
    may = site.token("ticketing:read", "people:read")
    for text, orders in [
        ("ZOE angstrom", ["o1"]),
        ("example.org", ["o1", "o2"]),
        ("محمد", ["o3"]),
        ("5550001", ["o3"]),
        ("zoe kodaly", []),
        ("%", []),
    ]:
        page = (await search(site, may, text=text)).json()
        assert [each["order_id"] for each in page["items"]] == orders, text
    first = (await search(site, may, text="example", limit=1)).json()
    rest = (await search(site, may, text="example", after=first["next"])).json()
    assert [each["order_id"] for each in rest["items"]] == ["o2"]
    refused = await search(site, site.token("ticketing:read"), text="zoe")
    assert (refused.status_code, refused.json()["facts"]) == (403, {"scope": "people:read"})
    assert (await search(site, may, text="")).status_code == 400


async def search(site: Site, token: str, **body: object) -> httpx.Response:
    url = f"http://{site.http}/ticketing/occurrences/searched/attendees/search"
    async with httpx.AsyncClient() as http:
        return await http.post(url, json=body, headers={"authorization": f"Bearer {token}"})


async def test_what_is_no_contact_is_refused_with_the_fields_name(site):
    async with Roadcase(site.grpc, site.token(*SELLS)) as client:
        await opening(client, "wrong")
        for contact in (people_pb2.Contact(name="Ada"), people_pb2.Contact(email="ada")):
            with pytest.raises(Refusal) as refused:
                await client.sell("wrong", "o1", {"standard": 1}, "pay", EUR12, contact=contact)
            assert refused.value.reason == "roadcase.invalid"
        with pytest.raises(Refusal, match="not by both"):
            await client.sell(
                "wrong", "o1", {"standard": 1}, "pay", EUR12, contact=ADA, subject="s"
            )


async def test_the_erased_are_erased_everywhere_and_rebuilding_does_not_bring_them_back(site):
    eve = people_pb2.Contact(email="eve@example.org", name="Eve Erased")
    async with Roadcase(site.grpc, site.token(*SELLS, "people:erase")) as client:
        await opening(client, "erased")
        await client.sell("erased", "o1", {"standard": 1}, "pay", EUR12, contact=eve)
        await client.sell("erased", "o2", {"standard": 1}, "pay", EUR12, contact=ADA)
        assert (await shown(site, "erased", "people:read", orders=2))[0]["contact"]["name"]
        request = people_pb2.ErasePersonRequest(email="EVE@example.org")
        erased = await client.erase_person(request, key="erase-eve")
        assert await client.erase_person(request, key="erase-eve") == erased, "a retry"
        with pytest.raises(Refusal) as gone:
            await client.erase_person(request)
        assert gone.value.reason == "roadcase.nobody_known"
        by_subject = people_pb2.ErasePersonRequest(subject=erased.subject)
        assert (await client.erase_person(by_subject)).subject == erased.subject, "twice is once"
    async with Roadcase(site.grpc, site.token("people:read")) as powerless:
        with pytest.raises(Refusal) as forbidden:
            await powerless.erase_person(by_subject)
    assert forbidden.value.reason == "roadcase.forbidden"
    assert site.cli("projection", "rebuild", "all")
    for of in ("attendees", "orders"):
        first, second = people_of(site, "erased", "people:read", of=of)
        assert (first["contact"]["state"], first["subject"]) == ("erased", erased.subject)
        assert second["contact"]["name"] == ADA.name
    assert site.cli("log", "verify")["ok"]
    assert all(row["equal"] for row in site.cli("projection", "diff", "all"))


async def test_an_operator_erases_from_the_command_line_while_it_runs(site):
    zoe = people_pb2.Contact(phone="+49 171 7654321", name="Zoë")
    async with Roadcase(site.grpc, site.token(*SELLS)) as client:
        await opening(client, "typed")
        await client.sell("typed", "o1", {"standard": 1}, "pay", EUR12, contact=zoe)
    assert (await shown(site, "typed", "people:read"))[0]["contact"]["name"] == "Zoë"
    site.cli("people", "erase", "other", zoe.phone, code=3)
    site.cli("people", "erase", "acme", "nobody@example.org", code=3)
    site.cli("people", "erase", "acme", "not an address", code=2)
    site.cli("people", "erase", "acme", code=2)
    done = subprocess.run(  # noqa: ASYNC221
        [sys.executable, "-m", "roadcase", "people", "erase", "acme", "-", "--json"],
        input=f"{zoe.phone}\n",
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(site.data),
    )
    assert done.returncode == 0, done.stderr
    subject = json.loads(done.stdout)["subject"]
    (row,) = people_of(site, "typed", "people:read")
    assert (row["contact"]["state"], row["subject"]) == ("erased", subject)
    assert site.cli("log", "tail", "-n", "1")["topic"] == "roadcase.person_erased.v1"


async def test_a_keyring_restored_from_an_older_copy_loses_again_what_was_erased(tmp_path):
    data, copy = tmp_path / "data", tmp_path / "keyring.dump"
    ann, ben = (people_pb2.Contact(email=f"{n}@example.org", name=n) for n in ("ann", "ben"))
    with running(data) as first:
        async with Roadcase(first.grpc, first.token(*SELLS, "people:erase")) as client:
            await opening(client, "copied")
            for order, who in (("o1", ann), ("o2", ADA)):
                await client.sell("copied", order, {"standard": 1}, "pay", EUR12, contact=who)
            program("pg_dump", "-Fc", "--schema=keyring", "-f", str(copy), postgres(data))
            await client.sell("copied", "o3", {"standard": 1}, "pay", EUR12, contact=ben)
            await client.erase_person(people_pb2.ErasePersonRequest(email=ann.email))
        assert await states(first) == ["erased", "open", "open"]
    async with servers(Settings(data=data)) as there:
        program("pg_restore", "--clean", "--if-exists", "-d", there.postgres_url, str(copy))
    with running(data) as second:
        assert await states(second) == ["erased", "open", "key_lost"]
        assert second.cli("log", "verify")["ok"]


async def states(site: Site) -> list[str]:
    people = await shown(site, "copied", "people:read", orders=3)
    return [each["contact"]["state"] for each in people]


def program(name: str, *arguments: str) -> None:
    programs = postgres_programs(unprivileged())
    done = subprocess.run([programs / name, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def postgres(data) -> str:
    return _beside(Settings(data=data)).postgres_url
