"""`roadcase show`: the run of show of an event, and how it goes on."""

from __future__ import annotations

from datetime import UTC
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from roadcase.api.v1 import planning_show_pb2 as pb
from roadcase.cli.common import Json, out, table
from roadcase.cli.floor import Door, Event, Told, at, word
from roadcase.cli.planning import Server, Tenant
from roadcase.client.floor import Floor
from roadcase.errors import Invalid

app = typer.Typer(help="The run of show: cues, started and finished.", no_args_is_help=True)
SCOPES = ("planning:show",)
_CLOCK = "%H:%M:%S"


@app.command("run")
def run_(event: Event, *, tenant: Tenant = "", server: Server = "", as_json: Json = False) -> None:
    """The run of show as it is now, in the time zone of the venue."""

    async def work(floor: Floor) -> Told:
        found = await floor.rundown(event)
        names = ("occurrence", "title", "zone", "late_seconds", "delay")
        about = {name: getattr(found, name) for name in names}
        return {**about, "cues": [_cue(each, found.zone) for each in found.cues]}

    def show(told: Told) -> None:
        late = told["late_seconds"]
        how = f", {abs(late) // 60} min {'late' if late > 0 else 'early'}" if late else ""
        rows = [{name: each[name] for name in _SHOWN} for each in told["cues"]]
        table(f"{told['title']}{how}, times in {told['zone']}", rows)

    Door(server, tenant, SCOPES, as_json).ask(work, show)


@app.command()
def start(
    event: Event,
    cue: Annotated[str, typer.Argument(help="Left out: the first one.")] = "",
    *,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Start the show, or a cue that is ahead: what is running is over, this one runs."""
    Door(server, tenant, SCOPES, as_json).do(
        lambda floor: floor.start_cue(event, cue) if cue else floor.start_show(event),
        f"{cue or event} has started",
        occurrence=event,
        cue=cue,
    )


@app.command()
def finish(
    event: Event,
    cue: Annotated[str, typer.Argument(help="Left out: the one that is running.")] = "",
    *,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """A cue is over. The next one waits to be started."""

    async def work(floor: Floor) -> Told:
        wanted = cue or _running(await floor.rundown(event))
        await floor.finish_cue(event, wanted)
        return {"occurrence": event, "cue": wanted}

    def show(told: Told) -> None:
        out.print(f"{told['cue']} is over", highlight=False)

    Door(server, tenant, SCOPES, as_json).ask(work, show)


@app.command()
def delay(
    event: Event,
    minutes: Annotated[int, typer.Argument(help="0 to 600; 0: as it was planned.")],
    *,
    reason: Annotated[str, typer.Option(help="Is shown to the crew.")] = "",
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """The next cue starts no sooner than so many minutes after it was planned."""
    Door(server, tenant, SCOPES, as_json).do(
        lambda floor: floor.delay_show(event, minutes, reason),
        f"{event} goes on {minutes} minutes later" if minutes else f"{event} is on time",
        occurrence=event,
        minutes=minutes,
    )


def _running(rundown: pb.Rundown) -> str:
    """Raises Invalid."""
    for each in rundown.cues:
        if each.state == pb.CUE_STATE_RUNNING:
            return each.key
    raise Invalid(f"no cue of {rundown.occurrence} is running: say which one is over")


_SHOWN = ("cue", "title", "state", "starts", "minutes", "who")


def _cue(each: Any, zone: str) -> dict[str, Any]:
    local = each.starts_at.ToDatetime(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return {
        "cue": each.key,
        "title": each.title,
        "hard": each.hard,
        "state": word(pb.CueState.Name(each.state), "CUE_STATE_"),
        "planned_at": at(each.planned_at),
        "starts_at": at(each.starts_at),
        "starts": local.strftime(_CLOCK),
        "minutes": each.minutes,
        "who": list(each.who),
    }
