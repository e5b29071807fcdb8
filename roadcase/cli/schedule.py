"""`roadcase schedule`: what is done when, what became of it; pause, resume, and do it after all."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from roadcase.api.v1 import planning_schedules_pb2
from roadcase.cli.common import Json, answer, out, run, table
from roadcase.cli.planning import Server, Tenant, connected
from roadcase.client.timetable import Timetable
from roadcase.ids import new_id

app = typer.Typer(help="List, pause, resume and backfill schedules.", no_args_is_help=True)
Schedule = Annotated[str, typer.Argument(help="Its id, such as film_reminders.")]
Reason = Annotated[str, typer.Option(help="Is kept with it.")]


@app.command("list")
def list_(
    *,
    of: Annotated[str, typer.Option(help="Only those of this event or series.")] = "",
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """What is declared to be done when, and how often it was, was missed, or failed."""

    async def work() -> None:
        rows: list[dict[str, Any]] = []
        async with connected(Timetable, server, tenant) as asked:
            page = await asked.schedules(of)
            rows += [_schedule(each) for each in page.schedules]
            while page.next_page_token:
                page = await asked.schedules(of, page.next_page_token)
                rows += [_schedule(each) for each in page.schedules]
        answer({"schedules": rows}, as_json=as_json, shown=lambda: table("Schedules", rows))

    run(work())


@app.command()
def firings(
    schedule: Schedule, *, tenant: Tenant = "", server: Server = "", as_json: Json = False
) -> None:
    """Each time that something of a schedule was due: done, missed, failed, and why."""

    async def work() -> None:
        rows: list[dict[str, Any]] = []
        async with connected(Timetable, server, tenant) as asked:
            page = await asked.schedule_firings(schedule)
            rows += [_firing(each) for each in page.firings]
            while page.next_page_token:
                page = await asked.schedule_firings(schedule, page.next_page_token)
                rows += [_firing(each) for each in page.firings]
        answer({"firings": rows}, as_json=as_json, shown=lambda: table("Firings", rows))

    run(work())


@app.command()
def pause(
    schedule: Schedule,
    *,
    reason: Reason,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Start nothing of it any more: what falls due meanwhile is missed."""

    async def work() -> None:
        async with connected(Timetable, server, tenant) as asked:
            await asked.pause_schedule(schedule, reason)
        told = {"schedule": schedule, "paused": reason}
        answer(told, as_json=as_json, shown=lambda: out.print(f"{schedule} is paused"))

    run(work())


@app.command()
def resume(
    schedule: Schedule,
    *,
    reason: Reason = "Resumed by hand",
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Go on with what falls due from now on; what was missed stays so: see backfill."""

    async def work() -> None:
        async with connected(Timetable, server, tenant) as asked:
            await asked.resume_schedule(schedule, reason)
        told = {"schedule": schedule, "paused": ""}
        answer(told, as_json=as_json, shown=lambda: out.print(f"{schedule} goes on"))

    run(work())


@app.command()
def backfill(
    schedule: Schedule,
    *,
    since: Annotated[datetime, typer.Option(help="UTC.")],
    until: Annotated[datetime, typer.Option(help="UTC, not later than now.")],
    id_: Annotated[str, typer.Option("--id", help="The same one is the same backfill.")] = "",
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Do after all what was not done in a time that is past."""

    async def work() -> None:
        async with connected(Timetable, server, tenant) as asked:
            number = await asked.backfill(schedule, id_ or new_id("backfill"), since, until)
        told = {"schedule": schedule, "firings": number}
        answer(told, as_json=as_json, shown=lambda: out.print(f"{number} are done after all"))

    run(work())


def _schedule(each: Any) -> dict[str, Any]:
    jobs = [f"{job.job}: {job.when}, {', '.join(job.does)}" for job in each.jobs]
    names = ("schedule", "owner", "paused", "made", "missed", "failed")
    return {**{name: getattr(each, name) for name in names}, "jobs": "; ".join(jobs)}


def _firing(each: Any) -> dict[str, Any]:
    state = planning_schedules_pb2.ScheduleFiringState.Name(each.state).removeprefix(
        "SCHEDULE_FIRING_STATE_"
    )
    return {
        "firing": each.firing,
        "due": each.nominal.ToJsonString(),
        "state": state.lower(),
        "why": each.why,
        "told": "; ".join(_told(told) for told in each.told),
    }


def _told(of: Any) -> str:
    """`12 holders`, or `1 suppliers, not reached: press`."""
    unreached = f", not reached: {', '.join(of.unreached)}" if of.unreached else ""
    return f"{of.told} {of.audience}{unreached}"
