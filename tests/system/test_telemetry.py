"""One trace from a call to the paper, and the figures, as a collector receives them over OTLP."""

from __future__ import annotations

import asyncio
import re
import time

import grpc
import httpx
import pytest

from roadcase import telemetry
from roadcase.api.v1 import ticketing_pb2, ticketing_pb2_grpc
from roadcase.client import Roadcase
from roadcase.testing.otlp import receiving, waterfall
from tests.devices.printing import bench
from tests.system.site import running
from tests.system.test_command_line import EUR12, SCOPES, open_night

ORDER = ["rpc", "dispatch", "append", "relay", "reaction", "dispatch", "print.send"]


async def wait_for(look, seconds=20):
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it never came"
        await asyncio.sleep(0.05)
    return found


@pytest.fixture
def collector(monkeypatch):
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    monkeypatch.setenv("OTEL_METRIC_EXPORT_INTERVAL", "300")
    with receiving() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{found.port}")
        yield found


async def test_one_trace_holds_the_call_the_logs_the_stream_the_tables_and_the_paper(
    collector, tmp_path, monkeypatch
):
    async with bench(tmp_path, mm_per_s=500) as printer:
        monkeypatch.setenv("ROADCASE_PRINTERS", f"acme/ticket-1=127.0.0.1:{printer.port}")
        with running(tmp_path / "data") as site:
            async with Roadcase(site.grpc, site.token(*SCOPES)) as client:
                await open_night(client, "friday")
                await client.sell("friday", "o1", {"standard": 1}, "pay", EUR12)
            (confirmed,) = await wait_for(lambda: collector.named("print.confirm"))
            trace = confirmed.trace
            await wait_for(lambda: len(collector.named("projection", trace)) >= 2)
            told = await wait_for(lambda: collector.metrics.get("roadcase_log_position"))
            async with httpx.AsyncClient() as browser:
                page = (await browser.get(f"http://{site.http}/metrics")).text
    spans = [span for span in collector.spans if span.trace == trace]
    names = [span.name for span in sorted(spans, key=lambda each: each.began)]
    assert {"rpc", "dispatch", "append", "relay", "projection", "reaction"} <= set(names)
    assert _in_order(ORDER, names), waterfall(spans)
    by_id = {span.id: span for span in spans}
    (call,) = [span for span in spans if not span.parent]
    assert call.attributes["rpc.method"].endswith("Ticketing.SellTickets")
    assert all(span.parent in by_id for span in spans if span is not call)
    asked = [span.attributes["roadcase.command"] for span in spans if span.name == "dispatch"]
    assert {"SellTickets", "RequestTicket", "SendJob", "ConfirmJob"} <= set(asked), asked
    assert {each for labels, _ in told for each in labels.items()} >= {("service", "ticketing")}
    on_page = set(re.findall(r"^# TYPE (\S+)", page, re.MULTILINE))
    assert on_page == set(collector.metrics)
    for span in collector.spans:
        (kind,) = [kind for kind in telemetry.SPANS if kind.name == span.name]
        assert set(span.attributes) <= {*kind.attributes, telemetry.ERROR}


def _in_order(wanted, names):
    left = iter(names)
    return all(name in left for name in wanted)


async def test_a_call_that_is_refused_at_the_door_has_a_span_under_its_callers_trace(
    collector, tmp_path
):
    given = "00-" + "c" * 32 + "-" + "d" * 16 + "-01"
    with running(tmp_path / "data") as site:
        async with grpc.aio.insecure_channel(site.grpc) as channel:
            stub = ticketing_pb2_grpc.TicketingStub(channel)
            for metadata in ((), (("authorization", f"Bearer {site.token(*SCOPES)}"),)):
                told = (*metadata, ("traceparent", given))
                with pytest.raises(grpc.aio.AioRpcError):
                    await stub.SellTickets(ticketing_pb2.SellTicketsRequest(), metadata=told)
        async with httpx.AsyncClient(base_url=f"http://{site.http}") as browser:
            path = "/ticketing/occurrences/x/board"
            answer = await browser.get(path, headers={"traceparent": given})
            assert answer.status_code == 401
        await wait_for(lambda: len(collector.named("http", "c" * 32)) == 1)
        await wait_for(lambda: len(collector.named("rpc", "c" * 32)) == 2)
    refused = collector.named("rpc", "c" * 32)
    assert [each.attributes["error.type"] for each in refused] == [
        "roadcase.unauthenticated",
        "roadcase.invalid",  # it has no idempotency key
    ]
    assert all(each.attributes["rpc.method"].endswith("SellTickets") for each in refused)
    assert all(each.parent == "d" * 16 for each in refused)
    (page,) = collector.named("http", "c" * 32)
    assert page.attributes["error.type"] == "roadcase.unauthenticated"
    assert page.attributes["http.request.method"] == "GET"


async def test_a_command_is_linked_to_the_commit_that_holds_it_and_goes_on_under_its_callers_trace(
    collector, tmp_path
):
    given = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    with running(tmp_path / "data") as site:
        async with Roadcase(site.grpc, site.token(*SCOPES)) as client:
            await open_night(client, "friday")
        token = site.token("ticketing:read")
        headers = {"authorization": f"Bearer {token}", "traceparent": given}
        async with httpx.AsyncClient() as browser:
            await browser.get(f"http://{site.http}/v1/nowhere", headers=headers)
        await wait_for(lambda: collector.named("http", "a" * 32))
        await wait_for(lambda: [s for s in collector.named("dispatch") if s.links])
    (opened,) = [
        span
        for span in collector.named("dispatch")
        if span.attributes["roadcase.command"] == "OpenBoxOffice"
    ]
    (link,) = opened.links
    (commit,) = [span for span in collector.named("batch") if (span.trace, span.id) == link]
    assert commit.attributes["roadcase.step"] == "append"
    assert (opened.trace, opened.id) in commit.links
    assert commit.attributes["roadcase.position"] >= opened.attributes["roadcase.position"]
    (asked,) = collector.named("http", "a" * 32)
    assert asked.parent == "b" * 16


async def test_a_collector_that_is_away_stops_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    with running(tmp_path / "data") as site:
        async with Roadcase(site.grpc, site.token(*SCOPES)) as client:
            await open_night(client, "friday")
            order = await client.sell("friday", "o1", {"standard": 1}, "pay", EUR12)
            assert len(order.tickets) == 1
    assert site.process.returncode == 0
