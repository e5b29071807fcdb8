"""`roadcase timeline`: every deadline of an event in order, and where each comes from."""

from __future__ import annotations

from typing import Any

import typer
from rich.text import Text

from roadcase.api.v1 import planning_timeline_pb2
from roadcase.cli.common import Json, answer, out, run
from roadcase.cli.planning import Name, Server, Tenant, connected
from roadcase.client.timetable import Timetable

_STYLES = {"done": "green", "blocked": "bold red", "past": "dim", "off": "dim"}


def add_to(app: typer.Typer) -> None:
    app.command()(timeline)


def timeline(
    name: Name, *, tenant: Tenant = "", server: Server = "", as_json: Json = False
) -> None:
    """Every deadline of an event, in the time zone of its venue, and where each is declared."""

    async def work() -> None:
        async with connected(Timetable, server, tenant) as asked:
            found = await asked.timeline(name)
        told = {
            "occurrence": found.occurrence,
            "zone": found.zone,
            "series": found.series,
            "deadlines": [_told(each) for each in found.deadlines],
        }
        answer(told, as_json=as_json, shown=lambda: _show(told))

    run(work())


def _told(each: Any) -> dict[str, Any]:
    names = ("local", "kind", "what", "source", "relative", "by", "why")
    status = planning_timeline_pb2.DeadlineStatus.Name(each.status)
    return {
        "at": each.at.ToJsonString(),
        **{name: getattr(each, name) for name in names},
        "status": status.removeprefix("DEADLINE_STATUS_").lower(),
    }


def _show(told: dict[str, Any]) -> None:
    where = f", paths are in the series {told['series']}" if told["series"] else ""
    out.print(
        Text(f"{told['occurrence']}, times in {told['zone']}{where}", style="bold"), soft_wrap=True
    )
    for each in told["deadlines"]:
        how = f" ({each['relative']})" if each["relative"] else ""
        why = f": {each['why']}" if each["why"] else ""
        line = f"{each['local'].replace('T', ' ')}  {each['status']:<7}  {each['what']}{how}{why}"
        style = _STYLES.get(each["status"], "")
        out.print(Text(f"{line}  # {each['source']}", style=style), soft_wrap=True)
