"""Runs the demonstration: applies a manifest, lets the crowd in, kills servers, checks, invites."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.panel import Panel

from roadcase.client import Organiser, Roadcase
from roadcase.clock import monotonic
from roadcase.demo import verdict
from roadcase.demo.invitations import Where, invitations
from roadcase.demo.night import EXAMPLE, TENANT, Night
from roadcase.demo.printing import Printer, codes_in, printer
from roadcase.embedded.process import Server
from roadcase.errors import RoadcaseError
from roadcase.ids import new_id
from roadcase.process import told_to_stop
from roadcase.run import Site, open_site
from roadcase.settings import Settings, read
from roadcase.views import Views

SCOPES = ("ticketing:sell", "ticketing:confirm", "ticketing:read", "log:watch")
PLANS = ("planning:plan", "planning:apply", "planning:run", "planning:read", "log:watch")
# What --json tells; people see more.
TOLD = (
    *("capacity", "attempts", "sold", "refused_by_reason", "oversold", "printed", "in_doubt"),
    *("codes_match", "sale_p50_ms", "sale_p99_ms", "sale_to_print_p99_ms", "sales_per_s"),
    *("kills", "log_verified", "tamper_found", "replay_equal"),
)
_PAPER = 60.0  # seconds for the last ticket to come out


class Wanted(NamedTuple):
    """How the demonstration is to be run. `calm`: nothing is killed; `once`: end when done."""

    once: bool = False
    calm: bool = False
    as_json: bool = False
    guests: int = 2000
    data: Path = Path(".roadcase/demo")


class Show:
    """One run. `console` is for people; JSON goes to standard output."""

    def __init__(self, wanted: Wanted, settings: Settings, site: Site, paper: Printer) -> None:
        self.wanted = wanted
        self.settings = settings
        self.site = site
        self.printer = paper
        self.console = Console(stderr=wanted.as_json)
        self.occurrence = paper.out.name
        self.late = f"{self.occurrence}-late"  # for who stays: the other will be sold out
        self.night = Night(self.occurrence, "Night market under the bridge", 2)
        self.kills: Counter[str] = Counter()
        self.found: dict[str, Any] = {}
        self.token = self._organiser = ""

    async def run(self) -> bool:
        """The whole run; whether everything held."""
        self.token = await self._issued("demo", *SCOPES)
        self._organiser = await self._issued("organiser", "ticketing:read", "devices:read")
        late = Night(self.late, "Night market, the late concert", 5, 40)
        await self._declare(self.night, late)
        self.console.print(
            f"[bold]{self.night.capacity} places before the stage[/bold], "
            f"{self.wanted.guests:,} guests in their own process"
        )
        if not self.wanted.once:
            self.console.print(f"watch it at {self._page()}", soft_wrap=True, highlight=False)
        tally = await self._let_in()
        self.found = await self._check(tally)
        self._report(self.found)
        return self._held()

    async def _issued(self, actor: str, *scopes: str) -> str:
        return (await self.site.platform.issue(TENANT, actor, *scopes)).token

    async def _declare(self, *nights: Night) -> None:
        """From files to on sale: each is planned, applied, and taken to its step."""
        token = await self._issued("planner", *PLANS)
        async with Organiser(self.site.grpc, token) as organiser:
            for each in nights:
                made = await organiser.plan(each.manifest())
                if made.problems:
                    raise RoadcaseError(f"{EXAMPLE.name}: {made.problems[0].message}")
                if each is self.night:
                    self._show_plan(made)
                await organiser.apply(made.plan)
                await organiser.advance(each.name, "on_sale")
        await self._on_sale({each.name for each in nights}, token)

    def _show_plan(self, made: Any) -> None:
        self.console.print(f"[bold]plan[/bold] of examples/{EXAMPLE.name}")
        for effect in made.effects:
            words = f"  {effect.service} {effect.does}"
            self.console.print(words, soft_wrap=True, highlight=False, markup=False)
        undone = ", ".join(made.not_acted_on)
        self.console.print(f"  declared, not yet acted on: {undone}", soft_wrap=True)

    async def _on_sale(self, names: set[str], token: str) -> None:
        """Wait until the box offices sell."""
        topics = ["ticketing.plan_followed.v1"]
        async with asyncio.timeout(_PAPER), Roadcase(self.site.grpc, token) as client:
            async for entry in client.watch("ticketing", topics=topics):
                told = json.loads(entry.payload)
                if told.get("selling"):
                    names.discard(told["occurrence"])
                if not names:
                    return

    async def _let_in(self) -> dict[str, Any]:
        """Start the crowd, kill servers under it, and return its tally."""
        crowd = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "roadcase.demo.crowd", self.site.grpc, self.occurrence),
            f"--guests={self.wanted.guests}",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 24,
        )
        assert crowd.stdin
        assert crowd.stdout
        crowd.stdin.write(f"{self.token}\n".encode())
        killing = asyncio.create_task(self._kill())
        tally: dict[str, Any] = {}
        try:
            async for line in crowd.stdout:
                tally = json.loads(line)
                self.console.print(f"sold {tally['sold']:>3}  attempts {tally['attempts']:>5}")
        finally:
            killing.cancel()
            if crowd.returncode is None:
                crowd.terminate()
        if await crowd.wait() or "seconds" not in tally:
            raise RoadcaseError("the crowd's process ended before it was done; see above")
        return tally

    async def _kill(self) -> None:
        for server in self._victims():
            await asyncio.sleep(1.5)
            self.console.print(f"[red]kill -9[/red] {server.title}")
            await asyncio.to_thread(server.kill)
            self.kills[server.name] += 1

    def _victims(self) -> tuple[Server, ...]:
        """Only servers of ours are killed."""
        ours = self.site.servers.ours
        return () if self.wanted.calm or ours is None else (ours.postgres, ours.nats)

    def _held(self) -> bool:
        killed = self.kills == {server.name: 1 for server in self._victims()}
        return killed and held(self.found)

    async def _check(self, tally: dict[str, Any]) -> dict[str, Any]:
        ticketing = self.site.services["ticketing"]
        tickets = await verdict.sold(ticketing.log, f"{TENANT}/box-office/{self.occurrence}")
        paper = await self._paper({ticket.ticket: ticket.at for ticket in tickets})
        codes = await asyncio.to_thread(codes_in, self.printer.out)
        environment = {"ROADCASE_DATA": str(self.settings.data)}
        services = self.site.services.items()
        for _, service in services:
            await service.projector.reached((await service.log.head()).position, 30)
        return {
            "capacity": self.night.capacity,
            "attempts": tally["attempts"],
            "orders": tally["orders"],
            "sold": len(tickets),
            "abandoned": tally["abandoned"],
            "refused_by_reason": tally["refused"],
            "oversold": max(0, len(tickets) - self.night.capacity),
            "acknowledged_match": sorted(tally["tickets"]) == sorted(t.ticket for t in tickets),
            "different_answers": tally["different_answers"],
            **paper,
            "codes_match": sorted(codes) == sorted(ticket.code for ticket in tickets),
            "sale_p50_ms": round(verdict.percentile(tally["seconds"], 50) * 1000, 2),
            "sale_p99_ms": round(verdict.percentile(tally["seconds"], 99) * 1000, 2),
            "sales_per_s": round(len(tickets) / tally["took"], 1),
            "kills": dict(self.kills),
            "log_verified": all([await verdict.holds(service.log) for _, service in services]),
            "tamper_found": await verdict.finds_tampering(ticketing.log),
            "replay_equal": all(
                [await verdict.replays_equal(name, environment) for name, _ in services]
            ),
        }

    async def _paper(self, sold: dict[str, datetime]) -> dict[str, Any]:
        """Wait until every ticket is printed or in doubt; how many are, and how long it took."""
        devices = self.site.services["devices"]
        until = monotonic() + _PAPER
        async with Views(devices.url, "devices") as views:
            while True:
                found = await verdict.printed(views, TENANT, self.occurrence)
                done = found.settled and found.states.total() >= len(sold)
                if done or monotonic() > until:
                    break
                await asyncio.sleep(0.2)
        took = [
            (found.ended[each] - at).total_seconds()
            for each, at in sold.items()
            if each in found.ended
        ]
        return {
            "printed": found.states["printed"],
            "in_doubt": found.states["in_doubt"],
            "sale_to_print_p99_ms": round(verdict.percentile(took, 99) * 1000, 1),
        }

    def _report(self, found: dict[str, Any]) -> None:
        lines = [f"{name.replace('_', ' '):22} {value}" for name, value in found.items()]
        title = "[green]everything held[/green]" if self._held() else "[red]something failed[/red]"
        self.console.print(Panel("\n".join(lines), title=title, expand=False))

    def _base(self) -> str:
        return self.settings.public_url.rstrip("/") or f"http://{self.site.http}"

    def _page(self) -> str:
        """The live page. What follows the # never reaches a server, and may only read.

        Who may read devices sees the printed tickets, and could come in with one.
        """
        return f"{self._base()}/#token={self._organiser}&occurrence={self.occurrence}"

    async def invite(self) -> None:
        """Things to try while it stays up."""
        site, page = self.site, self._page()
        shop, gate = await self._guests()
        where = Where(self.settings.data, site.http, site.grpc, TENANT, self.late, page, shop, gate)
        for who, lines in invitations(where):
            text = "\n".join(f"  {line}" for line in lines)
            self.console.print(f"[bold]{who}[/bold]", highlight=False)
            self.console.print(text, soft_wrap=True, highlight=False, markup=False)
        self.console.print(f"[bold]paper[/bold]\n  {self.printer.out}", soft_wrap=True)
        self.console.print("Ctrl-C stops everything.")

    async def _guests(self) -> tuple[str, str]:
        """Where to buy a ticket of the late night by hand, and its gate."""
        async with Roadcase(self.site.grpc, self.token) as client:
            shop = (await client.links(self.late)).shop
        token = await self._issued("gate", "ticketing:scan")
        gate = f"{self._base()}/gate#token={token}&occurrence={self.late}"
        return self._base() + shop, gate


def held(found: dict[str, Any]) -> bool:
    """Whether everything is as it must be."""
    refused = sum(found["refused_by_reason"].values())
    return bool(
        found["sold"] == found["capacity"]
        and found["oversold"] == 0
        and set(found["refused_by_reason"]) <= {"ticketing.sold_out"}
        and found["attempts"] == found["orders"] + refused
        and found["acknowledged_match"]
        and found["printed"] == found["sold"]
        and found["in_doubt"] == 0
        and found["codes_match"]
        and found["different_answers"] == 0
        and found["log_verified"]
        and found["tamper_found"]
        and found["replay_equal"]
    )


async def show(wanted: Wanted) -> int:
    """Run the demonstration; 0 if everything held."""
    async with AsyncExitStack() as stack:
        paper = await stack.enter_async_context(
            printer(wanted.data / "printed" / new_id("market").replace("_", "-"))
        )
        settings = read(
            data=wanted.data,
            http_port=0,
            grpc_port=0,
            services=("ticketing", "devices", "planning"),
            shop="demo",
            printers=f"{TENANT}/ticket-1={paper.address}",
        )
        site = await stack.enter_async_context(open_site(settings))
        while site.not_ready():  # noqa: ASYNC110 - several services
            await asyncio.sleep(0.005)
        this = Show(wanted, settings, site, paper)
        good = await this.run()
        if wanted.as_json:
            sys.stdout.write(json.dumps({name: this.found[name] for name in TOLD}) + "\n")
            sys.stdout.flush()
        if not wanted.once:
            await this.invite()
            await told_to_stop().wait()
    return 0 if good else 1
