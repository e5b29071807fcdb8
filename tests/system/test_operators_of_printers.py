"""What operators of printers ask for over gRPC and HTTP, and what a killed process leaves."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import httpx
import pytest

from roadcase.api.v1 import devices_pb2, devices_pb2_grpc
from roadcase.client import Roadcase
from tests.devices.printing import Bench, bench
from tests.system.site import Site, running
from tests.system.test_command_line import EUR12, SCOPES, open_night

OPERATOR = ("devices:read", "devices:operate")
IN_DOUBT, PRINTED = devices_pb2.JOB_STATE_IN_DOUBT, devices_pb2.JOB_STATE_PRINTED


class Operator:
    """Somebody with a token for the printers of a tenant."""

    def __init__(self, site: Site, channel: grpc.aio.Channel, token: str) -> None:
        self.site = site
        self.token = token
        self._stub = devices_pb2_grpc.DevicesStub(channel)

    async def ask(self, method: str, key: str | None = None, **fields: Any) -> Any:
        kind = {"Bind": "BindRole", "Confirm": "ConfirmJob", "Reprint": "ReprintJob"}
        name = kind.get(method, method)
        request = getattr(devices_pb2, f"{name}Request")(**fields)
        metadata = [("authorization", f"Bearer {self.token}")]
        metadata += [("idempotency-key", key)] if key else []
        return await getattr(self._stub, name)(request, metadata=metadata, timeout=10)

    async def bind(self, port: int, device: str = "p1", resend: int = 0) -> None:
        await self.ask(
            "Bind",
            key=f"bind {device} {port}",
            role="ticket-1",
            device=device,
            address=f"127.0.0.1:{port}",
            resend=resend,
        )

    async def jobs(self, **wanted: Any) -> list[devices_pb2.Job]:
        return list((await self.ask("ListJobs", **wanted)).jobs)

    async def until(self, count: int, **wanted: Any) -> list[devices_pb2.Job]:
        async with asyncio.timeout(20):
            while len(found := await self.jobs(**wanted)) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return found


@asynccontextmanager
async def operator(site: Site, *scopes: str, tenant: str = "acme") -> AsyncIterator[Operator]:
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        yield Operator(site, channel, site.token(*(scopes or OPERATOR), tenant=tenant))


async def sell(site: Site, night: str, *orders: str) -> None:
    async with Roadcase(site.grpc, site.token(*SCOPES)) as client:
        if night:
            await open_night(client, night, capacity=50)
        for order in orders:
            await client.sell(night or "n1", order, {"standard": 1}, "cash", EUR12)


def tickets_on(paper: Bench) -> Counter[str]:
    """How often each code came out whole."""
    numbers = range(1, len(paper.tickets()) + 1)
    return Counter(text for number in numbers for _, text in paper.symbols(number))


async def refused(asking: Any) -> grpc.StatusCode:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await asking
    return error.value.code()


async def test_an_operator_binds_a_printer_and_decides_what_is_in_doubt(tmp_path):
    with running(tmp_path / "data") as site:
        async with operator(site) as ops, bench(tmp_path / "a") as a, bench(tmp_path / "b") as b:
            await ops.bind(a.port)
            for number, order in enumerate(("again", "seen", "never")):
                await a.faults(drop_after=150)
                await sell(site, "" if number else "n1", order)
                await ops.until(number + 1, state=IN_DOUBT)
            jobs = {job.order: job.job for job in await ops.jobs(state=IN_DOUBT)}
            assert await refused(ops.ask("Reprint", job=jobs["again"])) == (
                grpc.StatusCode.INVALID_ARGUMENT  # no key
            )
            await ops.bind(b.port, "p2")  # a swap: what waits comes out there
            for _ in range(2):  # a retry under the same key is one copy
                assert (await ops.ask("Reprint", "k1", job=jobs["again"])).copy == 2
            await ops.ask("Confirm", "k2", job=jobs["seen"])
            await ops.ask("AbandonJob", "k3", job=jobs["never"], reason="the guest is gone")
            printed = {job.order: job for job in await ops.until(2, state=PRINTED)}
            assert (printed["again"].copy, printed["again"].device) == (2, "p2")
            assert printed["seen"].evidence == "seen by operator"
            assert len(b.tickets()) == 1
            assert await refused(ops.ask("Confirm", "k4", job="nothing")) == (
                grpc.StatusCode.FAILED_PRECONDITION
            )
            (role,) = (await ops.ask("ListRoles")).roles
            assert (role.device, role.printed, role.abandoned, role.copies) == ("p2", 2, 1, 1)
            printers = {each.device: each for each in (await ops.ask("ListPrinters")).printers}
            assert (printers["p1"].doubts, printers["p2"].printed) == (3, 1)
            await _over_http(site, ops)
            await _strangers(site, jobs["again"])


async def _over_http(site: Site, ops: Operator) -> None:
    headers = {"authorization": f"Bearer {ops.token}"}
    async with httpx.AsyncClient(base_url=f"http://{site.http}/devices", headers=headers) as http:
        first = (await http.get("/jobs", params={"limit": 2})).json()
        rest = (await http.get("/jobs", params={"limit": 2, "after": first["next"]})).json()
        found = [job["job"] for job in first["items"] + rest["items"]]
        assert (found, rest["next"]) == ([job.job for job in await ops.jobs()], None)
        gone = (await http.get("/jobs", params={"state": "abandoned"})).json()["items"]
        assert [job["why"] for job in gone] == ["the guest is gone"]
        assert (await http.get("/jobs", params={"state": "lost"})).status_code == 400
        assert (await http.get("/roles")).json()["items"][0]["role"] == "ticket-1"
        assert len((await http.get("/printers")).json()["items"]) == 2
    async with httpx.AsyncClient(base_url=f"http://{site.http}/devices") as http:
        assert (await http.get("/jobs")).status_code == 401


async def _strangers(site: Site, job: str) -> None:
    """A token for reading decides nothing; another tenant learns nothing."""
    async with operator(site, "devices:read") as reader:
        assert len(await reader.jobs(page_size=1)) == 1
        assert await refused(reader.ask("Reprint", "k9", job=job)) == (
            grpc.StatusCode.PERMISSION_DENIED
        )
        assert await refused(reader.jobs(page_size=201)) == grpc.StatusCode.INVALID_ARGUMENT
    async with operator(site, tenant="other") as other:
        assert await other.jobs() == []
        theirs, nobodys = [
            await refused(other.ask("Reprint", f"k{name}", job=name)) for name in (job, "nothing")
        ]
        assert theirs == nobodys


async def test_a_process_killed_while_it_prints_leaves_doubt_and_no_second_ticket(tmp_path):
    """`kill -9` between the bytes sent and the printer's answer, then a start on the same data."""
    data = tmp_path / "data"
    async with bench(tmp_path / "paper") as paper:
        with running(data) as site:
            async with operator(site) as ops:
                await ops.bind(paper.port)
                await sell(site, "n1", "before")
                await ops.until(1, state=PRINTED)
                await paper.faults(
                    speed=1
                )  # millimetres a second: it has the bytes long before the paper
                await sell(site, "", "during")
                await ops.until(1, state=devices_pb2.JOB_STATE_SENDING)
                await asyncio.sleep(0.2)  # the bytes are in the printer
                site.process.kill()
                site.process.wait()
        await paper.faults(speed=0)  # what it holds comes out, with nobody to tell
        await paper.until(tickets=2)
        with running(data) as site:
            async with operator(site) as ops:
                (job,) = await ops.until(1, state=IN_DOUBT)
                assert (job.order, job.why) == ("during", "sender_gone")
                await sell(site, "", "after")
                await ops.until(2, state=PRINTED)
                codes = tickets_on(paper)
                assert len(codes) == 3
                assert set(codes.values()) == {1}
                await ops.ask("Confirm", "seen", job=job.job)
                assert {each.order for each in await ops.until(3, state=PRINTED)} == {
                    "before", "during", "after",
                }  # fmt: skip
